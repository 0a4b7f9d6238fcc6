"""People who object after their rows were sent are in no release from then on."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import PROJECT, Programme, expect

# One domain: in so small a city the cells of two together would be too small.
DOMAINS = ("dtks-regsosek",)
# As many as the smallest cell has: fewer would not leave between two runs (release.changed-rows).
GONE = 6


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("withdrawal"), persons=900)
    programme.reach("matched")
    with programme.serving():
        yield programme


def listed(programme: Programme, release: str) -> set[str]:
    """The record ids of DTKS in the list that this release gives."""
    programme.witness()
    programme.run("dinsos", "padan-encoder", "open", PROJECT, release)
    out = programme.folder / f"{release}.csv"
    programme.run("dinsos", "padan-encoder", "list", PROJECT, release, "dtks", "--out", str(out))
    with out.open(newline="", encoding="utf-8") as file:
        return {row["IDSEMESTA"] for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Withdrawn:
    """Two releases: of the run before some rows were withdrawn, and of the one after."""

    programme: Programme
    objecting: set[str]
    before: set[str]
    after: set[str]


@pytest.fixture(scope="module")
def withdrawn(programme: Programme) -> Withdrawn:
    release = partial(programme.release, domains=DOMAINS)
    release("rilis-1", "padan-1", "bps-approver", "dppapp-approver")
    before = listed(programme, "rilis-1")
    objecting = sorted(before & programme.alone("dtks"))[:GONE]
    ids = programme.folder / "objections.txt"
    ids.write_text("\n".join([*objecting, "not-ours"]) + "\n")
    arguments = ("withdraw", PROJECT, "dtks", "--ids", str(ids))
    said = programme.run("dinsos", "padan-encoder", *arguments).json()[0]
    assert (said["withdrawn"], said["unknown_ids"]) == (GONE, 1)
    request = ("request", PROJECT, "rilis-2", "--run", "padan-1", "--domain", *DOMAINS)
    # Of the first run, too, releases may be asked for: they are staged without those who left.
    programme.run("dinsos", "padan-policy", *request)
    programme.match("padan-2")
    release("rilis-3", "padan-2", "bps-approver", "dppapp-approver")
    return Withdrawn(programme, set(objecting), before, listed(programme, "rilis-3"))


def test_withdrawn_rows_leave_no_trace_in_the_next_release(withdrawn: Withdrawn) -> None:
    assert len(withdrawn.objecting) == GONE
    assert not withdrawn.after & withdrawn.objecting
    # A person whom only the withdrawn row held together with others may be lost as well.
    assert len(withdrawn.before - withdrawn.objecting - withdrawn.after) <= GONE


def test_only_the_owner_withdraws_and_only_rows_it_has(
    programme: Programme, tmp_path: Path
) -> None:
    ids = tmp_path / "nobody.txt"
    ids.write_text("X1\nX2\n")
    nobody = ("withdraw", PROJECT, "dtks", "--ids", str(ids))
    expect(programme.run("dinsos", "padan-encoder", *nobody, code=3), "ids.nobody")
    foreign = ("withdraw", PROJECT, "regsosek", "--ids", str(ids))
    expect(programme.run("dinsos", "padan-encoder", *foreign, code=4), "dataset.foreign")


def test_a_person_learns_where_a_record_is_and_the_officer_what_to_type(
    withdrawn: Withdrawn, tmp_path: Path
) -> None:
    """`asking` is in both releases, `gone` no longer in the second one."""
    programme = withdrawn.programme
    with (programme.folder / "rilis-3.csv").open(newline="", encoding="utf-8") as file:
        # A NIK of "-" stands on every page.
        row = next(row for row in csv.DictReader(file) if len(row["NIK"]) == 16)
    asking = row["IDSEMESTA"]
    gone = (programme.folder / "objections.txt").read_text().split()[0]
    page = tmp_path / "trace.html"
    answer = ask(programme, asking, "--right", "restrict", "--out", str(page))
    dtks, ppks = answer["datasets"]

    assert has_id(dtks) == {"rilis-1": True, "rilis-3": True}
    assert (dtks["stands"], dtks["runs"], ppks["rows"]) == (True, ["padan-1", "padan-2"], [])
    assert dtks["other_recipients"] == ["bps"]
    was = ask(programme, gone)["datasets"][0]
    assert has_id(was) == {"rilis-1": True, "rilis-3": False}
    assert (was["stands"], was["runs"]) == (False, ["padan-1"])
    for told in (page.read_text(), *(path.read_text() for path in ticket_files(programme))):
        assert row["Nama"] not in told
        assert row["NIK"] not in told
    said = [json for command in commands(answer, "withdraw") for json in typed(programme, command)]
    assert [(each["withdrawn"], each["unknown_ids"]) for each in said] == [(1, 0)]
    assert ask(programme, asking)["datasets"][0]["stands"] is False
    assert not commands(ask(programme, asking, "--right", "restrict"), "withdraw")
    tickets = programme.run("dinsos", "padan-encoder", "tickets", PROJECT, "--done", "1").json()[0]
    assert [each["state"]["en"] == "answered" for each in tickets["tickets"]][:2] == [True, False]


def test_a_corrected_record_is_sent_by_the_commands_that_are_told(withdrawn: Withdrawn) -> None:
    programme = withdrawn.programme
    with (programme.folder / "rilis-3.csv").open(newline="", encoding="utf-8") as file:
        row = list(csv.DictReader(file))[-1]
    asking = row["IDSEMESTA"]
    source = programme.folder / "sources" / "dtks.csv"
    before = ask(programme, asking, "--right", "correct")
    lines = source.read_text(encoding="utf-8").splitlines()
    (wrong,) = (n for n, line in enumerate(lines) if line.startswith(asking))
    lines[wrong] = lines[wrong].replace(row["Nama"], "Wahyuningtyas Kusumawardani")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    programme.witness()
    (delta,) = typed(programme, *commands(before, "delta"))
    for command in (*commands(before, "encode"), *commands(before, "upload")):
        typed(programme, command)
    after = ask(programme, asking)["datasets"][0]

    assert (delta["changed"], delta["added"], delta["withdrawn"]) == (1, 0, 0)
    assert len(after["handles"]) == len(before["datasets"][0]["handles"]) + 1
    assert after["stands"] is True
    assert has_id(after) == {"rilis-1": True, "rilis-3": True}


def ask(programme: Programme, record_id: str, *more: str) -> dict[str, Any]:
    """What `subject` tells the officer of Dinas Sosial."""
    arguments = ("subject", PROJECT, "--record-id", record_id, *more)
    answer: dict[str, Any] = programme.run("dinsos", "padan-encoder", *arguments).json()[0]
    return answer


def commands(answer: dict[str, Any], name: str) -> list[str]:
    """The commands of one name that an answer says to type."""
    told = [each["command"] for each in answer["actions"]]
    return [command for command in told if command.startswith(f"padan-encoder {name} ")]


def typed(programme: Programme, command: str) -> list[dict[str, Any]]:
    script, *arguments = shlex.split(command)
    return programme.run("dinsos", script, *arguments).json()


def has_id(dataset: dict[str, Any]) -> dict[str, bool]:
    """Of each release, whether a file that tells matches has the record."""
    return {
        each["release"]: each["has_id"]
        for each in dataset["releases"]
        if each["form"] == "membership"
    }


def ticket_files(programme: Programme) -> list[Path]:
    return sorted((programme.home("dinsos") / "projects" / PROJECT / "tickets").iterdir())
