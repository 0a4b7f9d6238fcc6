"""Work on several processes: in order, and told when one of them is ended or refuses."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from encoder.base.parallel import in_order
from policy.base.errors import BadInput, NotYet, PadanError
from policy.base.words import Words

Doubled = tuple[int, int]  # and the process that did it
MOST = 60_000  # items, a millisecond each


def doubling(_: int) -> Callable[[int], Doubled]:
    return lambda item: (2 * item, os.getpid())


def ending(caller: int) -> Callable[[int], Doubled]:
    """Any process but the caller's ends as it begins to work."""

    def work(item: int) -> Doubled:
        if os.getpid() != caller:
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * item, caller

    return work


def refusing(caller: int) -> Callable[[int], Doubled]:
    def work(item: int) -> Doubled:
        if os.getpid() != caller:
            raise BadInput("file.bad", Words("rusak", "damaged"), Words("perbaiki", "correct it"))
        return 2 * item, caller

    return work


def items_until_others_work(found: list[Doubled]) -> Iterator[int]:
    for item in range(MOST):
        yield item
        time.sleep(0.001)
        if any(pid != os.getpid() for _, pid in found):
            return


def work(make: Callable[[int], Callable[[int], Doubled]], alone: int) -> list[Doubled]:
    found: list[Doubled] = []
    items = items_until_others_work(found)
    found.extend(in_order(make, (os.getpid(),), items, alone=alone, workers=2))
    return found


def test_results_come_in_the_order_of_the_items_whoever_does_them() -> None:
    found = work(doubling, alone=3)
    assert [doubled for doubled, _ in found] == [2 * item for item in range(len(found))]
    assert [pid for _, pid in found[:3]] == [os.getpid()] * 3
    assert found[-1][1] != os.getpid()


@pytest.mark.parametrize(
    ("make", "kind", "code"),
    [(ending, NotYet, "work.process-ended"), (refusing, BadInput, "file.bad")],
)
def test_what_befalls_a_process_is_told(
    make: Callable[[int], Callable[[int], Doubled]], kind: type[PadanError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        work(make, alone=0)
    assert caught.value.code == code


def test_one_process_is_this_one() -> None:
    found = list(in_order(doubling, (0,), range(5), alone=1, workers=1))
    assert {pid for _, pid in found} == {os.getpid()}
