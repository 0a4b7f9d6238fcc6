"""What people read in place of an id: the office of a member, the title of a dataset."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from policy.base.errors import PadanError
from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.project.project import Project

_PAIR = re.compile(r"\b([a-z0-9-]+)/([a-z0-9-]+)\b")


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
        """A sentence with office and title where it says 'member/dataset'."""
        return Words(self._spelled(words.id, "id"), self._spelled(words.en, "en"))

    def _spelled(self, text: str, language: Language) -> str:
        def named(found: re.Match[str]) -> str:
            office, title = self.member(found[1]), self.dataset(found[2])
            if office == _same(found[1]) or title == _same(found[2]):
                return found[0]
            return f"{office.in_language(language)} ({title.in_language(language)})"

        return _PAIR.sub(named, text)


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
