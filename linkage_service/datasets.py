"""Accepted bundles as the arrays that matching needs, in memory for the time of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake import Intake
from linkage_service.layout import HANDLE_BYTES, RowLayout
from linkage_service.matching import EncodedDataset, RowHandles, blocks_of, pack_words
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
    plain = bytearray()
    for block in intake.rows(project, manifest):
        plain += block
    rows = np.frombuffer(plain, dtype=np.uint8).reshape(manifest.count, manifest.row_bytes)
    if gone:
        kept = [row for row in range(len(rows)) if rows[row, :HANDLE_BYTES].tobytes() not in gone]
        rows = rows[kept]
    layout = RowLayout.of(manifest)
    encodings = {name: pack_words(each) for name, each in layout.encodings(rows).items()}
    tag_bits = {shape.name: shape.tag_bits for shape in manifest.encodings}
    blocks = {
        name: blocks_of(tags.astype(np.uint32), 1 << tag_bits[name])
        for name, tags in layout.tags(rows).items()
    }
    handles, tokens = layout.handles(rows), layout.tokens(rows)
    # Without a NIK leg, a row's handle stands in as a token that equals no other.
    tokens = handles if tokens is None else tokens
    return EncodedDataset(manifest.dataset, encodings, tokens, blocks), handles
