"""Who may approve, who lets an exception pass, and which agencies count as one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from policy.base.errors import Refused
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.gates.cases import run_case
from policy.gates.decision import release_gate, run_gate
from policy.members.roster import Agency, Role
from policy.statements import Decided, Excepted, ExceptionEnded
from tests.support import republic as support
from tests.support.republic import TODAY, Republic, charter_tree, make_roster, scoped

# The officer is of an agency that neither runs the service nor owns data.
MEMBERS = {**support.MEMBERS, "dpo": ("kominfo", ("dpo",))}


def republic(
    law: str = LATEST_LAW,
    *,
    members: dict[str, tuple[str, tuple[Role, ...]]] | None = None,
    superiors: dict[str, tuple[str, ...]] | None = None,
    **parts: Any,
) -> Republic:
    """A republic of these members, whose agencies answer to these superiors."""
    tree = {**charter_tree(), "law": law, **parts}
    return Republic(
        tree=scoped(tree), members={**MEMBERS, **(members or {})}, above=superiors or {}
    )


def failing(played: Republic) -> list[str]:
    outcome = run_gate(run_case(played.project, played.now))
    return [finding.rule.id for finding in outcome.findings if not finding.passed]


def excepted(played: Republic, **change: Any) -> Excepted:
    fields: dict[str, Any] = {
        "at": played.now,
        "rule": "run.separation",
        "about": ("dinsos", "dppapp"),
        "reference": "PPDP/2",
        "until": TODAY + timedelta(days=30),
    }
    return Excepted(**{**fields, **change})


# -- approvals -------------------------------------------------------------------------------------

UNFIT: dict[str, tuple[str, dict[str, tuple[str, tuple[Role, ...]]], dict[str, Any]]] = {
    "a party's own machine": (
        "dppapp",
        {"dppapp": ("dppapp", ("party", "witness", "approver"))},
        {},
    ),
    "the operator's agency": (
        "walidata-approver",
        {
            "walidata-approver": ("diskominfotik", ("approver",)),
            "service": ("diskominfotik", ("service", "coordinator")),
        },
        {},
    ),
    "a superior of the operator": (
        "walidata-approver",
        {"walidata-approver": ("diskominfotik", ("approver",))},
        {"superiors": {"layanan": ("diskominfotik",)}},
    ),
    "a unit of the operator": (
        "walidata-approver",
        {"walidata-approver": ("diskominfotik", ("approver",))},
        {"superiors": {"diskominfotik": ("layanan",)}},
    ),
    "the auditor of an authority's agency": (
        "walidata-approver",
        {
            "walidata-approver": ("diskominfotik", ("approver",)),
            "auditor": ("diskominfotik", ("auditor", "witness", "approver")),
        },
        {},
    ),
}


@pytest.mark.parametrize("who", UNFIT)
def test_nobody_approves_who_does_not_stand_apart(who: str) -> None:
    """Under the first law each of these yeses made a release; under the second none is taken."""
    approver, members, more = UNFIT[who]
    before = republic(FIRST_LAW, members=members, **more)
    before.approvers = ("bps-approver", approver)
    before.to("decide")
    assert before.project.entry(before.decision_digest, Decided).body.verdict == "released"

    after = republic(members=members, **more)
    after.approvers = ("bps-approver", approver)
    after.to("stage")
    with pytest.raises(Refused) as refused:
        after.approve()
    assert refused.value.code == "project.not-apart"
    # Forced into the log it does not count, and a no of the same member is heard.
    after.force(approver, after.approval(), run="rilis-1", manifest=after.stage_digest)
    decided = after.decided()
    assert [rule.rule for rule in decided.rules if not rule.passed] == ["release.approvals"]


def test_whoever_may_not_say_yes_may_say_no() -> None:
    approver, members, more = UNFIT["the operator's agency"]
    played = republic(members=members, **more).to("approve")
    no = played.approval(verdict="refuse")
    played.say(approver, no, run="rilis-1", manifest=played.stage_digest)
    assert played.decided().verdict == "refused"


def test_an_approver_who_would_not_count_makes_no_charter_approvable() -> None:
    members: dict[str, tuple[str, tuple[Role, ...]]] = {
        "dppapp-approver": ("dppapp", ("dpo",)),
        "walidata-approver": ("diskominfotik", ("approver",)),
    }
    apart = {"service": ("layanan", ("service", "coordinator"))}
    assert failing(republic(members={**members, **apart}).to("charter")) == []
    inside = {"service": ("diskominfotik", ("service", "coordinator"))}
    unit = {**charter_tree()["linkage_unit"], "controller": "diskominfotik"}
    unit["administrators"] = ["diskominfotik"]
    for law, found in ((FIRST_LAW, []), (LATEST_LAW, ["run.approvable"])):
        played = republic(law, members={**members, **inside}, linkage_unit=unit)
        for party in support.PARTIES:
            played.charter_signed_by(party)
        asked = [rule for rule in failing(played) if rule != "run.privacy"]
        assert asked == found


# -- agencies that are akin ------------------------------------------------------------------------

PEMPROV = {
    "layanan": ("pemprov",),
    "dinsos": ("pemprov",),
    "dppapp": ("pemprov",),
}


def test_a_unit_and_two_dinas_of_one_government_overlap() -> None:
    assert failing(republic(superiors=PEMPROV).to("charter")) == ["run.separation"]
    assert failing(republic(FIRST_LAW, superiors=PEMPROV).to("charter")) == []
    assert failing(republic(superiors={"dinsos": ("pemprov",)}).to("charter")) == []


@pytest.mark.parametrize(
    "superiors",
    [
        {"dinsos": ("layanan",)},
        {"layanan": ("dinsos",)},
        {"layanan": ("balai",), "balai": ("dinsos",)},
        {"layanan": ("balai",), "balai": ("pemprov",), "dinsos": ("pemprov",)},
    ],
)
def test_superiors_reach_over_any_number_of_steps(superiors: dict[str, tuple[str, ...]]) -> None:
    assert "run.separation" in failing(republic(superiors=superiors).to("charter"))


def test_an_auditor_is_of_no_agency_in_line_with_those_it_audits() -> None:
    for superiors in ({"bpkp": ("layanan",)}, {"dinsos": ("bpkp",)}):
        assert failing(republic(superiors=superiors).to("charter")) == ["run.separation"]


def test_a_roster_without_superiors_is_written_as_before() -> None:
    plain = make_roster(support.member_keys())
    assert b'"agencies"' not in plain.canonical()
    assert b'"previous"' not in plain.canonical()
    with pytest.raises(ValueError, match="own superior"):
        type(plain).model_validate(
            {
                **plain.model_dump(),
                "agencies": (
                    Agency(id="a", superiors=("b",)),
                    Agency(id="b", superiors=("a",)),
                ),
            }
        )


# -- exceptions ------------------------------------------------------------------------------------


def test_an_officer_of_another_agency_lets_an_overlap_pass() -> None:
    played = republic(superiors=PEMPROV).to("charter")
    digest = played.say("dpo", excepted(played))
    assert failing(played) == []
    played.say("dpo", ExceptionEnded(at=played.now, exception=digest))
    assert failing(played) == ["run.separation"]
    with pytest.raises(Refused) as refused:
        played.say("dpo", ExceptionEnded(at=played.now, exception=digest))
    assert refused.value.code == "project.again"


def of_an_officer(law: str, agency: str) -> Republic:
    """A unit of Pemprov runs the service; the charter's officer is of this agency."""
    return republic(law, members={"dpo": (agency, ("dpo",))}, superiors=PEMPROV)


@pytest.mark.parametrize("agency", ["layanan", "dinsos", "dppapp", "pemprov"])
def test_nobody_lets_pass_what_its_own_agency_gains_by(agency: str) -> None:
    for law, stopped in ((FIRST_LAW, False), (LATEST_LAW, True)):
        played = of_an_officer(law, agency)
        for party in support.PARTIES:
            played.charter_signed_by(party)
        if not stopped:
            played.say("dpo", excepted(played))
            continue
        with pytest.raises(Refused) as refused:
            played.say("dpo", excepted(played))
        assert refused.value.code == "project.exception-own"


def test_an_exception_holds_for_a_year_at_most() -> None:
    year = TODAY.replace(year=TODAY.year + 1)
    for law, until, stopped in (
        (FIRST_LAW, TODAY.replace(year=9999), False),
        (LATEST_LAW, year, False),
        (LATEST_LAW, year + timedelta(days=1), True),
        (LATEST_LAW, TODAY.replace(year=9999), True),
    ):
        played = republic(law, superiors=PEMPROV).to("charter")
        body = excepted(played, until=until)
        if not stopped:
            played.say("dpo", body)
            continue
        with pytest.raises(Refused) as refused:
            played.say("dpo", body)
        assert refused.value.code == "project.exception-long"


def test_what_was_decided_under_an_exception_stands_when_it_ends() -> None:
    played = republic(superiors=PEMPROV).to("charter")
    digest = played.say("dpo", excepted(played))
    for step in support.STEPS[1:]:
        getattr(played, step)()
    played.say("dpo", ExceptionEnded(at=played.now, exception=digest))
    played.witness()
    report = support_report(played)
    assert not report.failed


def support_report(played: Republic):  # type: ignore[no-untyped-def]
    from policy.evidence import verify_bundle

    return verify_bundle(played.evidence(), played.roster.digest(), played.checkpoint())


def test_the_gate_is_the_one_that_the_charter_names() -> None:
    played = republic().to("approve")
    case_rules = [f.rule.id for f in release_gate(_case(played)).findings]
    assert "run.witnesses" in case_rules
    assert "run.witnesses" not in [
        f.rule.id for f in release_gate(_case(republic(FIRST_LAW).to("approve"))).findings
    ]


def _case(played: Republic):  # type: ignore[no-untyped-def]
    from policy.gates.cases import release_case
    from policy.gates.facts import release_facts

    return release_case(played.project, "rilis-1", release_facts(played.facts), played.now)
