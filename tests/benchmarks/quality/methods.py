"""Padan by a charter's terms, with the product's own parts; and clkhash with anonlink."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from encoder.normalise import ruleset_digest
from encoder.terms import RowEncoder, identifiers
from linkage_service.matching import (
    EncodedDataset,
    Groups,
    gather,
    match_tile,
    match_tokens,
    pack_words,
    plan_tiles,
    solve_domain,
)
from policy.ceremony import ProjectKeys
from policy.charter import Charter, parse_charter
from tests.benchmarks.quality.judge import Pairs
from tests.benchmarks.quality.sources import TUTORIAL, Source

SCHEMAS = Path(__file__).parents[3] / "encoder" / "schemas"
_ROWS_AT_ONCE = 20_000
_PLAIN_THRESHOLD = 860_000
# What is sent to review: pairs that reach this and not the charter's threshold.
REVIEW = {"utama": 800_000, "kk-nama": 620_000}
_REVIEW = 595_000


def default_charter() -> Charter:
    """The Jakarta charter as it ships: profile compound-1, padan-id-2."""
    return parse_charter(json.dumps(_tree(), default=str).encode())


def tagged_charter(bits: int) -> Charter:
    """The same with a block tag for each encoding, of its salt columns."""
    tree = json.loads(default_charter().canonical())
    for each in tree["encoding"]["encodings"]:
        each |= {"tag": each["salt"], "tag_bits": bits}
    return parse_charter(json.dumps(tree).encode())


def plain_charter() -> Charter:
    tree = _tree()
    schema = json.loads((SCHEMAS / "padan-id-1.json").read_text(encoding="utf-8"))
    # The five fields that padan-id-1 and the NIK leg use.
    tree["fields"] = [each for each in tree["fields"] if each["name"] not in ("kk", "rtrw", "ibu")]
    tree["encoding"]["profile"] = "plain"
    tree["encoding"]["encodings"] = [{"name": "utama", "linkage_schema": schema}]
    tree["matching"] = {"thresholds_ppm": {"utama": _PLAIN_THRESHOLD}, "nik_floor_ppm": 550_000}
    return parse_charter(json.dumps(tree, default=str).encode())


def _tree() -> dict[str, Any]:
    text = (TUTORIAL / "charter.yaml").read_text(encoding="utf-8")
    text = text.replace("@TODAY@", str(date(2026, 1, 1))).replace("@NEXT_YEAR@", "2027-12-31")
    tree: dict[str, Any] = yaml.safe_load(text.replace("@RULES@", ruleset_digest()))
    tree["encoding"]["encodings"] = yaml.safe_load((SCHEMAS / "padan-id-2.yaml").read_bytes())
    return tree


@dataclass
class Padan:
    """Encodes each source once; matches pairs of them as a run with one domain would."""

    name: str
    charter: Charter

    def __post_init__(self) -> None:
        self._keys = ProjectKeys(os.urandom(32), self.charter.terms_digest())
        self._encoded: dict[str, EncodedDataset] = {}

    def pairs(self, left: Source, right: Source) -> Pairs:
        datasets = [self._dataset(left), self._dataset(right)]
        terms = self.charter.matching
        certain = self._solved(datasets, terms.thresholds_ppm, terms.nik_floor_ppm)
        lower = {
            name: min(ppm, REVIEW.get(name, _REVIEW)) for name, ppm in terms.thresholds_ppm.items()
        }
        wider = self._solved(datasets, lower, terms.nik_floor_ppm)
        return _with_review(certain, wider)

    def _solved(
        self, datasets: list[EncodedDataset], thresholds: dict[str, int], floor: int
    ) -> Pairs:
        sizes = [dataset.rows for dataset in datasets]
        tiles = plan_tiles(sizes, _ROWS_AT_ONCE)
        found = [match_tile(datasets[0], datasets[1], tile, thresholds) for tile in tiles]
        if self.charter.nik_field is not None:
            names = [each.name for each in self.charter.encoding.encodings]
            tokens = match_tokens(
                *datasets, left_dataset=0, right_dataset=1, encodings=names, floor_ppm=floor
            )
            found.append(tokens.candidates)
        return as_pairs(solve_domain(gather(found), [0, 1], sizes))

    def _dataset(self, source: Source) -> EncodedDataset:
        if source.name not in self._encoded:
            self._encoded[source.name] = self._encode(source)
        return self._encoded[source.name]

    def _encode(self, source: Source) -> EncodedDataset:
        encoder = RowEncoder(self.charter, self._keys)
        rows = list(zip(*(source.columns[name] for name in identifiers(self.charter)), strict=True))
        handles = [
            hashlib.sha256(f"{source.name}/{row}".encode()).digest()[:16]
            for row in range(len(rows))
        ]
        sent = np.concatenate(
            [
                encoder.encode(handles[at : at + _ROWS_AT_ONCE], rows[at : at + _ROWS_AT_ONCE])
                for at in range(0, len(rows), _ROWS_AT_ONCE)
            ]
        )
        ends = np.cumsum([16, *(shape.bits // 8 for shape in encoder.shapes())])
        encodings = {
            shape.name: pack_words(np.ascontiguousarray(sent[:, start : start + shape.bits // 8]))
            for shape, start in zip(encoder.shapes(), ends[:-1], strict=True)
        }
        return EncodedDataset(source.name, encodings, np.ascontiguousarray(sent[:, ends[-1] :]))


@dataclass
class ClkhashWithAnonlink:
    """The plain schema, the peer's own search and solver, no NIK leg."""

    name: str = "clkhash + anonlink"

    def __post_init__(self) -> None:
        self._filters: dict[str, Any] = {}

    def pairs(self, left: Source, right: Source) -> Pairs:
        from anonlink.candidate_generation import find_candidate_pairs
        from anonlink.similarities import dice_coefficient_accelerated
        from anonlink.solving import greedy_solve

        filters = [self._clks(left), self._clks(right)]
        found = find_candidate_pairs(
            filters, dice_coefficient_accelerated, _PLAIN_THRESHOLD / 1_000_000
        )
        groups = [sorted(group) for group in greedy_solve(found)]
        rows = np.array([(a, b) for (_, a), (_, b) in groups], np.int64).reshape(-1, 2)
        return Pairs(rows[:, 0], rows[:, 1], len(rows))

    def _clks(self, source: Source) -> Any:
        """Bit for bit what clkhash makes (tests/property/test_clk.py), sooner."""
        from bitarray import bitarray

        from encoder.clk import ClkEncoder

        if source.name not in self._filters:
            schema = json.loads((SCHEMAS / "padan-id-1.json").read_text(encoding="utf-8"))
            clk = ClkEncoder(schema, b"one secret for all sources here.")
            made = clk.encode({name: source.columns[name] for name in clk.identifiers})
            self._filters[source.name] = [bitarray(buffer=row.tobytes()) for row in made]
        return self._filters[source.name]


def as_pairs(groups: Groups) -> Pairs:
    """Groups of two datasets as pairs of rows."""
    size = int(groups.group.max(initial=0)) + 1
    sides = []
    for side in (0, 1):
        rows = np.full(size, -1, np.int64)
        here = groups.dataset == side
        rows[groups.group[here]] = groups.row[here]
        sides.append(rows)
    both = (sides[0] >= 0) & (sides[1] >= 0)
    return Pairs(sides[0][both], sides[1][both], int(np.sum(both)))


def _with_review(certain: Pairs, wider: Pairs) -> Pairs:
    """The certain pairs, then those of the wider net that touch none of their rows."""
    left_taken, right_taken = set(certain.left.tolist()), set(certain.right.tolist())
    free = np.array(
        [
            a not in left_taken and b not in right_taken
            for a, b in zip(wider.left.tolist(), wider.right.tolist(), strict=True)
        ],
        bool,
    )
    return Pairs(
        np.concatenate([certain.left, wider.left[free]]),
        np.concatenate([certain.right, wider.right[free]]),
        certain.certain,
    )
