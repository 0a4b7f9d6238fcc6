"""Candidate pairs as columns, in one order that is the same on every machine."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from policy.base.errors import BadInput
from policy.base.words import Words

COLUMNS: dict[str, np.dtype[Any]] = {
    "similarity": np.dtype("<f8"),
    "left_dataset": np.dtype("<u2"),
    "right_dataset": np.dtype("<u2"),
    "left_row": np.dtype("<u4"),
    "right_row": np.dtype("<u4"),
}
PAIR_BYTES = sum(dtype.itemsize for dtype in COLUMNS.values())
MAGIC = b"PadanCandidates1"  # 16 bytes; the last one is the version of the format
HEADER = struct.Struct("<16sQ")  # magic, number of pairs; then one column after the other
# These factors scale similarities below all earlier ones, exactly, since they are powers of two.
# The least similarity, one part per million, is above 2**-20.
LATER = 2.0**-30
UNCERTAIN = 2.0**-60
MOST_SIMILAR = 2.0  # a NIK token adds 1 to a Dice coefficient, see `nik`


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs of records that may be one person. Column `i` of every array is one pair.

    `similarity` is float64 without unit: the Dice coefficient, 0 to 1, plus 1 if the NIK tokens
    are equal. It is multiplied by UNCERTAIN if the pair is in a review band, and by LATER if
    the charter's order puts it behind others. Datasets are uint16, rows uint32, both counted
    from 0. Raises ValueError for columns of other dtypes or of different lengths.
    """

    similarity: NDArray[np.float64]
    left_dataset: NDArray[np.uint16]
    right_dataset: NDArray[np.uint16]
    left_row: NDArray[np.uint32]
    right_row: NDArray[np.uint32]

    def __post_init__(self) -> None:
        for name, dtype in COLUMNS.items():
            column = getattr(self, name)
            if column.dtype != dtype or column.shape != self.similarity.shape or column.ndim != 1:
                raise ValueError(f"column {name} must be {dtype} of one length")

    def __len__(self) -> int:
        return int(self.similarity.shape[0])

    def take(self, chosen: NDArray[Any]) -> Candidates:
        """The pairs at these positions, or where this mask is true."""
        return Candidates(*(column[chosen] for column in self.columns()))

    def uncertain(self) -> Candidates:
        """The same pairs in the same order, scaled to come after all certain pairs."""
        return Candidates(self.similarity * UNCERTAIN, *self.columns()[1:])

    def later(self) -> Candidates:
        """The same pairs, scaled to come after all others of the same certainty."""
        return Candidates(self.similarity * LATER, *self.columns()[1:])

    def certain(self) -> Candidates:
        """The pairs outside any review band."""
        # A pair with equal NIK tokens can be uncertain too: its similarity was above 1.
        chosen = self.similarity > MOST_SIMILAR * UNCERTAIN
        return self if np.all(chosen) else self.take(chosen)

    def placed(
        self, left_dataset: int, right_dataset: int, left_start: int, right_start: int
    ) -> Candidates:
        """The same pairs as rows of these two datasets, with row numbers from these offsets on."""
        return Candidates(
            self.similarity,
            np.full(len(self), left_dataset, np.uint16),
            np.full(len(self), right_dataset, np.uint16),
            self.left_row + np.uint32(left_start),
            self.right_row + np.uint32(right_start),
        )

    def columns(self) -> tuple[NDArray[Any], ...]:
        return tuple(getattr(self, name) for name in COLUMNS)

    def ordered(self) -> Candidates:
        """Most similar first, then by dataset numbers, then by rows: the solver's order."""
        keys = (self._row_key(), self._dataset_key(), -self.similarity)
        return self.take(np.lexsort(keys))

    def unique(self) -> Candidates:
        """Every pair once, with its largest similarity."""
        if len(self) == 0:
            return self
        datasets, rows = self._dataset_key(), self._row_key()
        order = np.lexsort((-self.similarity, rows, datasets))
        datasets, rows = datasets[order], rows[order]
        first = np.ones(len(self), np.bool_)
        first[1:] = (datasets[1:] != datasets[:-1]) | (rows[1:] != rows[:-1])
        return self.take(order[first])

    def to_bytes(self) -> bytes:
        """The stored form; it depends only on the pairs and their order."""
        columns = zip(self.columns(), COLUMNS.values(), strict=True)
        body = b"".join(column.astype(dtype, copy=False).tobytes() for column, dtype in columns)
        return HEADER.pack(MAGIC, len(self)) + body

    def _dataset_key(self) -> NDArray[np.uint32]:
        return (self.left_dataset.astype(np.uint32) << np.uint32(16)) | self.right_dataset

    def _row_key(self) -> NDArray[np.uint64]:
        return (self.left_row.astype(np.uint64) << np.uint64(32)) | self.right_row


def no_candidates() -> Candidates:
    """No pairs at all."""
    return Candidates(*(np.empty(0, dtype) for dtype in COLUMNS.values()))


def concatenate(parts: Iterable[Candidates]) -> Candidates:
    """All pairs of all parts, one part after the other."""
    columns = zip(*(part.columns() for part in (no_candidates(), *parts)), strict=True)
    return Candidates(*(np.concatenate(column) for column in columns))


def from_bytes(stored: bytes) -> Candidates:
    """Read the form that `to_bytes` writes; raises BadInput for damaged or other bytes."""
    if len(stored) < HEADER.size:
        raise _unreadable()
    magic, pairs = HEADER.unpack_from(stored)
    if magic != MAGIC or len(stored) != HEADER.size + pairs * PAIR_BYTES:
        raise _unreadable()
    columns, offset = [], HEADER.size
    for dtype in COLUMNS.values():
        columns.append(np.frombuffer(stored, dtype, pairs, offset))
        offset += pairs * dtype.itemsize
    if not np.all((columns[0] >= 0.0) & (columns[0] <= MOST_SIMILAR)):
        raise _unreadable()
    return Candidates(*columns)


def _unreadable() -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_CANDIDATES_MALFORMED,
        Words(
            "Berkas pasangan calon terpotong atau rusak.",
            "The file of candidate pairs is cut short or damaged.",
        ),
        Words(
            "Hapus berkas itu dan jalankan ulang petak pencarian yang bersangkutan.",
            "Remove that file and run its search tile again.",
        ),
    )
