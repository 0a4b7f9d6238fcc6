"""What the field answered about one's own people, encrypted in the vault until the lists end.

A review belongs to one release and dataset. It has the key of its row references, the rows that
were asked about, how many matched rows each stratum has, the samples that were drawn, and the
answers. Only counts ever leave the agency (`policy.statements.kinds.reviewed`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from encoder.steps.workspace import REVIEWS, Workspace
from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.words import Words
from policy.statements.kinds.reviewed import Grade, Nik


class FieldAnswer(StrEnum):
    """What the field found out about one match, in the words of a form."""

    SAME = "orang yang sama"
    OTHER = "orang lain"
    UNRESOLVED = "tidak ditemukan / belum bisa"

    @property
    def words(self) -> Words:
        """The answer as a form in either language has it."""
        return Words(self.value, _ENGLISH[self])


_ENGLISH = {
    FieldAnswer.SAME: "the same person",
    FieldAnswer.OTHER: "another person",
    FieldAnswer.UNRESOLVED: "not found / not yet possible",
}


class StratumSize(Model):
    """How many of one's own matched people are in a stratum of a domain."""

    domain: Identifier
    grade: Grade
    nik: Nik
    place: str = Field(repr=False)
    rows: int


class AskedRow(Model):
    """One match that was put on a form, and its stratum.

    `content` is a keyed digest of the row as written: a reference next to another row's content
    shows that a sheet was sorted by some of its columns only.
    """

    domain: Identifier
    handle: str = Field(pattern=r"^[0-9a-f]{32}$")
    grade: Grade
    nik: Nik
    place: str = Field(repr=False)
    content: HexDigest


class DrawnSample(Model):
    """Certain matches drawn at random: how many of which domain, and the seed."""

    domain: Identifier
    rows: int
    seed: int
    at: int


class GivenAnswer(Model):
    """One row's answer: the last one returned. The note is for the agency alone."""

    answer: FieldAnswer = Field(strict=False)
    note: str = Field(default="", repr=False)
    at: int


class TakenForm(Model):
    """A returned form, so that the same file changes nothing when it is returned again."""

    sha256: HexDigest
    answers: int
    conflicts: int
    at: int


class Review(Model):
    """All of one review. `given` has the answers by row reference."""

    key: HexDigest = Field(repr=False)
    sizes: tuple[StratumSize, ...] = ()
    asked: dict[str, AskedRow] = Field(default_factory=dict, repr=False)
    samples: tuple[DrawnSample, ...] = ()
    given: dict[str, GivenAnswer] = Field(default_factory=dict, repr=False)
    forms: tuple[TakenForm, ...] = ()

    @cached_property
    def answers(self) -> dict[tuple[str, bytes], FieldAnswer]:
        """The answers by domain and row handle."""
        return {
            (row.domain, bytes.fromhex(row.handle)): self.given[reference].answer
            for reference, row in self.asked.items()
            if reference in self.given
        }


def load_review(workspace: Workspace, release: str, dataset: str) -> Review:
    """The review so far; a new one has only its key."""
    name = _name(release, dataset)
    if not workspace.vault.has(name):
        return Review(key=os.urandom(32).hex())
    return Review.model_validate_json(workspace.vault.get(name))


def store_review(workspace: Workspace, release: str, dataset: str, review: Review) -> None:
    """Store the review, encrypted, in place of the one before."""
    workspace.vault.put(_name(release, dataset), review.model_dump_json().encode())


def reviewed(
    workspace: Workspace, release: str, dataset: str
) -> Mapping[tuple[str, bytes], FieldAnswer]:
    """The field's answers by domain and row handle; empty if there was no review."""
    if not workspace.vault.has(_name(release, dataset)):
        return {}
    return load_review(workspace, release, dataset).answers


def _name(release: str, dataset: str) -> str:
    return f"{REVIEWS}{release}.{dataset}"
