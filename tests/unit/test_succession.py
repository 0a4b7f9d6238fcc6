"""Rosters succeed each other in the log: who may say so, and what each of them judges."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from policy.base.errors import PadanError, Refused, Unverified, WrongKey
from policy.charter import FIRST_LAW
from policy.crypto.keys import KeyRing
from policy.evidence import VerificationReport, verify_bundle
from policy.members.home import Home
from policy.members.roster import Agency, Roster, as_first, open_roster, parse_roster
from policy.members.succession import Rosters, require_successor
from policy.statements import Decided
from tests.support.republic import STEPS, TODAY, Republic, charter_tree, scoped

YESTERDAY = TODAY - timedelta(days=1)


def verified(played: Republic, pinned: str | None = None) -> VerificationReport:
    digest = pinned or played.project.roster_digest
    return verify_bundle(played.evidence(), digest, played.checkpoint())


def play(played: Republic, first: str, last: str) -> None:
    for step in STEPS[STEPS.index(first) : STEPS.index(last) + 1]:
        getattr(played, step)()


@pytest.mark.parametrize("after", STEPS[:-1])
def test_a_project_goes_on_whenever_a_key_is_exchanged(after: str) -> None:
    """Between any two steps, keys of a party, an approver, a witness and the service change."""
    played = Republic().to(after)
    names = ("dinsos", "bps-approver", "auditor", "service")
    played.succeed(played.next_roster([played.renewed(name) for name in names]))
    if after == "approve":  # what the old key approved died with it
        yes = played.approval()
        played.witness()
        played.say("bps-approver", yes, run="rilis-1", manifest=played.stage_digest)
    play(played, STEPS[STEPS.index(after) + 1], "receipt")
    decided = played.project.entry(played.decision_digest, Decided).body
    assert decided.verdict == "released"
    report = verified(played)
    assert not report.failed
    assert report.exit_code == 0


def test_every_roster_of_the_log_leads_to_the_others() -> None:
    played = Republic().to("commit")
    for _ in range(3):
        played.succeed(played.next_roster([played.renewed("dppapp")]))
        played.witness()
    play(played, "reveal", "receipt")
    digests = [roster.digest() for roster in played.project.rosters.all]
    assert len(set(digests)) == 4
    for digest in digests:
        report = verified(played, digest)
        assert report.exit_code == 0
        assert report.roster == digest
    assert [f.id for f in verified(played, "ab" * 32).failed] == ["signatures.roster"]


# -- a lost key -----------------------------------------------------------------------------------


def test_a_lost_key_says_nothing_more() -> None:
    played = Republic().to("stage")
    lost = played.keys["bps-approver"]
    played.succeed(played.next_roster([played.renewed("bps-approver")]))
    found = played.keys["bps-approver"]
    played.witness()
    played.keys["bps-approver"] = lost
    forged = played.statement(
        "bps-approver", played.approval(), run="rilis-1", manifest=played.stage_digest
    )
    with pytest.raises(WrongKey):
        played.append(forged)
    played.force_leaf(forged)
    played.keys["bps-approver"] = found
    assert not played.project.release("rilis-1").approvals
    assert {f.id for f in verified(played).failed} == {"signatures.envelope.signature"}


def test_a_statement_made_for_the_roster_before_is_refused() -> None:
    played = Republic().to("stage")
    played.witness()
    made = played.statement(
        "bps-approver", played.approval(), run="rilis-1", manifest=played.stage_digest
    )
    played.succeed(played.next_roster([played.renewed("dinsos")]))
    with pytest.raises(Refused) as refused:
        played.append(made)
    assert refused.value.code == "project.binding"


def test_a_yes_of_a_key_that_was_revoked_does_not_count_and_a_no_stays() -> None:
    for verdict, counts in (("approve", 1), ("refuse", 2)):
        played = Republic(approvers=("dppapp-approver",)).to("approve")
        word = played.approval(verdict=verdict)
        played.say("bps-approver", word, run="rilis-1", manifest=played.stage_digest)
        assert len(played.project.release("rilis-1").approvals) == 2
        played.succeed(played.next_roster([played.renewed("bps-approver")]))
        assert len(played.project.release("rilis-1").approvals) == counts
    # Its holder says it again with the new key, or another officer of the agency does.


def test_a_cosignature_counts_with_the_key_of_its_day() -> None:
    played = Republic().to("order")
    played.witness()
    lost = played.keys["dppapp"]
    played.succeed(played.next_roster([played.renewed("dppapp")]))
    found = played.keys["dppapp"]
    played.keys["dppapp"] = lost
    played.witness("dppapp")
    assert not played.cosigned()[-1].members
    played.keys["dppapp"] = found
    played.notes.pop(len(played.leaves))
    played.witness("dppapp")
    assert played.cosigned()[-1].members == {"dppapp"}


def test_the_service_of_the_time_signs_the_checkpoint() -> None:
    played = Republic().to("order")
    old = played.keys["service"]
    played.succeed(played.next_roster([played.renewed("service")]))
    assert not verified(played).failed
    played.keys["service"] = old
    played.notes.clear()
    assert "inclusion.checkpoint" in {f.id for f in verified(played).failed}


# -- what does not follow -------------------------------------------------------------------------

Change = Callable[[Republic], tuple[Roster, tuple[str, ...]]]


def _no_link(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster(previous="ab" * 32), ()


def _skipped(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster(version=played.roster.version + 2), ()


def _one_signature(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster(), ("bps",)


def _by_others(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster(), ("dinsos", "dppapp")


def _new_authorities_alone(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster(authorities=("dinsos", "dppapp")), ("dinsos", "dppapp")


def _without_a_party(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    members = tuple(m for m in played.roster.members if m.id != "dppapp")
    return played.next_roster(members=members), ()


def _without_the_auditor(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    members = tuple(m for m in played.roster.members if m.id != "auditor")
    return played.next_roster(members=members), ()


def _authority_with_another_key(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster([played.renewed("bps")]), ()


def _another_agency(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    return played.next_roster([played.renewed("bps-approver", agency="dinsos")]), ()


def _another_service(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    now = played.roster.member("service")
    return played.next_roster([now.model_copy(update={"roles": ("coordinator",)})]), ()


def _key_of_another(played: Republic) -> tuple[Roster, tuple[str, ...]]:
    taken = played.roster.member("dppapp-approver")
    members = tuple(m for m in played.roster.members if m.id != taken.id)
    renamed = taken.model_copy(update={"id": "lain"})
    return played.next_roster(members=(*members, renamed)), ()


UNLAWFUL: dict[str, tuple[Change, str]] = {
    "no link": (_no_link, "roster.succession"),
    "skipped version": (_skipped, "roster.succession"),
    "one signature": (_one_signature, "envelope.signature"),
    "signed by others": (_by_others, "envelope.signature"),
    "new authorities alone": (_new_authorities_alone, "envelope.signature"),
    "a party left out": (_without_a_party, "project.roster-members"),
    "the auditor left out": (_without_the_auditor, "project.roster-members"),
    "an authority's key": (_authority_with_another_key, "envelope.signature"),
    "another agency": (_another_agency, "roster.agency"),
    "another service": (_another_service, "roster.service"),
    "a key that was another's": (_key_of_another, "roster.revoked-key"),
}


@pytest.mark.parametrize("what", UNLAWFUL)
def test_what_does_not_follow_is_refused(what: str) -> None:
    change, code = UNLAWFUL[what]
    played = Republic().to("commit")
    roster, signers = change(played)
    leaf = played.signed_roster(roster, *signers)
    with pytest.raises(PadanError) as refused:
        played.append(leaf)
    assert refused.value.code == code
    # The auditor names it, and goes on under the roster that stays in force.
    size = len(played.leaves)
    played.force_roster(leaf)
    report = verified(played, played.roster.digest())
    assert [f.entries for f in report.failed] == [(size,)]


def test_an_authoritys_key_that_both_old_authorities_signed_is_refused_as_such() -> None:
    played = Republic().to("commit")
    old = played.keys["bps"]
    roster = played.next_roster([played.renewed("bps")])
    with pytest.raises(Refused) as refused:
        require_successor(played.project.rosters.all, roster)
    assert refused.value.code == "roster.authority-key"
    played.keys["bps"] = old


def test_authorities_change_with_the_signatures_of_all_four() -> None:
    played = Republic().to("commit")
    roster = played.next_roster(authorities=("dinsos", "dppapp"))
    played.succeed(roster, "bps", "walidata", "dinsos", "dppapp")
    play(played, "reveal", "receipt")
    assert verified(played).exit_code == 0
    # As the first roster of another log it has the signatures of its own two.
    data = as_first(played.signed_roster(roster, "bps", "walidata", "dinsos", "dppapp"))
    assert open_roster(data, roster.digest()) == roster


def test_no_key_lives_again() -> None:
    played = Republic().to("commit")
    first = played.roster.member("dppapp")
    lost = played.keys["dppapp"]
    played.succeed(played.next_roster([played.renewed("dppapp")]))
    with pytest.raises(Refused) as refused:
        played.succeed(played.next_roster([first]))
    assert refused.value.code == "roster.revoked-key"
    assert isinstance(lost, KeyRing)
    # One that was ended early does not get a later day again; an ordinary end is renewed.
    approver = played.roster.member("bps-approver")
    longer = approver.model_copy(update={"valid_until": approver.valid_until.replace(year=2099)})
    played.succeed(played.next_roster([longer]))
    ended = approver.model_copy(update={"valid_until": YESTERDAY})
    played.succeed(played.next_roster([ended]))
    with pytest.raises(Refused) as back:
        played.succeed(played.next_roster([approver]))
    assert back.value.code == "roster.revoked-key"


def test_a_log_of_the_first_law_keeps_the_roster_it_began_with() -> None:
    tree = scoped({**charter_tree(), "law": FIRST_LAW})
    played = Republic(tree=tree).to("commit")
    with pytest.raises(Refused) as refused:
        played.succeed(played.next_roster([played.renewed("dppapp-approver")]))
    assert refused.value.code == "project.roster"


def test_superiors_are_taken_over_and_judge_from_there_on() -> None:
    played = Republic().to("commit")
    above = (
        Agency(id="layanan", superiors=("pemprov",)),
        Agency(id="dinsos", superiors=("pemprov",)),
    )
    played.succeed(played.next_roster(agencies=above))
    with pytest.raises(Refused) as refused:
        play(played, "reveal", "bundle")
    assert refused.value.code == "gate.run.separation"


def test_the_first_roster_counts_until_the_next_stands() -> None:
    played = Republic().to("commit")
    size = len(played.leaves)
    played.succeed(played.next_roster([played.renewed("dppapp")]))
    rosters = Rosters(played.roster).extended(played.leaves, 0)
    assert rosters.at(size).version == 1
    assert rosters.at(size + 1).version == 2
    digests = [roster.digest() for roster in played.project.rosters.all]
    assert [roster.digest() for roster in rosters.all] == digests


def test_under_the_first_law_a_lost_key_goes_on_speaking() -> None:
    """What the second law is for: here nothing takes the key away, and the thief approves."""
    played = Republic(tree=scoped({**charter_tree(), "law": FIRST_LAW})).to("stage")
    played.witness()
    with pytest.raises(Refused):
        played.succeed(played.next_roster())
    played.say("bps-approver", played.approval(), run="rilis-1", manifest=played.stage_digest)
    assert len(played.project.release("rilis-1").approvals) == 1


# -- a home ------------------------------------------------------------------------------------


def home_of(played: Republic, folder: Path, name: str = "dppapp") -> Home:
    home = Home(folder)
    folder.mkdir()
    home.identity_path.write_bytes(played.project.known(name).canonical())
    return home


def test_a_home_never_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Republic().to("commit")
    first = played.roster_data
    home = home_of(played, tmp_path / "home")
    home.pin_roster("http://127.0.0.1:1", first, played.roster.digest())
    roster = played.next_roster([played.renewed("dinsos")])
    second = played.signed_roster(roster)
    home.learn(second)
    assert home.roster() == roster
    for data, code in (
        (first, "roster.older"),
        (played.signed_roster(played.next_roster(issued=YESTERDAY)), "roster.older"),
        (played.signed_roster(roster.model_copy(update={"version": 3})), "roster.succession"),
    ):
        with pytest.raises(Refused) as refused:
            home.pin_roster("http://127.0.0.1:1", data, parse_roster(data)[0].digest())
        assert refused.value.code == code
        assert home.roster() == roster
    # A log that begins with the older one is still known, and does not bring it back.
    assert home.learn(first).version == 1
    assert home.roster() == roster
    # Without the look back, as before, the older one and its keys would live again.
    monkeypatch.setattr(Home, "_require_later", lambda *_: None)
    home.pin_roster("http://127.0.0.1:1", first, played.roster.digest())
    assert home.roster() != roster


def test_a_gap_is_joined_with_the_digest_and_without_revoked_keys(tmp_path: Path) -> None:
    played = Republic().to("commit")
    home = home_of(played, tmp_path / "home")
    home.pin_roster("http://127.0.0.1:1", played.roster_data, played.roster.digest())
    lost = played.roster.member("dinsos")
    for _ in range(2):
        last = played.next_roster([played.renewed("dinsos")])
        played.succeed(last)
    data = played.signed_roster(last)
    with pytest.raises(Unverified):
        home.learn(data)  # nobody vouches for the version between
    home.pin_roster("http://127.0.0.1:1", data, last.digest())
    back = played.next_roster([lost], version=5)
    with pytest.raises(Refused) as refused:
        home.pin_roster("http://127.0.0.1:1", played.signed_roster(back), back.digest())
    assert refused.value.code == "roster.revoked-key"


def test_backwards_the_digest_leads_and_nothing_else(tmp_path: Path) -> None:
    """Whoever joins late knows the earlier rosters by the newest one's word, and no others."""
    played = Republic().to("commit")
    newest = played.next_roster([played.renewed("dinsos")])
    home = home_of(played, tmp_path / "home")
    home.pin_roster("http://127.0.0.1:1", played.signed_roster(newest), newest.digest())
    assert home.learn(played.roster_data).version == 1
    # Another first roster, of authorities of its own making, who sign the newest one as well.
    other = Republic()
    with pytest.raises(Unverified):
        home.learn(other.roster_data)
    assert [roster.version for roster in home.rosters()] == [1, 2]


def test_a_home_of_an_earlier_build_is_read(tmp_path: Path) -> None:
    played = Republic()
    home = home_of(played, tmp_path / "home")
    home.pin_roster("http://127.0.0.1:1", played.roster_data, played.roster.digest())
    shutil.rmtree(home.path / "rosters")
    (home.path / "roster.json").write_bytes(played.roster_data)
    assert home.roster() == played.roster
    roster = played.next_roster([played.renewed("dinsos")])
    home.learn(played.signed_roster(roster))
    assert [each.version for each in home.rosters()] == [1, 2]
    assert home.roster() == roster
