"""What people read in place of an id: a member's office, a dataset's title, a domain's sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from policy.base.errors import PadanError
from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charter.source_names import domain_title
from policy.project.project import Project

_ID = "[a-z0-9-]+"
# Offices and their datasets (a+b/c+d), a domain and its dataset, and members after a colon.
_PAIR = re.compile(rf"\b({_ID}(?:\+{_ID})*)/({_ID}(?:\+{_ID})*)\b")
_LISTED = re.compile(rf"(?<=: ){_ID}(?:, {_ID})*(?=[.;]|$)")


@dataclass(frozen=True)
class Naming:
    """How members, datasets and ID domains are called. Commands need ids, pages say names.

    `member` gives the agency of a member that the charter names as one, and else a person or an
    office; `person` gives the one who has the keys.
    """

    member: Callable[[str], Words]
    dataset: Callable[[str], Words]
    domain: Callable[[str], Words]
    person: Callable[[str], Words]

    def same(self, text: str) -> Words:
        """A name that is the same in both languages, such as that of a release."""
        return same(text)

    def people(self, ids: Iterable[str]) -> Words:
        """Those who have the keys of these members, with commas between them."""
        return joined([self.person(each) for each in ids])

    def members(self, ids: list[str] | tuple[str, ...]) -> Words:
        """The members of a list, with commas between them."""
        return joined([self.member(each) for each in ids])

    def domains(self, ids: Iterable[str]) -> Words:
        """Several ID domains, whose own names have commas."""
        return joined([self.domain(each) for each in ids], "; ")

    def seen(self, part: str) -> Words:
        """A part of a cell's pattern (`CellFacts.pattern`): what a recipient sees of such a row."""
        *before, last = part.split(":")
        if last == "-":
            return _not_listed(self.dataset(before[0]))
        matched, *more = last.split("+")
        *lists, domain = before
        earlier, _, name = domain.rpartition("/")
        told = [self.dataset(lists[0])] if lists else []
        told.append(self.domain(name))
        if earlier:
            told.append(same(earlier))
        outcome = _UNMATCHED if matched == "0" else _MATCHED
        told.append(joined([outcome, *(self._also(each) for each in more)], " "))
        return joined(told, ": ")

    def _also(self, name: str) -> Words:
        if name == "verify":
            return _TO_VERIFY
        also = self.dataset(name)
        return Words(f"+ {also.id}", f"+ {also.en}")

    def spelled(self, words: Words) -> Words:
        """A sentence with names for 'member/dataset', 'domain/dataset' and a list after a colon."""
        return Words(self._spelled(words.id, "id"), self._spelled(words.en, "en"))

    def _spelled(self, text: str, language: Language) -> str:
        def paired(found: re.Match[str]) -> str:
            named = found[1].split("+")
            offices = self._known(self.member, named, language)
            offices = offices or self._known(self.domain, named, language)
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
        if any(name == same(each) for name, each in zip(names, ids, strict=True)):
            return None
        return [name.in_language(language) for name in names]


def same(text: str) -> Words:
    """A name that is the same in both languages."""
    return Words(text, text)


def _not_listed(title: Words) -> Words:
    return Words(f"tidak ada di {title.id}", f"not on {title.en}")


_MATCHED, _UNMATCHED = Words("padan", "matched"), Words("tidak padan", "not matched")
_TO_VERIFY = Words("(perlu dicek)", "(to verify)")
IDS = Naming(same, same, same, same)


def offices(project: Project) -> Naming:
    """Names from the project's own charter and rosters; an id that they lack stays."""

    def member(name: str) -> Words:
        try:
            agency = project.charter.agency_names.get(name)
        except PadanError:
            agency = None
        return same(clean(agency)) if agency else person(name)

    def person(name: str) -> Words:
        try:
            return same(clean(project.known(name).name))
        except PadanError:
            return same(name)

    def dataset(name: str) -> Words:
        try:
            title = project.charter.dataset(name).title
        except PadanError:
            return same(name)
        return Words(clean(title.id), clean(title.en))

    def domain(name: str) -> Words:
        try:
            title = domain_title(project.charter, name)
        except PadanError:
            return same(name)
        return Words(clean(title.id), clean(title.en))

    return Naming(member, dataset, domain, person)


def joined(names: list[Words], between: str = ", ") -> Words:
    """The names with a separator between them, in each language."""
    return Words(between.join(w.id for w in names), between.join(w.en for w in names))
