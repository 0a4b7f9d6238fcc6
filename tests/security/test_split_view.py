"""A service shows two members two histories, with the help of one witness that cosigns both."""

from __future__ import annotations

import copy
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from policy.base.errors import NotYet, Refused
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.evidence import VerificationReport, verify_bundle
from policy.gates.cases import run_case
from policy.gates.decision import run_gate
from policy.statements import Staged
from policy.witnessing.quorum import Quorum, quorum
from tests.support.programme import command
from tests.support.republic import MEMBERS, PARTIES, Republic, charter_tree, scoped

WITNESSES = ("bps", "dinsos", "dppapp", "auditor")


def republic(law: str, needed: int, members: tuple[str, ...] = WITNESSES, **more: Any) -> Republic:
    witnesses = {"members": list(members), "quorum": needed, **more}
    return Republic(tree=scoped({**charter_tree(), "law": law, "witnesses": witnesses}))


def verified(played: Republic) -> VerificationReport:
    return verify_bundle(played.evidence(), played.roster.digest(), played.checkpoint())


def two_histories(law: str, needed: int) -> tuple[Republic, Republic]:
    """Up to the decision both are one; then one releases, and in the other the DPO objects.

    dinsos lies: it cosigns both. bps is shown the one history, dppapp and auditor the other.
    """
    released = republic(law, needed).to("approve")
    refused = republic(law, needed)
    refused.keys, refused.roster = released.keys, released.roster
    refused.adopt(released)
    for name in ("order_digest", "run_digest", "request_digest", "stage_digest", "shares"):
        setattr(refused, name, copy.copy(getattr(released, name)))
    no = refused.approval(verdict="refuse")
    refused.say("dpo", no, run="rilis-1", manifest=refused.stage_digest)
    for played, others in ((released, ("bps",)), (refused, ("dppapp", "auditor"))):
        played.decide()
        played.witness("dinsos", *others)
    return released, refused


def is_witnessed(report: VerificationReport) -> bool:
    """Whether the quorum has seen all of it."""
    found = report.finding("signatures.witnessed")
    return found is not None and not found.entries


def test_under_a_small_quorum_both_histories_verify() -> None:
    """What the first law let through: the reason for a floor."""
    for played in two_histories(FIRST_LAW, 2):
        report = verified(played)
        assert not report.failed
        assert is_witnessed(report)


def test_under_the_floor_one_liar_is_not_enough() -> None:
    found = [verified(played) for played in two_histories(LATEST_LAW, 3)]
    assert not any(report.failed for report in found)
    assert [is_witnessed(report) for report in found] == [False, True]


@pytest.mark.parametrize(
    ("needed", "members"),
    [(1, WITNESSES), (2, WITNESSES), (1, PARTIES), (2, PARTIES)],
)
def test_a_quorum_below_the_floor_stops_the_project(needed: int, members: tuple[str, ...]) -> None:
    republic(FIRST_LAW, needed, members).to("commit")
    weak = republic(LATEST_LAW, needed, members).to("charter")
    with pytest.raises(Refused) as refused:
        weak.commit()
    assert refused.value.code == "gate.run.witnesses"


def test_a_charter_may_ask_that_more_liars_be_withstood() -> None:
    assert b'"faulty"' not in republic(LATEST_LAW, 3).charter.canonical()
    weak = republic(LATEST_LAW, 3, faulty=2).to("charter")
    found = run_gate(run_case(weak.project, weak.now)).findings
    assert [f.rule.id for f in found if not f.passed] == ["run.witnesses"]
    strong = republic(LATEST_LAW, 4, faulty=2).to("charter")
    assert run_gate(run_case(strong.project, strong.now)).passed


@pytest.mark.parametrize("agencies", range(1, 9))
@pytest.mark.parametrize("needed", range(1, 9))
def test_the_floor_is_where_no_two_quorums_share_liars_only(agencies: int, needed: int) -> None:
    """By trying every liar and every two quorums, not by the formula."""
    found = Quorum(agencies, needed)
    everybody = range(agencies)
    quorums = [set(each) for each in combinations(everybody, needed)]
    safe = bool(quorums) and all(
        (one & other) - {liar} for liar in everybody for one in quorums for other in quorums
    )
    assert found.holds == safe
    if found.least <= agencies:
        assert Quorum(agencies, found.least).holds
        assert not Quorum(agencies, found.least - 1).holds


# -- agencies, and not members, are counted --------------------------------------------------------


def in_one_agency(law: str, needed: int) -> Republic:
    """The auditor's members all belong to one agency, and are three of the six witnesses."""
    more: Any = {f"auditor-{n}": ("bpkp", ("witness",)) for n in (2, 3)}
    witnesses = {"members": [*WITNESSES, *more], "quorum": needed}
    tree = scoped({**charter_tree(), "law": law, "witnesses": witnesses})
    return Republic(tree=tree, members={**MEMBERS, **more})


def test_members_of_one_agency_witness_once() -> None:
    played = in_one_agency(LATEST_LAW, 3)
    assert quorum(played.charter, played.roster) == Quorum(4, 3)
    one_agency_and_another = ("auditor", "auditor-2", "auditor-3", "bps")
    for law, stopped in ((FIRST_LAW, False), (LATEST_LAW, True)):
        played = in_one_agency(law, 3).to("order")
        played.witness(*one_agency_and_another)
        body = played.run_finished()
        if not stopped:
            played.say("service", body, run="run-1")
            continue
        with pytest.raises(NotYet) as waiting:
            played.say("service", body, run="run-1")
        assert waiting.value.code == "project.wait-cosigned"


def test_the_agency_that_runs_the_service_is_no_witness() -> None:
    members: Any = {**MEMBERS, "layanan-saksi": ("layanan", ("witness",))}
    witnesses = {"members": [*PARTIES, "layanan-saksi"], "quorum": 3}
    tree = scoped({**charter_tree(), "witnesses": witnesses})
    played = Republic(tree=tree, members=members)
    assert quorum(played.charter, played.roster) == Quorum(3, 3)
    played.to("order")
    played.witness("bps", "dinsos", "layanan-saksi")
    with pytest.raises(NotYet):
        played.say("service", played.run_finished(), run="run-1")


def test_the_report_says_how_many_agencies_saw_the_log() -> None:
    played = in_one_agency(LATEST_LAW, 3).to("receipt")
    played.witness(*WITNESSES, "auditor-2", "auditor-3")
    found = verified(played).finding("signatures.witnessed")
    assert found is not None
    assert found.standing == "attested"
    assert found.agencies == ("bpkp", "bps", "dinsos", "dppapp")
    receipts = verified(played).finding("releases.receipts.rilis-1")
    # Membership goes to dinsos and dppapp; what one agency says alone is its word.
    assert receipts is not None
    assert (receipts.standing == "attested") == (len(receipts.agencies) > 1)


def test_one_recipients_receipt_is_that_agencys_word() -> None:
    played = Republic().to("decide")
    played.witness()
    files = played.project.entry(played.stage_digest, Staged).body.files
    played.say(files[0].recipient, played.received(files[0]), run="rilis-1")
    played.witness()
    found = verified(played).finding("releases.receipts.rilis-1")
    assert found is not None
    assert (found.standing, len(found.agencies)) == ("asserted", 1)
    old = Republic(tree=scoped({**charter_tree(), "law": FIRST_LAW})).to("decide")
    old.witness()
    old.say(files[0].recipient, old.received(files[0]), run="rilis-1")
    old.witness()
    before = verified(old).finding("releases.receipts.rilis-1")
    assert before is not None
    assert before.standing == "attested"


def test_lint_says_how_many_lie_and_how_many_may_be_away(tmp_path: Path) -> None:
    """Without a roster each witness counts as of an agency of its own."""
    path = tmp_path / "charter.json"
    for needed, members, told in (
        (3, WITNESSES, {"agencies": 4, "quorum": 3, "withstands": 1, "away": 1, "least": 3}),
        (2, WITNESSES, {"agencies": 4, "quorum": 2, "withstands": -1, "away": 2, "least": 3}),
        (4, WITNESSES, {"agencies": 4, "quorum": 4, "withstands": 3, "away": 0, "least": 3}),
    ):
        path.write_bytes(republic(LATEST_LAW, needed, members).charter.canonical())
        options = ("--home", str(tmp_path / "home"), "--json")
        answer = command("padan-policy", *options, "charter", "lint", str(path))
        assert answer.json()[0]["witnesses"] == told
