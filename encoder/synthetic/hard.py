"""People who are hard to tell apart on purpose: two who look like one, and one who looks like two.

A couple is two descriptions. Every source has exactly one of them, drawn by a coin: in half of
all pairs of sources the first is in one list and the second in the other, and nobody of them has
a partner. A method that joins such rows joins two people, except where the couple is one person
who moved.

    twins       one card, one date of birth, serial numbers one apart, similar names
    siblings    one card, dates of birth years apart, similar names
    namesakes   one full name and neighbourhood; other NIK, date, card and mother
    babies      a newborn with the mother's name, with her NIK or on her card alone; and she
    movers      one person, with the old address and card, and with the new ones
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from encoder.synthetic.names import draw_name
from encoder.synthetic.places import DKI, places
from encoder.synthetic.population import STREETS, TODAY, Person

_NO_NIK = 0.02
_VOWELS = "AIUEO"
_OTHER_CONSONANTS = {"N": "T", "T": "N", "D": "N", "K": "N", "R": "L", "L": "R", "S": "N"}
_CARD_YEARS = 15


@dataclass(frozen=True)
class Couple:
    """`one` is in some sources and `other` in the rest."""

    kind: str
    one: Person
    other: Person

    def listed(self, source: str, seed: int) -> Person:
        """The one that this source has."""
        return self.one if lists_first(self.kind, self.one.number, source, seed) else self.other


def lists_first(kind: str, one: int, source: str, seed: int) -> bool:
    """Whether a source has the first of the couple; `one` is that person's number."""
    coin = Random(f"{seed}/hard/{kind}/{one}/{source}")  # noqa: S311 - synthetic people
    return coin.random() < 0.5


@dataclass(frozen=True)
class HardPeople:
    """Couples, and all who live with them: those around may lend their NIK."""

    couples: tuple[Couple, ...]
    around: list[Person]


def hard_people(couples: int, first: int, seed: int, region: str = DKI) -> HardPeople:
    """`couples` of each kind; people are numbered from `first`."""
    maker = _Maker(Random(f"{seed}/hard"), first, region)  # noqa: S311 - synthetic people, not secrets
    made = [make(maker) for _ in range(couples) for make in KINDS.values()]
    return HardPeople(tuple(made), maker.people)


class _Maker:
    """Draws people, numbers them, and never gives one NIK twice."""

    def __init__(self, rng: Random, first: int, region: str) -> None:
        self.rng, self.people = rng, []  # type: Random, list[Person]
        self._regions = places(region).regions
        self._first = first
        self._serials: dict[str, int] = {}

    def person(
        self, home: Person, name: str, birth: date, *, male: bool, relation: int, mother: str = ""
    ) -> Person:
        """At this home's address and on its card."""
        rng = self.rng
        nik = "" if rng.random() < _NO_NIK else self.number(home.nik, birth, 0 if male else 40)
        made = replace(
            home, name=name, birth=birth, male=male, relation=relation, mother=mother, nik=nik
        )
        return self.add(made)

    def add(self, person: Person) -> Person:
        numbered = replace(person, number=self._first + len(self.people))
        self.people.append(numbered)
        return numbered

    def number(self, stem: str, day: date, shift: int) -> str:
        """Kecamatan 9x is assigned nowhere; serials far from those of all other people."""
        whole = f"{stem[:6]}{day.day + shift:02d}{day.month:02d}{day.year % 100:02d}"
        serial = self._serials[whole] = self._serials.get(whole, 5000) + 1
        return f"{whole}{serial:04d}"

    def home(self) -> Person:
        """An empty place to live: its `nik` is the front of the NIKs that are given there."""
        rng = self.rng
        region = rng.choice(self._regions)
        front = f"{region.code}9{rng.randrange(10)}"
        recorded = TODAY - timedelta(days=30 + rng.randrange(365 * _CARD_YEARS))
        household = self._first + len(self.people)
        return Person(
            number=household,
            name="",
            male=True,
            birth=TODAY,
            nik=front,
            kk=self.number(front, recorded, 0),
            household=household,
            relation=1,
            kelurahan=rng.choice(region.kelurahan),
            region=region.code,
            street=f"JL {rng.choice(STREETS)} {rng.randint(1, 40)} NO {rng.randint(1, 200)}",
            rt=rng.randint(1, 16),
            rw=rng.randint(1, 12),
        )

    def birth(self, youngest: int, oldest: int) -> date:
        days = self.rng.randint(youngest * 365, oldest * 365)
        return TODAY - timedelta(days=days)

    def name(self, *, male: bool, child: bool = False) -> str:
        return draw_name(self.rng, male=male, child=child)


def _twins(maker: _Maker) -> Couple:
    return _children(maker, "twins", apart=0)


def _siblings(maker: _Maker) -> Couple:
    return _children(maker, "siblings", apart=maker.rng.randint(350, 4000))


def _children(maker: _Maker, kind: str, apart: int) -> Couple:
    rng, home = maker.rng, maker.home()
    birth = maker.birth(1, 30)
    mothers = maker.name(male=False)
    male = rng.random() < 0.5
    other_male = male if rng.random() < 0.7 else not male
    name = maker.name(male=male, child=birth.year >= TODAY.year - 3)
    # Parents between them, so that each child may be entered with a parent's NIK.
    maker.person(home, mothers, birth.replace(year=birth.year - 26, day=1), male=False, relation=2)
    one = maker.person(home, name, birth, male=male, relation=3, mother=mothers)
    father = maker.name(male=True)
    maker.person(home, father, birth.replace(year=birth.year - 29, day=2), male=True, relation=1)
    other = maker.person(
        home,
        similar_name(rng, name, male=other_male),
        birth - timedelta(days=apart),
        male=other_male,
        relation=3,
        mother=mothers,
    )
    return Couple(kind, one, other)


def _namesakes(maker: _Maker) -> Couple:
    rng, home, away = maker.rng, maker.home(), maker.home()
    male = rng.random() < 0.5
    name = maker.name(male=male)
    one = maker.person(home, name, maker.birth(5, 70), male=male, relation=1)
    near = replace(away, kelurahan=home.kelurahan, region=home.region, rt=home.rt, rw=home.rw)
    near = replace(near, household=near.household + 1)
    other = maker.person(near, name, maker.birth(5, 70), male=male, relation=1)
    return Couple("namesakes", one, other)


def _babies(maker: _Maker) -> Couple:
    rng, home = maker.rng, maker.home()
    name = maker.name(male=False)
    mother = maker.person(home, name, maker.birth(19, 42), male=False, relation=2)
    called = rng.choice(("BAYI NY", "BAYI NY", "BAYI NY", "BY NY", "BAYI"))
    baby = maker.person(
        home,
        f"{called} {name}",
        maker.birth(0, 2),
        male=rng.random() < 0.5,
        relation=3,
        mother=name,
    )
    baby = replace(baby, nik=mother.nik if rng.random() < 0.5 else "")
    maker.people[-1] = baby
    return Couple("babies", mother, baby)


def _movers(maker: _Maker) -> Couple:
    rng = maker.rng
    male = rng.random() < 0.5
    birth = maker.birth(1, 80)
    name = maker.name(male=male, child=birth.year >= TODAY.year - 3)
    one = maker.person(maker.home(), name, birth, male=male, relation=1)
    new = maker.home()
    other = replace(
        one,
        kk=new.kk,
        kelurahan=new.kelurahan,
        region=new.region,
        street=new.street,
        rt=new.rt,
        rw=new.rw,
    )
    return Couple("movers", one, other)


KINDS: dict[str, Callable[[_Maker], Couple]] = {
    "twins": _twins,
    "siblings": _siblings,
    "namesakes": _namesakes,
    "babies": _babies,
    "movers": _movers,
}


def similar_name(rng: Random, name: str, *, male: bool) -> str:
    """What parents call another child: RINA and RINI, RIZKI and RIZKA, RINA and RITA, or one
    word of two in common."""
    words = name.split()
    while True:
        chance = rng.random()
        if chance < 0.25 and len(words) > 1:
            drawn = draw_name(rng, male=male, child=True).split()
            at = rng.choice((0, len(words) - 1))
            changed = [*words[:at], drawn[0 if at == 0 else -1], *words[at + 1 :]]
        else:
            at = rng.randrange(len(words))
            changed = [*words[:at], _like(rng, words[at]), *words[at + 1 :]]
        if changed != words and len(set(changed)) == len(changed):
            return " ".join(changed)


def _like(rng: Random, word: str) -> str:
    vowels = [at for at, letter in enumerate(word) if letter in _VOWELS]
    if rng.random() < 0.2:
        places = [at for at, letter in enumerate(word) if at and letter in _OTHER_CONSONANTS]
        if places:
            at = rng.choice(places)
            return word[:at] + _OTHER_CONSONANTS[word[at]] + word[at + 1 :]
    if not vowels:
        return f"{word}I"
    at = vowels[-1] if rng.random() < 0.7 else rng.choice(vowels)
    return word[:at] + rng.choice(_VOWELS.replace(word[at], "")) + word[at + 1 :]


def write_couples(path: Path, people: HardPeople) -> None:
    """The couples: `kind,one,other`, people by number; the same number twice for movers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(("kind", "one", "other"))
        for couple in people.couples:
            write((couple.kind, couple.one.number, couple.other.number))
