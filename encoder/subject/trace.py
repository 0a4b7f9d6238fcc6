"""Where one record is, as far as this machine and its copy of the log know.

Releases of other agencies are named by domain: whether this person's ID is among their rows
they alone know, unless this agency's own file tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from encoder.opening import kept
from encoder.results import holds_handle
from encoder.workspace import Workspace
from policy.errors import NotYet
from policy.project import Project
from policy.satu_data.trail import Batch, ReleasedFile, batch
from policy.statements import Committed
from policy.words import Words


@dataclass(frozen=True)
class OwnFile:
    """A released file for this agency. `has_id` is None where it was not opened here."""

    released: ReleasedFile
    has_id: bool | None

    @property
    def tells_match(self) -> bool:
        """A private index has an ID for every row, and so tells nothing."""
        return bool(self.has_id) and self.released.file.form == "membership"


@dataclass(frozen=True)
class Trace:
    """One own dataset in which the record stands; source and mapping are paths here."""

    dataset: str
    rows: tuple[int, ...]
    handles: tuple[bytes, ...]
    batch: Batch
    own: tuple[OwnFile, ...]
    committed: bool
    source: str
    mapping: str

    @property
    def accepted(self) -> bool:
        return self.batch.bundle is not None

    @property
    def others(self) -> tuple[ReleasedFile, ...]:
        """Files of other recipients that may hold an ID of this person."""
        return tuple(r for r in self.batch.releases if r.file.recipient != self.batch.owner)


@dataclass(frozen=True)
class NotFound:
    """An own dataset in which the record does not stand, or that cannot be searched."""

    dataset: str
    why: Words


_NO_ROW = Words(
    "tidak ada dengan id ini: tidak pernah ada dalam berkas, ditolak, atau sudah ditahan",
    "not there under this id: never in the file, refused, or kept back",
)


def trace(workspace: Workspace, record_id: str) -> Iterator[Trace | NotFound]:
    """Every dataset of this agency, searched for the record."""
    for dataset in workspace.own_datasets():
        yield _in_dataset(workspace, dataset, record_id)


def _in_dataset(workspace: Workspace, dataset: str, record_id: str) -> Trace | NotFound:
    try:
        prepared = workspace.prepared(dataset)
    except NotYet as error:
        return NotFound(dataset, error.problem)
    found = prepared.rows_of(record_id)
    if not found:
        return NotFound(dataset, _NO_ROW)
    project = workspace.session.project
    handles = tuple(dict.fromkeys(handle for _, handle in found))
    went = batch(project, dataset)
    return Trace(
        dataset=dataset,
        rows=tuple(number for number, _ in found),
        handles=handles,
        batch=went,
        own=tuple(_own_files(workspace, went, handles)),
        committed=_committed(project, went.owner),
        source=prepared.meta("source"),
        mapping=prepared.meta("mapping"),
    )


def _own_files(workspace: Workspace, went: Batch, handles: tuple[bytes, ...]) -> Iterator[OwnFile]:
    for released in went.releases:
        if released.file.dataset == went.dataset:
            plaintext = kept(workspace.session, released.release, released.file)
            has_id = None
            if plaintext is not None:
                has_id = any(holds_handle(plaintext, handle) for handle in handles)
            yield OwnFile(released, has_id)


def _committed(project: Project, owner: str) -> bool:
    return owner in project.by_sender(Committed)
