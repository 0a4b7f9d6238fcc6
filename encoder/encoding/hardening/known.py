"""Date of birth and sex as a row knows them, by its own cells or by its NIK.

Some lists have no dates of birth, and many rows have none; most have a NIK, whose digits tell date
and sex. These columns fill the gaps (the rules are those of `claims.py`), so that such a row can
be compared by its date with one that has a date and no NIK:

    DATE.known.year, DATE.known.month, DATE.known.day    the year in two digits
    SEX.known

An encoding that a NIK salts should not use them: a borrowed number would bring its own date along.
"""

from __future__ import annotations

from encoder.encoding.hardening.claims import ClaimColumns, Claims, Flags, Numbers
from encoder.encoding.hardening.columns import HardenedColumn

_YEAR, _MONTH, _DAY, _SEX = ".known.year", ".known.month", ".known.day", ".known"
_YEARS = tuple(f"{year:02d}" for year in range(100))
_COUNTED = tuple(map(str, range(32)))
_SEXES = ("M", "F")


def known_columns(named: ClaimColumns) -> tuple[str, ...]:
    """The names of the columns that `known` makes of these fields."""
    dates = () if named.date is None else tuple(named.date + part for part in (_YEAR, _MONTH, _DAY))
    return dates if named.sex is None else (*dates, named.sex + _SEX)


def known(claims: Claims, named: ClaimColumns) -> dict[str, HardenedColumn]:
    """The columns of `known_columns`, of all rows; '' if not even the NIK tells."""
    found = {}
    if named.date is not None:
        found[named.date + _YEAR] = _texts(claims.year, claims.born, _YEARS)
        found[named.date + _MONTH] = _texts(claims.month, claims.date, _COUNTED)
        found[named.date + _DAY] = _texts(claims.day, claims.date, _COUNTED)
    if named.sex is not None:
        found[named.sex + _SEX] = _texts(claims.female, claims.sex, _SEXES)
    return found


def _texts(numbers: Numbers | Flags, are_known: Flags, texts: tuple[str, ...]) -> HardenedColumn:
    pairs = zip(numbers.tolist(), are_known.tolist(), strict=True)
    return HardenedColumn(texts[number] if is_known else "" for number, is_known in pairs)
