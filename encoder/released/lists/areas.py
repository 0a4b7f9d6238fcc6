"""The areas of a divided list: their order, their names, and how many people each has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from encoder.normalise.regions import spelled
from encoder.released.lists.choices import PEOPLE_NAMES, ListedPeople, Split
from encoder.released.lists.joined import JoinedRow
from encoder.released.lists.place_columns import Place, is_coded
from encoder.released.lists.wording import all_in_list, in_list
from policy.base.words import Language

NOWHERE = "tanpa kelurahan"
# After every letter: a part that is not known comes last.
_LAST = "\U0010ffff"
_APART = "\x00"
_MANY_DIGITS = re.compile(r"\d{5}")
_LONGEST = 40
_NO_FILE_NAME = re.compile(r"[^a-z0-9]+")
# Windows writes a file of such a name to a device, where it is lost.
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_NAMELESS = "kelurahan-"
CHANGED_COUNT = "berubah"
_COUNTED = (*PEOPLE_NAMES.values(), "meninggal", "pindah", CHANGED_COUNT)
TOTAL = "JUMLAH"


def place_key(place: Place) -> str:
    """The order of field work: kecamatan, kelurahan, RW and RT, numbers by their value."""
    place = named_place(place)
    names = (spelled(place.kecamatan) or _LAST, spelled(place.kelurahan) or _LAST)
    return _APART.join((*names, *map(_number, (place.rw, place.rt))))


def _number(digits: str) -> str:
    return digits.zfill(6) if digits else _LAST


@dataclass(frozen=True)
class Area:
    """One kelurahan, or one RW of it; all without names for a list that is not divided."""

    kecamatan: str = ""
    kelurahan: str = ""
    rw: str = ""

    @property
    def title(self) -> str:
        """A short name for a sheet."""
        rw = f" RW {self.rw.zfill(2)}" if self.rw else ""
        return f"{self.kelurahan or NOWHERE}{rw}"

    @property
    def file_name(self) -> str:
        """A name for a file, without its ending; names sort in the order of field work."""
        rw = f"rw-{self.rw.zfill(3)}" if self.rw else ""
        parts = (self.kecamatan, self.kelurahan or NOWHERE, rw)
        plain = (_NO_FILE_NAME.sub("-", part.lower()).strip("-") for part in parts)
        name = "-".join(filter(None, plain))
        return name if name and not _DEVICE.fullmatch(name) else f"{_NAMELESS}{name}"


@dataclass
class Areas:
    """Collects the areas of all rows. A row whose kelurahan is no name is in none of them."""

    split: Split
    # Whether those not found were read too, and whether the charter has a review band.
    everybody: bool = True
    graded: bool = True
    language: Language = "id"
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    _names: dict[str, Area] = field(default_factory=dict)

    def count(self, row: JoinedRow) -> str:
        """Count a row; returns the key of its area, '' if the list is not divided."""
        place = named_place(row.place)
        key = self._key(place, self.split)
        # The summary of a list that is not divided is by kelurahan.
        counted = key or self._key(place, Split.KELURAHAN)
        if counted not in self.counts:
            rw = place.rw if self.split is Split.RW else ""
            self._names[counted] = Area(place.kecamatan, place.kelurahan, rw)
            self.counts[counted] = Counter()
        self.counts[counted].update(_facts(row))
        return key

    def keys(self) -> list[str]:
        """The areas of the list in order; one with the key '' if it is not divided."""
        return [""] if self.split is Split.NONE else sorted(self.counts)

    def area(self, key: str) -> Area:
        return self._names.get(key, Area())

    def coded(self) -> int:
        """Kelurahan that only a code tells, since no book here has their names."""
        return sum(is_coded(each.kelurahan) for each in self._names.values())

    def rows_of(self, key: str) -> int:
        """The rows of one area, or of all."""
        counts = self.total() if not key else self.counts[key]
        return (
            counts[PEOPLE_NAMES[ListedPeople.FOUND]] + counts[PEOPLE_NAMES[ListedPeople.NOT_FOUND]]
        )

    def total(self) -> Counter[str]:
        return sum(self.counts.values(), Counter())

    def summary(self) -> tuple[list[str], Iterator[list[str | int]]]:
        """Header and rows of a table of counts, with a last row for all."""
        rw = ["RW"] if self.split is Split.RW else []
        header = ["kecamatan", "kelurahan", *rw, *all_in_list(self._counted(), self.language)]
        return header, self._summary(len(rw))

    def _summary(self, rw: int) -> Iterator[list[str | int]]:
        for key in sorted(self.counts):
            area, counts = self._names[key], self.counts[key]
            nowhere = in_list(NOWHERE, self.language)
            names = [area.kecamatan, area.kelurahan or nowhere, area.rw][: 2 + rw]
            yield [*names, *(counts[each] for each in self._counted())]
        total = self.total()
        yield [
            in_list(TOTAL, self.language),
            *[""] * (1 + rw),
            *(total[each] for each in self._counted()),
        ]

    def _counted(self) -> list[str]:
        unknown = set() if self.everybody else {PEOPLE_NAMES[ListedPeople.NOT_FOUND]}
        untold = set() if self.graded else {PEOPLE_NAMES[ListedPeople.TO_CHECK]}
        return [each for each in _COUNTED if each not in unknown | untold]

    def _key(self, place: Place, split: Split) -> str:
        if split is Split.NONE:
            return ""
        parts = place_key(place).split(_APART)
        return _APART.join(parts[: 3 if split is Split.RW else 2])


def _facts(row: JoinedRow) -> Iterator[str]:
    yield PEOPLE_NAMES[ListedPeople.FOUND if row.is_matched else ListedPeople.NOT_FOUND]
    if row.is_unsure:
        yield PEOPLE_NAMES[ListedPeople.TO_CHECK]
    if row.state:
        yield row.state
    if row.changed:
        yield CHANGED_COUNT


def named_place(place: Place) -> Place:
    """The place, but nowhere if its kelurahan is no name: a cell of another column, for example."""
    letters = spelled(place.kelurahan)
    if is_coded(place.kelurahan):
        return place
    if not letters or len(letters) > _LONGEST or _MANY_DIGITS.search(letters):
        return Place()
    if len(place.kecamatan) > _LONGEST or _MANY_DIGITS.search(place.kecamatan):
        return Place("", place.kelurahan, place.rw, place.rt)
    return place
