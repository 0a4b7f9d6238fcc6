"""What many threads want at once, done in one go: a transaction for all who waited for the last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Wish = TypeVar("Wish")
Answer = TypeVar("Answer")


@dataclass
class _Place(Generic[Wish, Answer]):
    wish: Wish
    answer: Answer | BaseException | None = None
    done: bool = False


@dataclass
class Together(Generic[Wish, Answer]):
    """Calls `act` with the wishes of all threads that wait, one call at a time.

    It answers each wish in its order, with an exception for a wish that alone is refused. What it
    raises is raised to all of them.
    """

    act: Callable[[Sequence[Wish]], Sequence[Answer | BaseException]]
    _waiting: list[_Place[Wish, Answer]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _acts: bool = False

    def ask(self, wish: Wish) -> Answer:
        """The answer to this wish; raises it if it is an exception."""
        place = _Place[Wish, Answer](wish)
        with self._changed:
            self._waiting.append(place)
            self._changed.wait_for(lambda: place.done or not self._acts)
            if not place.done:
                self._acts, served, self._waiting = True, self._waiting, []
        if not place.done:
            self._serve(served)
        if isinstance(place.answer, BaseException):
            raise place.answer
        return place.answer  # type: ignore[return-value]

    def _serve(self, places: Sequence[_Place[Wish, Answer]]) -> None:
        answers: Sequence[Answer | BaseException]
        try:
            answers = self.act([each.wish for each in places])
        except BaseException as error:
            answers = [error] * len(places)
        with self._changed:
            for place, answer in zip(places, answers, strict=True):
                place.answer, place.done = answer, True
            self._acts = False
            self._changed.notify_all()
