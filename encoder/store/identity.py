"""Which rows are one person: rows that are equal as written, or share a valid NIK and content.

    digest of a row with a valid NIK    SHA-256 of its normalised fields
    digest of any other row             SHA-256 of that digest and of its names as written

Normalised names leave out aliases, fathers, titles and degrees: ALI BIN HASAN and ALI BIN UMAR are
both ALI. So rows without a NIK are one person only if their names are also equal as written.

Two rows are merged if their digests are equal and have enough content. A name, a sex and a village
are not enough: a kelurahan has many SITI AMINAH, and every MR X is another person. A newborn's row
with the mother's name is not enough either: it may be a twin's. Such rows are merged only if they
also have the same record id, like a line exported twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

import numpy as np

from encoder.base.pieces import KEY_BYTES, as_list, as_rows, half_of, join_rows, split_rows
from encoder.encoding.terms import used_columns
from encoder.normalise import outputs
from encoder.normalise.newborn import are_newborns
from encoder.normalise.text import text
from policy.charter import Charter, FieldKind, LinkageField

# Many people share these values with a namesake.
_SHARED: frozenset[FieldKind] = frozenset(["sex", "place", "postal"])
# Clean text has no control characters, so this one can separate names.
_BETWEEN = "\x1f"
_WITHOUT_APOSTROPHES = str.maketrans("", "", "'`")


class Ground(IntEnum):
    """The content that a digest covers; one byte per row."""

    TOO_LITTLE = 0
    AS_WRITTEN = 1
    NIK = 2


@dataclass(frozen=True)
class Persons:
    """Rows by person: 16 bytes of digest and one of `Ground` per row, in row order.

    `merging` has the digests for merging rows.
    """

    digests: bytes = field(repr=False)
    grounds: bytes = field(repr=False)
    merging: bytes = field(repr=False)


def as_fields(digests: bytes) -> Persons:
    """Rows of which only the normalised fields are known."""
    grounds = bytes([Ground.AS_WRITTEN]) * (len(digests) // KEY_BYTES)
    return Persons(digests, grounds, digests)


def rows_without_nik(
    row_numbers: Sequence[int], digests: bytes, persons: Persons
) -> tuple[list[int], list[bytes], bytes]:
    """For rows without a NIK: row number, digest of the fields, and half the person's digest.

    Different people with equal digests of fields are encoded equally: no match can separate them.
    """
    where = np.flatnonzero(np.frombuffer(persons.grounds, np.uint8) != Ground.NIK)
    fields = as_rows(digests)[where].tobytes()
    people = as_rows(persons.merging)[where].tobytes()
    return [row_numbers[at] for at in where.tolist()], as_list(fields), half_of(people)


class Identity:
    """Identifies persons by these fields; `used` as in `encoder.normalise.outputs`."""

    def __init__(self, fields: Sequence[LinkageField], used: Collection[str] = ()) -> None:
        columns = [name for f in fields for name in outputs(f.name, f.kind, used)]
        self._names = tuple(f.name for f in fields if f.kind == "name")
        nik = next((f.name for f in fields if f.kind == "nik"), None)
        self._own = columns.index(self._names[0]) if self._names else None
        self._nik = None if nik is None else columns.index(nik)
        self._telling = _telling(fields, used, columns)

    @classmethod
    def of(cls, charter: Charter) -> Identity:
        return cls(charter.fields, used_columns(charter))

    def persons(
        self,
        digests: bytes,
        columns: Sequence[Sequence[str]],
        raw: Mapping[str, Sequence[str]],
        record_ids: Sequence[str],
    ) -> Persons:
        """`digests` cover the normalised fields, `columns` are these fields, `raw` the cells."""
        without = self._without_nik(columns, len(record_ids))
        if not without:
            return Persons(digests, bytes([Ground.NIK]) * len(record_ids), digests)
        names = self._as_written(raw, without)
        told = self._says_enough(columns, without)
        fields = as_list(as_rows(digests)[without].tobytes())
        found = [
            sha256(of_fields + name.encode()).digest()
            for of_fields, name in zip(fields, names, strict=True)
        ]
        merging = [
            digest if enough else sha256(digest + record_ids[at].encode()).digest()
            for at, digest, enough in zip(without, found, told, strict=True)
        ]
        grounds = np.full(len(record_ids), Ground.NIK, np.uint8)
        grounds[without] = np.where(told, Ground.AS_WRITTEN, Ground.TOO_LITTLE)
        return Persons(
            _replaced(digests, without, found),
            grounds.tobytes(),
            _replaced(digests, without, merging),
        )

    def _without_nik(self, columns: Sequence[Sequence[str]], rows: int) -> list[int]:
        if self._nik is None:
            return list(range(rows))
        niks = columns[self._nik]
        return [] if all(niks) else [at for at, nik in enumerate(niks) if not nik]

    def _as_written(self, raw: Mapping[str, Sequence[str]], where: Sequence[int]) -> list[str]:
        """The names of these rows before any rule shortens them, without apostrophes."""
        names = [
            [text(cell) if (cell := cells[at]) else "" for at in where]
            for cells in map(raw.__getitem__, self._names)
        ]
        if not names:
            return [""] * len(where)
        rows = join_rows(list(map(_BETWEEN.join, zip(*names, strict=True))))
        return split_rows([rows.translate(_WITHOUT_APOSTROPHES)])

    def _says_enough(self, columns: Sequence[Sequence[str]], where: Sequence[int]) -> list[bool]:
        telling = [[columns[column][at] for at in where] for column in self._telling]
        enough = [*map(any, zip(*telling, strict=True))] if telling else [False] * len(where)
        if self._own is None:
            return enough
        own = [columns[self._own][at] for at in where]
        # A newborn without a name has the mother's name, and so has a twin.
        of_others = are_newborns(own).tolist()
        return [
            tells and bool(name) and not newborn
            for tells, name, newborn in zip(enough, own, of_others, strict=True)
        ]


def _replaced(digests: bytes, where: Sequence[int], hashes: list[bytes]) -> bytes:
    """The digests, replaced at these rows by the first bytes of longer hashes."""
    rows = as_rows(digests).copy()
    rows[where] = as_rows(b"".join(hashes), 2 * KEY_BYTES)[:, :KEY_BYTES]
    return rows.tobytes()


def _telling(
    fields: Sequence[LinkageField], used: Collection[str], columns: Sequence[str]
) -> tuple[int, ...]:
    """The positions of columns with more content than a name, a sex and a village."""
    own = next((f.name for f in fields if f.kind == "name"), None)
    shared = {
        name
        for each in fields
        if each.kind in _SHARED or each.name == own
        for name in outputs(each.name, each.kind, used)
    }
    return tuple(at for at, name in enumerate(columns) if name not in shared)
