"""One entry of a log, verified offline: it is in the tree, signed by its sender, and witnessed."""

from __future__ import annotations

from dataclasses import dataclass

from policy.crypto.envelope import verify
from policy.formats.tlog_proof import TlogProof
from policy.log import Checkpoint, leaf_hash, verify_inclusion
from policy.members.roster import Roster
from policy.statements import RosterBody, Statement, parse_statement
from policy.wire.replica import log_origin, read_cosigned_times


@dataclass(frozen=True)
class VerifiedEntry:
    """An entry whose place in the log is proved. `cosigned` has each witness's time.

    `signed` is False if the statement was signed under another roster than the given one, so that
    its signature was not checked.
    """

    statement: Statement
    index: int
    checkpoint: Checkpoint
    cosigned: dict[str, int]
    signed: bool


def verify_entry(leaf: bytes, proof: TlogProof, project: str, roster: Roster) -> VerifiedEntry:
    """Verify an entry by the roster that was in force at the proof's checkpoint.

    Raises Unverified for a wrong place, tree or checkpoint, WrongKey for a wrong signature,
    BadInput for a file that is not a statement.
    """
    statement = parse_statement(leaf)
    checkpoint, cosigned = read_cosigned_times(proof.checkpoint, roster, log_origin(project))
    place = leaf_hash(statement.leaf), proof.index, checkpoint.size
    verify_inclusion(*place, proof.hashes, checkpoint.root)
    signed = statement.binding.roster == roster.digest() and roster.has_member(statement.sender)
    if signed and not isinstance(statement.body, RosterBody):
        sender = roster.member(statement.sender)
        verify(statement.envelope, {sender.id: sender.signing_public()})
    return VerifiedEntry(statement, proof.index, checkpoint, cosigned, signed)
