"""What people read in place of an id: the office of a member, the title of a dataset."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from policy.base.errors import PadanError
from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.project.project import Project

_ID = "[a-z0-9-]+"
# Offices and their datasets (a+b/c+d), and members in a list after a colon.
_PAIR = re.compile(rf"\b({_ID}(?:\+{_ID})*)/({_ID}(?:\+{_ID})*)\b")
_LISTED = re.compile(rf"(?<=: ){_ID}(?:, {_ID})*(?=[.;]|$)")


@dataclass(frozen=True)
class Naming:
    """How members and datasets are called. Commands need ids, pages say offices."""

    member: Callable[[str], Words]
    dataset: Callable[[str], Words]

    def same(self, text: str) -> Words:
        """A name that is the same in both languages, such as that of a release."""
        return _same(text)

    def members(self, ids: list[str] | tuple[str, ...]) -> Words:
        """The members of a list, with commas between them."""
        return joined([self.member(each) for each in ids])

    def spelled(self, words: Words) -> Words:
        """A sentence with names where it says 'member/dataset', or lists members after a colon."""
        return Words(self._spelled(words.id, "id"), self._spelled(words.en, "en"))

    def _spelled(self, text: str, language: Language) -> str:
        def paired(found: re.Match[str]) -> str:
            offices = self._known(self.member, found[1].split("+"), language)
            titles = self._known(self.dataset, found[2].split("+"), language)
            if offices is None or titles is None:
                return found[0]
            return f"{' + '.join(offices)} ({' + '.join(titles)})"

        def listed(found: re.Match[str]) -> str:
            return ", ".join(self._known(self.member, found[0].split(", "), language) or [found[0]])

        return _LISTED.sub(listed, _PAIR.sub(paired, text))

    @staticmethod
    def _known(
        named: Callable[[str], Words], ids: list[str], language: Language
    ) -> list[str] | None:
        """The names of these ids; None if one of them has no name."""
        names = [named(each) for each in ids]
        if any(name == _same(each) for name, each in zip(names, ids, strict=True)):
            return None
        return [name.in_language(language) for name in names]


def _same(text: str) -> Words:
    return Words(text, text)


IDS = Naming(_same, _same)


def offices(project: Project) -> Naming:
    """Names from the project's own rosters and charter; an id that they lack stays."""

    def member(name: str) -> Words:
        try:
            return _same(clean(project.known(name).name))
        except PadanError:
            return _same(name)

    def dataset(name: str) -> Words:
        try:
            title = project.charter.dataset(name).title
        except PadanError:
            return _same(name)
        return Words(clean(title.id), clean(title.en))

    return Naming(member, dataset)


def joined(names: list[Words], between: str = ", ") -> Words:
    """The names with a separator between them, in each language."""
    return Words(between.join(w.id for w in names), between.join(w.en for w in names))
