"""A paper as data: the value of each field, what is missing, what a lawyer must check.

1. A pure function builds a paper from charter, log and clock; rendering adds nothing.
2. An unknown value is `Missing`, with the reason; nothing is invented in its place.
3. A field or section that depends on law read second-hand has a mark, and the paper
   ends with the list of all marks.
4. Every paper is a draft until a person has signed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from policy.base.words import Words
from policy.papers.duties import MARKS, duty


@dataclass(frozen=True)
class Missing:
    """In place of a value; `why` is shown instead."""

    why: Words


NOT_GIVEN = Missing(Words("belum diisi dalam piagam", "not given in the charter"))
BY_HAND = Missing(Words("diisi oleh petugas", "to be filled in by the officer"))
NOT_IN_LOG = Missing(Words("belum ada di log", "not in the log yet"))


@dataclass(frozen=True)
class Code:
    """A digest or an identifier: set in fixed width, never translated."""

    text: str


@dataclass(frozen=True)
class Office:
    """A member by its office's name in the roster; JSON has the member's id."""

    member: str
    name: str


NONE = Words("Tidak ada.", "None.")
DASH = Words("-", "-")

Datum: TypeAlias = (
    "str | int | date | datetime | Words | Code | Office | Missing | tuple[Datum, ...]"
)


@dataclass(frozen=True)
class Fact:
    """One field of a paper. `confirm` says what a lawyer must check."""

    key: str
    label: Words
    value: Datum
    confirm: Words | None = None


@dataclass(frozen=True)
class Facts:
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class PaperColumn:
    key: str
    label: Words


@dataclass(frozen=True)
class PaperTable:
    """Rows under named columns; `empty` is shown if there are none."""

    key: str
    title: Words
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[Datum, ...], ...]
    empty: Words = NONE


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    words: Words
    confirm: Words | None = None


@dataclass(frozen=True)
class Items:
    """A list of sentences, or of fields that are present or missing."""

    key: str
    items: tuple[Datum, ...]


Block: TypeAlias = Facts | PaperTable | Text | Items


@dataclass(frozen=True)
class PaperSection:
    """A part of a paper. `duties` are the rows of the duties catalogue that require it."""

    key: str
    title: Words
    blocks: tuple[Block, ...]
    duties: tuple[int, ...] = ()


@dataclass(frozen=True)
class SignatureBlock:
    """The role and capacity of a signatory. Names are written by hand."""

    capacity: Words
    who: str = ""


@dataclass(frozen=True)
class Letterhead:
    """The head of an agency's letters: lines of text, or an image as a data: URL.

    `names` are set in large type, `address` in small type below them.
    """

    names: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    image: str = ""


@dataclass(frozen=True)
class Signatory:
    """An office that signs a record, with its post; the name is written by hand."""

    called: Words
    office: Datum
    post: Datum


@dataclass(frozen=True)
class Minutes:
    """Head and foot of an official record: the meeting, the statement, the signatories."""

    letterhead: Letterhead | None
    number: Datum
    opening: Words
    parties: tuple[Signatory, ...]
    stated: Words
    closing: Words
    place: Datum
    day: date
    witnesses: tuple[Signatory, ...]


@dataclass(frozen=True)
class Paper:
    """A whole paper. `origin` says when, and from which charter and log, it was made.

    A paper with `minutes` is laid out as an official record (berita acara), with its head and foot.
    """

    kind: str
    title: Words
    law: str
    origin: Facts
    sections: tuple[PaperSection, ...]
    signatures: tuple[SignatureBlock, ...] = field(default=())
    minutes: Minutes | None = None


@dataclass(frozen=True)
class Confirmation:
    """One thing that a lawyer must check before the paper is signed."""

    section: Words
    what: Words


def confirmations(paper: Paper) -> tuple[Confirmation, ...]:
    """All marks in a paper, in order, each once."""
    return tuple(dict.fromkeys(_confirmations(paper)))


def _confirmations(paper: Paper) -> Iterator[Confirmation]:
    for section in paper.sections:
        for block in section.blocks:
            for words in _marked(block):
                yield Confirmation(section.title, words)
        for number in section.duties:
            for source in duty(number).sources:
                if source.mark != "V":
                    mark = MARKS[source.mark]
                    yield Confirmation(
                        section.title,
                        Words(f"{source.text}: {mark.id}.", f"{source.text}: {mark.en}."),
                    )


def _marked(block: Block) -> Iterator[Words]:
    if isinstance(block, Text) and block.confirm:
        yield block.confirm
    if isinstance(block, Facts):
        for fact in block.facts:
            if fact.confirm:
                yield Words(
                    f"{fact.label.id}: {fact.confirm.id}", f"{fact.label.en}: {fact.confirm.en}"
                )
