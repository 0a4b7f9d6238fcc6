"""Accepted bundles as arrays for matching, in files for the duration of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake
from linkage_service.intake.lost_rows import rows_of
from linkage_service.intake.present_rows import handles_gone, sealed_rows
from linkage_service.intake.row_files import MappedBlocks, MappedColumns, RowFile
from linkage_service.matching import EncodedDataset, RowHandles, blocks_of, handle_keys, pack_words
from linkage_service.matching.similarity import WORD_BITS
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import HANDLE_BYTES
from policy.formats.contrary_code import CONTRARY_CODE_BYTES
from policy.project import Entry, Project


@dataclass(frozen=True)
class RunData:
    """All datasets of a project, numbered in the charter's order."""

    names: tuple[str, ...]
    datasets: list[EncodedDataset]
    handles: list[NDArray[np.uint8]]

    @property
    def sizes(self) -> list[int]:
        return [dataset.rows for dataset in self.datasets]

    def row_handles(self, members: list[int]) -> list[RowHandles]:
        return [RowHandles(i, self.names[i], self.handles[i]) for i in members]


def load_datasets(project: Project, intake: Intake, order: Entry, folder: Path) -> RunData:
    """Decrypt the rows valid when the run was ordered, into files of this folder.

    The caller deletes the folder after the run. Raises NotYet if it cannot be written to, or if
    the storage has lost rows.
    """
    names, stood = project.charter.dataset_ids, project.until(order.index)
    loaded = []
    for name in names:
        with rows_of(project, name):
            loaded.append(_load(stood, intake, name, folder))
    return RunData(names, [data for data, _ in loaded], [handles for _, handles in loaded])


def _load(
    project: Project, intake: Intake, dataset: str, folder: Path
) -> tuple[EncodedDataset, NDArray[np.uint8]]:
    """Copy block after block: no more than a block is in memory."""
    sealed = sealed_rows(project, dataset)
    gone = handles_gone(project, intake, dataset)
    columns = RowColumns(folder, dataset, RowLayout.of(sealed[0]))
    with closing(columns):
        with writing(folder):
            columns.create()
        for each in sealed:
            for rows in intake.blocks(project, each):
                stay = ~np.isin(handle_keys(rows[:, :HANDLE_BYTES]), gone)
                with writing(folder):
                    columns.append(rows if stay.all() else rows[stay])
    with writing(folder):
        return columns.dataset(in_order=len(sealed) == 1)


class RowColumns:
    """The columns of one dataset's rows, written from the top."""

    def __init__(self, folder: Path, dataset: str, layout: RowLayout) -> None:
        self._dataset, self._layout = dataset, layout

        def column(kind: str, dtype: str, *shape: int) -> RowFile:
            return RowFile(folder / f"{dataset}.{kind}", dtype, shape)

        shapes = layout.shapes
        tagged = [each for each in shapes if each.tag_bits]
        self._handles = column("handles", "u1", HANDLE_BYTES)
        # Without a NIK leg, a row's handle serves as its token: it equals no other.
        with_tokens = layout.token_bytes > 0
        self._tokens = column("tokens", "u1", layout.token_bytes) if with_tokens else self._handles
        self._words = {
            each.name: column(f"{each.name}.words", "u8", -(-each.bits // WORD_BITS))
            for each in shapes
        }
        self._codes = {
            each.name: column(f"{each.name}.codes", "u1", each.contrary, CONTRARY_CODE_BYTES)
            for each in shapes
            if each.contrary
        }
        self._tags = {each.name: column(f"{each.name}.tags", "u2") for each in tagged}
        self._blocks = {
            each.name: (column(f"{each.name}.order", "u4"), column(f"{each.name}.starts", "i8"))
            for each in tagged
        }
        self._open: dict[RowFile, IO[bytes]] = {}

    def create(self) -> None:
        """Open every column for writing, until `close`."""
        parts = (self._words, self._tags, self._codes)
        columns = [self._handles, self._tokens, *(c for part in parts for c in part.values())]
        for column in columns:
            if column not in self._open:  # tokens can be the handles
                self._open[column] = column.create()

    def close(self) -> None:
        for file in self._open.values():
            file.close()

    def append(self, rows: NDArray[np.uint8]) -> None:
        """Add rows as a bundle has them, uint8 (rows, bytes of a row)."""
        self._write(self._handles, self._layout.handles(rows))
        tokens = self._layout.tokens(rows)
        if tokens is not None:
            self._write(self._tokens, tokens)
        for name, filters in self._layout.encodings(rows).items():
            self._write(self._words[name], pack_words(filters))
        for name, tags in self._layout.tags(rows).items():
            self._write(self._tags[name], tags)
        for name, codes in self._layout.contrary(rows).items():
            self._write(self._codes[name], codes)

    def _write(self, column: RowFile, values: NDArray[np.generic]) -> None:
        file = self._open[column]
        file.write(values.data)
        file.flush()  # on a full disk this fails, and not `close`

    def dataset(self, *, in_order: bool) -> tuple[EncodedDataset, NDArray[np.uint8]]:
        """The appended rows and their handles, uint8 (rows, 16), sorted by handle.

        Every run numbers its rows in handle order.
        """
        if not in_order:
            self._sort()
        for shape in self._layout.shapes:
            if shape.tag_bits:
                tags = self._tags[shape.name]
                blocks = blocks_of(tags.read().astype(np.uint32), 1 << shape.tag_bits)
                order, starts = self._blocks[shape.name]
                order.write(blocks.order)
                starts.write(blocks.starts)
                tags.path.unlink()
        dataset = EncodedDataset(
            self._dataset,
            MappedColumns(self._words),
            self._tokens.mapped(),
            MappedBlocks(self._blocks),
            MappedColumns(self._codes),
        )
        return dataset, self._handles.mapped()

    def _sort(self) -> None:
        order = np.argsort(handle_keys(self._handles.read()))
        for column in self._open:
            column.sort(order)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raises NotYet if this folder cannot be written to, or its disk is full."""
    try:
        yield
    except OSError:
        raise not_written(folder) from None


def not_written(folder: Path) -> NotYet:
    """The error for a scratch folder that cannot be written to."""
    return NotYet(
        ServiceCode.RUN_SCRATCH,
        Words(
            f"Folder kerja {folder} tidak dapat ditulisi, atau disknya penuh.",
            f"The scratch folder {folder} cannot be written to, or its disk is full.",
        ),
        Words(
            "Kosongkan ruang atau pilih folder lain dengan --scratch, lalu mulai lagi dengan"
            " 'padan-linkage start-run'; petak yang selesai tidak diulang.",
            "Free space or choose another folder with --scratch, then start again with"
            " 'padan-linkage start-run'; finished tiles are not repeated.",
        ),
    )
