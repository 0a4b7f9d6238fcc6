"""From prepared rows to a bundle at the service: agree on keys, encode, upload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from encoder.steps.agree_keys import commit_share, confirm_keys, reveal_share
from encoder.steps.bundle import BundleFolder, upload_bundle
from encoder.steps.next_acts import local_state
from encoder.steps.sending import canary_plan, encode_rows_of
from encoder.steps.workspace import Workspace
from encoder.store.prepared import PreparedDataset
from encoder.ui.committing import ARE_RIGHT, require_marked, row_numbers
from encoder.ui.officer import Officer
from encoder.ui.pages.frame import OfficerFrame
from policy.approval.charters import log_shipped_probe
from policy.base.words import Words
from policy.law.in_time import time_of
from policy.project.naming import offices
from policy.statements import AnyBody, Committed, Confirmed, Revealed
from policy.terminal.local_page.jobs import Advance
from policy.wire.session import Session

_CEREMONY: tuple[tuple[str, type[AnyBody], Words], ...] = (
    ("commit", Committed, Words("Komitmen", "Commit")),
    ("reveal", Revealed, Words("Buka bagian rahasia", "Reveal the share")),
    ("confirm", Confirmed, Words("Konfirmasi kunci", "Confirm the keys")),
)


@dataclass(frozen=True)
class KeyStep:
    """A step of the ceremony: whether it is taken here, and the offices that it waits for.

    `at` is when the last party took it (Unix seconds).
    """

    action: str
    title: Words
    mine: bool
    waiting: Words
    at: int | None


class SendingPages:
    """Steps 6 to 8."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def key_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        ceremony = [_key_step(session, *each) for each in _CEREMONY]
        here = local_state(Workspace(session))
        ready = not ceremony[0].mine and here.prepared.issuperset(here.own)
        numbers = row_numbers(session) if ready else []
        return {"ceremony": ceremony, "numbers": numbers, "are_right": ARE_RIGHT}

    async def take_key_step(self, request: Request, action: str) -> Response:
        act = {"commit": commit_share, "reveal": reveal_share, "confirm": confirm_keys}.get(action)
        form = await request.form()

        def take() -> None:
            if act is None:
                return
            session = self._officer.session()
            if action == "commit":
                require_marked(form)
                log_shipped_probe(session)
            act(session)

        return self._frame.do(request, "keys", take, "/step/keys")

    def encode_facts(self) -> dict[str, Any]:
        job = self._officer.job_of("encode")
        workspace = Workspace(self._officer.session(network=False))
        return {"done": self._folder(workspace).complete(), "job": job}

    def encode(self, request: Request) -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            session = officer.session()
            workspace = Workspace(session)
            folder, prepared = self._folder(workspace), workspace.latest(officer.dataset)
            if not folder.complete():
                plan = canary_plan(workspace)
                encode_rows_of(workspace, plan, officer.dataset, prepared, advance)
            return Words("Selesai disandikan dan disegel.", "Encoded and sealed.")

        total = _rows_to_send(officer)
        return self._frame.start(request, "encode", Words("Menyandikan", "Encoding"), total, work)

    def upload_facts(self) -> dict[str, Any]:
        job = self._officer.job_of("upload")
        workspace = Workspace(self._officer.session())
        return {
            "done": self._sent(workspace),
            "ready": self._folder(workspace).complete(),
            "job": job,
        }

    def upload(self, request: Request) -> Response:
        officer = self._officer

        def work(advance: Advance) -> Words:
            session = officer.session()
            workspace = Workspace(session)
            if not self._sent(workspace):
                upload_bundle(session, self._folder(workspace), advance)
            return Words("Diterima layanan.", "Accepted by the service.")

        total = self._sealed_chunks()
        return self._frame.start(request, "upload", Words("Mengirim", "Uploading"), total, work)

    def _folder(self, workspace: Workspace) -> BundleFolder:
        """The bundle folder of the most recently prepared rows, sent or not."""
        return workspace.bundle(self._officer.dataset, self._officer.preparing(workspace))

    def _sent(self, workspace: Workspace) -> bool:
        return self._officer.preparing(workspace) < self._officer.generation

    def _sealed_chunks(self) -> int | None:
        if self._officer.me is None or not self._officer.project_id:
            return None
        folder = self._folder(Workspace(self._officer.session(network=False)))
        return folder.stored().chunks if folder.complete() else None


def _key_step(session: Session, action: str, kind: type[AnyBody], title: Words) -> KeyStep:
    state, me = session.project, session.me.member.id
    said = state.of(kind)
    done = {entry.sender for entry in said}
    waiting = offices(state).members(sorted(set(state.charter.party_ids) - done))
    return KeyStep(
        action, title, me in done, waiting, max((time_of(e) or 0 for e in said), default=None)
    )


def _rows_to_send(officer: Officer) -> int | None:
    if officer.me is None or not officer.project_id:
        return None
    workspace = Workspace(officer.session(network=False))
    path = workspace.prepared_path(officer.dataset, officer.preparing(workspace))
    return PreparedDataset(path).rows_to_send() if path.exists() else None
