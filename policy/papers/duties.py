"""The duties catalogue: which law requires what, how reliably we read it, what enforces it here.

The rows are in duties.yaml, and papers cite them by number. Even a text that was read was read in a
third-party copy. So a lawyer confirms all rows, and those marked S or G before anything is signed.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import Field, TypeAdapter

from policy.base.canonical import Model
from policy.base.words import Words
from policy.charter import Bilingual

Mark = Literal["V", "S", "G"]
Part = Literal["encoder", "service", "log", "charter", "subject"]
MARKS: dict[Mark, Words] = {
    "V": Words("dibaca dalam salinan naskahnya", "read in a copy of its text"),
    "S": Words(
        "diketahui dari sumber sekunder; cocokkan dengan naskah resminya",
        "known from a secondary source; compare with the official text",
    ),
    "G": Words(
        "pengetahuan umum yang belum diperiksa; cocokkan dengan naskah resminya",
        "general knowledge, not looked up; compare with the official text",
    ),
}
PARTS: dict[Part, Words] = {
    "encoder": Words("penyandi", "encoder"),
    "service": Words("layanan", "service"),
    "log": Words("log", "log"),
    "charter": Words("piagam", "charter"),
    "subject": Words("layanan hak subjek", "subject rights helper"),
}
NOT_ENFORCED = Words("tidak ditegakkan di sini", "not enforced here")


class LawSource(Model):
    """A provision, and how reliably it was read."""

    text: str = Field(min_length=1)
    mark: Mark


class Duty(Model):
    """One row of the catalogue."""

    number: int = Field(ge=1)
    title: Bilingual
    sources: tuple[LawSource, ...] = Field(min_length=1)
    rules: tuple[str, ...]
    papers: tuple[str, ...]
    part: tuple[Part, ...]
    software: Bilingual
    evidence: Bilingual

    @property
    def enforced(self) -> bool:
        """Whether a rule or a part of the software enforces the duty; a paper only shows it."""
        return bool(self.rules or self.part)

    def enforced_by(self) -> Words:
        """The rules and parts that enforce it, by name; or a note that nothing here does."""
        if not self.enforced:
            return NOT_ENFORCED
        parts = [PARTS[name] for name in self.part]
        return Words(
            ", ".join((*self.rules, *(part.id for part in parts))),
            ", ".join((*self.rules, *(part.en for part in parts))),
        )


@cache
def duties() -> tuple[Duty, ...]:
    """All rows, in numerical order."""
    text = (resources.files("policy.papers") / "duties.yaml").read_text("utf-8")
    return TypeAdapter(tuple[Duty, ...]).validate_python(yaml.safe_load(text), strict=False)


def duty(number: int) -> Duty:
    return duties()[number - 1]
