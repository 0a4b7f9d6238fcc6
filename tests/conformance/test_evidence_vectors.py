"""Evidence of earlier builds: read for ever, and judged by the law that its charter names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policy.charter import FIRST_LAW, LATEST_LAW
from policy.evidence import EvidenceBundle, Report, read_bundle, verify_bundle
from policy.statements import CharterBody, parse_statement

VECTORS = Path(__file__).parents[1] / "vectors" / "evidence"
FOLDERS = sorted(path.parent for path in VECTORS.glob("*/*/evidence.zip"))


def held(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "held.json").read_text())
    return found


def verified(folder: Path, bundle: EvidenceBundle | None = None) -> Report:
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
