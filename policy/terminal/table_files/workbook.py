"""An Excel workbook, row by row: text stays text, also 16 digits and text like a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import folder_beside
from policy.base.words import Words

_CELL_CHARACTERS = 32_767
_WIDEST, _NARROWEST = 40, 10


def write_workbook(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write the workbook; temporary files are only in the same folder as `path`."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with folder_beside(path, ".padan-") as folder:
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(folder)})
        book.use_zip64()
        # Equal tables give equal files, so the file has no time of writing.
        book.set_properties({"created": datetime(2000, 1, 1)})
        text, head = (
            book.add_format({"num_format": "@"}),
            book.add_format({"num_format": "@", "bold": True}),
        )
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        try:
            for column, name in enumerate(header):
                width = min(_WIDEST, max(_NARROWEST, len(name) + 2, 18 if column == 0 else 0))
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, name, head)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(number, column, cell)
                    elif len(cell) > _CELL_CHARACTERS:
                        raise _too_much(number, header[column])
                    elif cell:
                        sheet.write_string(number, column, cell, text)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            sheet.row_data_fh.close()


def _too_much(number: int, column: str) -> BadInput:
    return BadInput(
        PolicyCode.TABLE_CELL,
        Words(
            f"Baris {number}, kolom {column}: satu sel Excel memuat paling banyak"
            f" {_CELL_CHARACTERS} huruf.",
            f"Row {number}, column {column}: a cell of Excel holds at most {_CELL_CHARACTERS}"
            " characters.",
        ),
        Words(
            "Beri nama berakhiran .csv atau .parquet.", "Give a name that ends in .csv or .parquet."
        ),
    )
