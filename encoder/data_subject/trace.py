"""Where one record is, according to this machine and its copy of the log.

A record's row may have had several handles: a delta gives a changed row a new one. Releases of
other agencies are named by domain: only these agencies know whether this person's ID is among
their rows, unless this agency's own file shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from encoder.steps.open_release import kept
from encoder.steps.withdraw import withdrawn_handles
from encoder.steps.workspace import Workspace, standing
from encoder.store.prepared import PreparedDataset
from policy.base.words import Words
from policy.formats.release_file import holds_handle
from policy.papers.trail import Batch, batch
from policy.project import Project, ReleasedFile
from policy.statements import Committed


@dataclass(frozen=True)
class OwnFile:
    """A released file for this agency. `has_id` is None if it was not opened here."""

    released: ReleasedFile
    has_id: bool | None

    @property
    def tells_match(self) -> bool:
        """Whether the file shows matches; a private index has an ID for every row and does not."""
        return bool(self.has_id) and self.released.file.form == "membership"


@dataclass(frozen=True)
class Trace:
    """One own dataset that has or had the record; source and mapping are paths on this machine.

    `rows` are the record's rows in the latest file that has it, and `same_person` that file's other
    rows of the same person. `runs` are the runs in which the person took part. `stands`: the
    next run would include the person because of this record. Without `own_ids` the record id is a
    row number of the latest file. `people` is the number of people with this record id there.
    """

    dataset: str
    rows: tuple[int, ...]
    handles: tuple[bytes, ...]
    batch: Batch
    own: tuple[OwnFile, ...]
    runs: tuple[str, ...]
    stands: bool
    committed: bool
    source: str
    mapping: str
    same_person: tuple[int, ...] = ()
    own_ids: bool = True
    people: int = 1

    @property
    def accepted(self) -> bool:
        return bool(self.batch.uploads)

    @property
    def others(self) -> tuple[ReleasedFile, ...]:
        """Other recipients' files that may have an ID of this person."""
        return tuple(
            each
            for each in self.batch.releases
            if each.file.recipient != self.batch.owner and each.release.run.name in self.runs
        )


@dataclass(frozen=True)
class NotFound:
    """An own dataset without the record, or one that cannot be searched."""

    dataset: str
    why: Words


_NO_FILE = Words(
    "belum disiapkan di komputer ini, atau sudah dimusnahkan",
    "not prepared on this machine, or destroyed",
)
_NO_ROW = Words(
    "tidak ada dengan id ini: tidak pernah ada dalam berkas, ditolak, atau sudah ditahan",
    "not there under this id: never in the file, refused, or kept back",
)


def trace(workspace: Workspace, record_id: str) -> Iterator[Trace | NotFound]:
    """Every dataset of this agency, searched for the record."""
    for dataset in workspace.own_datasets():
        yield _in_dataset(workspace, dataset, record_id)


def _in_dataset(workspace: Workspace, dataset: str, record_id: str) -> Trace | NotFound:
    stores = _stores(workspace, dataset)
    if not stores:
        return NotFound(dataset, _NO_FILE)
    # Row numbers differ between files; `withdraw` takes those of the sent file.
    sent = standing(workspace.session.project, dataset)
    named = stores if stores[-1].own_ids else [stores[min(sent, len(stores) - 1)]]
    found = {store: rows for store in named if (rows := store.rows_of(record_id))}
    if not found:
        return NotFound(dataset, _NO_ROW)
    project = workspace.session.project
    latest, rows = list(found.items())[-1]
    went = batch(project, dataset)
    handles = tuple(dict.fromkeys(handle for each in found.values() for _, handle in each))
    numbers = {number for number, _ in rows}
    return Trace(
        dataset=dataset,
        rows=tuple(sorted(numbers)),
        handles=handles,
        batch=went,
        own=tuple(_own_files(workspace, went, handles)),
        runs=tuple(_runs(workspace, went, handles)),
        stands=_stands(workspace, dataset, record_id, handles),
        committed=went.owner in project.by_sender(Committed),
        source=latest.meta("source"),
        mapping=latest.meta("mapping"),
        same_person=tuple(_other_rows(latest, {handle for _, handle in rows}, numbers)),
        own_ids=latest.own_ids,
        people=len({handle for _, handle in rows}),
    )


def _other_rows(store: PreparedDataset, handles: set[bytes], rows: set[int]) -> Iterator[int]:
    for number, _, handle in store.source_rows():
        if handle in handles and number not in rows:
            yield number


def _stores(workspace: Workspace, dataset: str) -> list[PreparedDataset]:
    """All generations on this machine, including one not sent yet."""
    generations = range(standing(workspace.session.project, dataset) + 2)
    paths = (workspace.prepared_path(dataset, each) for each in generations)
    return [PreparedDataset(path) for path in paths if path.exists()]


def _own_files(workspace: Workspace, went: Batch, handles: tuple[bytes, ...]) -> Iterator[OwnFile]:
    for released in went.releases:
        if released.file.dataset == went.dataset:
            plaintext = kept(workspace.session, released.release.name, released.file)
            has_id = None
            if plaintext is not None:
                has_id = any(holds_handle(plaintext, handle) for handle in handles)
            yield OwnFile(released, has_id)


def _runs(workspace: Workspace, went: Batch, handles: tuple[bytes, ...]) -> Iterator[str]:
    """The runs with one of these handles; a run takes the rows present when it was ordered."""
    project = workspace.session.project
    for entry in went.runs:
        run = project.run_ended_by(entry.digest)
        if _took_part(workspace, went.dataset, run.before_order(), handles):
            yield run.name


def _took_part(
    workspace: Workspace, dataset: str, project: Project, handles: tuple[bytes, ...]
) -> bool:
    """Whether the person had a row in the project at that time."""
    path = workspace.prepared_path(dataset, standing(project, dataset))
    here = PreparedDataset(path).present(handles) if path.exists() else set()
    return bool(here - withdrawn_handles(workspace, dataset, project))


def _stands(workspace: Workspace, dataset: str, record_id: str, handles: tuple[bytes, ...]) -> bool:
    """Whether a row of this record is in the project now, and did not object."""
    project = workspace.session.project
    path = workspace.prepared_path(dataset, standing(project, dataset))
    if not path.exists():
        return False
    store = PreparedDataset(path)
    if store.own_ids:
        here = {handle for _, handle in store.rows_of(record_id, objected=False)}
    else:
        here = {row.handle for row in store.frozen_rows() if row.handle in handles}
    return bool(here - withdrawn_handles(workspace, dataset, project))
