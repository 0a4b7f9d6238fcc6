"""From prepared rows to a bundle at the service: agree on keys, encode, upload."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from encoder.bundle import encode_dataset, upload_bundle
from encoder.ceremony import agreed_keys, commit_share, confirm_keys, reveal_share
from encoder.ui.officer import Officer
from encoder.ui.pages.frame import Frame
from encoder.workspace import Workspace
from policy.local_page.jobs import Advance
from policy.statements import Committed, Confirmed, Revealed
from policy.words import Words


class SendingPages:
    """Steps 6 to 8."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._officer = frame, frame.officer

    def key_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        state, me = session.project, session.me.member.id
        steps = []
        for action, kind, title in (
            ("commit", Committed, Words("Komitmen", "Commit")),
            ("reveal", Revealed, Words("Buka bagian rahasia", "Reveal the share")),
            ("confirm", Confirmed, Words("Konfirmasi kunci", "Confirm the keys")),
        ):
            done = {entry.statement.sender for entry in state.of(kind)}
            waiting = sorted(set(state.charter.party_ids) - done)
            steps.append((action, title, me in done, waiting))
        return {"ceremony": steps}

    def take_key_step(self, request: Request, action: str) -> Response:
        act = {"commit": commit_share, "reveal": reveal_share, "confirm": confirm_keys}.get(action)

        def take() -> None:
            if act is not None:
                act(self._officer.session())

        return self._frame.do(request, "keys", take, "/step/keys")

    def encode_facts(self) -> dict[str, Any]:
        workspace = Workspace(self._officer.session(network=False))
        done = workspace.bundle(self._officer.dataset).complete()
        return {"done": done, "job": self._officer.job_of("encode")}

    def encode(self, request: Request) -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            session = officer.session()
            workspace = Workspace(session)
            folder, prepared = (
                workspace.bundle(officer.dataset),
                workspace.prepared(officer.dataset),
            )
            if not folder.complete():
                keys = agreed_keys(workspace)
                encode_dataset(session, keys, officer.dataset, prepared, folder, advance)
            return Words("Selesai disandikan dan disegel.", "Encoded and sealed.")

        total = _prepared_rows(officer)
        return self._frame.start(request, "encode", Words("Menyandikan", "Encoding"), total, work)

    def upload_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        return {
            "done": self._officer.dataset in session.project.bundles(),
            "ready": Workspace(session).bundle(self._officer.dataset).complete(),
            "job": self._officer.job_of("upload"),
        }

    def upload(self, request: Request) -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            session = officer.session()
            if officer.dataset not in session.project.bundles():
                upload_bundle(session, Workspace(session).bundle(officer.dataset), advance)
            return Words("Diterima layanan.", "Accepted by the service.")

        return self._frame.start(
            request, "upload", Words("Mengirim", "Uploading"), _sealed_chunks(officer), work
        )


def _sealed_chunks(officer: Officer) -> int | None:
    if officer.me is None or not officer.project_id:
        return None
    folder = Workspace(officer.session(network=False)).bundle(officer.dataset)
    return folder.stored().chunks if folder.complete() else None


def _prepared_rows(officer: Officer) -> int | None:
    if officer.me is None or not officer.project_id:
        return None
    workspace = Workspace(officer.session(network=False))
    if not workspace.prepared_path(officer.dataset).exists():
        return None
    return workspace.prepared(officer.dataset).reconciliation().people
