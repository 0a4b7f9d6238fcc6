"""Satu Data roles, officers, sub-processors: what the second law asks, and the first does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policy.base.errors import BadInput, Refused
from policy.charter import Charter
from policy.charter.gaps import gaps
from policy.evidence import verify_bundle
from policy.gates.cases import release_case, run_case
from policy.gates.decision import release_gate, run_gate
from policy.papers import agreed
from tests.support.republic import Republic, charter_from, charter_tree, scoped

RELEASE = "rilis-1"
PROVINCE = {"member": "walidata", "parties": ["dinsos", "dppapp"], "contact": "walidata@example"}
HOST = {
    "name": "Penyedia pusat data",
    "tasks": ["hosting"],
    "about": {"id": "Menyediakan server", "en": "Provides the machines"},
    "agreement": "KONTRAK/7",
    "consents": ["bps", "dinsos", "dppapp"],
}


def of_the_province(**parts: Any) -> dict[str, Any]:
    """BPS is its own walidata, and Diskominfotik that of both offices."""
    tree = charter_tree()
    tree["parties"][0]["role"] = ["pembina-data", "produsen-data", "walidata"]
    tree["parties"][1]["role"] = tree["parties"][2]["role"] = "produsen-data"
    return scoped({**tree, "walidata": [PROVINCE], **parts})


def run_failing(republic: Republic) -> list[str]:
    outcome = run_gate(run_case(republic.project, republic.now))
    return [finding.rule.id for finding in outcome.findings if not finding.passed]


def release_failing(republic: Republic) -> list[str]:
    case = release_case(republic.project, RELEASE, republic.facts.facts, republic.now)
    return [finding.rule.id for finding in release_gate(case).findings if not finding.passed]


def blocking(tree: dict[str, Any]) -> list[str]:
    return [gap.field for gap in gaps(charter_from(tree)) if gap.blocking]


def advised(tree: dict[str, Any]) -> list[str]:
    return [gap.field for gap in gaps(charter_from(tree)) if not gap.blocking]


# -- only a walidata releases ---------------------------------------------------------------------


def approve(republic: Republic, *members: str) -> None:
    for member in members:
        body = republic.approval()
        republic.say(member, body, run=RELEASE, manifest=republic.stage_digest)


def with_an_approver(tree: dict[str, Any]) -> Republic:
    """The province's walidata has an approver: `walidata` itself, in this roster."""
    return Republic(tree=tree, more_roles={"walidata": ("approver",)})


def test_a_release_waits_for_every_walidata_concerned() -> None:
    republic = with_an_approver(of_the_province()).to("stage")
    republic.witness()
    approve(republic, "bps-approver", "dppapp-approver")
    assert release_failing(republic) == ["release.walidata"]
    case = release_case(republic.project, RELEASE, republic.facts.facts, republic.now)
    assert release_gate(case).awaits_approvals(case)  # nothing is decided before it spoke
    approve(republic, "walidata")
    assert release_failing(republic) == []


def test_an_auditor_finds_a_release_without_the_walidata() -> None:
    republic = with_an_approver(of_the_province()).to("approve")
    lie = republic.decided()
    rules = tuple(each.model_copy(update={"passed": True}) for each in lie.rules)
    lie = lie.model_copy(update={"rules": rules, "verdict": "released"})
    republic.force("service", lie, run=RELEASE)
    republic.witness()
    report = verify_bundle(republic.evidence(), republic.roster.digest(), None)
    failed = {finding.id: finding.detail.en for finding in report.failed}
    assert "walidata neither asked nor approved" in failed["approvals.rilis-1"]


def test_the_service_cannot_log_a_release_without_the_walidata() -> None:
    republic = with_an_approver(of_the_province()).to("approve")
    lie = republic.decided()
    rules = tuple(each.model_copy(update={"passed": True}) for each in lie.rules)
    lie = lie.model_copy(update={"rules": rules, "verdict": "released"})
    with pytest.raises(Refused) as refused:
        republic.say("service", lie, run=RELEASE)
    assert "release.walidata" in refused.value.problem.en


def test_under_the_first_law_nobody_asks_for_a_walidata() -> None:
    tree = scoped({**of_the_province(), "law": "padan-law-1"})
    republic = with_an_approver(tree).to("stage")
    republic.witness()
    approve(republic, "bps-approver", "dppapp-approver")
    assert release_failing(republic) == []


def test_an_officers_yes_is_no_walidatas() -> None:
    """`dpo` is of Diskominfotik's agency."""
    republic = with_an_approver(of_the_province()).to("stage")
    republic.witness()
    approve(republic, "bps-approver", "dppapp-approver", "dpo")
    assert release_failing(republic) == ["release.walidata"]


def test_a_walidata_that_asks_need_not_approve() -> None:
    """Dinsos, the walidata of all here, made the request."""
    republic = Republic().to("approve")
    assert release_failing(republic) == []


def test_a_run_needs_a_walidata_who_can_speak() -> None:
    assert run_failing(Republic(tree=of_the_province()).to("charter")) == ["run.walidata"]
    republic = with_an_approver(of_the_province()).to("charter")
    assert run_failing(republic) == []


@pytest.mark.parametrize("law", ["padan-law-1", "padan-law-2"])
def test_a_party_without_a_walidata_is_a_gap_that_blocks_under_the_second_law(law: str) -> None:
    served = {**PROVINCE, "parties": ["dinsos"]}
    tree = {**of_the_province(), "walidata": [served], "law": law}
    told = blocking(tree) if law == "padan-law-2" else advised(tree)
    assert "parties.2.role" in told
    failing = run_failing(with_an_approver(scoped(tree)).to("charter"))
    both = ["run.charter-complete", "run.walidata"]
    assert failing == (both if law == "padan-law-2" else [])


# -- several roles a party ------------------------------------------------------------------------


def test_one_role_is_written_as_before_and_several_as_a_list() -> None:
    tree = charter_tree()
    tree["parties"][0]["role"] = "pembina-data"
    one = charter_from(tree)
    assert json.loads(one.canonical())["parties"][0]["role"] == "pembina-data"
    tree["parties"][0]["role"] = ["pembina-data", "produsen-data"]
    several = charter_from(tree)
    assert several.party("bps").roles == ("pembina-data", "produsen-data")
    assert json.loads(several.canonical())["parties"][0]["role"] == [
        "pembina-data",
        "produsen-data",
    ]
    assert Charter.model_validate_json(several.canonical()) == several
    assert Charter.model_validate_json(one.canonical()).digest() == one.digest()


def test_a_charter_without_the_new_parts_is_written_as_before_there_were_any() -> None:
    tree = {**charter_tree(), "law": "padan-law-1"}
    del tree["walidata"]
    for part in ("dpo", "hosting"):
        del tree["linkage_unit"][part]
    written = json.loads(charter_from(tree).canonical())
    assert "walidata" not in written
    assert set(written["linkage_unit"]) == {"member", "controller", "superiors", "administrators"}
    assert "triggers" not in written["dpia"]


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("raja-data", "walidata"),
        (["walidata", "raja-data"], "walidata"),
        ([], "at least 1"),
        (["walidata", "walidata"], "named once"),
    ],
)
def test_a_role_that_is_none_is_refused(role: Any, said: str) -> None:
    tree = charter_tree()
    tree["parties"][1]["role"] = role
    with pytest.raises(BadInput) as refused:
        charter_from(tree)
    assert said in refused.value.problem.en
    assert "raja-data" not in refused.value.problem.en
    assert "=" not in refused.value.problem.en


@pytest.mark.parametrize(
    "named",
    [
        [PROVINCE, {**PROVINCE, "member": "auditor"}],  # two walidata of one agency
        [{**PROVINCE, "parties": ["bps"]}],  # which says that it is its own
        [{**PROVINCE, "parties": ["kementerian"]}],
        [{**PROVINCE, "member": "dppapp", "parties": ["dinsos"]}],  # which is no walidata
    ],
)
def test_every_party_has_one_walidata(named: list[Any]) -> None:
    with pytest.raises(BadInput, match="walidata"):
        charter_from({**of_the_province(), "walidata": named})


def test_a_walidata_is_a_member_of_the_roster() -> None:
    stranger = [{**PROVINCE, "member": "kominfo-lain"}]
    with pytest.raises(Refused, match="kominfo-lain"):
        Republic(tree=of_the_province(walidata=stranger)).to("charter")


def test_publishers_are_the_walidata_the_province_first() -> None:
    project = Republic(tree=of_the_province()).to("charter").project
    assert agreed.publishers(project) == ("walidata", "bps")


# -- the processor's officer and sub-processors ---------------------------------------------------


def unit(**parts: Any) -> dict[str, Any]:
    tree = charter_tree()
    tree["linkage_unit"] = {**tree["linkage_unit"], **parts}
    return scoped({each: value for each, value in tree.items() if value is not None})


def test_the_processor_appoints_an_officer_of_its_own() -> None:
    assert blocking(unit(dpo=None)) == ["linkage_unit.dpo"]
    assert "linkage_unit.dpo" in advised({**unit(dpo=None), "law": "padan-law-1"})
    asked = next(gap for gap in gaps(charter_from(unit(dpo=None))) if gap.blocking)
    assert "53(1)" in asked.duty
    assert "151/PUU-XXII/2024" in asked.duty


@pytest.mark.parametrize(
    ("dpo", "failing"),
    [
        ("service-dpo", []),
        ("service", ["run.officers"]),  # no officer by the roster
        ("nobody-at-all", ["run.officers"]),
        ("bps-dpo", ["run.officers"]),  # of a data owner's agency
        ("dpo", ["run.officers"]),  # already the parties' officer
    ],
)
def test_the_officer_is_one_by_the_roster_and_no_owners(dpo: str, failing: list[str]) -> None:
    assert run_failing(Republic(tree=unit(dpo=dpo)).to("charter")) == failing
    first = {**unit(dpo=dpo), "law": "padan-law-1"}
    assert run_failing(Republic(tree=scoped(first)).to("charter")) == []


def test_the_processors_officer_reads_the_log_and_decides_no_release() -> None:
    from policy.members.entitled import may_decide, may_read, may_see_facts

    republic = Republic().to("charter")
    officer = republic.roster.member("service-dpo")
    assert may_read(republic.charter, republic.roster, officer)
    assert not may_decide(republic.charter, republic.roster, officer)
    assert not may_see_facts(republic.charter, republic.roster, officer)


def test_lint_says_when_hosting_is_named_nowhere() -> None:
    assert "linkage_unit.hosting" in advised(unit(hosting=None))
    assert "linkage_unit.hosting" not in advised(unit())
    assert "linkage_unit.hosting" not in advised(unit(hosting=None, subprocessors=[HOST]))
    support = {**HOST, "tasks": ["support"]}
    assert "linkage_unit.hosting" in advised(unit(hosting=None, subprocessors=[support]))


def test_sub_processors_need_every_controllers_consent() -> None:
    assert blocking(unit(subprocessors=[HOST])) == []
    without = unit(subprocessors=[{**HOST, "consents": ["bps"]}])
    assert blocking(without) == ["linkage_unit.subprocessors.0.consents"]
    with pytest.raises(BadInput, match="consents"):
        charter_from(unit(subprocessors=[{**HOST, "consents": ["bps", "auditor"]}]))


def test_a_sub_processor_of_an_owners_agency_is_no_separation() -> None:
    tree = unit(subprocessors=[{**HOST, "agency": "bps"}])
    # Whose agency hosts the service approves nothing either.
    failing = run_failing(Republic(tree=tree).to("charter"))
    assert failing == ["run.separation", "run.approvable"]
