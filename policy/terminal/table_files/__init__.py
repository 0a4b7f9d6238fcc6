"""Tables that a person names a file for: CSV, an Excel workbook, or Parquet, by the ending.

    csv_text.py    .csv, for programs or for a double click in Excel
    workbook.py    .xlsx, every number of a person as text
    parquet.py     .parquet, all columns as strings

A table is a header and rows of text; whole numbers are counters of Padan's own.
"""

from policy.terminal.table_files.table_file import (
    TABLE,
    CsvFor,
    CsvForOption,
    Row,
    Table,
    TableFile,
)

__all__ = ["TABLE", "CsvFor", "CsvForOption", "Row", "Table", "TableFile"]
