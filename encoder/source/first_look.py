"""A first look at a source: encoding, delimiter, sheet and table, and the line of names."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.source.mapping import MOST_HEADER_LINES, Format, Mapping
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import known_headers
from encoder.source.readers.bip import flat_rows, is_bip
from encoder.source.readers.delimited import DELIMITERS, Delimited
from encoder.source.readers.encodings import survey
from encoder.source.readers.excel import Excel
from encoder.source.readers.open import open_source
from encoder.source.readers.source import empty, header_of, looks_like_names
from encoder.source.readers.sql import Sql
from policy.base.errors import BadInput
from policy.base.words import Words

_HEADER_WITHIN = 30
_FEWEST_NAMES = 2
_START = 64
# Words in a line below a group that describe its columns.
_PARTS = frozenset(
    "tempat tmpt tmp kota tanggal tgl bulan bln tahun thn hari umur usia rt rw no nomor nama nik kk"
    " l p lk pr laki lakilaki perempuan jalan alamat dusun desa kelurahan keldesa kec kecamatan kab"
    " kabupaten provinsi ayah ibu".split()
)


def opening(
    path: Path, found: Format, sheet: str | None, table: str | None
) -> tuple[Mapping, list[Words]]:
    """A mapping that opens the source and maps nothing yet."""
    empty = Mapping(record_id=None, fields={})
    if found == "csv":
        encoding = detect_encoding(path)
        start = empty.model_copy(update={"encoding": encoding})
        start = start.model_copy(update={"delimiter": _delimiter(path, start)})
        plain_text = Words(
            f"Teksnya bukan UTF-8 melainkan {encoding}.", f"The text is {encoding}, not UTF-8."
        )
        return start, [] if encoding == "utf-8" else [plain_text]
    if found == "excel":
        return _workbook(path, empty.model_copy(update={"format": found}), sheet)
    if found == "sql":
        name = table or _only_table(path, empty)
        return empty.model_copy(update={"format": found, "table": name}), []
    return empty.model_copy(update={"format": found}), []


def _workbook(path: Path, start: Mapping, sheet: str | None) -> tuple[Mapping, list[Words]]:
    """The requested sheet, or the best visible one and all sheets with the same columns."""
    source = Excel(path, start)
    names = source.sheets()
    if sheet is not None:
        return start.model_copy(update={"sheet": sheet}), _unread(names, [sheet])
    first = {name: _first_rows(path, start, name) for name in names}
    best = _best_sheet(first)
    if best is None or _fit(first[best]) < _FEWEST_NAMES:
        _require_none_hidden(path, start, source.hidden_sheets())
    same = [name for name in names if best and _same_columns(first[best], first[name])]
    if len(same) > 1:
        told = ", ".join(same)
        many = Words(
            f"Lembar dengan kolom yang sama diusulkan sebagai satu daftar: {told}. Satu saja:"
            " --sheet NAMA.",
            f"Sheets with the same columns are proposed as one list: {told}. For one of them:"
            " --sheet NAME.",
        )
        chosen = start.model_copy(update={"sheets": tuple(same)})
        return chosen, [many, *_unread(names, same)]
    return start.model_copy(update={"sheet": best}), _unread(names, [best] if best else [])


def _unread(names: Sequence[str], chosen: Sequence[str]) -> list[Words]:
    others = ", ".join(name for name in names if name not in chosen)
    told = Words(f"Lembar lain tidak dibaca: {others}.", f"Other sheets are not read: {others}.")
    return [told] if others else []


def _first_rows(path: Path, start: Mapping, sheet: str) -> list[list[str]]:
    try:
        return Excel(path, start.model_copy(update={"sheet": sheet})).first_rows(_HEADER_WITHIN)
    except BadInput:
        return []  # an empty sheet


def _best_sheet(first: dict[str, list[list[str]]]) -> str | None:
    """The first sheet with the most known column names: instructions often precede the data."""
    return max(first, key=lambda name: _fit(first[name])) if first else None


def _fit(rows: list[list[str]]) -> int:
    return _HEADER_WITHIN if is_bip(rows) else max(map(known_headers, rows), default=0)


def _require_none_hidden(path: Path, start: Mapping, hidden: Sequence[str]) -> None:
    """Raises if only a hidden sheet holds a list: the officer must decide whether to use it."""
    first = {name: _first_rows(path, start, name) for name in hidden}
    lists = [name for name in hidden if _fit(first[name]) >= _FEWEST_NAMES]
    if not lists:
        return
    told = ", ".join(lists)
    raise BadInput(
        EncoderCode.INSPECT_HIDDEN_SHEET,
        Words(
            f"{path}: lembar yang terlihat tidak berisi daftar; yang tersembunyi berisi: {told}.",
            f"{path}: the visible sheets hold no list, but a hidden one does: {told}.",
        ),
        Words(
            f"Bila lembar itu yang dimaksud: --sheet {lists[0]}.",
            f"If that sheet is meant: --sheet {lists[0]}.",
        ),
    )


def _same_columns(one: list[list[str]], other: list[list[str]]) -> bool:
    """Whether the other sheet has the same known names on the same line."""
    if is_bip(one) or is_bip(other):
        return is_bip(one) and is_bip(other)
    known = list(map(known_headers, one))
    at = known.index(max(known)) if known else 0
    if not known or known[at] < _FEWEST_NAMES or at >= len(other):
        return False
    names = {plain(cell) for cell in one[at] if known_headers([cell])}
    return names <= {plain(cell) for cell in other[at]}


def headers(path: Path, start: Mapping, agreed: set[str]) -> tuple[list[str], Mapping]:
    """The column names, and the line that holds them, written into the mapping.

    `agreed` are names of the charter's fields. Raises if no line looks like names: the line
    would be a person's row, and its cells must not appear in a message.
    """
    rows = open_source(path, start).first_rows(_HEADER_WITHIN)
    if start.format == "excel" and is_bip(rows):
        header = next(flat_rows(rows), [])
        return [str(cell) for cell in header], start.model_copy(update={"layout": "bip"})
    if start.format not in (None, "csv", "excel"):
        return rows[0], start
    known = [known_headers(row) for row in rows]
    at = known.index(max(known)) if known else 0
    first, last = at, at + 1
    # With merged cells, names are on lines above or below; people's rows have none.
    while at - first < MOST_HEADER_LINES - 1 and first > 0 and known[first - 1] >= _FEWEST_NAMES:
        first -= 1
    while last < len(rows) and last - first < MOST_HEADER_LINES:
        if known[last] < _FEWEST_NAMES and not _divides(rows[last - 1], rows[last]):
            break
        last += 1
    header = header_of(rows[first:last])
    names = known_headers(header) + sum(plain(each) in agreed for each in header)
    if not any(header):
        raise empty(str(path))
    if not looks_like_names(header, names):
        raise _no_header(path)
    lines = {"header_row": first + 1, "header_lines": max(1, last - first)}
    return header, start.model_copy(update=lines)


def _divides(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a line divides columns of the line above: `Tempat` and `Tanggal` below `Kelahiran`.

    People's rows fill the columns that have a name above, and hold no such words.
    """
    filled = [(at, cell) for at, cell in enumerate(below) if cell.strip()]
    open_above = any(at >= len(above) or not above[at].strip() for at, _ in filled)
    return open_above and all(plain(c) in _PARTS or known_headers([c]) for _, c in filled)


def _no_header(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.FILE_HEADER,
        Words(
            f"{path}: tidak ada baris yang tampak seperti judul kolom.",
            f"{path}: no line looks like the names of columns.",
        ),
        Words(
            "Tulis judul kolom di baris pertama (misalnya NIK, Nama, Tanggal Lahir), atau ekspor"
            " ulang dengan judulnya.",
            "Write the names of the columns on the first line (NIK, Nama, Tanggal Lahir, say), or"
            " export it again with them.",
        ),
    )


def detect_encoding(path: Path) -> str:
    """utf-16 by its byte order mark; utf-8 if the lines are; else cp1252 or latin-1."""
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark, every second byte of ASCII text is a NUL.
    for name, other in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(other) > 1 and not other.strip(b"\0"):
            return name
    return survey(path).encoding()


def told(path: Path, mapping: Mapping) -> list[Words]:
    """Notes on the source as a whole, given a mapping that opens it."""
    return [note.words for note in open_source(path, mapping).notes()]


def _delimiter(path: Path, start: Mapping) -> str:
    """The delimiter that gives some line the most known names, else the most cells."""

    def fit(mark: str) -> tuple[int, int]:
        rows = Delimited(path, start.model_copy(update={"delimiter": mark})).first_rows(
            _HEADER_WITHIN
        )
        return (
            max((known_headers(row) for row in rows), default=0),
            max((len(row) for row in rows), default=0),
        )

    return max(DELIMITERS, key=fit)


def _only_table(path: Path, empty: Mapping) -> str:
    tables = Sql(str(path), empty).tables()
    if len(tables) == 1:
        return tables[0]
    there = ", ".join(tables[:50])
    raise BadInput(
        EncoderCode.INSPECT_TABLE,
        Words(f"{path}: tabel mana?", f"{path}: which table?"),
        Words(f"Tulis --table. Yang ada: {there}.", f"Give --table. There are: {there}."),
    )
