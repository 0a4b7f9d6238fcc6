"""Accepted bundles as the arrays that matching needs, in memory for the time of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake import Intake
from linkage_service.layout import HANDLE_BYTES, RowLayout
from linkage_service.matching import EncodedDataset, RowHandles, blocks_of, pack_words
from linkage_service.matching.similarity import WORD_BITS
from policy.project import Entry, Project, body_of
from policy.statements import BundleManifest


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
    """Decrypt every accepted bundle; what comes back exists in memory only.

    Rows withdrawn before the run's order are left out; later ones stop its release.
    """
    bundles = project.bundles()
    names = project.charter.dataset_ids
    gone: dict[str, set[bytes]] = {name: set() for name in names}
    for withdrawn in project.withdrawals(until=order.index):
        gone[withdrawn.dataset] |= intake.withdrawn(project, withdrawn)
    loaded = [
        _load(project, intake, body_of(bundles[name], BundleManifest), gone[name]) for name in names
    ]
    return RunData(names, [data for data, _ in loaded], [handles for _, handles in loaded])


def _load(
    project: Project, intake: Intake, manifest: BundleManifest, gone: set[bytes]
) -> tuple[EncodedDataset, NDArray[np.uint8]]:
    """Block after block into arrays of the declared size: each row is held once."""
    columns, left = _Columns(manifest), b""
    for block in intake.rows(project, manifest):
        data = left + block
        whole = len(data) - len(data) % manifest.row_bytes
        rows = np.frombuffer(data, np.uint8, whole).reshape(-1, manifest.row_bytes)
        if gone:
            rows = rows[[row[:HANDLE_BYTES].tobytes() not in gone for row in rows]]
        columns.append(rows)
        left = data[whole:]
    return columns.dataset()


class _Columns:
    """The parts of a bundle's rows, filled from the top."""

    def __init__(self, manifest: BundleManifest) -> None:
        self._manifest, self._layout = manifest, RowLayout.of(manifest)
        count = manifest.count
        self._handles = np.empty((count, HANDLE_BYTES), np.uint8)
        # Without a NIK leg, a row's handle stands in as a token that equals no other.
        with_tokens = manifest.token_bytes > 0
        self._tokens = np.empty_like(self._handles) if with_tokens else self._handles
        self._words = {
            each.name: np.empty((count, -(-each.bits // WORD_BITS)), np.uint64)
            for each in manifest.encodings
        }
        self._tags = {
            each.name: np.empty(count, np.uint32) for each in manifest.encodings if each.tag_bits
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
        self._used = here.stop

    def dataset(self) -> tuple[EncodedDataset, NDArray[np.uint8]]:
        """What was appended, and its handles."""
        used, bits = self._used, {each.name: each.tag_bits for each in self._manifest.encodings}
        words = {name: each[:used] for name, each in self._words.items()}
        blocks = {
            name: blocks_of(each[:used], 1 << bits[name]) for name, each in self._tags.items()
        }
        handles = self._handles[:used]
        name, tokens = self._manifest.dataset, self._tokens[:used]
        return EncodedDataset(name, words, tokens, blocks), handles
