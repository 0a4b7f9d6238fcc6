"""Padan by a charter's terms, with the product's own parts; and clkhash with anonlink."""

from __future__ import annotations

import hashlib
import json
import os
import re
from array import array
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from encoder.encoding.block_tags import with_shared_tags
from encoder.encoding.clk import ClkEncoder
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.normalise import ruleset_digest
from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    Groups,
    MatchRule,
    blocks_of,
    concatenate,
    corroborated,
    from_bytes,
    pack_words,
    solve_domain,
)
from linkage_service.matching.ordering import in_order
from linkage_service.matching.similarity import dice_parts
from linkage_service.runs import outcome, plans
from policy.charter import Charter, parse_charter
from policy.formats.bundle_row import HANDLE_BYTES
from policy.statements import RunOrder
from tests.benchmarks.quality.judge import Pairs
from tests.benchmarks.quality.sources import TUTORIAL, Source

SCHEMAS = Path(__file__).parents[3] / "encoder" / "schemas"
STORED = Path(__file__).parents[2] / "unit" / "vectors"
_ROWS_AT_ONCE = 20_000
_PLAIN_THRESHOLD = 860_000
# What is sent to review of plain CLKs: pairs that reach this and not the charter's threshold.
PLAIN_REVIEW = {"utama": 800_000}


def default_charter() -> Charter:
    """The Jakarta charter as it ships: profile compound-2, padan-id-5."""
    return parse_charter(json.dumps(_tree(), default=str).encode())


def tagged_charter(rows: int, encodings: str = "padan-id-5") -> Charter:
    """The default, or with shipped encodings of compound-2 in their place.

    With the block tags that lists of so many rows allow; without, for 0 rows.
    """
    text = (SCHEMAS / f"{encodings}.yaml").read_text(encoding="utf-8")
    tree = json.loads(default_charter().canonical())
    tree["encoding"]["encodings"] = yaml.safe_load(with_shared_tags(text, rows) if rows else text)
    return parse_charter(json.dumps(tree).encode())


def earlier_charter(encodings: str = "padan-id-3") -> Charter:
    """The stored default of compound-1 with these encodings, under today's rules."""
    stored = parse_charter((STORED / f"charter-of-{encodings}.json").read_bytes())
    encoding = stored.encoding.model_copy(update={"rules_digest": ruleset_digest()})
    return stored.model_copy(update={"encoding": encoding})


def charter_without_codes() -> Charter:
    """The default without contrary codes."""
    tree = json.loads(default_charter().canonical())
    for each in tree["encoding"]["encodings"]:
        each.pop("contrary", None)
    del tree["matching"]["contrary"]
    return parse_charter(json.dumps(tree).encode())


def tagged(charter: Charter, bits: int) -> Charter:
    """compound-1 with a block tag for each encoding, of its salt columns; without, for 0 bits."""
    if not bits:
        return charter
    tree = json.loads(charter.canonical())
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
    text = re.sub("@(TERMS|ASSESSED|PROBE)@", "00" * 32, text)
    tree: dict[str, Any] = yaml.safe_load(text.replace("@RULES@", ruleset_digest()))
    named = tree["encoding"]["encodings"]["file"]
    tree["encoding"]["encodings"] = yaml.safe_load((SCHEMAS / named).read_bytes())
    return tree


@dataclass
class Padan:
    """Encodes each source once; matches pairs of them as a run with one domain would.

    What the search finds and the charter's rule does not take for one person's goes to review.
    `review_ppm` widens the search for that.
    """

    name: str
    charter: Charter
    review_ppm: Mapping[str, int] = field(default_factory=dict)
    secret: bytes = field(default_factory=lambda: os.urandom(32), repr=False)

    def __post_init__(self) -> None:
        self._keys = ProjectKeys(self.secret, self.charter.terms_digest())
        self._encoded: dict[str, EncodedDataset] = {}
        # Of the last pair of sources, for all settings of the rule.
        self._found: dict[tuple[str, str], Candidates] = {}

    def under(self, name: str, **contrary: Any) -> Padan:
        """The same encodings and candidates, judged with other contrary terms."""
        tree = json.loads(self.charter.canonical())
        matching = contrary.pop("matching", {})
        tree["matching"] |= {"contrary": tree["matching"]["contrary"] | contrary, **matching}
        other = Padan(name, parse_charter(json.dumps(tree).encode()), secret=self.secret)
        other._encoded, other._found = self._encoded, self._found
        return other

    def pairs(self, left: Source, right: Source) -> Pairs:
        datasets = [self._dataset(left), self._dataset(right)]
        sizes = [dataset.rows for dataset in datasets]
        if (left.name, right.name) not in self._found:
            self._found.clear()
            self._found[left.name, right.name] = self.found(datasets)
        found = self._found[left.name, right.name]
        certain = as_pairs(solve_domain(self.standing(found, datasets), [0, 1], sizes))
        return _with_review(certain, as_pairs(solve_domain(found, [0, 1], sizes)))

    def found(self, datasets: list[EncodedDataset]) -> Candidates:
        data, order = _data(datasets), self._order(self.review_ppm)
        plan = plans.whole(data, self.charter, order, _ROWS_AT_ONCE)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = [from_bytes(each) for each in pool.map(plan.job.result, plan.units)]
        return outcome.candidates(data, self.charter, order, parts)

    def standing(self, found: Candidates, datasets: list[EncodedDataset]) -> Candidates:
        """What a run accepts by itself."""
        return corroborated(found, datasets, self.rule).certain()

    @property
    def rule(self) -> MatchRule:
        return outcome.rule(self.charter, self._order({}))

    def _order(self, wider: Mapping[str, int]) -> RunOrder:
        terms = self.charter.matching
        return RunOrder(
            at=0,
            purpose="uji",
            domains=("uji",),
            thresholds_ppm={**terms.thresholds_ppm, **wider},
            nik_floor_ppm=terms.nik_floor_ppm,
        )

    def _dataset(self, source: Source) -> EncodedDataset:
        if source.name not in self._encoded:
            self._encoded[source.name] = self._encode(source)
        return self._encoded[source.name]

    def _encode(self, source: Source) -> EncodedDataset:
        encoder = RowEncoder(self.charter, self._keys)
        layout, shapes = encoder.layout, encoder.layout.shapes
        columns = [source.columns[name] for name in identifiers(self.charter)]
        sent = np.empty((source.rows, encoder.row_bytes), np.uint8)
        for at in range(0, source.rows, _ROWS_AT_ONCE):
            some = slice(at, min(at + _ROWS_AT_ONCE, source.rows))
            handles = [_handle(source.name, row) for row in range(some.start, some.stop)]
            sent[some] = encoder.encode(
                handles, list(zip(*(column[some] for column in columns), strict=True))
            )
        tokens, tags = layout.tokens(sent), layout.tags(sent)
        return EncodedDataset(
            source.name,
            {name: pack_words(bits) for name, bits in layout.encodings(sent).items()},
            layout.handles(sent) if tokens is None else tokens,
            {
                shape.name: blocks_of(tags[shape.name].astype(np.uint32), 1 << shape.tag_bits)
                for shape in shapes
                if shape.tag_bits
            },
            layout.contrary(sent),
        )


def _data(datasets: list[EncodedDataset]) -> RunData:
    return RunData(tuple(each.name for each in datasets), datasets, [])


def _handle(source: str, row: int) -> bytes:
    return hashlib.sha256(f"{source}/{row}".encode()).digest()[:HANDLE_BYTES]


@dataclass
class ClkhashWithAnonlink:
    """The plain schema's CLKs, anonlink's solver, no NIK leg.

    The CLKs are bit for bit clkhash's (tests/property/test_clk.py) and the candidate pairs are
    those of anonlink's search (tests/property/test_matching_similarity.py), both found sooner.
    """

    name: str = "clkhash + anonlink"

    def __post_init__(self) -> None:
        self._filters: dict[str, Any] = {}

    def pairs(self, left: Source, right: Source) -> Pairs:
        from anonlink.solving import greedy_solve

        sides = self._clks(left), self._clks(right)
        parts = list(dice_parts(*sides, _PLAIN_THRESHOLD))
        found = in_order(concatenate(parts))
        datasets = array("I", bytes(4 * len(found))), array("I", [1]) * len(found)
        rows = array("I", found.left_row.tobytes()), array("I", found.right_row.tobytes())
        groups = [sorted(g) for g in greedy_solve((array("d", found.similarity), datasets, rows))]
        matched = np.array([(a, b) for (_, a), (_, b) in groups], np.int64).reshape(-1, 2)
        return Pairs(matched[:, 0], matched[:, 1], len(matched))

    def _clks(self, source: Source) -> NDArray[np.uint64]:
        if source.name not in self._filters:
            schema = json.loads((SCHEMAS / "padan-id-1.json").read_text(encoding="utf-8"))
            clk = ClkEncoder(schema, b"one secret for all sources here.")
            made = clk.encode({name: source.columns[name] for name in clk.identifiers})
            self._filters[source.name] = pack_words(made)
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
