"""An entry of a project's log with its proof, as files that `padan-policy verify-entry` reads."""

from __future__ import annotations

from dataclasses import dataclass

from linkage_service.error_codes import ServiceCode
from linkage_service.service import Service
from linkage_service.storage.heads import cosigned_heads, newest_head
from linkage_service.storage.leaves import leaves_from, log_size
from policy.base.errors import Refused
from policy.base.words import Words
from policy.formats.tlog_proof import TlogProof
from policy.log import inclusion_proof, leaf_hash, parse_checkpoint, parse_note
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
    with ledger.database.reading() as connection:
        leaves = leaves_from(connection, name, 0, log_size(connection, name))
        notes, _ = cosigned_heads(connection, name)
        newest = newest_head(connection, name)
    if not 0 <= index < len(leaves):
        raise _no_entry()
    covered = ledger.witnessed(name).covered
    size = covered.size if covered is not None and index < covered.size else len(leaves)
    note = next((each for each in reversed(notes) if _size(each) == size), newest)
    size = _size(note)
    hashes = inclusion_proof([leaf_hash(leaf) for leaf in leaves[:size]], index)
    rosters = {0, *(entry.index for entry in project.of(RosterBody) if entry.index < size)}
    return ProvedEntry(
        leaves[index],
        TlogProof(index, tuple(hashes), note),
        size,
        tuple(leaves[each] for each in sorted(rosters)),
    )


def _size(note: str) -> int:
    return parse_checkpoint(parse_note(note).text).size


def _no_entry() -> Refused:
    return Refused(
        ServiceCode.PAGES_NO_ENTRY,
        Words("Log proyek ini tidak memuat entri itu.", "This project's log has no such entry."),
        Words("Pilih entri dari daftarnya.", "Choose an entry from the list."),
    )
