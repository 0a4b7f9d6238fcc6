"""One function over many items on all cores, results in order, a bounded number under way."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, TypeVar

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

    The first `alone` items are done here: for little work other processes start too late.
    `workers` is the number of processes, all cores if None.
    """
    with _without_looking_for_cycles():
        yield from _in_order(make, arguments, iter(items), alone, workers)


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """Rows come and go in hundreds of thousands, and none of them is part of a cycle.

    Python's search for cycles among them takes a quarter of the time.
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
        waiting: deque[Future[Result]] = deque()
        for item in rest:
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
