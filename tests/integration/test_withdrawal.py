"""People who object after their rows were sent are in no release from then on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.programme import PROJECT, Programme, expect


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("withdrawal"), persons=900)
    programme.found()
    with programme.serving():
        programme.sign_charter()
        programme.agree()
        programme.upload()
        programme.match("padan-1")
        yield programme


def listed(programme: Programme, release: str) -> set[str]:
    """The record ids of DTKS in the list that this release gives."""
    programme.witness()
    programme.run("dinsos", "padan-encoder", "open", PROJECT, release)
    out = programme.folder / f"{release}.csv"
    programme.run("dinsos", "padan-encoder", "list", PROJECT, release, "dtks", "--out", str(out))
    with out.open(newline="", encoding="utf-8") as file:
        return {row["IDSEMESTA"] for row in csv.DictReader(file)}


def test_withdrawn_rows_leave_no_trace_in_the_next_release(programme: Programme) -> None:
    programme.release("rilis-1", "padan-1", "bps-approver", "dppapp-approver")
    before = listed(programme, "rilis-1")
    objecting = sorted(before)[:3]
    ids = programme.folder / "objections.txt"
    ids.write_text("\n".join([*objecting, "not-ours"]) + "\n")
    arguments = ("withdraw", PROJECT, "dtks", "--ids", str(ids))
    said = programme.run("dinsos", "padan-encoder", *arguments).json()[0]
    assert (said["withdrawn"], said["unknown_ids"]) == (3, 1)
    domains = ("--domain", "jakarta", "--domain", "dtks-regsosek")
    request = ("request", PROJECT, "rilis-2", "--run", "padan-1", *domains)
    programme.run("dinsos", "padan-policy", *request)
    stale = programme.run("service", "padan-linkage", "stage", PROJECT, "rilis-2", code=4)
    expect(stale, "project.withdrawn")
    programme.match("padan-2")
    programme.release("rilis-3", "padan-2", "bps-approver", "dppapp-approver")
    after = listed(programme, "rilis-3")
    assert not after & set(objecting)
    # A person whom only the withdrawn row held together with others may be lost as well.
    assert len(before - set(objecting) - after) <= 3


def test_only_the_owner_withdraws_and_only_rows_it_has(
    programme: Programme, tmp_path: Path
) -> None:
    ids = tmp_path / "nobody.txt"
    ids.write_text("X1\nX2\n")
    nobody = ("withdraw", PROJECT, "dtks", "--ids", str(ids))
    expect(programme.run("dinsos", "padan-encoder", *nobody, code=3), "ids.nobody")
    foreign = ("withdraw", PROJECT, "regsosek", "--ids", str(ids))
    expect(programme.run("dinsos", "padan-encoder", *foreign, code=4), "dataset.foreign")
