"""What people read in place of an id: the office of a member, the title of a dataset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policy.base.errors import PadanError
from policy.base.foreign_text import clean
from policy.base.words import Words
from policy.project.project import Project


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
