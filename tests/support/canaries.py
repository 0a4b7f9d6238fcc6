"""Synthetic lists with canaries among their rows, as the linkage service has them.

People are encoded once, under fixed keys; canaries are drawn again as often as one likes, since
nothing but the canary subkey tells what they are.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.canaries import CanaryCheck, CanaryPlan, check_canaries
from encoder.encoding.canaries.shape import CardSizes, hashed
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    Groups,
    Moves,
    blocks_of,
    from_bytes,
    pack_words,
)
from linkage_service.runs import outcome, plans
from policy.charter import CanariesLikeTheList, Charter, parse_charter
from policy.formats.bundle_row import HANDLE_BYTES
from policy.statements import DatasetCommitment, ListShape, RunOrder, coarse_percent
from tests.benchmarks.quality.methods import default_charter
from tests.benchmarks.quality.sources import Source, read_source, write

FOUR = ("regsosek", "dtks", "ppks", "carik")
SIX = (*FOUR, "p3ke", "dtsen")
LIKE_THE_LIST = {"kind": "like-the-list", "share_ppm": 50_000}
ALIKE = {"pairs": 16, "singles": 16}
_ROWS_AT_ONCE = 20_000


def charter_of(names: Sequence[str], canaries: Mapping[str, Any]) -> Charter:
    """The Jakarta charter for these lists: one domain of all, and one for every two."""
    tree = json.loads(default_charter().canonical())
    for number, name in enumerate(names):
        if name not in {each["id"] for each in tree["datasets"]}:
            like = dict(tree["datasets"][0])
            owner = tree["parties"][number % 3]["member"]
            tree["datasets"].append({**like, "id": name, "source": name, "owner": owner})
    tree["datasets"] = [each for each in tree["datasets"] if each["id"] in names]
    if set(names) != set(FOUR):
        tree["domains"] = [
            {"id": "semua", "datasets": list(names), "learn": list(names)},
            {"id": "dtks-dtsen", "datasets": ["dtks", "dtsen"], "learn": ["dtks", "dtsen"]},
        ]
    tree["encoding"]["canaries"] = dict(canaries)
    return parse_charter(json.dumps(tree).encode())


class _Keys(ProjectKeys):
    """The project's keys, but for the canary subkeys, which another secret gives."""

    def __init__(self, root: bytes, terms: str, draw: int) -> None:
        super().__init__(root, terms)
        object.__setattr__(self, "draw", draw)

    def subkey(self, purpose: Any, context: str = "") -> bytes:
        if purpose != "canary":
            return super().subkey(purpose, context)
        return hashlib.sha256(f"{self.draw}/{context}".encode()).digest()  # type: ignore[attr-defined]


@dataclass(frozen=True, eq=False)
class City:
    """Lists of one population under one charter, people only."""

    charter: Charter
    sources: tuple[Source, ...]
    root: bytes = field(repr=False)

    @classmethod
    def of(
        cls,
        charter: Charter,
        persons: int,
        seed: int,
        shares: Mapping[str, float] | None = None,
    ) -> City:
        names = charter.dataset_ids
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), persons, seed, names, dict(shares or {}))
            sources = tuple(read_source(Path(folder), name) for name in names)
        return cls(charter, sources, hashlib.sha256(f"city {seed}".encode()).digest())

    def keys(self, draw: int) -> ProjectKeys:
        return _Keys(self.root, self.charter.terms_digest(), draw)

    @cached_property
    def commitments(self) -> dict[str, DatasetCommitment]:
        """What their owners commit, with the shape of each list."""
        return {source.name: self._commitment(source) for source in self.sources}

    def _commitment(self, source: Source) -> DatasetCommitment:
        terms, shape = self.charter.encoding.canaries, None
        canaries = terms.rows(source.rows)
        if isinstance(terms, CanariesLikeTheList):
            cards = CardSizes()
            cards.add(hashed(source.columns["kk"]))
            own = {f.name: next(n for n in identifiers(self.charter) if n.split(".")[0] == f.name)
                   for f in self.charter.fields}  # fmt: skip
            missing = {
                name: coarse_percent(source.columns[column].count(""), source.rows)
                for name, column in own.items()
            }
            shape = ListShape(canaries=canaries, missing=missing, on_a_card=cards.tenths())
        return DatasetCommitment(handle_root="00" * 32, count=source.rows + canaries, shape=shape)

    @cached_property
    def encoder(self) -> RowEncoder:
        return RowEncoder(self.charter, self.keys(0))

    @cached_property
    def people(self) -> list[NDArray[np.uint8]]:
        """All rows of people, as they travel, by dataset."""
        return [
            encode(
                self.encoder, source.name, [source.columns[n] for n in identifiers(self.charter)]
            )
            for source in self.sources
        ]

    @cached_property
    def found(self) -> Candidates:
        """The candidates among people alone."""
        data = as_data(self.charter, self.encoder, self.people)
        return search(plans.whole(data, self.charter, order(self.charter), _ROWS_AT_ONCE))

    def draw(self, draw: int) -> Draw:
        plan = CanaryPlan(
            self.charter, self.keys(draw), self.commitments, self.charter.recipients()
        )
        # Of all draws the same: schemas are long to read.
        plan.__dict__["encoder"] = self.encoder
        return Draw(self, plan)


@dataclass(frozen=True, eq=False)
class Draw:
    """The same lists with canaries behind the people: what a project's service holds."""

    city: City
    plan: CanaryPlan

    @cached_property
    def rows(self) -> list[NDArray[np.uint8]]:
        """uint8 (rows, row_bytes) by dataset; canaries are the last, in slot order."""
        return [
            np.concatenate([people, self._canaries(name)])
            for people, name in zip(self.city.people, self.city.charter.dataset_ids, strict=True)
        ]

    def _canaries(self, name: str) -> NDArray[np.uint8]:
        """As `encoder.steps.bundle` encodes them; their handles are not looked at here."""
        slots = self.plan.slots(name)
        own = slots.own or [row.to_bytes(HANDLE_BYTES, "big") for row in range(len(slots.rows))]
        return self.city.encoder.encode(own, slots.rows)

    @cached_property
    def data(self) -> RunData:
        return as_data(self.city.charter, self.city.encoder, self.rows)

    @cached_property
    def is_canary(self) -> list[NDArray[np.bool_]]:
        return [
            np.arange(len(rows)) >= len(people)
            for rows, people in zip(self.rows, self.city.people, strict=True)
        ]

    @cached_property
    def found(self) -> Candidates:
        """All candidates, in the solver's order."""
        charter, asked = self.city.charter, order(self.city.charter)
        moves = [
            Moves(np.arange(len(people)), np.arange(len(people), len(rows)))
            for rows, people in zip(self.rows, self.city.people, strict=True)
        ]
        plan = plans.of_new_rows(self.data, charter, asked, _ROWS_AT_ONCE, moves)
        parts = [self.city.found, search(plan)]
        return outcome.candidates(self.data, charter, asked, parts)

    @cached_property
    def standing(self) -> Candidates:
        return outcome.standing(self.found, self.data, self.city.charter, order(self.city.charter))

    def groups(self, domain: str) -> Groups:
        """What an honest run makes of them all."""
        return outcome.groups(self.standing, self.data, self.city.charter, domain, None)

    def matched(self, domain: str, groups: Groups | None = None) -> dict[str, NDArray[np.bool_]]:
        """Of each dataset of the domain, which rows have a match ID."""
        solved = self.groups(domain) if groups is None else groups
        names = self.city.charter.dataset_ids
        return {
            name: solved.by_row(names.index(name), len(self.rows[names.index(name)])) >= 0
            for name in self.city.charter.domain(domain).datasets
        }

    def check(self, dataset: str, domain: str, released: NDArray[np.bool_]) -> CanaryCheck:
        """What the owner of a dataset finds in a file of members that has these of its rows."""
        names = self.city.charter.dataset_ids
        first = len(self.city.people[names.index(dataset)])
        handles = {row.to_bytes(16, "big"): row - first for row in range(first, len(released))}
        others = set(self.city.charter.domain(domain).datasets) - {dataset}
        strangers = sum(len(self.rows[names.index(name)]) for name in others)
        expected = self.plan.expected(dataset, domain, strangers)
        given = (int(row).to_bytes(16, "big") for row in np.flatnonzero(released))
        return check_canaries(expected, handles, given)


def encode(encoder: RowEncoder, name: str, columns: Sequence[Sequence[str]]) -> NDArray[np.uint8]:
    """Rows as they travel, in their order."""
    count = len(columns[0])
    handles = [
        hashlib.sha256(f"{name}/{row}".encode()).digest()[:HANDLE_BYTES] for row in range(count)
    ]
    parts = [
        encoder.encode_columns(
            handles[at : at + _ROWS_AT_ONCE],
            [column[at : at + _ROWS_AT_ONCE] for column in columns],
        )
        for at in range(0, count, _ROWS_AT_ONCE)
    ]
    return np.concatenate(parts)


def as_data(charter: Charter, encoder: RowEncoder, rows: Sequence[NDArray[np.uint8]]) -> RunData:
    names, datasets, handles = charter.dataset_ids, [], []
    shapes, layout = encoder.layout.shapes, encoder.layout
    for name, sent in zip(names, rows, strict=True):
        tokens, tags = layout.tokens(sent), layout.tags(sent)
        words = {each: pack_words(bits) for each, bits in layout.encodings(sent).items()}
        blocks = {
            shape.name: blocks_of(tags[shape.name].astype(np.uint32), 1 << shape.tag_bits)
            for shape in shapes
            if shape.tag_bits
        }
        handles.append(layout.handles(sent))
        own = handles[-1] if tokens is None else tokens
        datasets.append(EncodedDataset(name, words, own, blocks, layout.contrary(sent)))
    return RunData(names, datasets, handles)


def order(charter: Charter, lower_ppm: int = 0) -> RunOrder:
    """A run by the charter's thresholds, or by ones that are lower."""
    terms = charter.matching
    return RunOrder(
        at=0,
        purpose="uji",
        domains=tuple(each.id for each in charter.domains),
        thresholds_ppm={n: ppm - lower_ppm for n, ppm in terms.thresholds_ppm.items()},
        nik_floor_ppm=terms.nik_floor_ppm,
    )


def search(plan: plans.SearchPlan) -> Candidates:
    from linkage_service.matching import concatenate

    return concatenate(plan.placed(from_bytes(plan.job.result(unit))) for unit in plan.units)


def lowered(charter: Charter, by_ppm: int) -> Charter:
    """The charter with all its thresholds lower, as a lying service would run it."""
    tree = json.loads(charter.canonical())
    for terms in ("thresholds_ppm", "alone_ppm"):
        tree["matching"][terms] = {n: p - by_ppm for n, p in tree["matching"][terms].items()}
    return parse_charter(json.dumps(tree).encode())


__all__ = ["ALIKE", "FOUR", "LIKE_THE_LIST", "SIX", "City", "Draw", "charter_of", "replace"]
