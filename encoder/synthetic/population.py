"""Residents in households, from one seed: the truth that the sources describe.

They come in blocks that follow from seed and number alone, so that any number of processes
makes the same people, and nobody holds all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from encoder.synthetic.names import draw_name
from encoder.synthetic.places import REGIONS

TODAY = date(2026, 1, 1)

_REGION_WEIGHTS = list(accumulate(each.residents for each in REGIONS))
_STREETS = "MELATI MAWAR KENANGA ANGGREK CEMPAKA DAHLIA FLAMBOYAN KAMBOJA TERATAI MANGGA".split()
_OTHER_ORIGINS = "3201 3216 3275 3301 3322 3374 3401 3501 3578 1271 1671 1871".split()


@dataclass(frozen=True)
class Person:
    """One resident. `nik` is '' for the undocumented."""

    number: int
    name: str
    male: bool
    birth: date
    nik: str
    kk: str
    household: int
    relation: int  # 1 head, 2 spouse, 3 child, 4 other
    kelurahan: str
    street: str
    rt: int
    rw: int
    other_nik: str = ""  # few have been given two
    homeless: bool = False
    deceased: bool = False


BLOCK = 20_000
_HOMELESS = 0.0016
_DECEASED = 0.012
_TWO_NIKS = 0.003
_NAMESAKES = 0.004
_SONS_LIKE_FATHERS = 0.02


def blocks(persons: int) -> list[int]:
    """How many residents each block has."""
    return [min(BLOCK, persons - start) for start in range(0, persons, BLOCK)]


def population(persons: int, seed: int) -> list[Person]:
    """`persons` residents; the same seed gives the same people."""
    return [
        person
        for number, size in enumerate(blocks(persons))
        for person in block(number, size, seed)
    ]


def block(number: int, size: int, seed: int) -> list[Person]:
    """One block of residents, its people numbered from where the block begins."""
    rng = Random(f"{seed}/people/{number}")  # noqa: S311 - synthetic people, not secrets
    serials = _Serials(number)
    people: list[Person] = []
    first, household = number * BLOCK, number * BLOCK
    while len(people) < size:
        household += 1
        people += _household(rng, household, first + len(people), serials)
    del people[size:]
    _namesakes(rng, people)
    return people


def _namesakes(rng: Random, people: list[Person]) -> None:
    """Strangers of one name and birth year in one kelurahan: the linker's worst case."""
    by_kelurahan: dict[str, int] = {}
    for at, person in enumerate(people):
        other = by_kelurahan.get(person.kelurahan)
        if other is not None and rng.random() < _NAMESAKES and people[other].male == person.male:
            near = people[other]
            if near.household != person.household and person.nik:
                birth = person.birth.replace(year=near.birth.year, day=min(person.birth.day, 28))
                nik = f"{person.nik[:10]}{birth.year % 100:02d}{person.nik[12:]}"
                people[at] = replace(person, name=near.name, birth=birth, nik=nik)
        by_kelurahan[person.kelurahan] = at


class _Serials:
    """Serial numbers as an office counts them up; every block has some of its own."""

    def __init__(self, block_number: int) -> None:
        self.digit, self._from = block_number % 10, block_number // 10 * 40
        self._used: Counter[str] = Counter()

    def next(self, stem: str) -> str:
        self._used[stem] += 1
        return f"{stem}{self._from + self._used[stem]:04d}"


def _household(rng: Random, household: int, first: int, serials: _Serials) -> list[Person]:
    region = rng.choices(REGIONS, cum_weights=_REGION_WEIGHTS)[0]
    code, kelurahan = region.code, rng.choice(region.kelurahan)
    place = (
        kelurahan,
        f"JL {rng.choice(_STREETS)} {rng.randint(1, 40)} NO {rng.randint(1, 200)}",
        rng.randint(1, 16),
        rng.randint(1, 12),
    )
    kk = _numbered(
        f"{code}9{serials.digit}",
        TODAY - timedelta(days=rng.randint(30, 6000)),
        serials,
        shift=0,
    )
    members: list[Person] = []
    size = rng.choices((1, 2, 3, 4, 5, 6), (16, 21, 26, 22, 10, 5))[0]
    head_age = rng.randint(22, 75)
    for index in range(size):
        person = _member(rng, index, head_age, code, serials)
        members.append(
            replace(
                person,
                number=first + index,
                kk=kk,
                household=household,
                kelurahan=place[0],
                street=place[1],
                rt=place[2],
                rw=place[3],
            )
        )
        if members[-1].relation == 3 and members[-1].male and members[0].male:
            members[-1] = _like_the_father(rng, members[-1], members[0])
        twin = members[-1].relation == 3 and rng.random() < 0.012
        if twin and len(members) > 1 and members[-2].relation == 3:
            members[-1] = _twin_of(members[-2], members[-1], serials)
    return members


def _like_the_father(rng: Random, son: Person, father: Person) -> Person:
    words = father.name.split()
    if len(words) < 2 or rng.random() >= _SONS_LIKE_FATHERS:
        return son
    return replace(son, name=" ".join([*words[:-1], son.name.split()[-1]]))


def _member(rng: Random, index: int, head_age: int, code: str, serials: _Serials) -> Person:
    relation = 1 if index == 0 else 2 if index == 1 and rng.random() < 0.8 else 3
    if relation == 1:
        male, age = rng.random() < 0.82, head_age
    elif relation == 2:
        male, age = False, max(18, head_age + rng.randint(-8, 3))
    else:
        male, age = rng.random() < 0.51, max(0, head_age - rng.randint(20, 40))
    birth = _birth(rng, age)
    home = code if rng.random() < 0.6 else rng.choice(_OTHER_ORIGINS)
    documented = rng.random() > (0.02 if age > 5 else 0.06)
    shift = 0 if male else 40
    nik = _numbered(f"{home}9{serials.digit}", birth, serials, shift=shift)
    second = rng.random() < _TWO_NIKS
    return Person(
        number=0,
        name=draw_name(rng, male=male, child=age < 4),
        male=male,
        birth=birth,
        nik=nik if documented else "",
        other_nik=_numbered(f"{code}9{serials.digit}", birth, serials, shift=shift)
        if second and documented
        else "",
        homeless=relation != 3 and rng.random() < _HOMELESS,
        deceased=age > 50 and rng.random() < _DECEASED * 3,
        kk="",
        household=0,
        relation=relation,
        kelurahan="",
        street="",
        rt=0,
        rw=0,
    )


def _birth(rng: Random, age: int) -> date:
    """A birth date; some of the old are registered on a placeholder day."""
    if rng.random() < (0.14 if age > 40 else 0.03):
        month, day = rng.choice(((7, 1), (12, 31), (1, 1)))
        return date(TODAY.year - age, month, day) if age else date(TODAY.year - 1, month, day)
    return TODAY - timedelta(days=int((age + rng.random()) * 365.25))


def _numbered(prefix: str, day: date, serials: _Serials, *, shift: int) -> str:
    """PPKKCC DDMMYY SSSS. Kecamatan 90 to 99 are assigned nowhere."""
    return serials.next(f"{prefix}{day.day + shift:02d}{day.month:02d}{day.year % 100:02d}")


def _twin_of(twin: Person, person: Person, serials: _Serials) -> Person:
    """Same day, same household, a name of their own."""
    shift = 0 if person.male else 40
    nik = _numbered(twin.nik[:6] or f"31749{serials.digit}", twin.birth, serials, shift=shift)
    return replace(person, birth=twin.birth, nik=nik if person.nik else "", other_nik="")
