"""What the results of all pairs are held to; whatever falls short is listed.

Recall of 95 % on pairs of profiles A and B, of 90 % on pairs of B and C; precision of 99.9 %
where a NIK is missing; F1 above every other method's; 30,000 true pairs to say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LEAST_RECALL = {frozenset("AB"): 0.95, frozenset("BC"): 0.90}
LEAST_PRECISION = 0.999
LEAST_PAIRS = 30_000

Result = Mapping[str, Any]


def misses(ours: Result, others: Sequence[Result]) -> Iterator[str]:
    """One pair of sources by our method, and by the others."""
    least = LEAST_RECALL.get(frozenset(ours["profiles"]), 0.0)
    if ours["recall"] < least:
        yield f"recall {ours['recall']:.4f}, target {least}"
    bare = ours["no_nik"]
    if bare["precision"] < LEAST_PRECISION:
        low, high = bare["interval"]
        yield (
            f"precision without NIK {bare['precision']:.5f} ({low:.5f} to {high:.5f}):"
            f" {bare['false']} false of {bare['pairs']}, target {LEAST_PRECISION}"
        )
    for other in others:
        if other["f1"] >= ours["f1"]:
            yield f"F1 {ours['f1']:.4f}, {other['method']} has {other['f1']:.4f}"
    if ours["true"] < LEAST_PAIRS:
        yield f"{ours['true']:,} true pairs, too few to say much: see the intervals"
    for stratum in ours["missed"]:
        yield f"stratum {stratum}"
