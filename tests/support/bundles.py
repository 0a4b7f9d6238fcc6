"""Evidence bundles as files, honest ones and evil ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

from policy.evidence import EvidenceBundle
from policy.log import parse_checkpoint, parse_note


def members(bundle: EvidenceBundle) -> dict[str, bytes]:
    """The files of a bundle by their names in the zip."""
    files = {
        "roster.json": bundle.roster,
        "entries.jsonl": b"".join(leaf + b"\n" for leaf in bundle.leaves),
        "checkpoint.txt": bundle.checkpoint.encode(),
    }
    for note in bundle.cosigned:
        name = f"cosigned/{parse_checkpoint(parse_note(note).text).size:08d}"
        files[f"{name}.newest.txt" if f"{name}.txt" in files else f"{name}.txt"] = note.encode()
    for commitment, opened in bundle.facts.items():
        files[f"facts/{commitment}.json"] = opened.canonical() if opened else b"{}"
    return files


def write_bundle(path: Path, bundle: EvidenceBundle) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members(bundle).items():
            archive.writestr(name, data)
