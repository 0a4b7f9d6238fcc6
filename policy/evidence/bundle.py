"""The evidence bundle as a file. Every format that any build wrote stays readable.

    format.json             the version of the format; the first format has no such member
    roster.json             the roster as both authorities signed it
    entries.jsonl           one leaf of the log per line
    checkpoint.txt          the newest checkpoint
    cosigned/SIZE.txt       every checkpoint that witnesses cosigned, with their first times
    cosigned/SIZE.newest.txt   the same with their newest times, if they cosigned it again
    facts/COMMITMENT.json   opened facts; a party's form of the bundle has none

A file that is not a bundle is refused here. A bundle with wrong content is left to the checks: a
note or facts that cannot be read are kept as such, and a check fails for them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from policy.base.canonical import canonical_json
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, PadanError
from policy.base.words import Words
from policy.crypto.envelope import MAX_ENVELOPE_BYTES
from policy.evidence.archive import MAX_TOTAL_BYTES, Archive, no_bundle, opened, too_large
from policy.gates.facts import OpenedFacts
from policy.log import parse_checkpoint, parse_note
from policy.log.note import MAX_NOTE_BYTES

MAX_ENTRIES = 500_000
_FACTS_BYTES = 4 * 1024 * 1024
_FIRST_NAMES = (
    r"roster\.json|entries\.jsonl|checkpoint\.txt"
    r"|cosigned/|cosigned/[0-9]{1,19}\.txt|facts/|facts/[0-9a-f]{64}\.json"
)
_FORMAT_MEMBER = "format.json"
_ENTRIES = "entries.jsonl"
# The names of each format's members.
FORMATS: Mapping[int, re.Pattern[str]] = {
    1: re.compile(_FIRST_NAMES),
    2: re.compile(_FIRST_NAMES + r"|format\.json|cosigned/[0-9]{1,19}\.newest\.txt"),
}
_LATEST = max(FORMATS)
_TYPE = "padan/evidence-bundle"
_FORMAT = canonical_json({"type": _TYPE, "version": _LATEST})
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # a fixed time: the bytes do not depend on the clock


@dataclass
class EvidenceBundle:
    """The contents of a bundle, read within bounds."""

    roster: bytes
    leaves: list[bytes]
    checkpoint: str
    cosigned: list[str]
    facts: dict[str, OpenedFacts | None]  # None: the member cannot be read as facts


def read_bundle(path: Path) -> EvidenceBundle:
    """Read the zip; raises BadInput, with the reason, if it is not an evidence bundle."""
    with opened(path, FORMATS[_LATEST]) as archive:
        _require_known_format(archive)
        return EvidenceBundle(
            roster=archive.read("roster.json", MAX_ENVELOPE_BYTES),
            leaves=_leaves(archive),
            checkpoint=_note(archive, "checkpoint.txt"),
            cosigned=[_cosigned(archive, name) for name in _within(archive, "cosigned/")],
            facts={
                name.removeprefix("facts/").removesuffix(".json"): opened_facts(
                    archive.read(name, _FACTS_BYTES)
                )
                for name in _within(archive, "facts/")
            },
        )


def bundle_members(bundle: EvidenceBundle) -> dict[str, bytes]:
    """The members of a bundle by their names in the zip, in the latest format."""
    return {**_members(bundle), _ENTRIES: b"".join(leaf + b"\n" for leaf in bundle.leaves)}


def _members(bundle: EvidenceBundle) -> dict[str, bytes]:
    """All members but the entries."""
    files = {
        _FORMAT_MEMBER: _FORMAT,
        "roster.json": bundle.roster,
        "checkpoint.txt": bundle.checkpoint.encode(),
    }
    for note in bundle.cosigned:
        name = f"cosigned/{parse_checkpoint(parse_note(note).text).size:08d}"
        files[f"{name}.newest.txt" if f"{name}.txt" in files else f"{name}.txt"] = note.encode()
    for commitment, facts in bundle.facts.items():
        files[f"facts/{commitment}.json"] = b"{}" if facts is None else facts.canonical()
    return files


def pack_bundle(bundle: EvidenceBundle) -> bytes:
    """The bundle as a zip; equal bundles give equal bytes."""
    buffer = io.BytesIO()
    write_bundle(buffer, bundle, bundle.leaves)
    return buffer.getvalue()


def write_bundle(file: IO[bytes], bundle: EvidenceBundle, leaves: Iterable[bytes]) -> None:
    """Write the zip of `pack_bundle` into a file, entry by entry.

    The entries are `leaves`, which are read once, and not those of the bundle.
    """
    small = _members(bundle)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted((*small, _ENTRIES)):
            member = zipfile.ZipInfo(name, _WRITTEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as written:
                for part in _lines(leaves) if name == _ENTRIES else [small[name]]:
                    written.write(part)


def _lines(leaves: Iterable[bytes]) -> Iterator[bytes]:
    for leaf in leaves:
        yield leaf + b"\n"


def _require_known_format(archive: Archive) -> None:
    """Raises BadInput for a later build's format, or for members that the format does not have."""
    version = 1
    if _FORMAT_MEMBER in archive.names:
        version = _version(archive.read(_FORMAT_MEMBER, len(_FORMAT) + 100))
    names = FORMATS.get(version)
    if names is None:
        raise BadInput(
            PolicyCode.EVIDENCE_FORMAT,
            Words(
                f"{archive.path} berformat bukti yang tidak dikenal versi Padan ini.",
                f"{archive.path} has an evidence format that this version of Padan does not know.",
            ),
            Words("Pakai versi Padan yang lebih baru.", "Use a later version of Padan."),
        )
    if not all(names.fullmatch(name) for name in archive.names):
        raise no_bundle(
            archive.path, Words("ada berkas yang asing", "it has a member that no bundle has")
        )


def _version(data: bytes) -> int:
    """The version in a format member; 0 if it has none."""
    try:
        stated = json.loads(data)
    except ValueError:
        return 0
    if not isinstance(stated, dict) or stated.get("type") != _TYPE:
        return 0
    version = stated.get("version")
    return version if type(version) is int else 0


def opened_facts(data: bytes) -> OpenedFacts | None:
    """Parse canonical facts; None for anything else."""
    try:
        found = OpenedFacts.model_validate_json(data)
    except ValidationError:
        return None
    return found if found.canonical() == data else None


def _leaves(archive: Archive) -> list[bytes]:
    """Read line by line while unpacking, so that neither huge lines nor too many are ever held."""
    leaves: list[bytes] = []
    rest = b""
    for block in archive.blocks(_ENTRIES, MAX_TOTAL_BYTES):
        lines = block.split(b"\n")
        lines[0] = rest + lines[0]
        rest = lines.pop()
        leaves += lines
        if len(leaves) > MAX_ENTRIES or len(rest) > MAX_ENVELOPE_BYTES:
            raise too_large(archive.path, _ENTRIES)
    return [*leaves, rest] if rest else leaves


def _note(archive: Archive, name: str) -> str:
    return archive.read(name, MAX_NOTE_BYTES).decode(errors="replace")


def _cosigned(archive: Archive, name: str) -> str:
    """A note of the size in its name; a text that is not a note is left to the checks."""
    note, called = _note(archive, name), name.removeprefix("cosigned/").split(".")[0]
    try:
        size = parse_checkpoint(parse_note(note).text).size
    except PadanError:
        return note
    if size != int(called):
        raise no_bundle(
            archive.path,
            Words(f"{name} memuat titik periksa lain", f"{name} holds another checkpoint"),
        )
    return note


def _within(archive: Archive, folder: str) -> list[str]:
    return sorted(n for n in archive.names if n.startswith(folder) and not n.endswith("/"))
