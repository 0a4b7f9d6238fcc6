"""Chooses the reader of a source: by the mapping, else by the first bytes."""

from __future__ import annotations

from pathlib import Path

from encoder.source.mapping import Format, Mapping
from encoder.source.readers.dbase import Dbase, is_dbf
from encoder.source.readers.delimited import Delimited
from encoder.source.readers.excel import Excel
from encoder.source.readers.formats import UNKNOWN, recognise
from encoder.source.readers.parquet import Parquet
from encoder.source.readers.source import TableSource
from encoder.source.readers.sql import PREFIX, Sql
from encoder.source.readers.start import FileStart
from encoder.source.readers.statistics import Statistics, is_dta, is_sav


def open_source(path: Path, mapping: Mapping) -> TableSource:
    found = mapping.format
    if found not in ("csv", "sql"):
        # A file without a table is reported by kind, even if the mapping names a format.
        there = format_of(path)
        found = found or there
    if found == "sql":
        return Sql(str(path), mapping)
    if found == "excel":
        return Excel(path, mapping)
    if found == "dbf":
        return Dbase(path, mapping)
    if found in ("sav", "dta"):
        return Statistics(path, mapping, f"read_{found}")
    return Parquet(path, mapping) if found == "parquet" else Delimited(path, mapping)


def format_of(path: Path) -> Format:
    """The format by content, not by suffix: an .xls of a web application is often HTML.

    Raises BadInput that names the kind of a file without a table.
    """
    if is_database(path):
        return "sql"
    start = FileStart.of(path)
    kind = recognise(start)
    if kind is not None:
        raise kind.error(path)
    tables: tuple[tuple[Format, bool], ...] = (
        ("excel", start.is_workbook()),
        ("parquet", start.head.startswith(b"PAR1")),
        ("sav", is_sav(start.head)),
        ("dta", is_dta(start.head)),
        ("dbf", is_dbf(start.head)),
    )
    found = next((name for name, is_it in tables if is_it), None)
    if found is None and UNKNOWN.is_it(start):
        raise UNKNOWN.error(path)
    return found or "csv"


def is_database(path: Path) -> bool:
    return str(path).startswith(PREFIX)


def location(path: Path) -> str:
    """The location to store for opening the source again: no secret, no relative path."""
    return str(path) if is_database(path) else str(path.resolve())
