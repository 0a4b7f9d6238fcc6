"""How a source gets a person wrong: three profiles, and errors that come together.

    A  a clean register (Dukcapil, DTSEN 2025)
    B  field collection (Regsosek, Carik)
    C  a legacy list (DTKS 2018, PPKS)

The rates are shares of records, after the project's domain facts, section 9: those marked
[cal] there are calibrated on published figures, the others are assumptions. Errors cluster:
by operator, by record, on the old, and fourfold on the homeless of legacy lists; the shares
of a whole source stay as documented (docs/reference/synthetic-data.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from encoder.synthetic.places import KELURAHAN
from encoder.synthetic.population import TODAY, Person

ProfileName = Literal["A", "B", "C"]


@dataclass(frozen=True)
class Profile:
    """Error rates of one kind of source, each a share of records."""

    nik_missing: float
    nik_wrong: float
    nik_strangers: float
    nik_temporary: float
    kk_missing: float
    abbreviated: float
    respelt: float
    words_changed: float
    nickname: float
    spaces: float
    swapped: float
    mistyped: float
    truncated: float
    title: float
    birth_wrong: float
    birth_missing: float
    sex_wrong: float
    sex_missing: float
    mother_missing: float
    moved: float
    rtrw_missing: float
    twice: float
    deceased: float


PROFILES: dict[ProfileName, Profile] = {
    "A": Profile(
        0.005, 0.003, 0.0002, 0.0, 0.01, 0.003, 0.003, 0.003, 0.0002, 0.001, 0.0002, 0.001, 0.0,
        0.045, 0.005, 0.0, 0.001, 0.001, 0.02, 0.0, 0.05, 0.001, 0.002,
    ),
    "B": Profile(
        0.04, 0.025, 0.003, 0.003, 0.08, 0.02, 0.02, 0.02, 0.008, 0.005, 0.002, 0.01, 0.002,
        0.02, 0.05, 0.01, 0.005, 0.003, 1.0, 0.18, 0.03, 0.01, 0.005,
    ),
    "C": Profile(
        0.17, 0.07, 0.011, 0.01, 0.20, 0.04, 0.04, 0.04, 0.025, 0.01, 0.005, 0.025, 0.01,
        0.05, 0.08, 0.10, 0.01, 0.05, 0.15, 0.22, 0.20, 0.03, 0.01,
    ),
}  # fmt: skip

_CARE, _CARE_WEIGHTS = (0.5, 1.0, 2.5), (50, 30, 20)
_OLD_BEFORE, _OLD_FACTOR = TODAY.year - 65, 2.0
_HOMELESS_FACTOR = 4.0
# What the factors come to on average over a population, so that rates stay as documented.
_MEAN_FACTOR = 1.05 * 1.05 * 1.12
_OPERATORS = 997


@dataclass
class Entry:
    """A person as one source has them. Empty text is a missing cell."""

    name: str
    sex: str
    birth: date | None
    nik: str
    kk: str
    kelurahan: str
    rt: int
    rw: int
    mother: bool
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operator:
    """One who types: how carefully, and how Muhammad is written there."""

    care: float
    muhammad: str


def operators(source: str, seed: int) -> Sequence[Operator]:
    """The people who typed a source; `misrecord` finds the one of a neighbourhood."""
    rng = Random(f"{seed}/{source}/operators")  # noqa: S311 - synthetic people, not secrets
    return [
        Operator(
            rng.choices(_CARE, _CARE_WEIGHTS)[0],
            rng.choice(("M.", "MUH", "MOH.", "MUHAMAD", "MOCH")),
        )
        for _ in range(_OPERATORS)
    ]


def misrecord(
    rng: Random,
    person: Person,
    profile: Profile,
    people: Sequence[Person],
    operator: Operator,
    *,
    street_list: bool = False,
) -> Entry:
    """One record of a person, with this profile's errors. `people` are those around."""
    factor = operator.care * rng.choices(_CARE, _CARE_WEIGHTS)[0] / _MEAN_FACTOR
    if person.birth.year < _OLD_BEFORE:
        factor *= _OLD_FACTOR
    if street_list and person.homeless:
        factor *= _HOMELESS_FACTOR
    random = rng.random

    def happens(rate: float) -> bool:
        return random() < min(0.97, rate * factor)

    entry = Entry(
        name=person.name,
        sex="M" if person.male else "F",
        birth=person.birth,
        nik=person.nik,
        kk=person.kk,
        kelurahan=person.kelurahan,
        rt=person.rt,
        rw=person.rw,
        mother=random() >= profile.mother_missing,
    )
    errors: list[str] = []
    if person.other_nik and random() < 0.5:
        entry.nik = person.other_nik
        errors.append("nik-second")
    _nik(rng, entry, person, profile, people, happens, errors)
    _name(rng, entry, profile, operator, happens, errors)
    if random() < profile.title:
        entry.name = _titled(rng, entry.name, male=person.male)
        errors.append("title")
    _birth_and_sex(rng, entry, person, profile, happens, errors)
    if happens(profile.kk_missing):
        entry.kk = "" if random() < 0.5 else _old_card(rng, person.kk)
        errors.append("kk")
    if random() < profile.moved:
        entry.kelurahan, entry.rt, entry.rw = (
            rng.choice(KELURAHAN),
            rng.randint(1, 16),
            rng.randint(1, 12),
        )
        errors.append("moved")
    if random() < profile.rtrw_missing:
        entry.rt = entry.rw = 0
    entry.errors = tuple(errors)
    return entry


def _nik(
    rng: Random,
    entry: Entry,
    person: Person,
    profile: Profile,
    people: Sequence[Person],
    happens: Callable[[float], bool],
    errors: list[str],
) -> None:
    if happens(profile.nik_missing):
        entry.nik = rng.choice(("", "", "", "-", "0", "9999999999999999"))
        errors.append("nik-missing")
    elif happens(profile.nik_strangers):
        entry.nik = rng.choice(people).nik
        errors.append("nik-strangers")
    elif happens(profile.nik_temporary):
        entry.nik = f"0{rng.randrange(10**10):010d}{rng.randrange(1, 10**5):05d}"
        errors.append("nik-temporary")
    elif entry.nik and happens(profile.nik_wrong):
        if rng.random() < 0.2:
            entry.nik = _of_the_household(rng, person, people).nik
            errors.append("nik-households")
        else:
            entry.nik = _wrong_nik(rng, entry.nik)
            errors.append("nik-wrong")


def _birth_and_sex(
    rng: Random,
    entry: Entry,
    person: Person,
    profile: Profile,
    happens: Callable[[float], bool],
    errors: list[str],
) -> None:
    if happens(profile.birth_missing):
        entry.birth = None
        errors.append("birth-missing")
    elif happens(profile.birth_wrong):
        entry.birth, kind = _wrong_birth(rng, person.birth)
        errors.append(kind)
    if happens(profile.sex_missing):
        entry.sex = ""
        errors.append("sex-missing")
    elif happens(profile.sex_wrong):
        entry.sex = "F" if entry.sex == "M" else "M"
        errors.append("sex-wrong")


def _name(
    rng: Random,
    entry: Entry,
    profile: Profile,
    operator: Operator,
    happens: Callable[[float], bool],
    errors: list[str],
) -> None:
    if happens(profile.abbreviated):
        entry.name = _abbreviate(entry.name, operator)
        errors.append("name-abbreviated")
    for rate, change, kind in (
        (profile.respelt, _respell, "name-variant"),
        (profile.words_changed, _change_words, "name-words"),
        (profile.nickname, _nickname, "name-nickname"),
        (profile.spaces, _join, "name-spaces"),
        (profile.swapped, _swap, "name-swapped"),
        (profile.mistyped, _mistype, "name-mistyped"),
    ):
        if happens(rate):
            entry.name = change(rng, entry.name)
            errors.append(kind)
    if len(entry.name) > 20 and happens(profile.truncated * 4):
        entry.name = entry.name[: rng.choice((20, 25))].rstrip()
        errors.append("name-truncated")


def _of_the_household(rng: Random, person: Person, people: Sequence[Person]) -> Person:
    """The head's or the spouse's; for one who lives alone, a stranger's."""
    first = people[0].number
    after = person.number - first + (1 if person.relation == 1 else -1)
    if 0 <= after < len(people) and people[after].household == person.household:
        return people[after]
    return rng.choice(people)


def _wrong_nik(rng: Random, nik: str) -> str:
    """Of those not the household's: typing 62 %, transposition 25 %, cut or rounded 13 %."""
    kind = rng.random()
    at = rng.randrange(6, 16)
    if kind < 0.62:
        return nik[:at] + str((int(nik[at]) + rng.randint(1, 9)) % 10) + nik[at + 1 :]
    if kind < 0.87:
        at = min(at, 14)
        return nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]
    if kind < 0.94:
        return nik[: rng.randint(13, 15)]
    return f"{nik[0]}.{nik[1:6]}E+15"


def _old_card(rng: Random, kk: str) -> str:
    """The number that the household had before it moved or parted."""
    recorded = f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}{kk[10:12]}"
    return f"{kk[:5]}{rng.randint(0, 9)}{recorded}{rng.randint(1, 9999):04d}"


def _wrong_birth(rng: Random, birth: date) -> tuple[date, str]:
    kind = rng.random()
    if kind < 0.40:
        return birth + timedelta(days=rng.choice((-10, -2, -1, 1, 2, 10))), "birth-day"
    if kind < 0.55 and birth.day <= 12 and birth.day != birth.month:
        return birth.replace(month=birth.day, day=birth.month), "birth-swapped"
    if kind < 0.70:
        month = (birth.month + rng.randint(0, 10)) % 12 + 1
        return birth.replace(month=month, day=min(birth.day, 28)), "birth-month"
    years = (
        rng.choice((-10, 10)) if kind > 0.95 else rng.choice((-1, 1)) * rng.choice((1, 1, 2, 3, 5))
    )
    year = min(TODAY.year - 1, birth.year + years)
    return birth.replace(year=year, day=min(birth.day, 28)), "birth-year"


def _titled(rng: Random, name: str, *, male: bool) -> str:
    if rng.random() < 0.7:
        return f"{rng.choice(('H.', 'Drs.', 'Ir.') if male else ('Hj.', 'Dra.', 'NY.'))} {name}"
    return f"{name}, {rng.choice(('S.E.', 'S.Pd', 'S.H.', 'S.Kom', 'M.M.'))}"


def _abbreviate(name: str, operator: Operator) -> str:
    words = name.split()
    if words[0] == "MUHAMMAD":
        words[0] = operator.muhammad
    elif words[0] == "ABDUL":
        words[0] = "ABD."
    elif len(words) > 1:
        words[-1] = words[-1][0]
    return " ".join(words)


_VARIANTS = (
    ("SU", "SOE"),
    ("J", "DJ"),
    ("Y", "I"),
    ("F", "P"),
    ("KH", "H"),
    ("ZAEN", "ZAIN"),
    ("RIZKI", "RISKY"),
    ("AH", "A"),
    ("SYA", "SA"),
    ("NN", "N"),
    ("TI", "TIE"),
    ("CH", "C"),
)


def _respell(rng: Random, name: str) -> str:
    fitting = [pair for pair in _VARIANTS if pair[0] in name]
    if not fitting:
        return _mistype(rng, name)
    old, new = rng.choice(fitting)
    return name.replace(old, new, 1)


def _change_words(rng: Random, name: str) -> str:
    """A word dropped, or the father's name added."""
    words = name.split()
    if len(words) == 1 or rng.random() < 0.25:
        father = rng.choice(("AHMAD", "SUKARDI", "RAHMAT", "USMAN"))
        return f"{name} {rng.choice(('BIN', 'BT', 'BINTI'))} {father}"
    del words[rng.randrange(len(words))]
    return " ".join(words)


def _nickname(rng: Random, name: str) -> str:
    """Hermawan is Wawan at home: the end of the first word, or an alias beside it."""
    first = name.split()[0]
    short = first[-4:] if len(first) > 4 else first[:2] * 2
    return f"{name}/{short}" if rng.random() < 0.3 else short


def _join(rng: Random, name: str) -> str:
    if " " in name:
        return name.replace(" ", "", 1)
    at = max(1, len(name) // 2)
    return f"{name[:at]} {name[at:]}"


def _swap(rng: Random, name: str) -> str:
    words = name.split()
    return " ".join([*words[1:], words[0]])


_KEYBOARD = {"A": "S", "E": "R", "I": "O", "N": "M", "R": "T", "S": "D", "T": "Y", "U": "I"}


def _mistype(rng: Random, name: str) -> str:
    at = rng.randrange(len(name))
    kind = rng.random()
    if kind < 0.4:
        return name[:at] + _KEYBOARD.get(name[at], "A") + name[at + 1 :]
    if kind < 0.7 and len(name) > 3:
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at] + name[at:]
