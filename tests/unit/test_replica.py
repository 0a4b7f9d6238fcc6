"""A member's copy of the log while two commands of one home learn of new entries."""

from __future__ import annotations

from pathlib import Path

from policy.replica import Replica
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
