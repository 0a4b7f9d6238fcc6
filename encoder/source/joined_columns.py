"""Fields that a mapping takes from one or several columns: dates, ages, codes, regions, RT and RW.

Each knows which columns it reads and makes one cell of theirs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from pydantic import Field, field_validator

from encoder.normalise.dates import Order
from encoder.normalise.regions import Codebook
from encoder.normalise.text import text
from policy.base.canonical import Model


class _Joined(Model, ABC):
    """Several columns that form one field."""

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns read, in the order in which `join` takes their cells."""

    @abstractmethod
    def join(self, cells: tuple[str, ...]) -> str:
        """The field's cell from one row's cells, in the order of `columns`."""

    def join_columns(self, cells: Sequence[Sequence[str]]) -> list[str]:
        """`join` for whole columns; repeated values are joined once."""
        rows = list(zip(*cells, strict=True))
        known = {row: self.join(row) for row in set(rows)}
        return [known[row] for row in rows]


class DateColumns(_Joined):
    """A date that a source keeps in three columns."""

    day: str
    month: str
    year: str

    def columns(self) -> tuple[str, ...]:
        return (self.day, self.month, self.year)

    def join(self, cells: tuple[str, ...]) -> str:
        parts = [cell.strip() for cell in cells]
        return "-".join(parts) if all(parts) else parts[2]

    def join_columns(self, cells: Sequence[Sequence[str]]) -> list[str]:
        if not "".join(map("".join, cells)).isalnum():
            return super().join_columns(cells)
        # Most dates of a chunk differ, and have no surrounding spaces to strip.
        joined = [*map("-".join, zip(*cells, strict=True))]
        for column in cells:
            if not all(column):
                for at in [at for at, part in enumerate(column) if not part]:
                    joined[at] = cells[2][at]
        return joined


class DateColumn(_Joined):
    """A date in one column, and the order of day and month if both are numbers."""

    column: str
    order: Order

    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def join(self, cells: tuple[str, ...]) -> str:
        return cells[0]


class SexCodes(_Joined):
    """A sex in one column, and the meaning of the source's own codes; `2.0` is `2`."""

    column: str
    male: tuple[str, ...] = Field(min_length=1)
    female: tuple[str, ...] = Field(min_length=1)

    @field_validator("male", "female", mode="before")
    @classmethod
    def _as_written(cls, values: object) -> object:
        return as_texts(values)

    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def join(self, cells: tuple[str, ...]) -> str:
        code = plain_code(cells[0])
        if code in set(map(plain_code, self.male)):
            return "L"
        return "P" if code in set(map(plain_code, self.female)) else cells[0]


class RtRwColumns(_Joined):
    """RT and RW in two columns; joined as on an identity card, 003/001."""

    rt: str
    rw: str

    def columns(self) -> tuple[str, ...]:
        return (self.rt, self.rw)

    def join(self, cells: tuple[str, ...]) -> str:
        parts = [cell.strip() for cell in cells]
        return "/".join(part.zfill(3) for part in parts) if any(parts) else ""


class RegionColumns(_Joined):
    """A kelurahan as four numbers, often without padding; joined as in the codebook."""

    province: str
    regency: str
    district: str
    village: str
    codebook: Codebook = "kemendagri"

    def columns(self) -> tuple[str, ...]:
        return (self.province, self.regency, self.district, self.village)

    def join(self, cells: tuple[str, ...]) -> str:
        parts = [cell.strip() for cell in cells]
        if not all(parts):
            return ""
        if self.codebook == "bps":
            return _coded(self.codebook, "".join(map(str.zfill, parts, (2, 2, 3, 3))))
        return ".".join(map(str.zfill, parts, (2, 2, 2, 4)))


class CodeColumn(_Joined):
    """A kelurahan as one number, and its codebook."""

    code: str
    codebook: Codebook

    def columns(self) -> tuple[str, ...]:
        return (self.code,)

    def join(self, cells: tuple[str, ...]) -> str:
        return _coded(self.codebook, cells[0].strip())


class AgeColumns(_Joined):
    """An age in whole years, recorded in the year `recorded`, for rows without a date.

    `date` is the source's column of dates next to the ages, if any.
    """

    age: str
    recorded: int = Field(ge=1990, le=2100)
    date: str | None = None

    def columns(self) -> tuple[str, ...]:
        return (self.age,) if self.date is None else (self.age, self.date)

    def join(self, cells: tuple[str, ...]) -> str:
        age, *dates = (cell.strip() for cell in cells)
        if dates and text(dates[0]):
            return dates[0]
        return f"UMUR {age.removesuffix('.0')} PADA {self.recorded}" if age else ""


class PostalColumns(_Joined):
    """A postal code and the kelurahan to which it must belong; that column may be read twice."""

    postal: str
    village: str

    def columns(self) -> tuple[str, ...]:
        return (self.postal, self.village)

    def join(self, cells: tuple[str, ...]) -> str:
        code, village = (cell.strip() for cell in cells)
        return f"{code} DI {village}" if village else code


JoinedColumns = (
    DateColumns
    | DateColumn
    | SexCodes
    | RtRwColumns
    | RegionColumns
    | CodeColumn
    | AgeColumns
    | PostalColumns
)


def plain_code(cell: str) -> str:
    return text(cell).removesuffix(".0").removesuffix(",0")


def as_texts(values: object) -> object:
    """YAML reads 2 as a number; the cells are text."""
    if isinstance(values, str | int):
        return (str(values),)
    return tuple(map(str, values)) if isinstance(values, list | tuple) else values


def _coded(codebook: Codebook, number: str) -> str:
    return f"{codebook.upper()} {number}" if number else ""
