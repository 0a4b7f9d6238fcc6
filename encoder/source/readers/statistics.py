"""Files of SPSS (sav, zsav) and Stata (dta) by `pyreadstat` (extra `formats`), in parts.

A number with a value label is read as its label: `Laki-laki` and not 1.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.readers.encodings import encoding_name
from encoder.source.readers.source import Block, SourceNote, lost_digits, positions, text_of
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.files import missing_file
from policy.base.words import Words

_ROWS = 50_000
_OLD_STATA = range(102, 116)


def is_sav(head: bytes) -> bool:
    return head.startswith((b"$FL2", b"$FL3"))


def is_dta(head: bytes) -> bool:
    if head.startswith(b"<stata_dta>"):
        return True
    # Release, order of bytes, kind of file, unused.
    return len(head) > 4 and head[0] in _OLD_STATA and head[1] in (1, 2) and head[2:4] == b"\x01\0"


class Statistics:
    """One data file of a statistics program."""

    def __init__(self, path: Path, mapping: Mapping, reader: str) -> None:
        self.name = str(path)
        self._path = path
        self._reader = reader
        named = encoding_name(path, mapping.encoding)
        self._encoding = None if named == "utf-8" else mapping.encoding

    def notes(self) -> tuple[SourceNote, ...]:
        return ()

    def first_rows(self, count: int) -> list[list[str]]:
        _, meta = self._call(metadataonly=True)
        names = list(meta.column_names)
        if count < 2:
            return [names]
        data, meta = self._call(row_limit=count - 1)
        columns = [_labelled(data[name], meta, name) for name in names]
        return [names, *map(list, zip(*columns, strict=True))]

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        _, meta = self._call(metadataonly=True)
        names = list(meta.column_names)
        columns = [names[at] for at in positions(self.name, names, wanted)]
        start = 0
        while True:
            data, meta = self._call(row_offset=start, row_limit=_ROWS, usecols=columns)
            read = len(next(iter(data.values()), ()))
            cells = [_labelled(data[name], meta, name) for name in columns]
            for low in range(0, read, rows_at_once):
                high = min(low + rows_at_once, read)
                yield Block(
                    list(range(start + low + 1, start + high + 1)),
                    [column[low:high] for column in cells],
                    [],
                    [
                        (row - low, i)
                        for i, name in enumerate(columns)
                        if wanted[i] in identifiers
                        for row in range(low, high)
                        if lost_digits(data[name][row])
                    ],
                )
            start += read
            if read < _ROWS:
                return

    def _call(self, **options: Any) -> tuple[dict[str, list[Any]], Any]:
        require_extra("formats", "pyreadstat")
        pyreadstat: Any = importlib.import_module("pyreadstat")
        if not self._path.is_file():
            raise missing_file(self._path)
        try:
            read = getattr(pyreadstat, self._reader)
            data, meta = read(
                str(self._path), output_format="dict", encoding=self._encoding, **options
            )
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError):
            raise BadInput(
                EncoderCode.FILE_STATISTICS,
                Words(
                    f"{self.name}: bukan berkas SPSS atau Stata yang utuh.",
                    f"{self.name}: not a whole file of SPSS or Stata.",
                ),
                Words(
                    "Simpan ulang, atau ekspor sebagai CSV; sebut 'encoding' di pemetaan bila"
                    " teksnya bukan UTF-8.",
                    "Save it again, or export CSV; name the 'encoding' in the mapping if its text"
                    " is not UTF-8.",
                ),
            ) from None
        return data, meta


def _labelled(cells: Sequence[Any], meta: Any, name: str) -> list[str]:
    labels: dict[Any, str] = meta.variable_value_labels.get(name, {})
    if not labels:
        return [text_of(cell) for cell in cells]
    return [text_of(labels.get(cell, cell)) for cell in cells]
