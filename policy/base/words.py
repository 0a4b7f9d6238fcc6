"""Every sentence that a person reads exists in Bahasa Indonesia and in English."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]
# What a person can ask for: errors and help come in both languages where both are wanted.
Choice = Literal["id", "en", "both"]


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


_chosen: Choice | None = None
_by_option = False


def choose_language(choice: Choice, *, by_option: bool = True) -> None:
    """Set the language of this process: by the option `--lang`, or by the environment."""
    global _chosen, _by_option
    _chosen, _by_option = choice, by_option


def read_choice(text: str) -> Choice | None:
    """The choice that an option or a locale names, such as `en_GB.UTF-8`; else None."""
    if text.lower() == "both":
        return "both"
    language = text[:2].lower()
    return language if language in ("id", "en") else None  # type: ignore[return-value]


def option_lang(arguments: Sequence[str]) -> Choice | None:
    """The choice of `--lang` in a command line, read before anything else can fail."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang":
            return read_choice(" ".join(arguments[place + 1 : place + 2]))
        if argument.startswith("--lang="):
            return read_choice(argument.removeprefix("--lang="))
    return None


def current_language() -> Language:
    """The language of this process: `--lang`, then PADAN_LANG, then the locale.

    A locale that names neither language means Indonesian. Where both languages are chosen,
    the locale says which one comes first.
    """
    wanted = _wanted()
    return _of_the_locale() if wanted == "both" else wanted


def file_language() -> Language:
    """The language of heads and words in lists: Indonesian, unless `--lang en` is given.

    The environment does not change it: programs read lists by their heads.
    """
    return "en" if _chosen == "en" and _by_option else "id"


def languages() -> tuple[Language, ...]:
    """The languages in which errors are printed: one, or both where both were chosen."""
    first = current_language()
    if _wanted() != "both":
        return (first,)
    return (first, "en" if first == "id" else "id")


def _wanted() -> Choice:
    return _chosen or read_choice(os.environ.get("PADAN_LANG", "")) or _of_the_locale()


def _of_the_locale() -> Language:
    set_names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "en" if next(filter(None, set_names), "").lower().startswith("en") else "id"
