"""What a rerun says of stages: when it may, and how far a finding reaches because of it."""

from __future__ import annotations

from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.errors import PadanError
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.evidence import VerificationReport, verify_bundle
from policy.statements import Rerun, StageCounts
from tests.support.republic import Republic, charter_tree, scoped


def republic(law: str = LATEST_LAW, step: str = "decide") -> Republic:
    return Republic(tree=scoped({**charter_tree(), "law": law})).to(step)


def rerun(played: Republic, *stages: StageCounts, **change: Any) -> None:
    played.witness()
    played.say("auditor", played.rerun(stages=stages, **change), run="run-1")
    played.witness()


def counted(played: Republic, counts: str = "as-logged") -> StageCounts:
    return StageCounts.model_validate({"stage": played.stage_digest, "counts": counts})


def report(played: Republic) -> VerificationReport:
    played.witness()
    return verify_bundle(played.evidence(), played.roster.digest(), None)


def standing(played: Republic, id_: str) -> str:
    finding = report(played).finding(id_)
    assert finding is not None
    return finding.standing


def refused(played: Republic, *stages: StageCounts, **change: Any) -> str:
    with pytest.raises(PadanError) as caught:
        rerun(played, *stages, **change)
    return caught.value.code


OF_COUNTS = ("decisions.rilis-1", "limits.rilis-1")


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
@pytest.mark.parametrize("id_", OF_COUNTS)
def test_opened_facts_alone_are_the_services_word(law: str, id_: str) -> None:
    assert standing(republic(law), id_) == "asserted"


@pytest.mark.parametrize("id_", OF_COUNTS)
def test_a_rerun_of_the_run_alone_proves_no_cells(id_: str) -> None:
    played = republic()
    rerun(played)
    assert standing(played, id_) == "asserted"


@pytest.mark.parametrize("id_", OF_COUNTS)
def test_a_rerun_that_recomputed_the_stage_proves_them(id_: str) -> None:
    played = republic()
    rerun(played, counted(played))
    assert standing(played, id_) == "proved"


def test_another_result_or_closed_counts_prove_nothing() -> None:
    for counts, change in (
        ("not-opened", {}),
        ("as-logged", {"counts": "not-opened"}),
        ("as-logged", {"result": sha256(b"another")}),
    ):
        played = republic()
        rerun(played, counted(played, counts), **change)
        assert standing(played, "limits.rilis-1") == "asserted"


def test_other_counts_are_a_failure() -> None:
    played = republic()
    rerun(played, counted(played, "different"))
    assert {each.id for each in report(played).failed} == {"decisions.counts.rilis-1"}


def test_other_counts_stop_a_release_that_waits() -> None:
    played = republic(step="approve")
    rerun(played, counted(played, "different"))
    rules = {each.rule: each.passed for each in played.decided().rules}
    assert not rules["release.rerun"]


def test_a_refusal_for_which_the_log_is_reason_enough_rests_on_no_counts() -> None:
    played = Republic(approvers=("bps-approver",)).to("decide")
    assert standing(played, "decisions.rilis-1") == "proved"
    small = Republic(matched=4).to("decide")
    assert standing(small, "decisions.rilis-1") == "asserted"


def test_an_auditor_speaks_again_only_of_stages_it_has_not_spoken_of() -> None:
    played = republic(step="run")
    rerun(played)
    assert refused(played) == "project.again"
    played.request()
    played.stage()
    rerun(played, counted(played))
    assert refused(played, counted(played)) == "project.again"
    assert refused(played) == "project.again"


def test_a_rerun_names_stages_of_its_run_each_once() -> None:
    played = republic()
    assert refused(played, counted(played), counted(played)) == "project.again"
    other = StageCounts(stage=played.request_digest, counts="as-logged")
    assert refused(played, other) == "project.reference"
    unknown = StageCounts(stage=sha256(b"nothing"), counts="as-logged")
    assert refused(played, unknown) == "project.reference"


def test_a_rerun_without_stages_is_written_as_before_there_were_any() -> None:
    played = republic(step="run")
    assert b"stages" not in played.rerun().canonical()
    assert Rerun.model_validate_json(played.rerun().canonical()).stages == ()
