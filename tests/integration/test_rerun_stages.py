"""A second operator recomputes what stages would tell; until then the counts are the service's."""

from __future__ import annotations

from collections.abc import Iterator
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


def test_counts_are_proved_once_a_second_operator_recomputed_them(
    town: Town, tmp_path: Path
) -> None:
    before = verified(town, tmp_path)
    for id_ in ("decisions.rilis-1", "limits.rilis-1"):
        assert found(before, id_).standing == "asserted"
        assert "the service's word" in found(before, id_).detail.en

    compared = rerun(town, "jujur", handed_over(town, tmp_path), "--log", code=0)
    assert [each["counts"] for each in compared["stages"]] == ["as-logged"]

    after = verified(town, tmp_path)
    for id_ in ("decisions.rilis-1", "limits.rilis-1"):
        assert found(after, id_).standing == "proved"
        assert "Recomputed by auditor" in found(after, id_).detail.en


def test_a_stage_that_was_counted_falsely_is_named(town: Town, tmp_path: Path) -> None:
    """Its run was honest: the run's own digest and counts say nothing of the lie."""
    compared = rerun(town, "dusta", handed_over(town, tmp_path), "--log", code=1)
    assert compared["logged"] == compared["found"]
    assert compared["counts"] == "as-logged"
    assert [each["counts"] for each in compared["stages"]] == ["different"]
    said = town.synced("auditor").project.of(Rerun)[-1].body
    assert [each.counts for each in said.stages] == ["different"]
    # Nobody's approval mends it now: the log itself answers the rule on reruns.
    town.approve("rilis-2", "bps-approver", "dppapp-approver")
    decided = town.decide("rilis-2", final=True)
    broken = {each["rule"] for each in decided["rules"] if not each["passed"]}
    assert "release.rerun" in broken


def test_the_lie_is_a_finding_of_its_own(town: Town, tmp_path: Path) -> None:
    report = verified(town, tmp_path)
    assert [each.id for each in report.failed] == ["decisions.counts.rilis-2"]
    assert "auditor" in found(report, "decisions.counts.rilis-2").detail.en


def test_a_verdict_on_a_stage_is_a_reason_to_look_again(town: Town, tmp_path: Path) -> None:
    """The same auditor speaks again of a run once it has another stage, and not otherwise."""
    again = ("rerun", town.project_id, "jujur", str(handed_over(town, tmp_path)), "--log")
    expect(linkage(town, "auditor", *again, code=4), "project.again")
