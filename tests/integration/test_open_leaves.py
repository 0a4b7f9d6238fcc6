"""An auditor draws rows by a later checkpoint; an agency opens them, and they are checked."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import PROJECT, Answer, Programme, expect


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("leaves"), persons=900)
    programme.reach("uploaded")
    with programme.serving():
        programme.witness()
        yield programme


@pytest.fixture(scope="module")
def draw(programme: Programme) -> Path:
    out = programme.folder / "draw.json"
    drawn = programme.run(
        "auditor", "padan-policy", "draw-leaves", PROJECT, "dtks", "--rows", "25", "--out", str(out)
    )
    assert drawn.json()[0]["rows"] == 25
    return out


@pytest.fixture(scope="module")
def opened(programme: Programme, draw: Path) -> Path:
    out = programme.folder / "leaves.json"
    answer = programme.run(
        "dinsos", "padan-encoder", "open-leaves", PROJECT, str(draw), "--out", str(out)
    )
    assert answer.json()[0]["rows"] == 25
    return out


def verified(programme: Programme, leaves: Path, code: int = 0) -> tuple[Answer, dict[str, Any]]:
    """What `verify` finds of the opened rows, with all else that it needs."""
    evidence, checkpoint = (leaves.with_suffix(each) for each in (".zip", ".txt"))
    programme.run("auditor", "padan-policy", "evidence", PROJECT, "--out", str(evidence))
    programme.run("auditor", "padan-policy", "checkpoint", PROJECT, "--out", str(checkpoint))
    held = ("--roster-digest", programme.digest, "--checkpoint", str(checkpoint))
    answer = programme.run(
        "auditor",
        "padan-policy",
        "verify",
        str(evidence),
        *held,
        "--leaves",
        str(leaves),
        code=code,
    )
    found = {
        each["id"]: each
        for check in answer.json()[0]["checks"]
        for each in check["findings"]
        if each["id"].startswith("encodings.leaves")
    }
    return answer, found["encodings.leaves.dtks"]


def test_the_rows_that_were_drawn_are_those_committed(programme: Programme, opened: Path) -> None:
    answer, finding = verified(programme, opened)
    assert finding["standing"] == "proved"
    held = json.loads(opened.read_text())
    records = [each for each in held["leaves"] if each.get("slot") is None]
    with (programme.folder / "sources" / "dtks.csv").open(encoding="utf-8") as file:
        ids = {cell for row in csv.reader(file, delimiter=";") for cell in row}
    assert {each["record_id"] for each in records} <= ids
    assert not any(each["record_id"] in answer.out for each in records)
    assert opened.stat().st_mode & 0o077 == 0, "only the officer reads it"


def test_a_row_that_is_exchanged_is_named(programme: Programme, opened: Path) -> None:
    held = json.loads(opened.read_text())
    people = [each for each in held["leaves"] if each.get("slot") is None]
    people[0]["record_id"], people[1]["record_id"] = people[1]["record_id"], people[0]["record_id"]
    other = programme.folder / "exchanged.json"
    other.write_text(json.dumps(held))
    _, finding = verified(programme, other, code=7)
    assert finding["standing"] == "failed"


def test_rows_that_no_checkpoint_drew_stay_closed(programme: Programme, draw: Path) -> None:
    """An auditor who would like to see certain people draws as everybody does."""
    held = json.loads(draw.read_text())
    held["positions"] = list(range(25))
    chosen = programme.folder / "chosen.json"
    chosen.write_text(json.dumps(held))
    out = str(programme.folder / "no.json")
    answer = programme.run(
        "dinsos", "padan-encoder", "open-leaves", PROJECT, str(chosen), "--out", out, code=4
    )
    expect(answer, "leaves.draw")


def test_nobody_opens_rows_of_another_agency(programme: Programme, draw: Path) -> None:
    out = str(programme.folder / "no.json")
    answer = programme.run(
        "bps", "padan-encoder", "open-leaves", PROJECT, str(draw), "--out", out, code=4
    )
    expect(answer, "dataset.foreign")
