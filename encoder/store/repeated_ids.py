"""Record ids shared by rows of different people, found in bounded memory.

An objection names a record id, and lists are joined by it: an id of two people is unusable. A
line that was exported twice, with the same id and the same content, is harmless.

An id becomes eight bytes with a meaning only in this process; memory stays bounded
(`encoder.base.spilled`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder.base.pieces import as_numbers, half_of
from encoder.base.spilled import Rows, Spilled
from encoder.error_codes import EncoderCode
from encoder.source.cell_values import Values
from encoder.source.lines import Lines
from encoder.source.readers import Chunk
from encoder.store.handles import digests_of, join_fields
from encoder.store.identity import Identity
from policy.base.errors import BadInput
from policy.base.words import Words, number

_HELD = 2 << 20  # bytes
_SHOWN = 20


@dataclass(frozen=True)
class SharedIds:
    """The number of ids shared by different people, of their rows, and the first row numbers."""

    ids: int
    rows: int
    first: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.ids)

    def words(self, lines: Lines) -> Words:
        ids, rows = number(self.ids), number(self.rows)
        first = lines.listed(self.first)
        more = ", …" if self.rows > len(self.first) else ""
        return Words(
            f"{ids.id} id baris dipakai lebih dari satu orang, di {rows.id} baris: {first}{more}",
            f"{ids.en} record ids are those of more than one person, on {rows.en} rows:"
            f" {first}{more}",
        )


def contents_of(
    identity: Identity, chunk: Chunk, values: Values
) -> tuple[list[int], list[str], bytes]:
    """Row numbers, record ids and contents of the kept rows, for `RepeatedIds.add`.

    Rows of an id are one person or several by the rule of `prepare` (`encoder.store.identity`).
    """
    kept = [at for at in range(len(chunk.row_numbers)) if at not in values.out]
    columns = [[cells[at] for at in kept] for cells in values.columns.values()]
    raw = {name: [cells[at] for at in kept] for name, cells in chunk.columns.items()}
    record_ids = [chunk.record_ids[at] for at in kept]
    digests = digests_of(map(join_fields, zip(*columns, strict=True)))
    persons = identity.persons(digests, columns, raw, record_ids)
    return [chunk.row_numbers[at] for at in kept], record_ids, half_of(persons.digests)


class RepeatedIds:
    """Collects rows in any order, within one process."""

    def __init__(self, held: int = _HELD) -> None:
        self._rows = Spilled(3, held)

    def add(
        self, row_numbers: Sequence[int], record_ids: Sequence[Hashable], contents: bytes
    ) -> None:
        """Add rows; `contents` has eight bytes per row, equal for rows of one person."""
        rows = np.empty((len(record_ids), 3), np.int64)
        rows[:, 0] = np.fromiter(map(hash, record_ids), np.int64, len(record_ids))
        rows[:, 1] = np.frombuffer(contents, np.int64)
        rows[:, 2] = as_numbers(row_numbers)
        self._rows.add(rows.tobytes())

    def found(self) -> SharedIds:
        found = [_repeated(rows) for rows in self._rows.parts()]
        numbers = np.sort(np.concatenate([rows for _, rows in found]))
        return SharedIds(
            sum(ids for ids, _ in found), len(numbers), tuple(numbers[:_SHOWN].tolist())
        )


def _repeated(rows: Rows) -> tuple[int, NDArray[np.uint64]]:
    """The number of ids shared by different people, and the numbers of the rows."""
    ids = np.sort(rows[:, 0])
    if not (ids[1:] == ids[:-1]).any():
        return 0, np.empty(0, np.uint64)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    starts = np.flatnonzero(np.r_[True, rows[1:, 0] != rows[:-1, 0]])
    sizes = np.diff(np.r_[starts, len(rows)])
    # Sorted by content too: the first and the last row of an id differ if any two rows differ.
    differ = rows[starts, 1] != rows[starts + sizes - 1, 1]
    return int(differ.sum()), rows[np.repeat(differ, sizes), 2]


def repeated_error(file: Path, found: SharedIds, lines: Lines) -> BadInput:
    """The error of `prepare` for an id of two people."""
    said = found.words(lines)
    return BadInput(
        EncoderCode.FILE_RECORD_ID_REPEATED,
        Words(f"{file}: {said.id}.", f"{file}: {said.en}."),
        Words(
            "Perbaiki id itu, atau petakan kolom lain: satu, beberapa (record_id: {columns: [a,"
            " b]}), atau null. Dengan repeated_ids: keep di pemetaan setiap baris tetap ikut, dan"
            " keberatan menyebut nomor barisnya.",
            "Correct these ids, or map another column: one, several (record_id: {columns: [a, b]})"
            " or null. With repeated_ids: keep in the mapping every row stays, and an objection"
            " names its row number.",
        ),
    )
