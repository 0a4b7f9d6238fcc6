"""One entry of a log, verified offline: it is in the tree, signed by its sender, and witnessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.base.canonical import HexDigest
from policy.base.error_codes import PolicyCode
from policy.base.errors import Unverified
from policy.base.words import Words
from policy.crypto.envelope import verify
from policy.formats.tlog_proof import TlogProof
from policy.log import Checkpoint, leaf_hash, verify_inclusion
from policy.members.roster import Roster
from policy.statements import RosterBody, Statement, parse_statement
from policy.wire.replica import log_origin, read_cosigned_times


@dataclass(frozen=True)
class VerifiedEntry:
    """An entry whose place in the log is proved. `cosigned` has each witness's time.

    `roster` is the one by which the checkpoint was checked. `signed_under` is the one under which
    the statement was signed; None if it was not given, so that the signature was not checked.
    """

    statement: Statement
    index: int
    checkpoint: Checkpoint
    cosigned: dict[str, int]
    roster: Roster
    signed_under: Roster | None


def verify_entry(
    leaf: bytes, proof: TlogProof, project: str, rosters: Sequence[Roster], pinned: HexDigest
) -> VerifiedEntry:
    """Verify an entry by the log's rosters, oldest first (`succession.open_rosters`).

    `pinned` is the digest of the one that was received by another way. The checkpoint is judged by
    that roster or a later one, because keys of earlier ones may be revoked: by the one under which
    most of its signatures are valid. The entry is judged by the roster under which it was signed.
    Raises Unverified for a wrong place, tree or checkpoint, or if none of the rosters is the pinned
    one, WrongKey for a wrong signature, BadInput for a file that is not a statement.
    """
    statement = parse_statement(leaf)
    roster, checkpoint, cosigned = _judged(proof.checkpoint, project, _since(rosters, pinned))
    place = leaf_hash(statement.leaf), proof.index, checkpoint.size
    verify_inclusion(*place, proof.hashes, checkpoint.root)
    under = _signed_under(statement, rosters)
    if under is not None and not isinstance(statement.body, RosterBody):
        sender = under.member(statement.sender)
        verify(statement.envelope, {sender.id: sender.signing_public()})
    return VerifiedEntry(statement, proof.index, checkpoint, cosigned, roster, under)


def _since(rosters: Sequence[Roster], pinned: HexDigest) -> Sequence[Roster]:
    """The pinned roster and those after it; none without it."""
    digests = [each.digest() for each in rosters]
    return rosters[digests.index(pinned) :] if pinned in digests else ()


def _judged(
    note: str, project: str, rosters: Sequence[Roster]
) -> tuple[Roster, Checkpoint, dict[str, int]]:
    """The newest of those rosters under which the checkpoint has most valid cosignatures."""
    found: tuple[Roster, Checkpoint, dict[str, int]] | None = None
    for roster in reversed(rosters):
        try:
            checkpoint, cosigned = read_cosigned_times(note, roster, log_origin(project))
        except Unverified as error:
            if error.code != PolicyCode.LOG_UNSIGNED:
                raise
            continue
        if found is None or len(cosigned) > len(found[2]):
            found = roster, checkpoint, cosigned
    if found is None:
        raise _unsigned()
    return found


def _unsigned() -> Unverified:
    return Unverified(
        PolicyCode.LOG_UNSIGNED,
        Words(
            "Titik periksa ini tidak ditandatangani layanan menurut roster dengan sidik itu atau"
            " yang kemudian.",
            "By the roster with that digest and those after it, this checkpoint is not signed by"
            " the service.",
        ),
        Words(
            "Unduh buktinya lagi; bila sesudah itu roster berganti, sebut juga versi yang kemudian"
            " dengan --roster. Kunci roster sebelum sidik itu tidak membuktikan apa-apa.",
            "Download the proof again; if the roster has changed, name the later versions too by"
            " --roster. Keys of rosters before that digest prove nothing.",
        ),
    )


def _signed_under(statement: Statement, rosters: Sequence[Roster]) -> Roster | None:
    """The roster that the statement names, or that it is (one of these is signed by itself)."""
    named = next((r for r in rosters if r.digest() == statement.binding.roster), None)
    return named if named is not None and named.has_member(statement.sender) else None
