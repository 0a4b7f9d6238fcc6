"""Errors of the shared library in the words of a page: its steps instead of commands.

Problems and hints are written for commands. On a page:

1. A hint about an option or a settings file is replaced, by the error's code or by a mark in its
   English sentence.
2. A command that is a step of the page gets the step's name.
3. For work that only a command can do, the page says that it is a command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from policy.base.words import Words

_COMMAND = re.compile(r"'(?:padan-(?:encoder|policy|linkage) )?([a-z][a-z -]*?)(?: [A-Z][A-Z ]*)?'")
_IN_A_TERMINAL = re.compile(r"padan-(?:encoder|policy|linkage)\b|(?<![\w-])--[a-z]")


@dataclass(frozen=True)
class PageWords:
    """The page's words for errors.

    `steps` are the commands that the page has as steps. `hints` are replacements by error code,
    `marks` by a part of the English sentence.
    """

    steps: Mapping[str, Words] = field(default_factory=dict)
    hints: Mapping[str, Words] = field(default_factory=dict)
    marks: tuple[tuple[str, Words], ...] = ()

    def hint(self, code: str, hint: Words) -> Words:
        """The next step for the person on this page."""
        own = self.hints.get(code)
        return own if own is not None else self.told(hint)

    def told(self, words: Words) -> Words:
        """A sentence with the page's steps instead of commands."""
        own = next((own for mark, own in self.marks if mark in words.en), None)
        if own is not None:
            return own
        said = self.by_steps(words)
        if not _IN_A_TERMINAL.search(said.id + said.en):
            return said
        return Words(
            f"Langkah berikut ada di luar halaman ini, dengan perintah di terminal. {said.id}",
            f"The next step is not on this page but a command in a terminal. {said.en}",
        )

    def by_steps(self, words: Words) -> Words:
        """The sentence with step names for those commands that the page has as steps."""
        return Words(self._steps(words.id, "id"), self._steps(words.en, "en"))

    def _steps(self, text: str, language: str) -> str:
        def step(found: re.Match[str]) -> str:
            words = self.steps.get(found[1])
            if words is None:
                return found[0]
            return words.id if language == "id" else words.en

        said = _COMMAND.sub(step, text)
        # A command can begin a sentence in quotation marks; a step begins it with a capital.
        return said[:1].upper() + said[1:] if text[:1] == "'" else said
