"""Whose turn it is, at every step of a project's life."""

from __future__ import annotations

import pytest

from encoder.steps.next_acts import Act, LocalState, next_acts
from policy.law.turns import turns
from policy.project.turn import Turn
from tests.support.republic import PARTIES, STEPS, Republic

RELEASE = "rilis-1"


def due(republic: Republic) -> tuple[Turn, ...]:
    return turns(republic.project, republic.cosigned(), republic.now)


def test_every_step_names_whose_turn_it_is_and_the_command() -> None:
    told = []
    republic = Republic().to("charter")
    for step in (*STEPS[1:], None):
        republic.witness()
        turn = next(iter(due(republic)), None)
        told.append("" if turn is None else turn.command("p").split(" p")[0])
        if step is not None:
            getattr(republic, step)()
    assert told == [
        "padan-encoder commit",
        "padan-encoder reveal",
        "padan-encoder confirm",
        "padan-encoder upload",
        "padan-policy order",
        "padan-linkage start-run",
        "padan-policy request",
        "padan-linkage stage",
        "padan-policy approve",
        "padan-linkage decide",
        "padan-encoder open",
        "",
    ]


@pytest.mark.parametrize(
    ("step", "then"),
    [("reveal", "reveal"), ("bundle", "bundle"), ("run", "run"), ("approve", "vote")],
)
def test_what_nobody_has_witnessed_waits_for_the_witnesses(step: str, then: str) -> None:
    republic = Republic().to(STEPS[STEPS.index(step) - 1])
    assert {turn.step for turn in due(republic)} == {"witness"}
    republic.witness()
    assert {turn.step for turn in due(republic)} == {then}


def test_before_the_keys_every_party_must_have_witnessed() -> None:
    republic = Republic().to("commit")
    republic.witness("bps", "dinsos", "auditor")  # enough for any other step
    (turn,) = due(republic)
    assert (turn.step, turn.who, turn.any_of) == ("witness", ("dppapp",), False)


def test_only_those_who_still_owe_the_step_are_awaited() -> None:
    republic = Republic()
    republic.charter_signed_by("bps")
    (turn,) = due(republic)
    assert (turn.step, turn.who) == ("charter", ("dinsos", "dppapp"))
    assert turn.since is None, "a charter says no time, and nobody has seen it yet"
    republic.witness("bps")
    (turn,) = due(republic)
    assert turn.since == min(republic.cosigned()[-1].times.values())

    republic = Republic().to("charter")
    republic.say("dinsos", republic.committed("dinsos"))
    (turn,) = due(republic)
    assert (turn.step, turn.who) == ("commit", ("bps", "dppapp"))
    assert turn.since is not None
    assert "Awaited: bps, dppapp, to commit the rows, since " in turn.words().en
    assert turn.words().id.startswith("Ditunggu: bps, dppapp, untuk mengunci baris, sejak ")


def test_a_vote_is_awaited_until_it_is_given_or_refused() -> None:
    republic = Republic(approvers=()).to("stage")
    republic.witness()
    (turn,) = due(republic)
    assert (turn.step, turn.about, turn.agencies) == ("vote", RELEASE, 2)
    able = ("bps-approver", "bps-dpo", "dppapp-approver")  # here that officer is of no party
    assert turn.who == able, "nobody of dinsos, which asked, and not the parties' officer"
    assert "2 more agencies: bps-approver, bps-dpo, dppapp-approver, to approve" in turn.words().en
    yes = republic.approval(verdict="approve")
    republic.say("dppapp-approver", yes, run=RELEASE, manifest=republic.stage_digest)
    (turn,) = due(republic)
    assert (turn.who, turn.agencies) == (("bps-approver", "bps-dpo"), 1)
    no = republic.approval(verdict="refuse")
    republic.say("bps-approver", no, run=RELEASE, manifest=republic.stage_digest)
    (turn,) = due(republic)
    assert (turn.step, turn.who) == ("decision", ("service",))


def test_after_its_time_a_stage_waits_for_nobody() -> None:
    republic = Republic(approvers=()).to("stage")
    republic.witness()
    stage = republic.project.release(RELEASE).require_stage()
    late = turns(republic.project, republic.cosigned(), stage.body.expires + 1)
    assert [turn.step for turn in late] == ["request"]


# -- what this machine has to do ---------------------------------------------------------------

OWN = ("dtks", "ppks")
NOTHING: frozenset[str] = frozenset()


def acts(turn: Turn, here: LocalState, me: str = "dinsos") -> tuple[Act, ...]:
    return next_acts([turn], me, here)


def test_rows_are_committed_once_all_are_prepared() -> None:
    turn = Turn("commit", PARTIES)
    some = LocalState(OWN, frozenset({"dtks"}), NOTHING)
    assert acts(turn, some) == (Act("prepare", "ppks"),)
    assert acts(turn, LocalState(OWN, frozenset(OWN), NOTHING)) == (Act("commit"),)


def test_a_bundle_is_encoded_and_then_uploaded() -> None:
    turn = Turn("bundle", ("dinsos",), "dtks")
    assert acts(turn, LocalState(OWN, frozenset(OWN), NOTHING)) == (Act("encode", "dtks"),)
    ready = LocalState(OWN, frozenset(OWN), frozenset(OWN))
    assert acts(turn, ready) == (Act("upload", "dtks"),)


def test_a_prepared_delta_is_sent_without_anybody_waiting_for_it() -> None:
    here = LocalState(OWN, frozenset(OWN), frozenset({"ppks"}), frozenset({"ppks"}))
    assert next_acts([], "dinsos", here) == (Act("upload", "ppks"),)


def test_the_turn_of_others_is_nothing_to_do_here() -> None:
    everything = LocalState(OWN, frozenset(OWN), frozenset(OWN))
    for turn in (Turn("reveal", ("bps",)), Turn("vote", ("dinsos-approver",), RELEASE)):
        assert acts(turn, everything) == ()
    assert acts(Turn("reveal", ("bps", "dinsos")), everything) == (Act("reveal"),)
