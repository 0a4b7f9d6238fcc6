"""What witnesses' times say of an entry, and what one wrong clock does to that."""

from __future__ import annotations

import pytest

from policy.base.clocks import TIMES_APART_SECONDS
from policy.base.errors import BadInput
from policy.crypto.keys import KeyRing
from policy.log import (
    EMPTY_ROOT,
    Checkpoint,
    add_signature,
    cosign,
    cosigners,
    first_and_newest,
    sign_checkpoint,
    time_of_line,
)
from policy.witnessing.witness_times import Head, Witnessed

HOUR, DAY = 3600, 86_400
NOON = 1_800_000_000
KEYS = {name: KeyRing.generate() for name in ("a", "b", "c", "log")}


def seen(*heads: tuple[int, dict[str, int], dict[str, int]], quorum: int = 2) -> Witnessed:
    """Heads by size, first times and newest times of whoever saw them again, from noon on."""
    found = [
        Head(
            size,
            {name: NOON + at for name, at in first.items()},
            {name: NOON + at for name, at in {**first, **again}.items()},
        )
        for size, first, again in heads
    ]
    return Witnessed(tuple(found), quorum, named=3)


def test_an_entry_lies_between_a_head_without_it_and_one_with_it() -> None:
    log = seen(
        (3, {"a": 0, "b": 10, "c": 20}, {"a": DAY, "b": DAY + 10}),
        (5, {"a": 2 * DAY, "b": 2 * DAY + 10, "c": 2 * DAY + 20}, {}),
    )
    assert log.lacking_at(3) == NOON + DAY
    assert log.there_by(3) == NOON + 2 * DAY + 10
    assert log.seen_by_quorum(4) == NOON + 2 * DAY + 10
    assert log.lacking_at(2) is None
    assert log.there_by(5) is None
    assert log.confirmed == NOON + 2 * DAY + 10
    assert log.latest == NOON + 2 * DAY + 20


def test_a_later_head_is_a_first_look_as_well() -> None:
    log = seen((3, {"a": 0}, {}), (5, {"b": HOUR, "c": 2 * HOUR}, {}))
    assert log.there_by(2) == NOON + HOUR
    assert seen((3, {"a": 0}, {})).there_by(2) is None


@pytest.mark.parametrize("wrong", [-400 * DAY, 400 * DAY])
def test_one_wrong_clock_moves_nothing(wrong: int) -> None:
    right = seen((3, {"a": 0, "b": 0, "c": 0}, {}), (5, {"a": HOUR, "b": HOUR, "c": HOUR}, {}))
    other = seen(
        (3, {"a": 0, "b": 0, "c": wrong}, {}), (5, {"a": HOUR, "b": HOUR, "c": HOUR + wrong}, {})
    )
    for index in (2, 3, 4):
        assert other.lacking_at(index) == right.lacking_at(index)
        assert other.there_by(index) == right.there_by(index)
        assert other.seen_by_quorum(index) == right.seen_by_quorum(index)
    assert other.confirmed == right.confirmed
    assert right.wrong_clocks() == {}
    assert set(other.wrong_clocks()) == {"c"}
    assert abs(other.wrong_clocks()["c"]) >= 400 * DAY - HOUR - TIMES_APART_SECONDS


def test_a_quorum_is_two_at_least_where_there_are_others() -> None:
    log = seen((3, {"a": 0}, {}), quorum=1)
    assert log.seen_by_quorum(2) is None
    assert Witnessed(log.heads, 1, named=1).seen_by_quorum(2) == NOON


def test_the_day_of_a_destruction_is_confirmed_by_a_quorum() -> None:
    two = seen((3, {"a": DAY, "b": DAY, "c": 0}, {}), quorum=3)
    assert two.confirmed == NOON + DAY, "the negative control: two of three"
    assert two.confirmed_by_quorum == NOON
    assert seen((3, {"a": DAY}, {}), quorum=1).confirmed_by_quorum is None


def test_how_far_a_quorum_saw_the_log_and_until_when() -> None:
    log = seen((3, {"a": 0, "b": 10}, {"a": DAY, "b": DAY + 10}), (5, {"a": 2 * DAY}, {}))
    assert log.covered is not None
    assert log.covered.size == 3
    assert log.standing_at(log.covered) == NOON + DAY
    assert Witnessed().covered is None


# -- two notes of one checkpoint ------------------------------------------------------------------


def head(size: int = 0) -> str:
    return sign_checkpoint(Checkpoint("padan/p", size, EMPTY_ROOT), KEYS["log"].log)


def cosigned(note: str, **times: int) -> str:
    for name, at in times.items():
        note = add_signature(note, cosign(note, name, KEYS[name].log, at))
    return note


def times_in(note: str) -> dict[str, int]:
    return cosigners(note, {n: KEYS[n].log.public_key() for n in ("a", "b", "c")})


def test_first_and_newest_times_are_kept_in_two_notes() -> None:
    notes = [cosigned(head(), a=5, b=7), cosigned(head(), a=9), cosigned(head(), b=7, c=8, a=6)]
    first, newest = first_and_newest(notes)
    assert times_in(first) == {"a": 5, "b": 7, "c": 8}
    assert times_in(newest) == {"a": 9, "b": 7, "c": 8}
    assert first_and_newest([newest, first, *notes]) == (first, newest), "order changes nothing"


def test_what_nobody_saw_again_is_one_note() -> None:
    note = cosigned(head(), a=5, b=7)
    assert first_and_newest([note, note]) == (note,)
    assert first_and_newest([head()]) == (head(),)


def test_different_checkpoints_are_not_joined() -> None:
    other = sign_checkpoint(Checkpoint("padan/q", 0, EMPTY_ROOT), KEYS["log"].log)
    with pytest.raises(BadInput):
        first_and_newest([head(), other])


def test_the_time_of_a_line() -> None:
    assert time_of_line(cosign(head(), "a", KEYS["a"].log, 12345)) == 12345
