"""Transfers of attributes at this machine: known, looked at, opened from files, signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from policy.approval.carried_transfers import open_transfer_ask, pack_transfer
from policy.approval.transfers import AskedTransfer, look_at_transfer, vote_on
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused, Unreachable
from policy.base.files import write_file
from policy.base.words import Words
from policy.law.transfers import require_transfer
from policy.ui.desk import ApproverDesk, no_file_opened
from policy.wire.session import Session


@dataclass
class TransferDesk:
    """The same person's desk, for transfers."""

    desk: ApproverDesk
    carried: set[tuple[str, str]] = field(default_factory=set)

    def known(self, now: int) -> list[tuple[str, AskedTransfer]]:
        """Every transfer by the copies of logs on this machine, with its project."""
        return [
            (each, AskedTransfer(record, now))
            for each in self.desk.project_ids()
            for record in reversed(self.desk.session(each).recall().transfers())
        ]

    def look_at(self, project: str, name: str, now: int) -> AskedTransfer:
        """The transfer from the service, else from this machine's copy of the log."""
        session = self.desk.session(project)
        try:
            with self.desk.talking:
                return look_at_transfer(session, name, now)
        except Unreachable:
            return AskedTransfer(require_transfer(session.recall(), name), now)

    def opened(self, project: str, name: str, now: int) -> AskedTransfer:
        """The transfer from an opened file, without any network."""
        if (project, name) not in self.carried:
            raise no_file_opened()
        return AskedTransfer(require_transfer(self.desk.session(project).recall(), name), now)

    def open_file(self, data: bytes, now: int) -> str:
        """Open a request; returns the address of its page."""
        session, asked = open_transfer_ask(self.desk.unlocked(), data, now)
        self.carried.add((session.project_id, asked.record.name))
        return f"/carried-transfer/{session.project_id}/{asked.record.name}"

    def sign(
        self, project: str, asked: AskedTransfer, seen: str, passphrase: bytes, now: int, *,
        refuse: bool, carried: bool,
    ) -> None:  # fmt: skip
        """Sign what was shown, with the passphrase given again; then send it or keep it."""
        if asked.record.request.digest != seen:
            raise Refused(
                PolicyCode.UI_OTHER_STAGE,
                Words("Yang tampil bukan permintaan ini.", "What was shown is another request."),
                Words("Muat ulang halaman ini.", "Reload this page."),
            )
        session = Session(self.desk.home.unlock(passphrase), project)
        session.recall()
        record = require_transfer(session.project, asked.record.name)
        envelope = vote_on(session, AskedTransfer(record, now), refuse=refuse)
        if carried:
            write_file(self.answer_path(project, record.name), envelope.canonical())
        else:
            with self.desk.talking:
                session.send(envelope)

    def answer_path(self, project: str, name: str) -> Path:
        folder = self.desk.home.project_folder(project) / "answers"
        return folder / f"{name}-transfer-vote.padan"

    def has_answer(self, project: str, asked: AskedTransfer) -> bool:
        """Whether a vote signed here is not in the log yet."""
        said = asked.word_of(self.desk.unlocked().member.id)
        return said is None and self.answer_path(project, asked.record.name).exists()

    def pack(self, project: str, name: str, now: int) -> bytes:
        """A request for all who may vote, as a file."""
        with self.desk.talking:
            return pack_transfer(self.desk.session(project), name, now).canonical()


def require_answer(path: Path) -> Path:
    """The file of an answer; raises NotYet if nothing was signed here."""
    if path.exists():
        return path
    raise NotYet(
        PolicyCode.UI_NO_FILE,
        Words("Belum ada jawaban yang ditandatangani.", "No answer has been signed here."),
        Words("Tandatangani dahulu di halaman kiriman.", "Sign on the page of the transfer."),
    )
