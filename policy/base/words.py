"""Every sentence that a person reads exists in Bahasa Indonesia and in English."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    id: str
    en: str

    def __str__(self) -> str:
        return self.in_language(current_language())

    def in_language(self, language: Language) -> str:
        return self.id if language == "id" else self.en


def number(value: int) -> Words:
    """A number with each language's digit grouping: one thousand is 1.000 in Indonesian."""
    english = f"{value:,}"
    return Words(english.replace(",", "."), english)


def joined(*lines: Words) -> Words:
    """Several lines as one text."""
    return Words("\n".join(each.id for each in lines), "\n".join(each.en for each in lines))


_chosen: Language | None = None


def choose_language(language: Language) -> None:
    """Set the language of this process (the `--lang` option)."""
    global _chosen
    _chosen = language


def current_language() -> Language:
    """The language of this process: from the option, else PADAN_LANG, else the locale.

    The default is Indonesian: only an English locale switches to English.
    """
    if _chosen is not None:
        return _chosen
    wanted = os.environ.get("PADAN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    return "en" if wanted.lower().startswith("en") else "id"
