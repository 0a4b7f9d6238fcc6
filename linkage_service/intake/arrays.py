"""Accepted bundles as arrays for matching, in memory for the duration of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake.bundles import Intake
from linkage_service.intake.present_rows import handles_gone, sealed_rows
from linkage_service.matching import EncodedDataset, RowHandles, blocks_of, handle_keys, pack_words
from linkage_service.matching.similarity import WORD_BITS
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import HANDLE_BYTES
from policy.formats.contrary_code import CONTRARY_CODE_BYTES
from policy.project import Entry, Project
from policy.statements import SealedRows


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


def load_datasets(project: Project, intake: Intake, order: Entry) -> RunData:
    """Decrypt the rows valid when the run was ordered; plaintext exists in memory only."""
    names, stood = project.charter.dataset_ids, project.until(order.index)
    loaded = [_load(stood, intake, name) for name in names]
    return RunData(names, [data for data, _ in loaded], [handles for _, handles in loaded])


def _load(
    project: Project, intake: Intake, dataset: str
) -> tuple[EncodedDataset, NDArray[np.uint8]]:
    """Copy block after block into arrays of the declared size: each row is held once."""
    sealed = sealed_rows(project, dataset)
    gone = handles_gone(project, intake, dataset)
    columns = _Columns(sealed[0], sum(each.sent for each in sealed))
    for each in sealed:
        for rows in intake.blocks(project, each):
            stay = ~np.isin(handle_keys(rows[:, :HANDLE_BYTES]), gone)
            columns.append(rows if stay.all() else rows[stay])
    return columns.dataset(in_order=len(sealed) == 1)


class _Columns:
    """The columns of the rows, filled from the top; room for `count` rows."""

    def __init__(self, manifest: SealedRows, count: int) -> None:
        self._manifest, self._layout = manifest, RowLayout.of(manifest)
        self._handles = np.empty((count, HANDLE_BYTES), np.uint8)
        # Without a NIK leg, a row's handle serves as its token: it equals no other.
        with_tokens = manifest.token_bytes > 0
        self._tokens = np.empty_like(self._handles) if with_tokens else self._handles
        self._words = {
            each.name: np.empty((count, -(-each.bits // WORD_BITS)), np.uint64)
            for each in manifest.encodings
        }
        self._tags = {
            each.name: np.empty(count, np.uint32) for each in manifest.encodings if each.tag_bits
        }
        self._contrary = {
            each.name: np.empty((count, each.contrary, CONTRARY_CODE_BYTES), np.uint8)
            for each in manifest.encodings
            if each.contrary
        }
        self._used = 0

    def append(self, rows: NDArray[np.uint8]) -> None:
        here = slice(self._used, self._used + len(rows))
        self._handles[here] = self._layout.handles(rows)
        tokens = self._layout.tokens(rows)
        if tokens is not None:
            self._tokens[here] = tokens
        for name, filters in self._layout.encodings(rows).items():
            self._words[name][here] = pack_words(filters)
        for name, tags in self._layout.tags(rows).items():
            self._tags[name][here] = tags
        for name, codes in self._layout.contrary(rows).items():
            self._contrary[name][here] = codes
        self._used = here.stop

    def dataset(self, *, in_order: bool) -> tuple[EncodedDataset, NDArray[np.uint8]]:
        """The appended rows and their handles, uint8 (rows, 16), sorted by handle.

        Every run numbers its rows in handle order.
        """
        if not in_order:
            self._sort()
        used, bits = self._used, {each.name: each.tag_bits for each in self._manifest.encodings}
        words = {name: each[:used] for name, each in self._words.items()}
        blocks = {
            name: blocks_of(each[:used], 1 << bits[name]) for name, each in self._tags.items()
        }
        handles = self._handles[:used]
        name, tokens = self._manifest.dataset, self._tokens[:used]
        contrary = {name: each[:used] for name, each in self._contrary.items()}
        return EncodedDataset(name, words, tokens, blocks, contrary), handles

    def _sort(self) -> None:
        """Sort one array after another, so that only one array at a time is held twice."""
        order = np.argsort(handle_keys(self._handles[: self._used]))
        with_tokens = self._tokens is not self._handles
        self._handles = self._handles[order]
        self._tokens = self._tokens[order] if with_tokens else self._handles
        for name in self._words:
            self._words[name] = self._words[name][order]
        for name in self._tags:
            self._tags[name] = self._tags[name][order]
        for name in self._contrary:
            self._contrary[name] = self._contrary[name][order]
