"""A field's source as an officer chooses it in a form, and back.

A column's own name       that column
(joined)                  several columns together, as they are now
(bps) COLUMN              a region code, and whose book it is from
(age) COLUMN              an age in whole years, with the year in which it was told

No column's name begins with such a word in parentheses and a space.
"""

from __future__ import annotations

from dataclasses import dataclass

from encoder.mapping import AgeColumns, CodeColumn, FieldSource, columns_of
from encoder.normalise.regions import Codebook
from policy.charter import LinkageField
from policy.errors import BadInput
from policy.words import Words

JOINED = "(joined)"
_CODED = "({}) {}"
_AGED = "(age) "
_BOOKS: dict[Codebook, str] = {"bps": "BPS", "kemendagri": "Kemendagri"}
_YEARS = range(1990, 2101)

FIELD_NAMES = {
    "name": Words("nama", "name"),
    "date": Words("tanggal lahir", "date of birth"),
    "sex": Words("jenis kelamin", "sex"),
    "place": Words("kelurahan/desa", "village"),
    "postal": Words("kode pos", "postal code"),
    "nik": Words("NIK", "NIK"),
    "kk": Words("nomor KK", "family card"),
    "rtrw": Words("RT/RW", "RT/RW"),
    "address": Words("alamat", "address"),
    "digits": Words("angka", "digits"),
    "text": Words("teks", "text"),
}
# What a second field of a kind holds, by the name that the templates give it.
_SECOND_NAMES = {"ibu": Words("nama ibu kandung", "mother's name")}


@dataclass(frozen=True)
class Option:
    """One way to fill a field: what the form sends, and what the officer reads."""

    value: str
    text: Words


@dataclass(frozen=True)
class Choice:
    """A field of the charter, what fills it now, and what else could besides whole columns.

    `year` is asked for where the field can be filled by ages.
    """

    field: str
    title: Words
    value: str
    options: tuple[Option, ...]
    year: int | None
    asks_year: bool


def choice_of(field: LinkageField, now: FieldSource, code: str | None, age: str | None) -> Choice:
    """`code` and `age` are columns of the file that hold region codes and ages, if any do."""
    value = value_of(now)
    options = [Option(JOINED, _same(" + ".join(columns_of(now))))] if value == JOINED else []
    if field.kind == "place" and code is not None:
        options += [
            Option(
                _CODED.format(book, code),
                Words(f"kode: {code} ({_BOOKS[book]})", f"code: {code} ({_BOOKS[book]})"),
            )
            for book in _BOOKS
        ]
    asks_year = field.kind == "date" and age is not None
    if asks_year:
        options.append(Option(f"{_AGED}{age}", Words(f"umur: {age}", f"age: {age}")))
    year = now.recorded if isinstance(now, AgeColumns) else None
    title = _SECOND_NAMES.get(field.name, FIELD_NAMES[field.kind])
    return Choice(field.name, title, value, tuple(options), year, asks_year)


def value_of(source: FieldSource) -> str:
    """What the form holds for a source."""
    if source is None or isinstance(source, str):
        return source or ""
    if isinstance(source, CodeColumn):
        return _CODED.format(source.codebook, source.code)
    if isinstance(source, AgeColumns) and source.date is None:
        return f"{_AGED}{source.age}"
    return JOINED


def source_of(value: str, before: FieldSource, year: str = "") -> FieldSource:
    """What an officer's choice maps; what is made of several columns stays as it was."""
    if value == JOINED:
        return before
    if value.startswith(_AGED):
        return AgeColumns(age=value.removeprefix(_AGED), recorded=_year(year))
    for book in _BOOKS:
        start = _CODED.format(book, "")
        if value.startswith(start):
            return CodeColumn(code=value.removeprefix(start), codebook=book)
    return value or None


def _year(text: str) -> int:
    if text.strip().isdecimal() and int(text) in _YEARS:
        return int(text)
    raise BadInput(
        "ui.year",
        Words(
            "Umur baru dapat dipakai dengan tahun pendataannya.",
            "Ages need the year in which they were told.",
        ),
        Words(
            f"Isi tahunnya di bawah kolom umur, {_YEARS[0]} sampai {_YEARS[-1]}.",
            f"Fill in the year below the column of ages, {_YEARS[0]} to {_YEARS[-1]}.",
        ),
    )


def _same(text: str) -> Words:
    return Words(text, text)
