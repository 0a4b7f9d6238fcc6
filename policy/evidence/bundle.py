"""The evidence bundle as a file.

    roster.json             the roster as both authorities signed it
    entries.jsonl           a leaf of the log a line
    checkpoint.txt          the newest checkpoint
    cosigned/SIZE.txt       every checkpoint that witnesses cosigned, with their first times
    cosigned/SIZE.newest.txt   the same with their newest times, where they saw it again
    facts/COMMITMENT.json   opened facts; a party's form has none of these

What is no bundle is refused here. What is one, and wrong, is for the checks: a note or facts
that cannot be read are kept as such, and fail by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from policy.envelope import MAX_ENVELOPE_BYTES
from policy.evidence.archive import MAX_TOTAL_BYTES, Archive, opened, too_large
from policy.facts import OpenedFacts
from policy.log.note import MAX_NOTE_BYTES

MAX_ENTRIES = 500_000
_FACTS_BYTES = 4 * 1024 * 1024
_NAMES = re.compile(
    r"roster\.json|entries\.jsonl|checkpoint\.txt"
    r"|cosigned/|cosigned/[0-9]{1,19}(\.newest)?\.txt|facts/|facts/[0-9a-f]{64}\.json"
)


@dataclass
class EvidenceBundle:
    """The members of a bundle, read within bounds."""

    roster: bytes
    leaves: list[bytes]
    checkpoint: str
    cosigned: list[str]
    facts: dict[str, OpenedFacts | None]  # None: what stands there cannot be read as facts


def read_bundle(path: Path) -> EvidenceBundle:
    """Read the zip; raises BadInput, with the reason, for what is not an evidence bundle."""
    with opened(path, _NAMES) as archive:
        return EvidenceBundle(
            roster=archive.read("roster.json", MAX_ENVELOPE_BYTES),
            leaves=_leaves(archive),
            checkpoint=_note(archive, "checkpoint.txt"),
            cosigned=[_note(archive, name) for name in _within(archive, "cosigned/")],
            facts={
                name.removeprefix("facts/").removesuffix(".json"): opened_facts(
                    archive.read(name, _FACTS_BYTES)
                )
                for name in _within(archive, "facts/")
            },
        )


def opened_facts(data: bytes) -> OpenedFacts | None:
    """Facts as they were written down, canonical; None for anything else."""
    try:
        found = OpenedFacts.model_validate_json(data)
    except ValidationError:
        return None
    return found if found.canonical() == data else None


def _leaves(archive: Archive) -> list[bytes]:
    """Line by line as it unpacks: neither endless lines nor endlessly many are ever held."""
    leaves: list[bytes] = []
    rest = b""
    for block in archive.blocks("entries.jsonl", MAX_TOTAL_BYTES):
        lines = block.split(b"\n")
        lines[0] = rest + lines[0]
        rest = lines.pop()
        leaves += lines
        if len(leaves) > MAX_ENTRIES or len(rest) > MAX_ENVELOPE_BYTES:
            raise too_large(archive.path, "entries.jsonl")
    return [*leaves, rest] if rest else leaves


def _note(archive: Archive, name: str) -> str:
    return archive.read(name, MAX_NOTE_BYTES).decode(errors="replace")


def _within(archive: Archive, folder: str) -> list[str]:
    return sorted(n for n in archive.names if n.startswith(folder) and not n.endswith("/"))
