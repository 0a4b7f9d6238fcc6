"""Evidence of earlier builds: read for ever, and judged by the law that its charter names."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from policy.base.errors import BadInput
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.evidence import (
    EvidenceBundle,
    VerificationReport,
    pack_bundle,
    read_bundle,
    verify_bundle,
)
from policy.statements import CharterBody, parse_statement

VECTORS = Path(__file__).parents[1] / "vectors" / "evidence"
FOLDERS = sorted(path.parent for path in VECTORS.glob("*/*/evidence.zip"))


def held(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "held.json").read_text())
    return found


def verified(folder: Path, bundle: EvidenceBundle | None = None) -> VerificationReport:
    outside = held(folder)
    return verify_bundle(
        bundle or read_bundle(folder / "evidence.zip"),
        outside["roster_digest"],
        outside["checkpoint"],
    )


def law_of(bundle: EvidenceBundle) -> str:
    bodies = (parse_statement(leaf).body for leaf in bundle.leaves)
    return next(body.law for body in bodies if isinstance(body, CharterBody))


def failed(report: dict[str, Any]) -> set[str]:
    return {
        finding["id"]
        for check in report["checks"]
        for finding in check["findings"]
        if finding["standing"] == "failed"
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_stored_bundle_verifies_as_it_did(folder: Path) -> None:
    said = json.loads((folder / "report.json").read_text("utf-8"))
    report = verified(folder)
    assert failed(report.as_json()) == failed(said)
    assert report.exit_code == said["exit_code"]
    assert (report.project, report.entries, report.root) == tuple(
        said[each] for each in ("project", "entries", "root")
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_bundle_is_stored_under_the_law_of_its_charter(folder: Path) -> None:
    assert law_of(read_bundle(folder / "evidence.zip")) == folder.parent.name


def test_there_are_vectors_of_the_first_law_and_of_each_outcome() -> None:
    laws: dict[str, set[str]] = {}
    for folder in FOLDERS:
        laws.setdefault(folder.parent.name, set()).add(folder.name)
    assert laws[FIRST_LAW] >= {"clean", "refused", "amended", "caught"}
    assert laws.get(LATEST_LAW, laws[FIRST_LAW]) >= {"clean", "refused", "amended", "caught"}


def test_a_vector_with_one_entry_less_no_longer_verifies() -> None:
    """The negative control: the vectors are looked at and not only opened."""
    folder = VECTORS / FIRST_LAW / "clean"
    bundle = read_bundle(folder / "evidence.zip")
    del bundle.leaves[5]
    assert verified(folder, bundle).exit_code != 0


# -- formats of the file -------------------------------------------------------------------------


def repacked(path: Path, folder: Path, **change: bytes | None) -> Path:
    """The bundle's file with members added, replaced or (None) left out."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files |= {name: data for name, data in change.items() if data is not None}
    new = folder / "changed.zip"
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return new


def test_the_first_format_has_no_member_of_a_later_one(tmp_path: Path) -> None:
    first = VECTORS / FIRST_LAW / "clean" / "evidence.zip"
    note = read_bundle(first).cosigned[0].encode()
    with pytest.raises(BadInput) as refused:
        read_bundle(repacked(first, tmp_path, **{"cosigned/00000003.newest.txt": note}))
    assert refused.value.code == "evidence.malformed"


@pytest.mark.parametrize(
    "stated", [b'{"type":"padan/evidence-bundle","version":99}', b"{}", b"[2]", b"no json"]
)
def test_a_format_of_a_later_build_is_named_as_such(stated: bytes, tmp_path: Path) -> None:
    first = VECTORS / FIRST_LAW / "clean" / "evidence.zip"
    with pytest.raises(BadInput) as refused:
        read_bundle(repacked(first, tmp_path, **{"format.json": stated}))
    assert refused.value.code == "evidence.format"


def test_what_is_written_says_its_format_and_is_read_again(tmp_path: Path) -> None:
    bundle = read_bundle(VECTORS / FIRST_LAW / "clean" / "evidence.zip")
    path = tmp_path / "evidence.zip"
    path.write_bytes(pack_bundle(bundle))
    assert read_bundle(path) == bundle
    with zipfile.ZipFile(path) as archive:
        assert archive.read("format.json") == b'{"type":"padan/evidence-bundle","version":2}'
