"""Rows that people object to after they were sent (UU 27/2022 art. 40, 41)."""

from __future__ import annotations

import time
from pathlib import Path

from encoder.workspace import Workspace
from policy.canonical import canonical_json, sha256
from policy.client import Session
from policy.errors import BadInput
from policy.files import read_file
from policy.statements import Withdrawn
from policy.words import Words


def withdraw_rows(session: Session, dataset: str, ids_file: Path) -> tuple[int, int]:
    """Withdraw the people with these record ids; returns how many, and ids not found.

    Records that were collapsed into one person go together: the service knows one row.
    """
    session.sync()
    wanted = set(read_file(ids_file).decode("utf-8").split("\n")) - {""}
    wanted = {each.strip() for each in wanted}
    found, handles = set(), set()
    for _, record_id, handle in Workspace(session).prepared(dataset).source_rows():
        if record_id in wanted:
            found.add(record_id)
            handles.add(handle.hex())
    if not handles:
        raise BadInput(
            "withdraw.nobody",
            Words(
                f"{ids_file}: tidak satu pun id ada di {dataset}.",
                f"{ids_file}: not one of the ids is in {dataset}.",
            ),
            Words("Tulis id baris sendiri, satu sebaris.", "Give own record ids, one a line."),
        )
    document = canonical_json(sorted(handles))
    digest = sha256(document)
    session.put(f"/projects/{session.project_id}/blobs/{digest}", document)
    session.say(Withdrawn(at=int(time.time()), dataset=dataset, handles=digest, count=len(handles)))
    return len(handles), len(wanted - found)
