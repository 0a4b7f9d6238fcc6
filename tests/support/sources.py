"""Synthetic sources with every defect that Indonesian files are known for, in each format."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet

from tests.support.old_workbooks import OldSheet, old_workbook

COLUMNS = ("id", "nama", "lahir", "jk", "nik", "kk")
GOOD = ("BUDI SANTOSO", "12-03-1980", "L", "3171911203800001", "3171910107200001")


@dataclass(frozen=True)
class Defect:
    """One row that differs from a good one, and what becomes of it.

    `refused` is the rule by which the row is refused; else `becomes` holds the
    normalised values that differ from those of the good row.
    """

    what: str
    cells: dict[str, str]
    refused: str | None = None
    becomes: dict[str, str] = field(default_factory=dict)


NORMAL = {
    "lahir.year": "1980",
    "lahir.month": "3",
    "lahir.day": "12",
    "jk": "M",
    "nik": GOOD[3],
    "kk": GOOD[4],
}
_NO_DAY = {"lahir.month": "", "lahir.day": ""}
_NO_DATE = {"lahir.year": "", **_NO_DAY}
_NO_NIK = {"nik": ""}
_FEB_31 = "3171917102900001"

DEFECTS = (
    Defect("nothing wrong", {}),
    # NIK and KK
    Defect("no NIK", {"nik": ""}, becomes=_NO_NIK),
    Defect("a dash for a NIK", {"nik": "-"}, becomes=_NO_NIK),
    Defect("a zero for a NIK", {"nik": "0"}, becomes=_NO_NIK),
    Defect("words for a NIK", {"nik": "tidak ada"}, becomes=_NO_NIK),
    Defect("a digit lost", {"nik": "317191120380001"}, refused="nik-digits"),
    Defect("a digit too many", {"nik": "31719112038000011"}, refused="nik-digits"),
    Defect("one digit repeated", {"nik": "9" * 16}, becomes=_NO_NIK),
    Defect("typed along the keyboard", {"nik": "1234567890123456"}, becomes=_NO_NIK),
    Defect("a village's own number", {"nik": "0317101100100012"}, becomes=_NO_NIK),
    Defect("an impossible date", {"nik": _FEB_31}, becomes={"nik": _FEB_31}),
    Defect("no-break space after it", {"nik": GOOD[3] + "\xa0"}),
    Defect("Excel's apostrophe", {"nik": "'" + GOOD[3]}),
    Defect("written in groups", {"nik": "3171 9112 0380 0001"}),
    Defect("a formula that shows it", {"nik": f'="{GOOD[3]}"'}),
    Defect("decimals behind it", {"nik": GOOD[3] + ",00"}),
    Defect("in groups of thousands", {"nik": "3.171.911.203.800.001"}),
    Defect("its name before it", {"nik": f"NIK {GOOD[3]}"}),
    Defect("a note behind it", {"nik": f"{GOOD[3]} (KTP)"}),
    Defect("a letter among its digits", {"nik": "3171O11203800001"}, refused="nik-letter"),
    Defect("a serial of zeros", {"nik": "3171911203800000"}, refused="nik-serial-0000"),
    Defect("not recorded yet", {"nik": "belum rekam"}, becomes=_NO_NIK),
    Defect("digits thrown away", {"nik": "3.17191E+15"}, refused="nik-scientific"),
    Defect("with a decimal comma", {"nik": "3,17191E+15"}, refused="nik-scientific"),
    Defect("a KK without its digits", {"kk": "3.17E+15"}, refused="kk-scientific"),
    Defect("no KK", {"kk": "-"}, becomes={"kk": ""}),
    # Birth dates
    Defect("ISO", {"lahir": "1980-03-12"}),
    Defect("two digits of the year", {"lahir": "12/03/80"}),
    Defect("the month in words", {"lahir": "12 Maret 1980"}),
    Defect("Excel's serial day", {"lahir": "29292"}),
    Defect("eight digits", {"lahir": "12031980"}),
    Defect("place and date together", {"lahir": "JAKARTA, 12-03-1980"}),
    Defect("month first", {"lahir": "03/13/1980"}, becomes={"lahir.day": "13"}),
    Defect("a time of midnight", {"lahir": "12/03/1980 0:00"}),
    Defect("a time with dots", {"lahir": "12/03/1980 00.00"}),
    Defect("an American time", {"lahir": "3/12/1980 12:00:00 AM"}),
    Defect("universal time", {"lahir": "1980-03-12T00:00:00.000Z"}),
    Defect("midnight in universal time", {"lahir": "1980-03-11T17:00:00.000Z"}),
    Defect("an offset", {"lahir": "1980-03-12T00:00:00+07:00"}),
    Defect("twelve seconds lost", {"lahir": "1980-03-11 23:59:48"}),
    Defect("a Roman month", {"lahir": "12-III-1980"}),
    Defect("a slash behind the place", {"lahir": "JAKARTA/12-03-1980"}),
    Defect("no such day", {"lahir": "31-02-1980"}, becomes=_NO_DAY),
    Defect("the year alone", {"lahir": "1980"}, becomes=_NO_DAY),
    Defect("the office's unknown day", {"lahir": "01-07-1980"}, becomes=_NO_DAY),
    Defect("day and month unknown", {"lahir": "00-00-1980"}, becomes=_NO_DAY),
    Defect("not born yet", {"lahir": "12-03-2090"}, becomes=_NO_DATE),
    Defect("no date", {"lahir": "tdk th"}, becomes=_NO_DATE),
    # Sex
    Defect("LK", {"jk": "Lk."}),
    Defect("a number", {"jk": "1"}),
    Defect("a number with a zero", {"jk": "01"}),
    Defect("a number with decimals", {"jk": "1,0"}),
    Defect("another word", {"jk": "Lelaki"}),
    Defect("P is Perempuan", {"jk": "P"}, becomes={"jk": "F"}),
    Defect("unreadable sex", {"jk": "?"}, becomes={"jk": ""}),
    # Rows
    Defect("no row id", {"id": " "}, refused="no-record-id"),
)


def defect_rows() -> list[list[str]]:
    """The table of all defects, one row each."""
    good = dict(zip(COLUMNS[1:], GOOD, strict=True))
    return [
        [({"id": f"r{number:03}", **good} | defect.cells)[column] for column in COLUMNS]
        for number, defect in enumerate(DEFECTS, 1)
    ]


def write_csv(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], mark: str = ",", **how: str
) -> Path:
    with path.open("w", newline="", encoding=how.get("encoding", "utf-8")) as file:
        writer = csv.writer(file, delimiter=mark, quoting=csv.QUOTE_ALL)
        writer.writerows([header, *rows])
    return path


def write_xlsx(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "s"  # text that begins with = is no formula here
    book.save(path)
    return path


def write_xls(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    return old_workbook(path, OldSheet("Data", [header, *rows]))


def write_parquet(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def write_sqlite(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table `penduduk`; returns the SQLAlchemy URL."""
    names = ", ".join(f'"{name}"' for name in header)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE penduduk ({names})")
        marks = ", ".join("?" * len(header))
        connection.executemany(f"INSERT INTO penduduk VALUES ({marks})", rows)
    return f"sqlite:///{path}"
