"""A field's source as an officer chooses it in a form, and back.

A column's own name       that column
(joined)                  several columns together, as they are now
(bps) COLUMN              a region code, and whose book it is from
(age) COLUMN              an age in whole years, with the year in which it was told

`Details` come with it: the order of day and month, and a source's own codes of sex.

No column's name begins with such a word in parentheses and a space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from encoder.error_codes import EncoderCode
from encoder.normalise.dates import Order
from encoder.normalise.regions import Codebook
from encoder.source.field_names import field_title
from encoder.source.joined_columns import AgeColumns, CodeColumn, DateColumn, SexCodes
from encoder.source.mapping import FieldSource, IdColumns, RecordId, columns_of
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import LinkageField

JOINED = "(joined)"
_CODED = "({}) {}"
_AGED = "(age) "
_BOOKS: dict[Codebook, str] = {"bps": "BPS", "kemendagri": "Kemendagri"}
_YEARS = range(1990, 2101)

ORDERS: tuple[tuple[str, Words], ...] = (
    ("", Words("seperti biasa: 17-08-1945, 1945-08-17", "as usual: 17-08-1945, 1945-08-17")),
    ("day-first", Words("selalu hari di depan: 17/08/1945", "always the day first: 17/08/1945")),
    (
        "month-first",
        Words("selalu bulan di depan: 08/17/1945", "always the month first: 08/17/1945"),
    ),
)


@dataclass(frozen=True)
class Option:
    """One way to fill a field: what the form sends, and what the officer reads."""

    value: str
    text: Words


@dataclass(frozen=True)
class Details:
    """Details beyond the column, as a form holds them: all text, empty if not given.

    `year` is when ages were told, `order` that of day and month, `male` and `female` the codes
    of a source of its own, with commas between them.
    """

    year: str = ""
    order: str = ""
    male: str = ""
    female: str = ""


@dataclass(frozen=True)
class FieldChoice:
    """A field of the charter, what fills it now, and what else could besides whole columns."""

    field: str
    title: Words
    value: str
    details: Details
    options: tuple[Option, ...]
    asks_year: bool
    asks_order: bool
    asks_codes: bool


def choice_of(
    field: LinkageField, now: FieldSource, code: str | None, age: str | None
) -> FieldChoice:
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
    return FieldChoice(
        field=field.name,
        title=field_title(field.name, field.kind),
        value=value,
        details=details_of(now),
        options=tuple(options),
        asks_year=asks_year,
        asks_order=field.kind == "date",
        asks_codes=field.kind == "sex",
    )


def value_of(source: FieldSource) -> str:
    """The form's value for a source."""
    if source is None or isinstance(source, str):
        return source or ""
    if isinstance(source, DateColumn | SexCodes):
        return source.column
    if isinstance(source, CodeColumn):
        return _CODED.format(source.codebook, source.code)
    if isinstance(source, AgeColumns) and source.date is None:
        return f"{_AGED}{source.age}"
    return JOINED


def details_of(source: FieldSource) -> Details:
    if isinstance(source, AgeColumns):
        return Details(year=str(source.recorded))
    if isinstance(source, DateColumn):
        return Details(order=source.order)
    if isinstance(source, SexCodes):
        return Details(male=", ".join(source.male), female=", ".join(source.female))
    return Details()


def source_of(value: str, before: FieldSource, said: Details = Details()) -> FieldSource:
    """The source for an officer's choice; one of several columns stays unchanged."""
    if value == JOINED:
        return before
    if value.startswith(_AGED):
        return AgeColumns(age=value.removeprefix(_AGED), recorded=_year(said.year))
    for book in _BOOKS:
        start = _CODED.format(book, "")
        if value.startswith(start):
            return CodeColumn(code=value.removeprefix(start), codebook=book)
    order = next((each for each in get_args(Order) if each == said.order), None)
    if value and order is not None:
        return DateColumn(column=value, order=order)
    male, female = (
        tuple(filter(None, (code.strip() for code in text.split(","))))
        for text in (said.male, said.female)
    )
    if value and (male or female):
        _require_both(male, female)
        return SexCodes(column=value, male=male, female=female)
    return value or None


def id_columns(record_id: RecordId) -> tuple[str, str]:
    """The form's values for a record id: a column, and a second one that belongs to it."""
    columns = columns_of(record_id)
    if len(columns) > 2:
        return JOINED, ""
    first, second = (*columns, "", "")[:2]
    return first, second


def record_id_of(first: str, second: str, before: RecordId) -> RecordId:
    """The record id for an officer's choice; one of more columns stays unchanged."""
    if first == JOINED:
        return before
    if first and second and first != second:
        return IdColumns(columns=(first, second))
    return first or None


def _require_both(male: tuple[str, ...], female: tuple[str, ...]) -> None:
    if not male or not female or set(male) & set(female):
        raise BadInput(
            EncoderCode.UI_CODES,
            Words(
                "Kode jenis kelamin belum lengkap, atau satu kode berarti keduanya.",
                "The codes of sex are incomplete, or one code means both.",
            ),
            Words(
                "Isi kode laki-laki dan kode perempuan, masing-masing dengan kode yang berbeda.",
                "Fill in the codes of men and those of women, with different codes for each.",
            ),
        )


def _year(text: str) -> int:
    if text.strip().isdecimal() and int(text) in _YEARS:
        return int(text)
    raise BadInput(
        EncoderCode.UI_YEAR,
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
