"""Synthetic people who are hard to tell apart: all of one birth year, or of one birth date.

Salted encodings look safe on a few thousand people of all ages, whose salt groups are tiny. The
salt groups of a province are large, so the probes run in one group (docs/explanation/hardening.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from encoder.encoding.terms import used_columns
from encoder.normalise import normalise_column
from encoder.normalise.regions import postal_codes
from encoder.synthetic.names import draw_name
from encoder.synthetic.places import REGIONS
from policy.charter import Charter, FieldKind

BIRTH_YEAR = 1985
# One in fourteen has a placeholder day, entered by an office for an unknown one.
_PLACEHOLDERS = ("01-07", "31-12", "01-01")
_PLACEHOLDER_SHARE = 0.07
Columns = dict[str, list[str]]


def people_of_one_year(charter: Charter, rows: int, seed: int) -> Columns:
    """Normalised columns of the charter's fields for `rows` people born in one year."""
    return _normalised(charter, rows, seed, one_date=False)


def people_of_one_date(charter: Charter, rows: int, seed: int) -> Columns:
    """Normalised columns of people born on one day: the salt group of a full date."""
    return _normalised(charter, rows, seed, one_date=True)


def _normalised(charter: Charter, rows: int, seed: int, *, one_date: bool) -> Columns:
    people = [SyntheticPerson(Random(f"{seed}/{row}"), one_date=one_date) for row in range(rows)]  # noqa: S311
    columns: Columns = {}
    used = used_columns(charter)
    for each in charter.fields:
        raw = [person.cell(each.kind) for person in people]
        columns.update(normalise_column(each.name, each.kind, raw, used).columns)
    return columns


class SyntheticPerson:
    """One person, whose cells are drawn on request."""

    def __init__(self, rng: Random, *, one_date: bool) -> None:
        self._rng = rng
        self._male = rng.random() < 0.5
        day = 171 if one_date else rng.randrange(365)
        self._birth = date(BIRTH_YEAR, 1, 1) + timedelta(days=day)
        self._written = self._birth.strftime("%d-%m-%Y")
        if not one_date and rng.random() < _PLACEHOLDER_SHARE:
            self._written = f"{rng.choice(_PLACEHOLDERS)}-{BIRTH_YEAR}"
        self._region = rng.choices(REGIONS, [each.residents for each in REGIONS])[0]

    def moved(self, home: SyntheticPerson, birth: date | None) -> SyntheticPerson:
        """This person, moved to another's kab/kota and born on another day."""
        self._region = home._region
        if birth is not None:
            self._birth, self._written = birth, birth.strftime("%d-%m-%Y")
        return self

    def cell(self, kind: FieldKind) -> str:
        return str(getattr(self, f"_{kind}")())

    def _name(self) -> str:
        return draw_name(self._rng, male=self._male, child=False)

    def _date(self) -> str:
        return self._written

    def _sex(self) -> str:
        return "L" if self._male else "P"

    def _place(self) -> str:
        return self._rng.choice(self._region.kelurahan)

    _text = _place

    def _postal(self) -> str:
        return self._rng.choice(sorted(postal_codes()))

    def _nik(self) -> str:
        day = self._birth.day + (0 if self._male else 40)
        stem = f"{self._region.code}9{self._rng.randrange(10)}{day:02d}{self._birth:%m%y}"
        return f"{stem}{self._rng.randint(1, 9999):04d}"

    def _kk(self) -> str:
        recorded = f"{self._rng.randint(1, 28):02d}{self._rng.randint(1, 12):02d}15"
        stem = f"{self._region.code}9{self._rng.randrange(10)}{recorded}"
        return f"{stem}{self._rng.randint(1, 9999):04d}"

    def _digits(self) -> str:
        return f"{self._rng.randrange(1, 10**6)}"

    def _address(self) -> str:
        return f"JL {self._rng.choice(self._region.kelurahan)} NO {self._rng.randint(1, 200)}"

    def _rtrw(self) -> str:
        return f"{self._rng.randint(1, 16):03d}/{self._rng.randint(1, 12):03d}"
