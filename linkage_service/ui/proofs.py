"""An entry of a project's log with its proof, as files that `padan-policy verify-entry` reads."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from linkage_service.error_codes import ServiceCode
from linkage_service.service import Service
from linkage_service.storage.heads import cosigned_where, newest_head
from linkage_service.storage.leaves import leaves_from, log_size
from linkage_service.storage.records.tables import cosignatures
from policy.base.errors import Refused
from policy.base.words import Words
from policy.formats.tlog_proof import TlogProof
from policy.log import parse_checkpoint, parse_note
from policy.members.roster import Roster, parse_roster, roster_digest
from policy.project import Project
from policy.statements import RosterBody


@dataclass(frozen=True)
class ProvedEntry:
    """A leaf of the log, and its proof under a checkpoint.

    The checkpoint is the newest that a quorum of witnesses cosigned; for an entry after it, the
    newest one. `rosters` are the files of the log's rosters up to the checkpoint, oldest first; the
    last one is that by which the checkpoint is checked.
    """

    leaf: bytes
    proof: TlogProof
    size: int
    rosters: tuple[bytes, ...]

    @property
    def by_roster(self) -> Roster:
        """The roster by which the checkpoint is checked."""
        return parse_roster(self.rosters[-1])[0]

    @property
    def roster_digest(self) -> str:
        return roster_digest(self.rosters[-1])

    @property
    def roster_files(self) -> dict[str, bytes]:
        """The rosters by the names of their files."""
        return {f"roster-{parse_roster(data)[0].version}.json": data for data in self.rosters}


def prove(service: Service, project: Project, index: int) -> ProvedEntry:
    """The entry and its proof; raises Refused for an index that the log does not have."""
    name, ledger = project.charter.project, service.ledger
    covered = ledger.witnessed(name).covered
    with ledger.database.reading() as connection:
        end = log_size(connection, name)
        if not 0 <= index < end:
            raise _no_entry()
        size = covered.size if covered is not None and index < covered.size else end
        notes = cosigned_where(connection, name, cosignatures.c.size == size)
        note = notes[-1] if notes else newest_head(connection, name)
        size = _size(note)
        leaf = _leaf(connection, name, index)
        indexes = {0, *(entry.index for entry in project.of(RosterBody) if entry.index < size)}
        rosters = tuple(_leaf(connection, name, each) for each in sorted(indexes))
    hashes = ledger.stored.inclusion_proof(name, index, size)
    return ProvedEntry(leaf, TlogProof(index, tuple(hashes), note), size, rosters)


def _leaf(connection: Connection, name: str, index: int) -> bytes:
    return leaves_from(connection, name, index, index + 1)[0]


def _size(note: str) -> int:
    return parse_checkpoint(parse_note(note).text).size


def _no_entry() -> Refused:
    return Refused(
        ServiceCode.PAGES_NO_ENTRY,
        Words("Log proyek ini tidak memuat entri itu.", "This project's log has no such entry."),
        Words("Pilih entri dari daftarnya.", "Choose an entry from the list."),
    )
