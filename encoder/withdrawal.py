"""Rows that people object to after they were sent (UU 27/2022 art. 40, 41)."""

from __future__ import annotations

import time
from pathlib import Path

from encoder.ids import read_ids, require_some
from encoder.workspace import Workspace
from policy.canonical import canonical_json, sha256
from policy.client import Session
from policy.statements import Withdrawn


def withdraw_rows(session: Session, dataset: str, ids_file: Path) -> tuple[int, int]:
    """Withdraw the people with these record ids; returns how many, and ids not found.

    Records that were collapsed into one person go together: the service knows one row.
    """
    session.sync()
    wanted = read_ids(ids_file)
    found, handles = set(), set()
    for _, record_id, handle in Workspace(session).prepared(dataset).source_rows():
        if record_id in wanted:
            found.add(record_id)
            handles.add(handle.hex())
    require_some(ids_file, dataset, len(found))
    document = canonical_json(sorted(handles))
    digest = sha256(document)
    session.put(f"/projects/{session.project_id}/blobs/{digest}", document)
    session.say(Withdrawn(at=int(time.time()), dataset=dataset, handles=digest, count=len(handles)))
    return len(handles), len(wanted - found)
