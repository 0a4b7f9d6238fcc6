"""Rows that people object to after they were sent (UU 27/2022 art. 10, 41; by consent, 40)."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.steps.id_lists import IdList, ListMeaning, SharedPerson, require_some
from encoder.steps.workspace import Workspace
from encoder.store.objections import note_objections
from encoder.store.prepared import PreparedDataset
from policy.base.canonical import sha256
from policy.base.errors import BadInput, NotYet
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.formats.documents import read_handle_list, write_handle_list
from policy.project import Project
from policy.statements import Withdrawn
from policy.wire.session import Session


@dataclass(frozen=True)
class Withdrawal:
    """The numbers of people and rows withdrawn, ids not found, and whether a delta was dropped.

    `shared` are people who have another row, which stays: the service keeps their handles.
    """

    people: int
    rows: int
    unknown: int
    delta_dropped: bool
    shared: tuple[SharedPerson, ...]


def withdraw_rows(
    session: Session, dataset: str, ids_file: Path, meaning: ListMeaning = ListMeaning()
) -> Withdrawal:
    """Withdraw the rows that the list names, unless they are withdrawn already.

    The service knows one handle for all rows of a person; it is withdrawn with the last row.
    """
    session.sync()
    workspace = Workspace(session)
    workspace.require_own(dataset)
    already = withdrawn_handles(workspace, dataset)
    prepared = workspace.prepared(dataset)
    listed = IdList.read(ids_file, meaning, own_ids=prepared.own_ids)
    named = _named(prepared, listed)
    require_some(ids_file, dataset, len(named.found))
    listed.require_one_person_each(named.several_people())
    leaving = _leaving(prepared, named.rows, already)
    if not leaving.rows:
        raise _already(ids_file)
    # Stored first: without it, a later delta could bring these people back.
    if leaving.shared:
        note_objections(prepared.path, [row for each in leaving.shared for row in each.gone])
    if leaving.handles:
        _say(workspace, dataset, leaving.handles)
    dropped = workspace.drop_waiting(dataset)
    unknown = len(listed.ids - named.found)
    return Withdrawal(len(leaving.handles), leaving.rows, unknown, dropped, tuple(leaving.shared))


@dataclass
class _Named:
    """The rows that a list names; `people` has the rows of each handle by name."""

    rows: dict[int, bytes] = field(default_factory=dict)
    people: dict[str, dict[bytes, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list)), repr=False
    )

    @property
    def found(self) -> set[str]:
        return set(self.people)

    def several_people(self) -> dict[str, list[int]]:
        return {
            name: [row for rows in handles.values() for row in rows]
            for name, handles in self.people.items()
            if len(handles) > 1
        }


def _named(prepared: PreparedDataset, listed: IdList) -> _Named:
    named = _Named()
    for row in prepared.frozen_rows(objected=True):
        (name,) = listed.names([row.row_number], [row.record_id])
        if name in listed.ids:
            named.rows[row.row_number] = row.handle
            named.people[name][row.handle].append(row.row_number)
    return named


@dataclass
class _Leaving:
    """Handles whose last rows leave, and people with a row that stays."""

    handles: list[bytes] = field(default_factory=list)
    rows: int = 0
    shared: list[SharedPerson] = field(default_factory=list)


def _leaving(
    prepared: PreparedDataset, named: dict[int, bytes], already: frozenset[bytes]
) -> _Leaving:
    wanted = set(named.values()) - already
    of_person: dict[bytes, list[int]] = defaultdict(list)
    for row in prepared.frozen_rows():
        if row.handle in wanted:
            of_person[row.handle].append(row.row_number)
    found = _Leaving()
    for handle, rows in of_person.items():
        gone = tuple(row for row in rows if row in named)
        stay = tuple(row for row in rows if row not in named)
        found.rows += len(gone)
        if gone and stay:
            found.shared.append(SharedPerson(gone, stay))
        elif gone:
            found.handles.append(handle)
    return found


def _say(workspace: Workspace, dataset: str, handles: list[bytes]) -> None:
    session = workspace.session
    document = write_handle_list(sorted(handles))
    digest = sha256(document)
    write_file(_kept(workspace, digest), document)
    session.put(f"/projects/{session.project_id}/blobs/{digest}", document)
    session.say(Withdrawn(at=int(time.time()), dataset=dataset, handles=digest, count=len(handles)))


def withdrawn_handles(
    workspace: Workspace, dataset: str, project: Project | None = None
) -> frozenset[bytes]:
    """The handles withdrawn from this dataset, from this agency's own copies.

    `project` may be an earlier state.
    """
    handles: set[bytes] = set()
    for body in (project or workspace.session.project).withdrawals():
        if body.dataset == dataset:
            handles |= _listed(_kept(workspace, body.handles), body.handles)
    return frozenset(handles)


def _listed(path: Path, digest: str) -> set[bytes]:
    if not path.exists() or sha256(read_file(path)) != digest:
        raise NotYet(
            EncoderCode.WITHDRAW_LIST_MISSING,
            Words(
                f"{path}: daftar baris yang ditarik hilang atau berubah.",
                f"{path}: the list of withdrawn rows is missing or altered.",
            ),
            Words(
                "Pulihkan dari cadangan; tanpa itu orang yang keberatan bisa terkirim lagi.",
                "Restore it from a backup; without it people who objected could be sent again.",
            ),
        )
    return set(read_handle_list(read_file(path)))


def _kept(workspace: Workspace, digest: str) -> Path:
    return workspace.folder / "withdrawn" / f"{digest}.json"


def _already(ids_file: Path) -> BadInput:
    return BadInput(
        EncoderCode.WITHDRAW_ALREADY,
        Words(
            f"{ids_file}: semua baris di daftar itu sudah ditarik.",
            f"{ids_file}: all rows of that list are withdrawn already.",
        ),
        Words("Tidak perlu dikirim lagi.", "There is nothing to send."),
    )
