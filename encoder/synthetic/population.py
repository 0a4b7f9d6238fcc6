"""Residents in households, from one seed: the truth that the sources describe."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from encoder.synthetic.names import draw_name
from encoder.synthetic.places import REGIONS

TODAY = date(2026, 1, 1)

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


def population(persons: int, seed: int) -> list[Person]:
    """`persons` residents; the same seed gives the same people."""
    rng = Random(seed)  # noqa: S311 - synthetic people, not secrets
    people: list[Person] = []
    serials: Counter[str] = Counter()
    household = 0
    while len(people) < persons:
        household += 1
        people += _household(rng, household, len(people), serials)
    return people[:persons]


def _household(rng: Random, household: int, first: int, serials: Counter[str]) -> list[Person]:
    region = rng.choices(REGIONS, [each.residents for each in REGIONS])[0]
    code, kelurahan = region.code, rng.choice(region.kelurahan)
    place = (
        kelurahan,
        f"JL {rng.choice(_STREETS)} {rng.randint(1, 40)} NO {rng.randint(1, 200)}",
        rng.randint(1, 16),
        rng.randint(1, 12),
    )
    kk = _numbered(
        f"{code}9{rng.randint(0, 9)}",
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
        twin = members[-1].relation == 3 and rng.random() < 0.012
        if twin and len(members) > 1 and members[-2].relation == 3:
            members[-1] = _twin_of(members[-2], members[-1], serials)
    return members


def _member(rng: Random, index: int, head_age: int, code: str, serials: Counter[str]) -> Person:
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
    # Kecamatan 90 to 99 are assigned nowhere: no NIK of ours is a living person's.
    nik = _numbered(f"{home}9{rng.randint(0, 9)}", birth, serials, shift=0 if male else 40)
    return Person(
        number=0,
        name=draw_name(rng, male=male, child=age < 4),
        male=male,
        birth=birth,
        nik=nik if documented else "",
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


def _numbered(prefix: str, day: date, serials: Counter[str], *, shift: int) -> str:
    """PPKKCC DDMMYY SSSS, the serial counting up as an office would."""
    stem = f"{prefix}{day.day + shift:02d}{day.month:02d}{day.year % 100:02d}"
    serials[stem] += 1
    return f"{stem}{serials[stem]:04d}"


def _twin_of(twin: Person, person: Person, serials: Counter[str]) -> Person:
    """Same day, same household, a name of their own."""
    shift = 0 if person.male else 40
    nik = _numbered(twin.nik[:6] or "317490", twin.birth, serials, shift=shift)
    return replace(person, birth=twin.birth, nik=nik if person.nik else "")
