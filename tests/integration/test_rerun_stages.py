"""A second operator recomputes what stages would tell; until then the counts are the service's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from linkage_service.release import staging as releases
from policy.evidence import read_bundle, verify_bundle
from policy.evidence.report import CheckFinding, VerificationReport
from policy.gates.facts import CellFacts, ReleaseFacts
from policy.statements import Rerun
from tests.integration.test_rerun import handed_over, linkage, rerun
from tests.support.programme import expect
from tests.support.republic import charter_tree, scoped
from tests.support.service import Town

HONEST_TOLD = releases.told


def hides_small_cells(*arguments: Any) -> ReleaseFacts:
    """The first operator says that every cell is large."""
    honest = HONEST_TOLD(*arguments)
    cells = tuple(CellFacts(**{**dict(each), "rows": 10_000}) for each in honest.cells)
    return honest.model_copy(update={"cells": cells})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One release whose stage was counted truly, one of another run whose stage was not."""
    tree = charter_tree()
    tree["encoding"]["canaries"] = {"pairs": 0, "singles": 0}
    town = Town(tmp_path_factory.mktemp("town"), tree=scoped(tree), tile_rows=200)
    for member in ("service", "auditor"):
        town.lock(member)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("jujur")
        town.match("dusta")
        town.request("rilis-1", "jujur", "dtks-regsosek")
        town.stage("rilis-1")
        town.approve("rilis-1", "bps-approver", "dppapp-approver")
        assert town.decide("rilis-1")["verdict"] == "released"
        town.request("rilis-2", "dusta", "dtks-regsosek", "semua")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(releases, "told", hides_small_cells)
            town.stage("rilis-2")
        town.synced("auditor")
        yield town


def verified(town: Town, tmp_path: Path) -> VerificationReport:
    path = tmp_path / "evidence.zip"
    path.write_bytes(town.session("auditor").get(f"/projects/{town.project_id}/evidence"))
    return verify_bundle(read_bundle(path), town.roster.digest(), None)


def found(report: VerificationReport, id_: str) -> CheckFinding:
    finding = report.finding(id_)
    assert finding is not None
    return finding


@dataclass(frozen=True)
class Recomputed:
    """What a second operator found, and the evidence before and after."""

    compared: dict[str, Any]
    before: VerificationReport
    after: VerificationReport


@pytest.fixture(scope="module")
def honest(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Recomputed:
    folder = tmp_path_factory.mktemp("honest")
    before = verified(town, folder)
    compared = rerun(town, "jujur", handed_over(town, folder), "--log", code=0)
    return Recomputed(compared, before, verified(town, folder))


@pytest.fixture(scope="module")
def lied(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Recomputed:
    folder = tmp_path_factory.mktemp("lied")
    before = verified(town, folder)
    compared = rerun(town, "dusta", handed_over(town, folder), "--log", code=1)
    return Recomputed(compared, before, verified(town, folder))


def test_counts_are_proved_once_a_second_operator_recomputed_them(honest: Recomputed) -> None:
    for id_ in ("decisions.rilis-1", "limits.rilis-1"):
        assert found(honest.before, id_).standing == "asserted"
        assert "the service's word" in found(honest.before, id_).detail.en
    assert [each["counts"] for each in honest.compared["stages"]] == ["as-logged"]
    for id_ in ("decisions.rilis-1", "limits.rilis-1"):
        assert found(honest.after, id_).standing == "proved"
        assert "Recomputed by auditor" in found(honest.after, id_).detail.en


def test_a_stage_that_was_counted_falsely_is_named(town: Town, lied: Recomputed) -> None:
    """Its run was honest: the run's own digest and counts say nothing of the lie."""
    compared = lied.compared
    assert compared["logged"] == compared["found"]
    assert compared["counts"] == "as-logged"
    assert [each["counts"] for each in compared["stages"]] == ["different"]
    said = town.synced("auditor").project.of(Rerun)
    assert ["different"] in [[each.counts for each in entry.body.stages] for entry in said]
    # Nobody's approval mends it now: the log itself answers the rule on reruns.
    town.approve("rilis-2", "bps-approver", "dppapp-approver")
    decided = town.decide("rilis-2", final=True)
    broken = {each["rule"] for each in decided["rules"] if not each["passed"]}
    assert "release.rerun" in broken


def test_the_lie_is_a_finding_of_its_own(lied: Recomputed) -> None:
    assert not lied.before.failed
    assert [each.id for each in lied.after.failed] == ["decisions.counts.rilis-2"]
    assert "auditor" in found(lied.after, "decisions.counts.rilis-2").detail.en


def test_a_verdict_on_a_stage_is_a_reason_to_look_again(
    town: Town, honest: Recomputed, tmp_path: Path
) -> None:
    """The same auditor speaks again of a run once it has another stage, and not otherwise."""
    time.sleep(1.1)  # the same verdict in the same second is one statement
    again = ("rerun", town.project_id, "jujur", str(handed_over(town, tmp_path)), "--log")
    expect(linkage(town, "auditor", *again, code=4), "project.again")
