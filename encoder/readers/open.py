"""Which reader opens a source: by the mapping, else by its first bytes."""

from __future__ import annotations

from pathlib import Path

from encoder.mapping import Format, Mapping
from encoder.readers.delimited import Delimited
from encoder.readers.excel import Excel
from encoder.readers.parquet import Parquet
from encoder.readers.source import Source
from encoder.readers.sql import PREFIX, Sql
from policy.errors import BadInput
from policy.files import missing_file
from policy.words import Words

_HTML = (b"<html", b"<!doctype html", b"<table", b"<meta")

# PDF, gzip, bzip2, xz, RAR, 7-Zip, an SQLite file, pictures.
_NO_TABLES = (
    *(b"%PDF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"Rar!", b"7z\xbc\xaf"),
    *(b"SQLite format 3", b"\x89PNG", b"\xff\xd8\xff"),
)


def open_source(path: Path, mapping: Mapping) -> Source:
    found = mapping.format or format_of(path)
    if found == "sql":
        return Sql(str(path), mapping)
    if found == "excel":
        return Excel(path, mapping)
    return Parquet(path, mapping) if found == "parquet" else Delimited(path, mapping)


def format_of(path: Path) -> Format:
    """By content, not by suffix: many an .xls of a web application is something else."""
    if is_database(path):
        return "sql"
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        raise missing_file(path) from None
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "excel"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_HTML):
        raise BadInput(
            "file.html",
            Words(
                f"{path}: ini halaman web, bukan tabel, apa pun akhiran namanya.",
                f"{path}: this is a web page and no table, whatever its name ends in.",
            ),
            Words(
                "Buka di Excel dan simpan sebagai xlsx; NIK harus sebagai teks.",
                "Open it in Excel and save it as xlsx, with the NIK as text.",
            ),
        )
    if start.startswith(_NO_TABLES):
        raise BadInput(
            "file.format",
            Words(
                f"{path}: ini bukan CSV, Excel, atau Parquet.",
                f"{path}: this is neither CSV, Excel nor Parquet.",
            ),
            Words(
                "Ekstrak arsipnya, atau ekspor datanya sebagai CSV atau xlsx.",
                "Unpack the archive, or export the data as CSV or xlsx.",
            ),
        )
    return "csv"


def is_database(path: Path) -> bool:
    return str(path).startswith(PREFIX)


def location(path: Path) -> str:
    """What to keep so that the source can be opened again: no secret, no relative path."""
    return str(path) if is_database(path) else str(path.resolve())
