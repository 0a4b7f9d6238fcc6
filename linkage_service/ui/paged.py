"""A page of a long list: as many entries as fit, and the pages before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query

Entry = TypeVar("Entry")
ON_A_PAGE = 12  # five screens of a phone
PageNumber = Annotated[int, Query(alias="halaman", ge=1, le=100_000)]


@dataclass(frozen=True)
class Page(Generic[Entry]):
    """Entries `first` to `last` of `whole`, counted from 1."""

    entries: tuple[Entry, ...]
    number: int
    pages: int
    whole: int
    size: int

    @classmethod
    def of(cls, entries: Sequence[Entry], number: int, size: int = ON_A_PAGE) -> Page[Entry]:
        """That page; the last one if there are fewer."""
        pages = max(1, -(-len(entries) // size))
        number = min(number, pages)
        start = (number - 1) * size
        return cls(tuple(entries[start : start + size]), number, pages, len(entries), size)

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.entries else 0

    @property
    def last(self) -> int:
        return self.first + len(self.entries) - 1 if self.entries else 0
