"""How a source gets a person wrong: three profiles, errors that come in clusters.

Rates follow the domain facts, section 9; those for missing NIKs in legacy lists are
calibrated on KPK's figures, the rest are assumptions. A record with one error is more
likely to have another, so a record's rates share a factor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from encoder.synthetic.places import KELURAHAN
from encoder.synthetic.population import Person


@dataclass(frozen=True)
class Profile:
    """Error rates of one kind of source, each a share of records."""

    nik_missing: float
    nik_wrong: float
    nik_other: float  # another person's, of the same household if there is one
    name_changed: float
    title: float
    birth_wrong: float
    birth_missing: float
    sex_missing: float
    sex_wrong: float
    moved: float


CLEAN = Profile(0.005, 0.003, 0.001, 0.01, 0.045, 0.005, 0.0, 0.001, 0.001, 0.0)
FIELD = Profile(0.04, 0.02, 0.008, 0.07, 0.02, 0.05, 0.01, 0.003, 0.005, 0.10)
LEGACY = Profile(0.17, 0.056, 0.025, 0.14, 0.05, 0.08, 0.04, 0.05, 0.01, 0.15)
STREET = Profile(0.40, 0.08, 0.03, 0.18, 0.02, 0.12, 0.15, 0.03, 0.01, 0.40)


@dataclass
class Entry:
    """A person as one source has them. Empty text is a missing cell."""

    name: str
    sex: str
    birth: date | None
    nik: str
    kelurahan: str


def misrecord(rng: Random, person: Person, profile: Profile, people: Sequence[Person]) -> Entry:
    """One record of a person, with this profile's errors."""
    # Half of the records are careful, a fifth are careless: errors cluster.
    care = rng.choices((0.5, 1.0, 2.5), (50, 30, 20))[0]

    def happens(rate: float) -> bool:
        return rng.random() < min(0.95, rate * care)

    entry = Entry(
        name=person.name,
        sex="M" if person.male else "F",
        birth=person.birth,
        nik=person.nik,
        kelurahan=person.kelurahan,
    )
    if happens(profile.nik_missing):
        entry.nik = ""
    elif entry.nik and happens(profile.nik_wrong):
        entry.nik = _wrong_nik(rng, entry.nik)
    elif happens(profile.nik_other):
        entry.nik = _someone_elses(rng, person, people).nik
    if happens(profile.name_changed):
        entry.name = rng.choice(_NAME_ERRORS)(rng, entry.name)
    if rng.random() < profile.title:
        entry.name = _titled(rng, entry.name, male=person.male)
    if happens(profile.birth_missing):
        entry.birth = None
    elif entry.birth and happens(profile.birth_wrong):
        entry.birth = _wrong_birth(rng, entry.birth)
    if happens(profile.sex_missing):
        entry.sex = ""
    elif happens(profile.sex_wrong):
        entry.sex = "F" if entry.sex == "M" else "M"
    if happens(profile.moved):
        entry.kelurahan = rng.choice(KELURAHAN)
    return entry


def _someone_elses(rng: Random, person: Person, people: Sequence[Person]) -> Person:
    """The head's or the spouse's; for one who lives alone, a stranger's."""
    after = person.number + (1 if person.relation == 1 else -1)
    if 0 <= after < len(people) and people[after].household == person.household:
        return people[after]
    return rng.choice(people)


def _wrong_nik(rng: Random, nik: str) -> str:
    kind = rng.random()
    at = rng.randrange(6, 16)
    if kind < 0.55:
        return nik[:at] + str((int(nik[at]) + rng.randint(1, 9)) % 10) + nik[at + 1 :]
    if kind < 0.75:
        at = min(at, 14)
        return nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]
    if kind < 0.90:
        return nik[: rng.randint(13, 15)]
    return f"{nik[0]}.{nik[1:6]}E+15"


def _wrong_birth(rng: Random, birth: date) -> date:
    kind = rng.random()
    if kind < 0.45:
        return birth + timedelta(days=rng.choice((-10, -2, -1, 1, 2, 10)))
    if kind < 0.60 and birth.day <= 12:
        return birth.replace(month=birth.day, day=birth.month)
    if kind < 0.75:
        return birth.replace(month=rng.randint(1, 12), day=min(birth.day, 28))
    years = rng.choice((-2, -1, 1, 2)) if kind < 0.95 else rng.choice((-10, 10))
    return birth.replace(year=min(2025, birth.year + years), day=min(birth.day, 28))


def _titled(rng: Random, name: str, *, male: bool) -> str:
    if rng.random() < 0.7:
        return f"{rng.choice(('H.', 'Drs.', 'Ir.') if male else ('Hj.', 'Dra.', 'NY.'))} {name}"
    return f"{name}, {rng.choice(('S.E.', 'S.Pd', 'S.H.', 'S.Kom', 'M.M.'))}"


def _abbreviate(rng: Random, name: str) -> str:
    words = name.split()
    if words[0] == "MUHAMMAD":
        words[0] = rng.choice(("M.", "MUH", "MOH.", "MUHAMAD", "MOCH"))
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


def _drop_word(rng: Random, name: str) -> str:
    words = name.split()
    if len(words) == 1:
        return _mistype(rng, name)
    del words[rng.randrange(len(words))]
    return " ".join(words)


def _join(rng: Random, name: str) -> str:
    if " " in name:
        return name.replace(" ", "", 1)
    at = len(name) // 2
    return f"{name[:at]} {name[at:]}"


_KEYBOARD = {"A": "S", "E": "R", "I": "O", "N": "M", "R": "T", "S": "D", "T": "Y", "U": "I"}


def _mistype(rng: Random, name: str) -> str:
    at = rng.randrange(len(name))
    kind = rng.random()
    if kind < 0.4:
        return name[:at] + _KEYBOARD.get(name[at], "A") + name[at + 1 :]
    if kind < 0.7 and len(name) > 3:
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at] + name[at:]


_NAME_ERRORS: tuple[Callable[[Random, str], str], ...] = (
    _abbreviate,
    _respell,
    _respell,
    _drop_word,
    _mistype,
    _mistype,
    _join,
)
