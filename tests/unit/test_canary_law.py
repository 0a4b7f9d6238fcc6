"""What the law asks of canaries like the list, and that counts stay those of people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from linkage_service.release.cells import ReceivedCells, cells
from linkage_service.release.views import View
from policy.base.errors import Refused
from policy.gates.facts import membership_without_canaries
from policy.project.canary_counts import Planted, planted, seen_in
from policy.statements import (
    BundleManifest,
    CanaryCell,
    CanaryCounts,
    Committed,
    DatasetCommitment,
    ListShape,
    coarse_percent,
)
from tests.support.republic import PARTIES, Republic, charter_from, charter_tree, scoped

COUNT, CANARIES = 1_050, 50


def new_tree() -> dict[str, Any]:
    tree = charter_tree()
    tree["encoding"]["canaries"] = {"kind": "like-the-list", "share_ppm": 50_000}
    return scoped(tree)


class Lists(Republic):
    """A republic under a charter with canaries like the list."""

    def shape(self, **change: Any) -> ListShape:
        missing = {each.name: 5 for each in self.charter.fields}
        return ListShape(**({"canaries": CANARIES, "missing": missing, "on_a_card": 25} | change))

    def committed(self, party: str, count: int = COUNT, **change: Any) -> Committed:
        body = super().committed(party, count)
        shape = change["shape"] if "shape" in change else self.shape()
        datasets = {
            name: DatasetCommitment(handle_root=each.handle_root, count=count, shape=shape)
            for name, each in body.datasets.items()
        }
        return body.model_copy(update={"datasets": datasets})

    def counts(self, dataset: str, **change: Any) -> CanaryCounts:
        domains = [d.id for d in self.charter.domains if dataset in d.datasets]
        cells = ()
        if dataset == "dtks":
            cells = (
                CanaryCell(seen={"dtks-regsosek": ("",), "semua": ("",)}, rows=30),
                CanaryCell(seen={"semua": ("",)}, rows=10),
            )
        matched = {"dtks-regsosek": 30, "semua": 40}
        fields = {
            "matched": {domain: matched[domain] for domain in domains},
            "groups": {domain: matched[domain] for domain in domains},
            "cells": cells,
        }
        return CanaryCounts(**{**fields, **change})

    def manifest(self, dataset: str, **change: Any) -> BundleManifest:
        fields = {"count": COUNT, "canaries": self.counts(dataset)}
        return super().manifest(dataset, **{**fields, **change})


def refused(attempt: Any) -> str:
    with pytest.raises(Refused) as caught:
        attempt()
    return caught.value.code


def test_a_whole_story_with_canaries_like_the_list() -> None:
    republic = Lists(tree=new_tree()).to("receipt")
    assert republic.decided().verdict == "released"
    assert planted(republic.project)["dtks"].rows == CANARIES


@pytest.mark.parametrize(
    "change",
    [
        {"canaries": CANARIES - 1},
        {"canaries": CANARIES + 1},
        {"missing": {"nama": 5}},
        {"missing": {"nama": 5, "lain": 5}},
    ],
)
def test_a_commitment_has_the_canaries_that_the_charter_asks_for(change: dict[str, Any]) -> None:
    republic = Lists(tree=new_tree()).to("charter")
    body = republic.committed("bps", shape=republic.shape(**change))
    code = "project.canaries" if "canaries" in change else "project.canary-shape"
    assert refused(lambda: republic.say("bps", body)) == code
    assert refused(lambda: republic.say("bps", republic.committed("bps", shape=None))) == (
        "project.canary-shape"
    )
    republic.say("bps", republic.committed("bps"))


def test_a_list_of_an_earlier_charter_has_no_shape() -> None:
    republic = Lists().to("charter")
    assert refused(lambda: republic.say("bps", republic.committed("bps"))) == (
        "project.canary-shape"
    )


def test_a_commitment_without_a_shape_keeps_its_bytes() -> None:
    """Statements of earlier builds are read byte for byte."""
    old = DatasetCommitment(handle_root="ab" * 32, count=7)
    assert old.canonical() == b'{"count":7,"handle_root":"' + b"ab" * 32 + b'"}'
    manifest = Republic().to("confirm").manifest("dtks")
    assert b"canaries" not in manifest.canonical()
    assert charter_from(charter_tree()).encoding.canaries.model_dump() == {
        "pairs": 16,
        "singles": 16,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"matched": {"semua": 40}},
        {"matched": {"dtks-regsosek": 30, "semua": CANARIES + 1}},
        {"cells": (CanaryCell(seen={"semua": ("",)}, rows=CANARIES + 1),)},
        {"cells": (CanaryCell(seen={"lain": ("",)}, rows=1),)},
    ],
)
def test_a_manifest_counts_canaries_that_there_can_be(change: dict[str, Any]) -> None:
    republic = Lists(tree=new_tree()).to("confirm")
    republic.witness()
    wrong = republic.manifest("dtks", canaries=republic.counts("dtks", **change))
    assert refused(lambda: republic.say("dinsos", wrong)) == "project.canary-counts"
    silent = republic.manifest("dtks", canaries=None)
    assert refused(lambda: republic.say("dinsos", silent)) == "project.canary-counts"
    republic.say("dinsos", republic.manifest("dtks"))


def test_agencies_that_count_common_canaries_differently_do_not_go_on() -> None:
    republic = Lists(tree=new_tree()).to("confirm")
    republic.witness()
    republic.say("dinsos", republic.manifest("dtks"))
    counts = republic.counts("carik", groups={"semua": 39})
    other = republic.manifest("carik", canaries=counts)
    assert refused(lambda: republic.say("dppapp", other)) == "project.canary-groups"
    assert PARTIES  # the third party's lists are of the same charter


def test_counts_are_those_of_people() -> None:
    """Exact for whatever canaries there are: the rows that are left are counted one by one."""
    rng = np.random.default_rng(5)
    charter = charter_from(new_tree())
    sight = {
        d.id: seen_in(charter, frozenset({charter.dataset("dtks").owner}), "dtks", d.id)
        for d in charter.domains
    }
    for _ in range(30):
        rows, canary = 200, np.zeros(200, bool)
        canary[rng.choice(200, 40, replace=False)] = True
        groups = {domain: np.where(rng.random(rows) < 0.6, np.arange(rows), -1) for domain in sight}
        handles = np.arange(rows, dtype=">u8").view(np.uint8).reshape(rows, 8)
        handles = np.concatenate([handles, handles], axis=1)
        views = [
            View("kini", d.id, dict.fromkeys(d.datasets, handles),
                 dict.fromkeys(d.datasets, groups[d.id]))
            for d in charter.domains
        ]  # fmt: skip
        told: dict[tuple[tuple[str, tuple[str, ...]], ...], int] = {}
        for row in np.flatnonzero(canary):
            seen = tuple((d, sight[d]) for d in sight if groups[d][row] >= 0)
            told[seen] = told.get(seen, 0) + 1
        of_dtks = Planted(
            40,
            {d: int((canary & (groups[d] >= 0)).sum()) for d in sight},
            {},
            {},
            tuple((dict(seen), number) for seen, number in told.items() if seen),
        )
        none = {name: Planted(0) for name in charter.dataset_ids}
        groups_of = charter.recipients()
        found = cells(ReceivedCells(charter, groups_of, views, (), none | {"dtks": of_dtks}))
        people = [
            View("kini", d.id, dict.fromkeys(d.datasets, handles[~canary]),
                 dict.fromkeys(d.datasets, groups[d.id][~canary]))
            for d in charter.domains
        ]  # fmt: skip
        expected = cells(ReceivedCells(charter, groups_of, people, (), none))
        assert {c for c in found if c.dataset == "dtks"} == {
            c for c in expected if c.dataset == "dtks"
        }
        for domain in sight:
            matched = int((groups[domain] >= 0).sum())
            real = int((~canary & (groups[domain] >= 0)).sum())
            facts = membership_without_canaries(of_dtks, domain, rows, matched)
            assert (facts.matched, facts.unmatched) == (real, 160 - real)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 9, 0), (1, 1_000, 0), (12, 1_000, 1), (42, 1_000, 5), (171, 1_000, 15), (9, 9, 100)],
)
def test_shares_are_told_coarsely(part: int, whole: int, percent: int) -> None:
    assert coarse_percent(part, whole) == percent
