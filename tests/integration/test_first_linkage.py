"""The shortest way of docs/how-to/first-linkage.md, with its commands counted from the page.

Nine people at terminals of their own, each in an empty folder, over real HTTP, with the default
profile: from nothing to an opened list.
"""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from policy.starter.questions import example
from tests.support.at_terminals import Sitting, attend_all
from tests.support.charter_answers import answers_tree, write_answers
from tests.support.ports import free_port
from tests.support.programme import ROOT, command

PAGE = ROOT / "docs" / "how-to" / "first-linkage.md"
TUTORIAL_PAGE = ROOT / "docs" / "tutorials" / "own-two-lists.md"
PROJECT, LIST = "gizi-2026", "gizi"
MOST, MOST_OF_AN_AGENCY = 15, 5
AGENCIES = ("dinsos", "bps")
PATIENCE_SECONDS = 150
BY_HAND = ("probe", "sha256sum", "witness", "roster", "identity", "join", "reveal", "confirm")
# Part of a question, and what a person answers.
ANSWERS = {
    "read the same words": "y",
    "Is this mapping right": "y",
    "Are these numbers right": "y",
    "Sign this charter": "y",
    "Order the run": "y",
    "Request the release": "y",
}


@dataclass(frozen=True)
class Command:
    person: str
    words: tuple[str, ...]


ONLINE = [Command("kominfo", ("padan-policy", "inspect", PROJECT, "rilis-1"))]


def commands_of(page: str) -> list[Command]:
    """Every command of the page, with the person who gives it."""
    found = []
    for person, block in re.findall(r"<!-- person: ([\w-]+) -->\n```sh\n(.*?)```", page, re.S):
        lines = [line for line in block.splitlines() if line.strip()]
        found += [Command(person, tuple(shlex.split(line))) for line in lines]
    return found


def test_at_most_fifteen_commands_and_five_for_each_agency() -> None:
    """Counted from the page; whatever is not a Padan command would be a command as well."""
    text = PAGE.read_text(encoding="utf-8")
    commands = commands_of(text)
    blocks = re.findall(r"(<!-- page of: .*? -->\n)?```sh\n(.*?)```", text, re.S)
    shells = sum(block.count("\n") for by_page, block in blocks if not by_page)
    assert len(commands) == shells, "a command stands outside of a person's block"
    agencies = Counter(each.person.split("-")[0] for each in commands)
    assert len(commands) <= MOST, len(commands)
    assert all(agencies[each] <= MOST_OF_AN_AGENCY for each in AGENCIES), agencies
    assert not {word for each in commands for word in each.words} & {*BY_HAND}


def from_the_tutorial(*first_words: str) -> list[Command]:
    """Commands of the tutorial that begin with these words."""
    commands = commands_of(TUTORIAL_PAGE.read_text(encoding="utf-8"))
    return [each for each in commands if each.words[1] in first_words]


def test_the_tutorial_gives_the_commands_that_are_run_here() -> None:
    """Two lists of one's own in an hour: the same story, by one person at one computer."""
    text = TUTORIAL_PAGE.read_text(encoding="utf-8")
    story = commands_of(PAGE.read_text(encoding="utf-8"))
    joining = {each.person for each in story if each.words[1] == "accept"}
    (loop,) = re.findall(r"for name in ([\w -]+); do\n  \(cd \$name && padan-policy accept", text)
    assert set(loop.split()) == joining
    told = set(from_the_tutorial("charter", "invite", "go", "approve", "list"))
    assert {each for each in story if each.words[1] != "accept"} <= told
    desks = next(line for line in text.splitlines() if line.startswith("mkdir layanan"))
    assert {*desks.split()[1:]} == {each.person for each in story}


def test_the_page_names_what_the_example_of_the_questions_names() -> None:
    """Who follows the page with that example changes its project alone."""
    text = PAGE.read_text(encoding="utf-8")
    tree = yaml.safe_load(example(date.today()))
    agencies = {each["id"]: each for each in tree["agencies"]}
    named = {*agencies, tree["third"]["id"], tree["operator"]["id"]}
    assert {each.person.split("-")[0] for each in commands_of(text)} == named
    (listing,) = (each for each in commands_of(text) if each.words[1] == "list")
    lists = {each["id"]: each["agency"] for each in tree["lists"]}
    assert lists.get(listing.words[4]) == listing.person
    assert [each["list"] for each in tree["learns"]] == [listing.words[4]]
    assert tree["project"] != PROJECT
    assert f"`{PROJECT}`: in the example change `project` to that" in " ".join(text.split())


@dataclass
class People:
    """The folders of the people, and what they run."""

    folder: Path
    port: int

    def at(self, person: str) -> Path:
        return self.folder / person

    def sit(self, command: Command) -> Sitting:
        words = [each.replace("127.0.0.1:8321", f"127.0.0.1:{self.port}") for each in command.words]
        if "--serve" in words:
            words += ["--port", str(self.port)]
        if words[1] == "go" or "--watch" in words:
            words += ["--every", "0.5"]
        passphrase = self.at(command.person) / "passphrase"
        environment = {"PADAN_PASSPHRASE_FILE": str(passphrase), "PADAN_LANG": "en"}
        environment["COLUMNS"] = "200"
        return Sitting(words, self.at(command.person), ANSWERS, environment)

    def again(self, early: Sitting) -> Sitting:
        """Give the command again, as its hint says."""
        return Sitting(early.words, early.folder, early.answers, early.environment)


def too_early(approval: Sitting) -> bool:
    """Whether the witnesses had not seen the release yet; the command ended and changed nothing."""
    return approval.code == 6 and "project.wait-cosigned" in approval.seen


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    folder = tmp_path_factory.mktemp("people")
    made = command(
        "padan-encoder", "synth", str(folder / "s"), "--persons", "700", "--share", "regsosek=0.7"
    )
    assert made.code == 0, made.err
    for person in {each.person for each in commands_of(PAGE.read_text(encoding="utf-8"))}:
        (folder / person).mkdir()
        (folder / person / "passphrase").write_text(f"kata sandi uji {person}")
    write_answers(folder / "layanan", answers())
    shutil.copy(folder / "s" / "dtks.csv", folder / "dinsos" / "keluarga.csv")
    as_workbook(folder / "s" / "regsosek.csv", folder / "bps" / "registrasi.xlsx")
    return People(folder, free_port())


def answers() -> dict[str, Any]:
    """The answers about this linkage, with the page's name of the list."""
    tree = answers_tree((230, 480))
    tree["lists"][0]["id"] = tree["learns"][0]["list"] = LIST
    return tree


def as_workbook(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8", newline="") as file:
        dialect = csv.Sniffer().sniff(file.read(2000))
        file.seek(0)
        rows = list(csv.reader(file, dialect))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(target)


def test_from_nothing_to_an_opened_list(people: People) -> None:
    commands = commands_of(PAGE.read_text(encoding="utf-8"))
    until = time.monotonic() + PATIENCE_SECONDS
    new, invite, serve = (each for each in commands if each.person == "layanan")
    for each in (new, invite):
        first = people.sit(each)
        attend_all([first], until)
        assert first.code == 0, first.seen
    for file in (people.at("layanan") / "invites").iterdir():
        shutil.copy(file, people.at(file.stem))
    service = people.sit(serve)
    later = [c for c in commands if c.words[1] in ("list", "approve")]
    at_once = [c for c in commands if c not in (new, invite, serve, *later)]
    open_now = [people.sit(each) for each in at_once]
    approvals: list[Sitting] = []
    try:
        while sum(each.attend() for each in (*open_now, *approvals)):
            service.attend()
            assert time.monotonic() < until, told([service, *open_now, *approvals])
            if not approvals and "stage" in service.seen:
                approvals = [people.sit(c) for c in later if c.words[1] == "approve"]
            approvals = [people.again(each) if too_early(each) else each for each in approvals]
            time.sleep(0.05)
        assert [each.code for each in (*open_now, *approvals)] == [0] * (len(open_now) + 2), told(
            [*open_now, *approvals]
        )
    finally:
        for sitting in (service, *open_now, *approvals):
            sitting.end()
    assert "one-time link" in service.seen
    assert '"route"' not in service.seen, "at a terminal no line is written for each request"
    # What the tutorial does besides: before anything is sent, and with the finished list.
    besides = [c for c in from_the_tutorial("inspect", "check", "coverage") if c not in ONLINE]
    besides += [c for c in from_the_tutorial("charter") if c.words[2] in ("show", "questions")]
    assert len(besides) == 5
    for each in besides:
        written = people.at(each.person) / each.words[-1]
        if each.words[2] == "questions":
            written.unlink()
        desk = people.sit(each)
        attend_all([desk], until)
        assert desk.code == 0, desk.seen
    listing = next(each for each in later if each.words[1] == "list")
    officers = {each.folder.name: each.seen for each in open_now if each.words[1] == "go"}
    assert shlex.join(listing.words) in officers["dinsos"], "the command that comes next is named"
    assert "padan-encoder list" not in officers["bps"], "to those who learn something alone"
    write = people.sit(listing)
    attend_all([write], until)
    assert write.code == 0, write.seen
    book = openpyxl.load_workbook(people.at("dinsos") / "daftar.xlsx", read_only=True)
    found = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert len(found) > 60


def told(sittings: list[Sitting]) -> str:
    return "\n".join(f"$ {' '.join(s.words)} → {s.code}\n{s.seen[-2500:]}" for s in sittings)
