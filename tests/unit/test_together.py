"""Threads that want the same kind of thing get it in one go."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from linkage_service.storage.together import Together
from tests.support.processes import PATIENCE_SECONDS

THREADS = 12


def test_all_who_wait_are_served_in_one_go() -> None:
    calls: list[list[int]] = []
    first, others = threading.Event(), threading.Event()

    def act(wishes: Sequence[int]) -> list[int | BaseException]:
        calls.append(list(wishes))
        if len(calls) == 1:
            first.set()
            assert others.wait(PATIENCE_SECONDS)
        return [KeyError(wish) if wish == 7 else 10 * wish for wish in wishes]

    together, answers = Together[int, int](act), dict[int, int | str]()

    def ask(wish: int) -> None:
        try:
            answers[wish] = together.ask(wish)
        except KeyError:
            answers[wish] = "refused"

    threads = [threading.Thread(target=ask, args=(wish,)) for wish in range(THREADS)]
    threads[0].start()
    assert first.wait(PATIENCE_SECONDS)
    for thread in threads[1:]:
        thread.start()
    while len(together._waiting) < THREADS - 1:
        pass
    others.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert [sorted(each) for each in calls] == [[0], list(range(1, THREADS))]
    assert answers == {wish: "refused" if wish == 7 else 10 * wish for wish in range(THREADS)}


def test_a_failure_reaches_each_who_waited_and_nobody_after_it() -> None:
    fails = True

    def act(wishes: Sequence[str]) -> list[str | BaseException]:
        if fails:
            raise OSError
        return list(wishes)

    together = Together[str, str](act)
    with pytest.raises(OSError):
        together.ask("satu")
    fails = False
    assert together.ask("dua") == "dua"
