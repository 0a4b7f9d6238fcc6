"""The evidence bundle as a file: a zip from a stranger, read within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from policy.errors import BadInput
from policy.facts import OpenedFacts
from policy.words import Words

MAX_MEMBER_BYTES = 256 * 1024 * 1024
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_MEMBERS = 20_000


@dataclass
class EvidenceBundle:
    """The members of a bundle, read within bounds."""

    roster: bytes
    leaves: list[bytes]
    checkpoint: str
    cosigned: list[str]
    facts: dict[str, OpenedFacts | None]  # None: what stands there cannot be read as facts


def read_bundle(path: Path) -> EvidenceBundle:
    """Read the zip; raises BadInput for anything that is not an evidence bundle."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _members(archive)
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValidationError):
        raise _no_bundle(path) from None
    except (RuntimeError, NotImplementedError, EOFError):
        raise _no_bundle(path) from None


def _members(archive: zipfile.ZipFile) -> EvidenceBundle:
    infos = archive.infolist()
    if (
        len(infos) > MAX_MEMBERS
        or sum(info.file_size for info in infos) > MAX_TOTAL_BYTES
        or len({info.filename for info in infos}) != len(infos)
    ):
        raise KeyError("bounds")
    facts: dict[str, OpenedFacts | None] = {}
    for name, data in _read_all(archive, "facts/"):
        facts[name.removesuffix(".json")] = opened_facts(data)
    return EvidenceBundle(
        roster=_read(archive, "roster.json"),
        leaves=_read(archive, "entries.jsonl").splitlines(),
        checkpoint=_read(archive, "checkpoint.txt").decode(),
        cosigned=[data.decode() for _, data in _read_all(archive, "cosigned/")],
        facts=facts,
    )


def opened_facts(data: bytes) -> OpenedFacts | None:
    """Facts as they were written down, canonical; None for anything else."""
    try:
        opened = OpenedFacts.model_validate_json(data)
    except ValidationError:
        return None
    return opened if opened.canonical() == data else None


def _read_all(archive: zipfile.ZipFile, folder: str) -> Iterator[tuple[str, bytes]]:
    for name in sorted(archive.namelist()):
        if name.startswith(folder) and not name.endswith("/"):
            yield name.removeprefix(folder), _read(archive, name)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    # The size in the directory may lie; the bound on what is read may not.
    with archive.open(name) as member:
        data = member.read(MAX_MEMBER_BYTES + 1)
    if len(data) > MAX_MEMBER_BYTES:
        raise KeyError(name)
    return data


def _no_bundle(path: Path) -> BadInput:
    return BadInput(
        "evidence.malformed",
        Words(f"{path} bukan bundel bukti Padan.", f"{path} is not a Padan evidence bundle."),
        Words("Minta bundel itu dikirim ulang.", "Ask for the bundle to be sent again."),
    )
