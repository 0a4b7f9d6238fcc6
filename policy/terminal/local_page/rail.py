"""The steps on top of every page, and the sentence on what is next."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Words

_DO_IT = Words("Kerjakan", "Do it")


@dataclass(frozen=True)
class RailStep:
    """A step or section: its page's name and address; if it has a tick, its number and state.

    `at` is when it was done (Unix seconds), None if that is not known.
    """

    name: str
    title: Words
    address: str
    number: int | None = None
    done: bool = False
    at: int | None = None


@dataclass(frozen=True)
class UpNext:
    """What is next in one sentence.

    `address` is the page where this person does it, if it is theirs, and `link` what its link says.
    """

    sentence: Words
    address: str | None = None
    link: Words = _DO_IT

    @property
    def mine(self) -> bool:
        return self.address is not None
