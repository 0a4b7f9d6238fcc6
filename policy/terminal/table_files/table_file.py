"""The file and form of a table; a table that does not fit is refused before any work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.output import Form, Output, Register
from policy.base.words import Words
from policy.terminal.table_files import csv_text
from policy.terminal.table_files.workbook import Sheet, write_workbook

Cell = str | int
Row = Sequence[Cell]
TABLE = Form((".csv", ".xlsx", ".parquet"), only=True, repeatable=True)
# The rows of an Excel sheet; the header takes one of them.
SHEET_ROWS = 1_048_576


class CsvFor(StrEnum):
    """The reader of a CSV file: programs expect commas, Excel in Indonesia semicolons."""

    programs = "programs"
    excel = "excel"


CsvForOption = Annotated[
    CsvFor,
    typer.Option(
        "--csv-for",
        help="Pembaca .csv: programs (koma) atau excel (titik koma, BOM, NIK sebagai teks)"
        " / reader of a .csv: programs (comma) or excel (semicolon, BOM, NIK as text)",
    ),
]


class Table(Protocol):
    """A target for a header and rows: a file, or a preview of the first rows."""

    def require_room(self, rows: int) -> None:
        """Raises BadInput if this number of rows does not fit."""

    def write(self, header: Sequence[str], rows: Iterable[Row]) -> int:
        """Write all rows; returns their number."""


@dataclass(frozen=True)
class TableFile:
    """A file that a table is written to."""

    output: Output
    csv_for: CsvFor = CsvFor.programs

    @classmethod
    def named(cls, output: Output, csv_for: CsvFor) -> TableFile:
        """The table file for this output; raises BadInput if its form cannot be written here."""
        ending = output.suffix
        if csv_for is CsvFor.excel and ending != ".csv":
            raise BadInput(
                PolicyCode.OPTION_CSV_FOR,
                Words(
                    f"--csv-for hanya untuk .csv, bukan {ending}.",
                    f"--csv-for is for .csv files, not for {ending}.",
                ),
                Words("Hilangkan --csv-for.", "Leave --csv-for out."),
            )
        if ending == ".xlsx":
            require_extra("encoder", "xlsxwriter")
        if ending == ".parquet":
            require_extra("parquet", "pyarrow")
        return cls(output, csv_for)

    def __str__(self) -> str:
        return str(self.output)

    @property
    def path(self) -> Path:
        return self.output.path

    @property
    def is_workbook(self) -> bool:
        """Whether it can hold several sheets."""
        return self.output.suffix == ".xlsx"

    def require_room(self, rows: int) -> None:
        """Raises BadInput if this number of rows does not fit into a file of this form."""
        if self.is_workbook and rows >= SHEET_ROWS:
            raise too_long()

    def write(self, header: Sequence[str], rows: Iterable[Row]) -> int:
        """Write all rows with mode 0600; returns their number."""
        counted = _Counted(rows)
        if self.is_workbook:
            self.write_sheets([Sheet("data", header, counted)])
        elif self.output.suffix == ".parquet":
            from policy.terminal.table_files.parquet import write_parquet

            with self.output.replacing(private=True) as temporary:
                write_parquet(temporary, header, counted)
        else:
            lines = csv_text.blocks(header, counted, for_excel=self.csv_for is CsvFor.excel)
            self.output.write_stream(lines, private=True)
        return counted.seen

    def write_sheets(self, sheets: Iterable[Sheet], *, small: bool = False) -> None:
        """Write a workbook of several sheets with mode 0600, only for .xlsx; `small`: few rows."""
        with self.output.replacing(private=True) as temporary:
            write_workbook(temporary, map(self._fitting, sheets), small=small)

    def entered_in(self, register: Register) -> TableFile:
        """The same table, entered in a register when it is written."""
        return replace(self, output=self.output.entered_in(register))

    def beside(self, path: Path) -> TableFile:
        """A table of the same form at another path; raises BadInput if it cannot be written."""
        return replace(self, output=self.output.beside(path))

    def _fitting(self, sheet: Sheet) -> Sheet:
        return replace(sheet, rows=_bounded(sheet.rows))


def _bounded(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, as long as a sheet holds them."""
    for number, row in enumerate(rows, start=1):
        if number >= SHEET_ROWS:
            raise too_long()
        yield row


class _Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.seen = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.seen += 1
            yield row


def too_long() -> BadInput:
    return BadInput(
        PolicyCode.TABLE_TOO_LONG,
        Words(
            f"Satu lembar Excel memuat paling banyak {SHEET_ROWS - 1} baris data.",
            f"A sheet of Excel holds at most {SHEET_ROWS - 1} rows of data.",
        ),
        Words(
            "Beri nama berakhiran .csv atau .parquet.", "Give a name that ends in .csv or .parquet."
        ),
    )
