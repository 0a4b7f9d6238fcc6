"""Finds the charter in force among the charters that were signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.project.log import Entry
from policy.statements import CharterBody


@dataclass(frozen=True)
class CharterSignatures:
    """The signatures on the version that counts, and what follows from them.

    `ceremony` is the index of the log from which the key ceremony counts.
    """

    signature: Entry[CharterBody]
    in_force: bool
    ceremony: int


def agreement_of(signatures: Sequence[Entry[CharterBody]]) -> CharterSignatures:
    """The latest version that all its parties signed; else the proposal with most signatures."""
    signed: dict[str, set[str]] = {}
    proposed: dict[str, Entry[CharterBody]] = {}
    latest, ceremony, dropped = None, 0, 0
    for entry in signatures:
        charter, digest = entry.body, entry.statement.binding.charter
        senders = signed.setdefault(digest, set())
        senders.add(entry.statement.sender)
        proposed.setdefault(digest, entry)
        if senders == set(charter.party_ids):
            latest = entry
            if len(charter.dropped) > dropped:
                ceremony = entry.index + 1
            dropped = len(charter.dropped)
    if latest is None:
        # If several proposals have equally many signatures, the first counts: `max` keeps it.
        most = max(signed, key=lambda digest: len(signed[digest]))
        return CharterSignatures(proposed[most], False, 0)
    return CharterSignatures(latest, True, ceremony)
