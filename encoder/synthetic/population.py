"""Residents in households, from one seed: the truth that the sources describe.

They come in blocks that follow from seed and number alone, so that any number of processes
makes the same people, and nobody holds all of them.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from encoder.synthetic.names import draw_name
from encoder.synthetic.places import DKI, Places, places

TODAY = date(2026, 1, 1)

STREETS = "MELATI MAWAR KENANGA ANGGREK CEMPAKA DAHLIA FLAMBOYAN KAMBOJA TERATAI MANGGA".split()
_OPEN_AIR = ("KOLONG JEMBATAN", "EMPERAN PASAR", "BANTARAN KALI", "TANPA ALAMAT TETAP")


@dataclass(frozen=True, slots=True)
class Person:
    """One resident. `nik` is '' for the undocumented, `mother` where she lives elsewhere.

    `region` is the code of the kab/kota of the kelurahan.
    """

    number: int
    name: str
    male: bool
    birth: date
    nik: str
    kk: str
    household: int
    relation: int  # 1 head, 2 spouse, 3 child, 4 other
    kelurahan: str
    region: str
    street: str
    rt: int
    rw: int
    mother: str = ""
    other_nik: str = ""  # few have been given two
    homeless: bool = False
    deceased: bool = False


BLOCK = 20_000
HOMELESS, DECEASED = 0.0017, 0.012
_UNDOCUMENTED, _UNDOCUMENTED_INFANT, _UNDOCUMENTED_HOMELESS = 0.02, 0.06, 0.5
_LOCAL = 0.6
_TWO_NIKS = 0.003
# Permendagri 73/2022: who is born since has two words or more.
_TWO_WORDS_SINCE = date(2022, 4, 21)
_NAMESAKES = 0.012
_YEARS_BETWEEN_NAMESAKES = 10
_SONS_LIKE_FATHERS = 0.02
_TWINS = 0.012
_SIZES = list(accumulate((16, 21, 25, 22, 10, 6)))
# So that HOMELESS and DECEASED are shares of all: only adults, only those above fifty.
_ADULT_SHARE, _ABOVE_FIFTY_SHARE = 0.554, 0.244
_PLACEHOLDERS = ((7, 1), (7, 1), (7, 1), (12, 31), (12, 31), (1, 1), (1, 1))


def blocks(persons: int) -> list[int]:
    """The number of residents in each block."""
    return [min(BLOCK, persons - start) for start in range(0, persons, BLOCK)]


def population(persons: int, seed: int, region: str = DKI) -> list[Person]:
    """`persons` residents of a region; the same seed gives the same people."""
    return [
        person
        for number, size in enumerate(blocks(persons))
        for person in block(number, size, seed, region)
    ]


def block(number: int, size: int, seed: int, region: str = DKI) -> list[Person]:
    """One block of residents, its people numbered from where the block begins."""
    rng = Random(f"{seed}/people/{number}")  # noqa: S311 - synthetic people, not secrets
    serials, where = _Serials(number), places(region)
    people: list[Person] = []
    first, household = number * BLOCK, number * BLOCK
    while len(people) < size:
        household += 1
        people += _household(rng, where, household, first + len(people), serials)
    del people[size:]
    _namesakes(rng, people, serials)
    return people


def is_placeholder(birth: date) -> bool:
    """Whether offices write this day for an unknown one."""
    return (birth.month, birth.day) in _PLACEHOLDERS


def _namesakes(rng: Random, people: list[Person], serials: _Serials) -> None:
    """Strangers of one name and birth year in one kelurahan: the linker's worst case."""
    by_kelurahan: dict[tuple[str, str], int] = {}
    for at, person in enumerate(people):
        where = person.kelurahan, person.region
        other = by_kelurahan.get(where)
        by_kelurahan[where] = at
        if other is None or rng.random() >= _NAMESAKES:
            continue
        near = people[other]
        if near.household == person.household or near.male != person.male or not person.nik:
            continue
        # A year that fits the place in the household: nobody becomes older than a parent.
        if abs(near.birth.year - person.birth.year) > _YEARS_BETWEEN_NAMESAKES:
            continue
        birth = person.birth.replace(year=near.birth.year, day=min(person.birth.day, 28))
        if birth >= _TWO_WORDS_SINCE and " " not in near.name:
            continue
        nik = _numbered(person.nik[:6], birth, serials, shift=0 if person.male else 40)
        people[at] = replace(person, name=near.name, birth=birth, nik=nik, other_nik="")


class _Serials:
    """Serial numbers as an office counts them up; every block has some of its own."""

    def __init__(self, block_number: int) -> None:
        self.digit, self._from = block_number % 10, block_number // 10 * 40
        self._used: dict[str, int] = {}

    def next(self, stem: str) -> str:
        used = self._used[stem] = self._used.get(stem, self._from) + 1
        return f"{stem}{used:04d}"


def _household(
    rng: Random, where: Places, household: int, first: int, serials: _Serials
) -> list[Person]:
    random = rng.random
    region = where.regions[bisect(where.weights, random() * where.weights[-1])]
    home = _Home(
        where,
        region.code,
        household,
        region.kelurahan[int(random() * len(region.kelurahan))],
        f"JL {STREETS[int(random() * 10)]} {1 + int(random() * 40)} NO {1 + int(random() * 200)}",
        1 + int(random() * 16),
        1 + int(random() * 12),
        _numbered(
            f"{region.code}9{serials.digit}",
            TODAY - timedelta(days=30 + int(random() * 5970)),
            serials,
            shift=0,
        ),
    )
    members: list[Person] = []
    size = 1 + bisect(_SIZES, random() * _SIZES[-1])
    head_age = 22 + int(random() * 54)
    for index in range(size):
        members.append(_member(rng, first + index, members, head_age, home, serials))
    return members


@dataclass(frozen=True, slots=True)
class _Home:
    where: Places
    region: str
    household: int
    kelurahan: str
    street: str
    rt: int
    rw: int
    kk: str


def _member(
    rng: Random,
    number: int,
    before: list[Person],
    head_age: int,
    home: _Home,
    serials: _Serials,
) -> Person:
    random = rng.random
    relation = 1 if not before else 2 if len(before) == 1 and random() < 0.8 else 3
    if relation == 1:
        male, age = random() < 0.82, head_age
    elif relation == 2:
        male, age = not before[0].male, max(18, head_age - 8 + int(random() * 12))
    else:
        male, age = random() < 0.51, max(0, head_age - 20 - int(random() * 21))
    name, birth = _name_and_birth(rng, _birth(rng, age), before, relation, male=male)
    homeless = relation != 3 and random() < HOMELESS / _ADULT_SHARE
    missing = (
        _UNDOCUMENTED_HOMELESS if homeless else _UNDOCUMENTED if age > 5 else _UNDOCUMENTED_INFANT
    )
    nik = other_nik = ""
    if random() >= missing:
        shift = 0 if male else 40
        local = f"{home.region}9{serials.digit}"
        nik = _numbered(_origin(rng, home, before, local, birth), birth, serials, shift=shift)
        if random() < _TWO_NIKS:
            other_nik = _numbered(local, birth, serials, shift=shift)
    mother = relation == 3 and len(before) > 1 and before[1].relation == 2
    return Person(
        number=number,
        name=name,
        male=male,
        birth=birth,
        nik=nik,
        other_nik=other_nik,
        homeless=homeless,
        deceased=age > 50 and random() < DECEASED / _ABOVE_FIFTY_SHARE,
        kk=home.kk,
        household=home.household,
        relation=relation,
        kelurahan=home.kelurahan,
        region=home.region,
        street=_OPEN_AIR[number % len(_OPEN_AIR)] if homeless else home.street,
        rt=home.rt,
        rw=home.rw,
        mother=before[0 if before[1].male else 1].name if mother else "",
    )


def _name_and_birth(
    rng: Random, birth: date, before: list[Person], relation: int, *, male: bool
) -> tuple[str, date]:
    """A name that nobody of the household has yet; a child's may be like its kin's."""
    child = birth >= _TWO_WORDS_SINCE
    taken = {each.name for each in before}
    while True:
        name, born = draw_name(rng, male=male, child=child), birth
        if child and " " not in name:
            continue
        if relation == 3:
            name, born = _as_kin(rng, name, birth, before, male=male)
        if name not in taken:
            return name, born


def _as_kin(
    rng: Random, name: str, birth: date, before: list[Person], *, male: bool
) -> tuple[str, date]:
    """A twin of the child before, who often shares the end of the name; a father's namesake."""
    last = before[-1]
    words = name.split()
    if last.relation == 3 and rng.random() < _TWINS:
        end = last.name.split()[-1]
        if len(words) > 1 and rng.random() < 0.6:
            words[-1] = end
        elif len(words) == 1 and last.birth >= _TWO_WORDS_SINCE:
            words.append(end)
        return " ".join(words), last.birth
    father = before[0]
    if male and father.male and " " in father.name and rng.random() < _SONS_LIKE_FATHERS:
        return " ".join([*father.name.split()[:-1], words[-1]]), birth
    return name, birth


def _origin(rng: Random, home: _Home, before: list[Person], local: str, birth: date) -> str:
    """Where the NIK was issued: twins at one office, four of ten elsewhere in the country."""
    if before and before[-1].birth == birth and before[-1].relation == 3 and before[-1].nik:
        return before[-1].nik[:6]
    if rng.random() < _LOCAL:
        return local
    origins = home.where.origins
    return f"{origins[int(rng.random() * len(origins))]}{local[4:]}"


def _birth(rng: Random, age: int) -> date:
    """A birth date; some of the old are registered on a placeholder day."""
    chance = rng.random()
    if chance < (0.125 if age > 40 else 0.025):
        month, day = _PLACEHOLDERS[int(rng.random() * len(_PLACEHOLDERS))]
        return date(TODAY.year - max(age, 1), month, day)
    birth = TODAY - timedelta(days=1 + int((age + rng.random()) * 365.25))
    # Where only the month is known, offices write the fifteenth.
    return birth.replace(day=15) if chance > 0.99 and age else birth


def _numbered(prefix: str, day: date, serials: _Serials, *, shift: int) -> str:
    """PPKKCC DDMMYY SSSS. Kecamatan 90 to 99 are assigned nowhere."""
    return serials.next(f"{prefix}{day.day + shift:02d}{day.month:02d}{day.year % 100:02d}")
