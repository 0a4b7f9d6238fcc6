"""A source's errors about a person: documented rates, with errors that come together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from encoder.synthetic.care import Chances, Operator, factor
from encoder.synthetic.places import Places, places
from encoder.synthetic.population import STREETS, TODAY, Person
from encoder.synthetic.rates import Profile

_OLD_BEFORE = TODAY.year - 65
# Only names of two words can be swapped, and only long ones cut: those have it oftener.
_SEVERAL_WORDS, _LONG = 0.73, 0.16
_SECOND_NIK_USED = 0.5
_FILLERS = ("", "", "", "-", "0", "9999999999999999")


def is_filler(nik: str) -> bool:
    """Whether this is a filler text instead of a NIK."""
    return nik in _FILLERS


@dataclass
class SyntheticEntry:
    """A person's record in one source. Empty text is a missing cell."""

    name: str
    sex: str
    birth: date | None
    nik: str
    kk: str
    kelurahan: str
    region: str
    street: str
    rt: int
    rw: int
    mother: str
    errors: tuple[str, ...] = ()


def misrecord(
    rng: Random,
    person: Person,
    chances: Chances,
    people: Sequence[Person],
    operator: Operator,
    *,
    street_list: bool = False,
    mother: str = "",
    where: Places | None = None,
) -> SyntheticEntry:
    """One record of a person, with a profile's errors. `people` are those around.

    `where` has the places that people move to; those of DKI Jakarta if left out.
    """
    random = rng.random
    made = factor(
        random(),
        operator,
        old=person.birth.year < _OLD_BEFORE,
        homeless=street_list and person.homeless,
    )
    profile = chances.profile
    entry = SyntheticEntry(
        name=person.name,
        sex="M" if person.male else "F",
        birth=person.birth,
        nik=person.nik,
        kk=person.kk,
        kelurahan=person.kelurahan,
        region=person.region,
        street=person.street,
        rt=person.rt,
        rw=person.rw,
        mother=mother,
    )
    errors: list[str] = []
    _nik(rng, entry, person, chances, people, made, errors)
    _name(rng, entry, profile, operator, made, errors)
    if random() < profile.title:
        entry.name = _titled(rng, entry.name, male=person.male)
        errors.append("title")
    _birth_and_sex(rng, entry, person, chances, made, errors)
    if not chances.kk.happens(random(), made):
        entry.kk = "" if random() < 0.5 else _old_card(rng, person.kk)
        errors.append("kk")
    if random() < profile.moved:
        elsewhere(rng, entry, where or places())
        errors.append("moved")
    if random() < profile.rtrw_missing:
        entry.rt = entry.rw = 0
        errors.append("rtrw-missing")
    if mother:
        _mother(rng, entry, profile, made, errors)
    entry.errors = tuple(errors)
    return entry


def _nik(
    rng: Random,
    entry: SyntheticEntry,
    person: Person,
    chances: Chances,
    people: Sequence[Person],
    made: float,
    errors: list[str],
) -> None:
    if not person.nik:
        entry.nik = ""
        errors.append("nik-missing")
        return
    if person.other_nik and rng.random() < _SECOND_NIK_USED:
        entry.nik = person.other_nik
        errors.append("nik-second")
    kind = chances.nik.happens(rng.random(), made)
    if kind == 0:
        entry.nik = rng.choice(_FILLERS)
        errors.append("nik-missing")
    elif kind == 1:
        entry.nik = _anothers(rng, person, people)
        errors.append("nik-strangers")
    elif kind == 2:
        entry.nik = f"0{rng.randrange(10**10):010d}{rng.randrange(1, 10**5):05d}"
        errors.append("nik-temporary")
    elif kind == 3:
        households = _of_the_household(person, people) if rng.random() < 0.2 else ""
        entry.nik = households or _wrong_nik(rng, entry.nik)
        errors.append("nik-households" if households else "nik-wrong")


def _birth_and_sex(
    rng: Random,
    entry: SyntheticEntry,
    person: Person,
    chances: Chances,
    made: float,
    errors: list[str],
) -> None:
    kind = chances.birth.happens(rng.random(), made)
    if kind == 0:
        entry.birth = None
        errors.append("birth-missing")
    elif kind == 1:
        entry.birth, code = _wrong_birth(rng, person.birth)
        errors.append(code)
    kind = chances.sex.happens(rng.random(), made)
    if kind == 0:
        entry.sex = ""
        errors.append("sex-missing")
    elif kind == 1:
        entry.sex = "F" if entry.sex == "M" else "M"
        errors.append("sex-wrong")


def _name(
    rng: Random,
    entry: SyntheticEntry,
    profile: Profile,
    operator: Operator,
    made: float,
    errors: list[str],
) -> None:
    random = rng.random
    if random() < profile.abbreviated * made:
        entry.name = _abbreviate(entry.name, operator)
        errors.append("name-abbreviated")
    if random() < profile.respelt * made:
        entry.name = _respell(rng, entry.name)
        errors.append("name-variant")
    if random() < profile.words_changed * made:
        entry.name = _change_words(rng, entry.name)
        errors.append("name-words")
    if random() < profile.nickname * made:
        entry.name = _nickname(rng, entry.name)
        errors.append("name-nickname")
    if random() < profile.spaces * made:
        entry.name = _join(rng, entry.name)
        errors.append("name-spaces")
    if " " in entry.name and random() < profile.swapped / _SEVERAL_WORDS * made:
        entry.name = _swap(entry.name)
        errors.append("name-swapped")
    if random() < profile.mistyped * made:
        entry.name = _mistype(rng, entry.name)
        errors.append("name-mistyped")
    if len(entry.name) > 20 and random() < profile.truncated / _LONG * made:
        entry.name = entry.name[: 25 if len(entry.name) > 25 and random() < 0.5 else 20].rstrip()
        errors.append("name-truncated")


def _mother(
    rng: Random, entry: SyntheticEntry, profile: Profile, made: float, errors: list[str]
) -> None:
    """The mother's name: missing, or misspelt like other names."""
    if rng.random() < profile.mother_missing:
        entry.mother = ""
        errors.append("mother-missing")
    elif rng.random() < profile.respelt * made:
        entry.mother = _respell(rng, entry.mother)
        errors.append("mother-variant")


def elsewhere(rng: Random, entry: SyntheticEntry, where: Places) -> None:
    kelurahan = entry.kelurahan
    while kelurahan == entry.kelurahan:
        kelurahan, entry.region = rng.choice(where.kelurahan)
    entry.kelurahan = kelurahan
    entry.street = f"JL {rng.choice(STREETS)} {rng.randint(1, 40)} NO {rng.randint(1, 200)}"
    entry.rt, entry.rw = rng.randint(1, 16), rng.randint(1, 12)


def _anothers(rng: Random, person: Person, people: Sequence[Person]) -> str:
    for _ in range(20):
        other = rng.choice(people)
        if other.nik and other.household != person.household:
            return other.nik
    return _wrong_nik(rng, person.nik)


def _of_the_household(person: Person, people: Sequence[Person]) -> str:
    """The NIK of the household's head or spouse; '' for a person who lives alone."""
    after = person.number - people[0].number + (1 if person.relation == 1 else -1)
    if 0 <= after < len(people) and people[after].household == person.household:
        return people[after].nik
    return ""


def _wrong_nik(rng: Random, nik: str) -> str:
    """Of those not the household's: typing 62 %, transposition 25 %, cut or rounded 13 %."""
    kind = rng.random()
    at = rng.randrange(6, 16)
    if kind < 0.62 or len(set(nik[6:])) == 1:
        return nik[:at] + str((int(nik[at]) + rng.randint(1, 9)) % 10) + nik[at + 1 :]
    if kind < 0.87:
        at = next(at for at in (*range(min(at, 14), 15), *range(6, 15)) if nik[at] != nik[at + 1])
        return nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]
    if kind < 0.94:
        return nik[: rng.randint(13, 15)]
    return f"{nik[0]}.{nik[1:6]}E+15"


def _old_card(rng: Random, kk: str) -> str:
    """The household's card number before it moved or separated."""
    recorded = f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}{kk[10:12]}"
    return f"{kk[:5]}{rng.randint(0, 9)}{recorded}{rng.randint(1, 9999):04d}"


# Of all dates 36 % can be swapped into another one.
_SWAPPED_OF_SWAPPABLE = 0.15 / 0.36


def _wrong_birth(rng: Random, birth: date) -> tuple[date, str]:
    """Day 40 %, day and month swapped 15, month 15, year 25, a digit of the decade 5."""
    if birth.day <= 12 and birth.day != birth.month and rng.random() < _SWAPPED_OF_SWAPPABLE:
        return birth.replace(month=birth.day, day=birth.month), "birth-swapped"
    kind = rng.random() * 0.85
    if kind < 0.40:
        days = rng.choice((-10, -2, -1, 1, 2, 10))
        return birth + timedelta(days if birth.year < TODAY.year - 1 else -abs(days)), "birth-day"
    if kind < 0.55:
        month = (birth.month + rng.randint(0, 10)) % 12 + 1
        return birth.replace(month=month, day=min(birth.day, 28)), "birth-month"
    decade = kind >= 0.80
    years = 10 if decade else rng.choice((1, 1, 1, 2, 2, 3, 5, 7, 9))
    if rng.random() < 0.5 and birth.year + years < TODAY.year:
        years = -years
    code = "birth-decade" if decade else "birth-year"
    return birth.replace(year=birth.year - years, day=min(birth.day, 28)), code


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
    else:
        long = [at for at, word in enumerate(words) if len(word) > 1]
        at = long[-1] if long else 0
        # A name of one word loses its end, another the last word but an initial.
        words[at] = words[at][0] if at else f"{words[0][:3]}."
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
    """Hermawan is Wawan at home: the end of the first word, or an alias next to it."""
    first = name.split()[0]
    short = first[-4:] if len(first) > 4 else first[:2] * 2
    return f"{name}/{short}" if rng.random() < 0.3 else short


def _join(rng: Random, name: str) -> str:
    if " " in name:
        return name.replace(" ", "", 1)
    at = max(1, len(name) // 2)
    return f"{name[:at]} {name[at:]}"


def _swap(name: str) -> str:
    words = name.split()
    return " ".join([*words[1:], words[0]])


_KEYBOARD = {"A": "S", "E": "R", "I": "O", "N": "M", "R": "T", "S": "D", "T": "Y", "U": "I"}
_MISREAD = {"O": "0", "I": "1", "S": "5", "B": "8", "G": "6", "Z": "2", "U": "V", "D": "O"}


def _mistype(rng: Random, name: str) -> str:
    at = rng.randrange(len(name))
    kind = rng.random()
    if kind < 0.15 and name[at] in _MISREAD:
        return name[:at] + _MISREAD[name[at]] + name[at + 1 :]
    if kind < 0.4:
        return name[:at] + _KEYBOARD.get(name[at], "A") + name[at + 1 :]
    if kind < 0.7 and len(name) > 3:
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at] + name[at:]
