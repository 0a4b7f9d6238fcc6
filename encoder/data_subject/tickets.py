"""Requests of data subjects, one small file each, with the deadline of 3 x 24 hours.

A ticket has the record id that the officer typed and nothing else about the person. It is kept
to show that the request was answered in time, and deleted by the agency's archive schedule,
which no charter knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from encoder.error_codes import EncoderCode
from policy.base.canonical import Identifier, Model
from policy.base.errors import BadInput
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.papers.clock import CLOCK
from policy.papers.rights import Right


class Ticket(Model):
    """One request. `found` is the number of rows in each own dataset at that time."""

    type: Literal["padan/subject-ticket"] = "padan/subject-ticket"
    number: int = Field(ge=1)
    project: Identifier
    record_id: str = Field(min_length=1, max_length=200)
    right: Right
    received: datetime
    found: dict[Identifier, int]
    done: datetime | None = None

    @property
    def deadline(self) -> datetime:
        return self.received + CLOCK


@dataclass(frozen=True)
class Tickets:
    """The folder of an agency's tickets of one project."""

    folder: Path

    def open(
        self, project: str, record_id: str, right: Right, received: datetime, found: dict[str, int]
    ) -> Ticket:
        """Open a ticket; `withdraw --ids` and `prepare --suppress` take its ids file."""
        ticket = Ticket(
            number=max((each.number for each in self.all()), default=0) + 1,
            project=project,
            record_id=record_id,
            right=right,
            received=received,
            found=found,
        )
        write_file(self.ids_file(ticket.number), f"{record_id}\n".encode(), private=True)
        self._keep(ticket)
        return ticket

    def all(self) -> tuple[Ticket, ...]:
        """All tickets by number."""
        return tuple(self._read(path) for path in sorted(self.folder.glob("[0-9]*.json")))

    def close(self, number: int, now: datetime) -> Ticket:
        """Mark as answered; raises BadInput for an unknown number."""
        for ticket in self.all():
            if ticket.number == number:
                closed = ticket if ticket.done else ticket.model_copy(update={"done": now})
                self._keep(closed)
                return closed
        raise BadInput(
            EncoderCode.SUBJECT_NO_TICKET,
            Words(f"Tidak ada permintaan nomor {number}.", f"There is no request number {number}."),
            Words("Lihat 'padan-encoder tickets'.", "See 'padan-encoder tickets'."),
        )

    def forget(self, before: datetime) -> int:
        """Delete tickets answered before this time, with their ids; returns how many. Open ones
        stay."""
        ended = [each for each in self.all() if each.done is not None and each.done < before]
        for ticket in ended:
            self.ids_file(ticket.number).unlink(missing_ok=True)
            self._file(ticket.number).unlink()
        return len(ended)

    def ids_file(self, number: int) -> Path:
        return self.folder / f"{number:04d}-ids.txt"

    def _keep(self, ticket: Ticket) -> None:
        write_file(self._file(ticket.number), ticket.canonical(), private=True)

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:04d}.json"

    def _read(self, path: Path) -> Ticket:
        try:
            return Ticket.model_validate_json(read_file(path))
        except ValidationError:
            raise BadInput(
                EncoderCode.SUBJECT_TICKET_MALFORMED,
                Words(f"{path} bukan berkas permintaan.", f"{path} is not a ticket."),
                Words("Pulihkan dari cadangan.", "Restore it from a backup."),
            ) from None
