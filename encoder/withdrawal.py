"""Rows that people object to after they were sent (UU 27/2022 art. 40, 41)."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from encoder.ids import read_ids, require_some
from encoder.workspace import Workspace
from policy.canonical import canonical_json, sha256
from policy.client import Session
from policy.errors import BadInput, NotYet
from policy.files import read_file, write_file
from policy.project import Project
from policy.statements import Withdrawn
from policy.words import Words


@dataclass(frozen=True)
class Withdrawal:
    """How many people were withdrawn, ids not found, and whether a waiting delta was dropped."""

    people: int
    unknown: int
    delta_dropped: bool


def withdraw_rows(session: Session, dataset: str, ids_file: Path) -> Withdrawal:
    """Withdraw the people with these record ids, as far as they are not withdrawn yet.

    Records that were collapsed into one person go together: the service knows one row.
    """
    session.sync()
    workspace = Workspace(session)
    workspace.require_own(dataset)
    already = withdrawn_handles(workspace, dataset)
    wanted = read_ids(ids_file)
    found, handles = set(), set()
    for _, record_id, handle in workspace.prepared(dataset).source_rows():
        if record_id in wanted:
            found.add(record_id)
            if handle not in already:
                handles.add(handle.hex())
    require_some(ids_file, dataset, len(found))
    if not handles:
        raise _already(ids_file)
    document = canonical_json(sorted(handles))
    digest = sha256(document)
    # Kept first: without it, a later delta could bring these people back.
    write_file(_kept(workspace, digest), document)
    session.put(f"/projects/{session.project_id}/blobs/{digest}", document)
    session.say(Withdrawn(at=int(time.time()), dataset=dataset, handles=digest, count=len(handles)))
    dropped = workspace.drop_waiting(dataset)
    return Withdrawal(len(handles), len(wanted - found), dropped)


def withdrawn_handles(
    workspace: Workspace, dataset: str, project: Project | None = None
) -> frozenset[bytes]:
    """Every row of this dataset that was withdrawn, from this agency's own copies.

    `project` may be one as it was before.
    """
    handles: set[bytes] = set()
    for body in (project or workspace.session.project).withdrawals():
        if body.dataset == dataset:
            handles |= _listed(_kept(workspace, body.handles), body.handles)
    return frozenset(handles)


def _listed(path: Path, digest: str) -> set[bytes]:
    if not path.exists() or sha256(read_file(path)) != digest:
        raise NotYet(
            "withdraw.list-missing",
            Words(
                f"{path}: daftar baris yang ditarik hilang atau berubah.",
                f"{path}: the list of withdrawn rows is missing or altered.",
            ),
            Words(
                "Pulihkan dari cadangan; tanpa itu orang yang keberatan bisa terkirim lagi.",
                "Restore it from a backup; without it people who objected could be sent again.",
            ),
        )
    return {bytes.fromhex(handle) for handle in json.loads(read_file(path))}


def _kept(workspace: Workspace, digest: str) -> Path:
    return workspace.folder / "withdrawn" / f"{digest}.json"


def _already(ids_file: Path) -> BadInput:
    return BadInput(
        "withdraw.already",
        Words(
            f"{ids_file}: semua orang di daftar itu sudah ditarik.",
            f"{ids_file}: everybody on that list is withdrawn already.",
        ),
        Words("Tidak perlu dikirim lagi.", "There is nothing to send."),
    )
