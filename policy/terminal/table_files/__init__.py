"""Writes tables to a file that a person names: CSV, Excel or Parquet, by the file's ending.

    csv_text.py    .csv, for programs or for a double click in Excel
    workbook.py    .xlsx, every number of a person as text
    parquet.py     .parquet, all columns as strings

A table is a header and rows of text; integers are Padan's own counters.
"""

from policy.terminal.table_files.table_file import (
    SHEET_ROWS,
    TABLE,
    CsvFor,
    CsvForOption,
    Row,
    Table,
    TableFile,
    too_long,
)
from policy.terminal.table_files.workbook import Sheet, require_fitting, sheet_name

__all__ = [
    "SHEET_ROWS",
    "TABLE",
    "CsvFor",
    "CsvForOption",
    "Row",
    "Sheet",
    "Table",
    "TableFile",
    "require_fitting",
    "sheet_name",
    "too_long",
]
