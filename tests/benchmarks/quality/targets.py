"""What the results of all pairs are held to; whatever falls short is listed.

Recall of 95 % on pairs of profiles A and B, of 90 % on pairs of B and C; precision of 99.9 %
where a NIK is missing; F1 above every other method's, and at most half a point below that of
padan-id-3; 30,000 true pairs to say so. Of hard couples hardly more than padan-id-3 joins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LEAST_RECALL = {frozenset("AB"): 0.95, frozenset("BC"): 0.90}
LEAST_PRECISION = 0.999
LEAST_PAIRS = 30_000
MOST_JOINED = 1.1
MOST_LOST_F1 = 0.005
_EARLIER = "Padan, padan-id-3"
# Settings of Padan itself, shown for the curve.
_OTHER_SETTINGS = ("Padan, padan-id-", "Padan, nothing", "Padan, cards")

Result = Mapping[str, Any]
Totals = dict[str, dict[str, dict[str, int]]]


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
        if other["method"] == _EARLIER and ours["f1"] < other["f1"] - MOST_LOST_F1:
            yield f"F1 {ours['f1']:.4f}, {_EARLIER} has {other['f1']:.4f}"
        if not other["method"].startswith(_OTHER_SETTINGS) and other["f1"] >= ours["f1"]:
            yield f"F1 {ours['f1']:.4f}, {other['method']} has {other['f1']:.4f}"
    if ours["true"] < LEAST_PAIRS:
        yield f"{ours['true']:,} true pairs, too few to say much: see the intervals"
    for stratum in ours["missed"]:
        yield f"stratum {stratum}"


def totals(results: Sequence[Result]) -> Totals:
    """Counts of hard couples over all pairs of sources, by method and kind."""
    found: Totals = {}
    for result in results:
        of_method = found.setdefault(result["method"], {})
        for kind, counts in result["hard"].items():
            sums = of_method.setdefault(kind, dict.fromkeys(counts, 0))
            for name, count in counts.items():
                sums[name] += count
    return found


def more_joined(hard: Totals, ours: str, earlier: str) -> list[str]:
    """Kinds of couples of which the default joins hardly more than before."""
    short = []
    for kind, counts in (hard.get(ours, {}) if earlier in hard else {}).items():
        before, now = hard[earlier][kind]["joined"], counts["joined"]
        if now > MOST_JOINED * before:
            short.append(f"{kind}: {now:,} couples joined, {before:,} with padan-id-3")
    return short
