"""`make demo-dtsen`, smaller: two editions of DTSEN, and the list of changes beside the truth."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from encoder.normalise.regions import spelled
from encoder.released.changes.kinds import MEANINGS
from encoder.steps.written_lists import written
from encoder.synthetic.editions import AWAY, DEAD
from encoder.ui.officer import Officer
from policy.members.home import Home
from tests.support.killed import MOMENTS, When, killed
from tests.support.officer import done, page_without_browser
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import command
from tests.support.warm_programs import warm_programs

# `make demo-dtsen` runs the same commands on more people.
pytestmark = pytest.mark.thorough(
    "integration/test_withdrawal.py::test_a_corrected_record_is_sent_by_the_commands_that_are_told"
)

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "docs" / "tutorials" / "dtsen" / "demo.sh"
Rows = list[dict[str, str]]
# Of rows whose kelurahan is in no book the kecamatan is not known; they come last.
LAST = "\uffff"


@dataclass
class Demo:
    folder: Path
    output: str

    def table(self, name: str, delimiter: str = ",") -> Rows:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter=delimiter))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    with warm_programs(folder / "programs") as programs:
        ended = subprocess.run(
            ["bash", str(DEMO)],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
                "PERSONS": "4000",
                "OUT": str(folder / "dtsen"),
                "PADAN_LANG": "en",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=6 * PATIENCE_SECONDS,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout[-5000:]
    return Demo(folder / "dtsen", ended.stdout)


@pytest.fixture(scope="module")
def changes(demo: Demo) -> dict[str, Rows]:
    """The rows of the list, by kind."""
    found: dict[str, Rows] = {}
    for row in demo.table("lists/perubahan.csv"):
        found.setdefault(row["jenis"], []).append(row)
    return found


@pytest.fixture(scope="module")
def partners(demo: Demo) -> Mapping[str, tuple[dict[str, str], dict[str, str]]]:
    """The DTSEN row of each own row's person in both editions; only of people with one row."""
    people = {
        edition: {
            row["record_id"]: row["person"]
            for row in demo.table(f"edisi-{edition}/truth.csv")
            if row["source"] == "dtsen"
        }
        for edition in (1, 2)
    }
    rows = {
        edition: {
            people[edition][row["id_individu"]]: row
            for row in demo.table(f"edisi-{edition}/dtsen.csv", "|")
        }
        for edition in (1, 2)
    }
    once = [Counter(people[edition].values()) for edition in (1, 2)]
    return {
        row["record_id"]: (rows[1].get(person, {}), rows[2].get(person, {}))
        for row in demo.table("edisi-1/truth.csv")
        if row["source"] == "dtks" and (person := row["person"])
        if all(count[person] < 2 for count in once)
    }


def test_only_what_changed_is_sent_and_the_log_verifies(demo: Demo) -> None:
    said = re.search(r"([\d,]+) people are new, ([\d,]+) changed, ([\d,]+) are no", demo.output)
    assert said is not None
    assert all(int(count.replace(",", "")) >= 10 for count in said.groups())
    for released in ("rilis-1", "rilis-2"):
        assert re.search(rf"{released} is released|{released}: released", demo.output)
    assert "Verified up to entry" in demo.output
    assert "Nobody is removed automatically" in demo.output


def test_deciles_on_the_list_are_those_of_both_editions(
    demo: Demo, changes: dict[str, Rows], partners: Mapping[str, tuple[dict[str, str], ...]]
) -> None:
    right = wrong = 0
    for kind, up in (("desil naik", True), ("desil turun", False)):
        for row in changes[kind]:
            then, now = (int(row[f"Desil nasional (rilis-{n})"]) for n in (1, 2))
            assert (now > then) == up
            assert f"dahulu {then}, kini {now}" in row["alasan"]
            if row["IDSEMESTA"] in partners:
                truly = [each.get("desil_nasional") for each in partners[row["IDSEMESTA"]]]
                right += truly == [str(then), str(now)]
                wrong += truly != [str(then), str(now)]
    assert right > 40
    assert wrong <= 0.03 * right
    told = {row["IDSEMESTA"] for kind in ("desil naik", "desil turun") for row in changes[kind]}
    due = {
        own
        for own, (then, now) in partners.items()
        if then and now and then["desil_nasional"] != now["desil_nasional"]
    }
    # The rest did not match: their NIK and birth date are missing or wrong on the old list.
    assert len(told & due) > 0.8 * len(due)


def test_the_dead_and_those_who_moved_go_to_review(
    changes: dict[str, Rows], partners: Mapping[str, tuple[dict[str, str], ...]]
) -> None:
    for row in changes["meninggal atau pindah"]:
        assert row["tindakan"] == ("tinjau" if row["BPNT"] == "YA" else "catat")
        if row["IDSEMESTA"] in partners:
            assert partners[row["IDSEMESTA"]][1].get("keberadaan") in (DEAD, AWAY)


def test_who_is_lost_or_found_has_left_or_joined_dtsen_or_was_corrected_there(
    changes: dict[str, Rows], partners: Mapping[str, tuple[dict[str, str], ...]]
) -> None:
    lost, found = changes["tidak lagi dikonfirmasi"], changes["baru dikonfirmasi"]
    assert len(lost) >= 10
    assert len(found) >= 10, "the release gate lets no smaller difference out"
    for rows, gone, explained in ((lost, 1, 0), (found, 0, 0)):
        mine = [row["IDSEMESTA"] for row in rows if row["IDSEMESTA"] in partners]
        for own in mine:
            then, now = partners[own]
            there = (then, now)[gone]
            # Absent in the edition that does not confirm, or its row was another one then.
            changed = {**then, "keberadaan": ""} != {**now, "keberadaan": ""}
            explained += not there or changed
        assert explained > 0.9 * len(mine)


@pytest.mark.parametrize("when", MOMENTS)
def test_a_list_of_changes_whose_command_was_killed_is_in_the_register(
    demo: Demo, tmp_path: Path, when: When
) -> None:
    dinsos = demo.folder / "homes" / "dinsos"
    options = ("--home", str(dinsos), "--passphrase-file", str(demo.folder / "passphrases/dinsos"))
    out = tmp_path / "perubahan.csv"
    wanted = ("rilis-1", "rilis-2", "program", "--receives", "BPNT", "--out", str(out))
    killed(out, when, lambda: command("padan-encoder", *options, "changes", "dtsen-2026", *wanted))
    [entry] = [
        each for each in written(dinsos / "projects" / "dtsen-2026") if each.path == str(out)
    ]
    assert entry.standing() == ("unchanged" if when == "after" else "unfinished")
    known = {str(each) for each in (*entry.parts(), out)}
    assert {str(each) for each in tmp_path.iterdir()} <= known


def test_nobody_disappears_and_whoever_might_lose_aid_is_reviewed(
    demo: Demo, changes: dict[str, Rows]
) -> None:
    may_lose = ("meninggal atau pindah", "tidak lagi dikonfirmasi", "desil naik")
    rows = [row for kind in may_lose for row in changes[kind]]
    assert {row["tindakan"] for row in rows if row["BPNT"] == "YA"} == {"tinjau"}
    assert {row["tindakan"] for row in rows if row["BPNT"] == "TIDAK"} == {"catat"}
    assert all(row["alasan"] and row["reason"] and row["saran"] for row in rows)
    # Everybody who receives aid now and would not be eligible is on the sheet of reviews.
    book = openpyxl.load_workbook(demo.folder / "lists" / "sembako-2.xlsx", read_only=True)
    removed = book["Tidak memenuhi - Not eligible"].iter_rows(values_only=True)
    header = list(next(removed))
    assert "TIDAK" in {str(row[header.index("BPNT")]) for row in removed}
    again = book["Tidak memenuhi - Not eligible"].iter_rows(min_row=2, values_only=True)
    assert all(row[header.index("BPNT")] != "YA" for row in again)


def test_the_workbook_has_a_sheet_for_every_kind_sorted_for_field_work(
    demo: Demo, changes: dict[str, Rows]
) -> None:
    book = openpyxl.load_workbook(demo.folder / "lists" / "perubahan.xlsx", read_only=True)
    assert book.sheetnames[0] == "ringkasan"
    assert "Tidak ada orang yang dikeluarkan" in str(book["ringkasan"]["A2"].value)
    for kind, rows in changes.items():
        written = list(book[kind].iter_rows(values_only=True))
        header, *lines = written
        at = header.index("IDSEMESTA")
        assert [line[at] for line in lines] == [row["IDSEMESTA"] for row in rows]
        places = [(row["kecamatan"] or LAST, spelled(row["kelurahan"])) for row in rows]
        assert places == sorted(places)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_shows_and_saves_the_list_of_changes(
    demo: Demo, changes: dict[str, Rows], tmp_path: Path, language: str
) -> None:
    officer = Officer(Home(demo.folder / "homes" / "dinsos"))
    officer.unlock((demo.folder / "passphrases" / "dinsos").read_bytes().strip())
    # The service is gone: the list needs nothing but this machine.
    officer.project_id, officer.dataset = "dtsen-2026", "program"
    with page_without_browser(officer) as me:
        me.cookies.set("padan-lang", language)
        empty = me.get("/step/changes").text
        assert "UU PDP" in empty
        assert 'value="rilis-1" selected' in empty
        assert '<option value="BPNT">' in empty
        asked = {"before": "rilis-1", "after": "rilis-2", "receives": "BPNT"}
        assert me.post("/changes", data=asked).status_code in (200, 303)
        assert done(officer).state == "done", done(officer).error
        page = me.get("/step/changes").text
        (tmp_path / "page.xlsx").write_bytes(me.get("/changes/workbook").content)
        refused = {"before": "rilis-2", "after": "rilis-1"}
        me.post("/changes", data=refused)
        assert done(officer).error is not None
        assert "changes.order" in me.get("/step/changes").text
    for kind, meaning in MEANINGS.items():
        rows = changes.get(kind.value, [])
        title = meaning.title.in_language(language)
        assert (f'<th scope="row">{title}</th>' in page) == bool(rows)
        sheet = openpyxl.load_workbook(tmp_path / "page.xlsx")[title]
        assert sheet.max_row - 1 == len(rows)
    heads = re.findall(r'<th scope="col">([^<]*)</th>', page)
    other = {"jenis", "alasan", "saran"} if language == "en" else {"kind", "reason", "advice"}
    assert not other & set(heads)
    assert ("kind" if language == "en" else "jenis") in heads
