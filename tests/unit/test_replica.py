"""A member's copy of the log while two commands of one home learn of new entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.base.errors import BadInput, Unverified
from policy.crypto.keys import KeyRing
from policy.log import add_signature, cosign
from policy.wire.replica import Replica
from tests.support.republic import Republic


def replica(republic: Republic, folder: Path) -> Replica:
    return Replica(folder, republic.roster, republic.charter.project)


def test_two_who_learn_the_same_keep_it_once(tmp_path: Path) -> None:
    republic = Republic().to("commit")
    first, second = replica(republic, tmp_path), replica(republic, tmp_path)
    replays = first.load(), second.load()
    for each, replay in zip((first, second), replays, strict=True):
        each.advance(replay, republic.page())
    assert first.leaves() == republic.leaves
    assert replica(republic, tmp_path).load().size == len(republic.leaves)


def test_who_learned_less_takes_nothing_back(tmp_path: Path) -> None:
    republic = Republic().to("charter")
    slow, quick = replica(republic, tmp_path), replica(republic, tmp_path)
    early, replay = republic.page(), slow.load()
    republic.commit()
    quick.advance(quick.load(), republic.page())
    slow.advance(replay, early)
    assert replica(republic, tmp_path).load().size == len(republic.leaves)
    remembered = quick.remembered()
    assert remembered is not None
    assert remembered.splitlines()[1] == str(len(republic.leaves))


def earlier_home(republic: Republic, folder: Path) -> None:
    """The copy as builds before this one wrote it."""
    (folder / "cosigned").mkdir(parents=True)
    (folder / "entries.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in republic.leaves))
    (folder / "checkpoint.txt").write_text(republic.checkpoint(), encoding="utf-8")
    for size, note in republic.notes.items():
        (folder / "cosigned" / f"{size:08d}.txt").write_text(note, encoding="utf-8")


def test_the_copy_of_an_earlier_build_is_read_and_then_replaced(tmp_path: Path) -> None:
    republic = Republic().to("reveal")
    earlier_home(republic, tmp_path)
    own = replica(republic, tmp_path)
    assert own.load().size == len(republic.leaves)
    assert own.remembered() == republic.checkpoint()
    assert {each.size for each in own.cosigned_sizes()} == set(republic.notes)
    known = len(republic.leaves)
    republic.confirm()
    own.advance(own.load(), republic.page(known))
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["log.json"]
    assert not list((tmp_path / "cosigned").glob("*"))
    again = replica(republic, tmp_path)
    assert again.leaves() == republic.leaves
    assert again.load().size == len(republic.leaves)


def test_a_log_that_was_cut_is_still_a_fork(tmp_path: Path) -> None:
    republic = Republic().to("reveal")
    earlier_home(republic, tmp_path)
    short = b"".join(leaf + b"\n" for leaf in republic.leaves[:-1])
    (tmp_path / "entries.jsonl").write_bytes(short)
    with pytest.raises(Unverified) as caught:
        replica(republic, tmp_path).load()
    assert caught.value.code == "log.fork"


def test_cosignatures_once_seen_are_not_taken_back(tmp_path: Path) -> None:
    """A service that sends fewer of them later makes no lawful step of its log unlawful."""
    republic = Republic().to("reveal")
    own = replica(republic, tmp_path)
    own.advance(own.load(), republic.page())
    known, before = len(republic.leaves), own.cosigned_sizes()
    republic.confirm()
    bare = republic.page(known).model_copy(update={"cosigned": ()})
    own.advance(own.load(), bare)
    assert replica(republic, tmp_path).cosigned_sizes() == before
    assert replica(republic, tmp_path).load().size == len(republic.leaves)


def test_a_copy_that_is_damaged_is_named(tmp_path: Path) -> None:
    republic = Republic().to("charter")
    (tmp_path / "log.json").write_text("{}")
    with pytest.raises(BadInput) as caught:
        replica(republic, tmp_path).load()
    assert caught.value.code == "log.copy"


def test_lines_by_strangers_do_not_fill_the_copy(tmp_path: Path) -> None:
    """A note has a hundred lines at most: a service must not put together more than that."""
    republic = Republic().to("reveal")
    size = max(republic.notes)

    def with_strangers(first: int) -> str:
        note = republic.notes[size]
        for number in range(first, first + 90):
            key = KeyRing.generate().log
            note = add_signature(note, cosign(note, f"stranger-{number}", key, republic.now))
        return note

    own = replica(republic, tmp_path)
    for first in (0, 100):
        page = republic.page(own.load().size)
        notes = tuple(n for n in page.cosigned if n != republic.notes[size])
        page = page.model_copy(update={"cosigned": (*notes, with_strangers(first))})
        own.advance(own.load(), page)
    assert own.copy.read().cosigned == republic.page().cosigned
    assert replica(republic, tmp_path).load().size == len(republic.leaves)
