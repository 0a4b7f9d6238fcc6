"""Texts that people read, in both languages."""

from __future__ import annotations

from pydantic import Field

from policy.base.canonical import Model
from policy.base.words import Words


class Bilingual(Model):
    """A text that people read."""

    id: str = Field(min_length=1, max_length=2000)
    en: str = Field(min_length=1, max_length=2000)

    def words(self) -> Words:
        return Words(self.id, self.en)
