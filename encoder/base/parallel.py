"""One function over many items on all cores: ordered results, bounded work in progress."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, TypeVar

from encoder.error_codes import EncoderCode
from policy.base.errors import NotYet
from policy.base.words import Words

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST_WORKERS = 16
_function: Callable[[Any], Any]


def in_order(
    make: Callable[..., Callable[[Item], Result]],
    arguments: tuple[object, ...],
    items: Iterable[Item],
    *,
    alone: int,
    workers: int | None = None,
) -> Iterator[Result]:
    """`make(*arguments)` gives the function, once in every process.

    This process handles the first `alone` items: for little work other processes start too late.
    `workers` is the number of processes, all cores if None. Raises NotYet if the system ends one.
    """
    with _without_looking_for_cycles():
        try:
            yield from _in_order(make, arguments, iter(items), alone, workers)
        except BrokenProcessPool:
            raise _process_ended() from None


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """Pause Python's search for reference cycles.

    Rows come and go in hundreds of thousands, and none of them is part of a cycle. The search

    would take a quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _in_order(
    make: Callable[..., Callable[[Item], Result]],
    arguments: tuple[object, ...],
    remaining: Iterator[Item],
    alone: int,
    workers: int | None,
) -> Iterator[Result]:
    here = make(*arguments)
    for item in islice(remaining, alone):
        yield here(item)
    following = next(remaining, None)
    if following is None:
        return
    rest = chain([following], remaining)
    processes = min(_MOST_WORKERS, workers or os.cpu_count() or 1)
    if processes == 1:
        yield from map(here, rest)
        return
    # Spawned, not forked: the progress bar has a thread.
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(make, arguments)
    ) as pool:
        started = [pool.submit(os.getpid) for _ in range(processes)]
        waiting: deque[Future[Result]] = deque()
        for item in rest:
            # They take a second to start; this process works meanwhile.
            if not waiting and not any(each.done() for each in started):
                yield here(item)
                continue
            waiting.append(pool.submit(_call, item))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _begin(make: Callable[..., Callable[[Any], Any]], arguments: tuple[object, ...]) -> None:
    global _function
    _function = make(*arguments)
    gc.disable()


def _call(item: Any) -> Any:
    return _function(item)


def _process_ended() -> NotYet:
    return NotYet(
        EncoderCode.WORK_PROCESS_ENDED,
        Words(
            "Sistem mengakhiri salah satu proses kerja; biasanya memorinya habis.",
            "The system ended one of the working processes; most often memory ran out.",
        ),
        Words(
            "Tidak ada yang hilang. Tutup program lain, lalu jalankan perintah ini lagi.",
            "Nothing is lost. Close other programs, then run this command again.",
        ),
    )
