"""Which rows of a dataset are present, by handle.

The rows of a dataset are those of its bundle and its deltas, without the rows that deltas and
withdrawals remove. A removed handle never comes back, so the order of removals does not matter.
Before a delta or a withdrawal enters the log, the rows that it names must be present: so the
counts in the log (`policy.project.row_counts`) are exact. A run takes the rows that were present
when it was ordered: pass `project.until(order.index)`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake, refused, require_root
from linkage_service.matching import HandleKeys, handle_keys
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import HANDLE_BYTES
from policy.log import Frontier, leaf_hash
from policy.project import Entry, Project, sealed_of
from policy.statements import BundleManifest, Delta, SealedRows, Withdrawn


def sealed_rows(project: Project, dataset: str) -> list[SealedRows]:
    """The bundle of a dataset, then its deltas."""
    bundle = sealed_of(project.bundles()[dataset])
    return [bundle, *(each for each in project.deltas() if each.dataset == dataset)]


def handles_gone(project: Project, intake: Intake, dataset: str) -> HandleKeys:
    """The handles that deltas and withdrawals removed, ascending."""
    deltas = [d for d in project.deltas() if d.dataset == dataset]
    withdrawn = [w for w in project.withdrawals() if w.dataset == dataset]
    listed = [(d.left, d.gone) for d in deltas] + [(w.handles, w.count) for w in withdrawn]
    gone = [handle for each in listed for handle in intake.handles(project, *each)]
    return np.sort(_keys(gone))


def handles_of(project: Project, intake: Intake, dataset: str) -> HandleKeys:
    """The handles of the rows that are present, ascending."""
    ever = _ever_sent(project, intake, dataset)
    return np.setdiff1d(ever, handles_gone(project, intake, dataset), assume_unique=True)


def handles_taken(project: Project, intake: Intake, order: Entry) -> dict[str, NDArray[np.uint8]]:
    """For each dataset of a run, the handles, uint8 (rows, 16), in the run's row order."""
    stood, names = project.until(order.index), project.charter.dataset_ids
    return {name: _in_bytes(handles_of(stood, intake, name)) for name in names}


def check_all(project: Project, intake: Intake) -> None:
    """Check every bundle, delta and withdrawal against the rows present before it."""
    for entry in project.accepted():
        body = entry.body
        if isinstance(body, Delta):
            check_delta(project.until(entry.index), intake, body)
        else:
            intake.check(project, entry.of_kind(BundleManifest).body)
    for entry in project.of(Withdrawn):
        check_withdrawn(project.until(entry.index), intake, entry.body)


def check_delta(project: Project, intake: Intake, delta: Delta) -> None:
    """Read the delta's rows once; with the rows that left they must give the committed root."""
    sent = _keys(handle for some in intake.checked(project, delta) for handle in some)
    left = np.sort(_keys(intake.handles(project, delta.left, delta.gone)))
    stood = handles_of(project, intake, delta.dataset)
    _require_standing(stood, left)
    if np.isin(sent, _ever_sent(project, intake, delta.dataset)).any():
        raise refused(
            ServiceCode.BUNDLE_HANDLE_AGAIN,
            "Baris delta memakai pegangan yang sudah pernah dikirim.",
            "A row of the delta has a handle that was sent before.",
        )
    stands = np.sort(np.concatenate([np.setdiff1d(stood, left, assume_unique=True), sent]))
    leaves = (leaf_hash(handle.tobytes()) for handle in _in_bytes(stands))
    require_root(delta, Frontier.empty().extend(leaves))


def check_withdrawn(project: Project, intake: Intake, body: Withdrawn) -> None:
    """Check that every withdrawn row is present and named once."""
    named = _keys(intake.handles(project, body.handles, body.count))
    _require_standing(handles_of(project, intake, body.dataset), named)


def _ever_sent(project: Project, intake: Intake, dataset: str) -> HandleKeys:
    found = []
    for sealed in sealed_rows(project, dataset):
        layout = RowLayout.of(sealed)
        found += [handle_keys(layout.handles(rows)) for rows in intake.blocks(project, sealed)]
    return np.sort(np.concatenate(found))


def _require_standing(stood: HandleKeys, named: HandleKeys) -> None:
    if not np.isin(named, stood).all():
        raise refused(
            ServiceCode.BUNDLE_UNKNOWN_ROW,
            "Ada baris yang disebut ditarik tetapi tidak ada di sumber data ini.",
            "A row that is said to be withdrawn is not in this dataset.",
        )


def _keys(handles: Iterable[bytes]) -> HandleKeys:
    joined = b"".join(handles)
    return handle_keys(np.frombuffer(joined, np.uint8).reshape(-1, HANDLE_BYTES))


def _in_bytes(keys: HandleKeys) -> NDArray[np.uint8]:
    return keys.view(np.uint8).reshape(-1, HANDLE_BYTES)
