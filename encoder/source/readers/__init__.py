"""Readers of tables, one block at a time: every cell as text, every row accounted for.

CSV, workbooks, Parquet, SQL, dbf, sav and dta give the same chunks. Errors name file and row,
never a cell. Row numbers count from 1, the header not included. A row that cannot be encoded is
refused by number and rule, never dropped.
"""

from encoder.source.readers.open import format_of, location, open_source
from encoder.source.readers.rows import Chunk, read_columns, read_rows
from encoder.source.readers.rules import (
    BLANK_ROW,
    NO_LINKAGE_FIELD,
    NO_RECORD_ID,
    NOBODY,
    RAGGED_ROW,
    SUPPRESSED,
    UNKNOWN_PERSON,
    explain,
)

__all__ = [
    "BLANK_ROW",
    "NOBODY",
    "NO_LINKAGE_FIELD",
    "NO_RECORD_ID",
    "RAGGED_ROW",
    "SUPPRESSED",
    "UNKNOWN_PERSON",
    "Chunk",
    "explain",
    "format_of",
    "location",
    "open_source",
    "read_columns",
    "read_rows",
]
