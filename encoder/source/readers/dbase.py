"""Files of dBASE and FoxPro (dbf) by `dbf` (extra `formats`), one record at a time.

Records marked as deleted are not read, as in any other program.
"""

from __future__ import annotations

import codecs
import importlib
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.readers.encodings import encoding_name
from encoder.source.readers.rules import BLANK_ROW
from encoder.source.readers.source import (
    Block,
    SourceNote,
    batched,
    lost_digits,
    positions,
    text_of,
)
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.files import missing_file
from policy.base.words import Words

_KINDS = b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\x8e\xcb\xf5"
_FIELD = 32
_BLOCK = 1 << 20


def is_dbf(head: bytes) -> bool:
    """Whether the header has a dBASE version, a date and a column; text contains no NUL."""
    if len(head) < 2 * _FIELD + 1 or head[0] not in _KINDS or head[12:14] != b"\0\0":
        return False
    header, record = struct.unpack_from("<HH", head, 8)
    return header > 2 * _FIELD and record > 1 and head[2] <= 12 and head[3] <= 31


class Dbase:
    """One dbf table."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.name = str(path)
        self._path = path
        self._mapping = mapping

    def notes(self) -> tuple[SourceNote, ...]:
        deleted = self._deleted()
        if not deleted:
            return ()
        words = Words(
            f"{deleted} rekaman yang ditandai terhapus tidak dibaca.",
            f"{deleted} record{'s' * (deleted != 1)} marked as deleted"
            f" {'are' if deleted != 1 else 'is'} not read.",
        )
        return (SourceNote("deleted-records", deleted, words),)

    def first_rows(self, count: int) -> list[list[str]]:
        with self._open() as table:
            rows = islice(self._records(table), max(0, count - 1))
            return [list(table.field_names), *([_text(cell) for cell in row] for row in rows)]

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        before = 0
        with self._open() as table:
            at = positions(self.name, list(table.field_names), wanted)
            checked = [i for i, column in enumerate(wanted) if column in identifiers]
            for batch in batched(self._records(table), rows_at_once):
                cells = [[_text(row[i]) for i in at] for row in batch]
                kept = [n for n, row in enumerate(batch) if any(_text(cell) for cell in row)]
                blank = sorted(set(range(len(batch))).difference(kept))
                yield Block(
                    [before + n + 1 for n in kept],
                    [[cells[n][i] for n in kept] for i in range(len(at))],
                    [(before + n + 1, BLANK_ROW) for n in blank],
                    [
                        (i, column)
                        for column in checked
                        for i, n in enumerate(kept)
                        if lost_digits(batch[n][at[column]])
                    ],
                )
                before += len(batch)

    def _records(self, table: Any) -> Iterator[list[Any]]:
        dbf: Any = importlib.import_module("dbf")
        for record in table:
            if not dbf.is_deleted(record):
                yield list(record)

    @contextmanager
    def _open(self) -> Iterator[Any]:
        require_extra("formats", "dbf")
        dbf: Any = importlib.import_module("dbf")
        try:
            table = self._table(dbf)
            table.open(dbf.READ_ONLY)
        except (dbf.DbfError, ValueError, struct.error):
            raise self._damaged() from None
        except OSError:
            raise missing_file(self._path) from None
        try:
            yield table
        except UnicodeDecodeError:
            raise self._not_text() from None
        except (dbf.DbfError, ValueError, struct.error):
            raise self._damaged() from None
        finally:
            table.close()

    def _table(self, dbf: Any) -> Any:
        codepage = self._codepage()
        try:
            return dbf.Table(str(self._path), codepage=codepage)
        except dbf.DbfError:
            # Without the memo file, which holds remarks.
            return dbf.Table(str(self._path), codepage=codepage, ignore_memos=True)

    def _codepage(self) -> str | None:
        """The encoding: the mapping's, else the file's, else detected from its text."""
        named = encoding_name(self._path, self._mapping.encoding)
        if named != "utf-8":
            return {"iso8859-1": "cp1252"}.get(named, named)
        with self._path.open("rb") as file:
            head = file.read(_FIELD)
            if len(head) == _FIELD and head[29]:
                return None
            file.seek(struct.unpack_from("<H", head, 8)[0])
            decoder = codecs.getincrementaldecoder("utf-8")()
            try:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
            except UnicodeDecodeError:
                return "cp1252"
        return "utf8"

    def _deleted(self) -> int:
        """The number of deleted records, by the mark before each record."""
        with self._path.open("rb") as file:
            head = file.read(_FIELD)
            records, header, length = struct.unpack_from("<IHH", head, 4)
            file.seek(header)
            deleted = 0
            while records > 0 and (block := file.read(length * min(records, 4096))):
                deleted += block[::length].count(b"*")
                records -= 4096
        return deleted

    def _damaged(self) -> BadInput:
        return BadInput(
            EncoderCode.FILE_DBF,
            Words(
                f"{self.name}: bukan berkas dbf yang utuh.", f"{self.name}: not a whole dbf file."
            ),
            Words("Ekspor ulang, atau simpan sebagai CSV.", "Export it again, or save it as CSV."),
        )

    def _not_text(self) -> BadInput:
        return BadInput(
            EncoderCode.FILE_ENCODING,
            Words(
                f"{self.name}: teks berkas dbf ini bukan dalam pengodean yang disebutnya.",
                f"{self.name}: the text of this dbf file is not in the encoding that it names.",
            ),
            Words(
                "Tulis 'encoding: cp1252' di pemetaan, atau simpan sebagai CSV UTF-8.",
                "Write 'encoding: cp1252' in the mapping, or save it as CSV UTF-8.",
            ),
        )


def _text(cell: Any) -> str:
    """A cell as text; text fields are padded to their column's width."""
    return cell.rstrip() if isinstance(cell, str) else text_of(cell)
