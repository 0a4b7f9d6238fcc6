"""A dataset changes within its epoch: a delta through the real command lines and a real server."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from encoder.source.mapping import load_mapping
from encoder.steps.written_lists import written
from encoder.ui.officer import Officer
from policy.members.home import Home
from tests.support.programme import PROJECT, TUTORIAL, Programme, expect

Rows = list[dict[str, str]]
DOMAIN = "dtks-regsosek"


@pytest.fixture
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("delta"), persons=900)
    tree = programme.charter_tree()
    tree["budget"] = {"runs": 3, "releases": 4, "runs_each": 3}
    programme.reach("matched", tree)
    with programme.serving():
        yield programme


def source(programme: Programme, path: Path | None = None) -> Rows:
    path = path or programme.folder / "sources" / "dtks.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def dinsos(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", *arguments, code=code)
    return answer if code else answer.json()[-1]


def amend(programme: Programme) -> None:
    tree = programme.charter_tree()
    tree |= {"version": 2, "budget": {"runs": 6, "releases": 4, "runs_each": 6}}
    charter = programme.write_charter(programme.scoped(tree))
    programme.each("padan-policy", "charter", "sign", charter)


def release(programme: Programme, name: str, run: str) -> None:
    """One domain, whose cells and differences are large enough in a small city."""
    request = ("request", PROJECT, name, "--run", run, "--domain", DOMAIN)
    programme.run("dinsos", "padan-policy", *request)
    programme.run("service", "padan-linkage", "stage", PROJECT, name)
    programme.witness()
    for approver in ("bps-approver", "dppapp-approver"):
        programme.run(approver, "padan-policy", "approve", PROJECT, name)
    programme.run("service", "padan-linkage", "decide", PROJECT, name)


def stranger(row: dict[str, str], number: int) -> dict[str, str]:
    """Somebody who lives where this row's person lives, and whom nobody else knows."""
    name = f"QUXO {'ABCDEFGH'[number] * 4} WIRAYU"
    unknown = dict.fromkeys(("NIK", "NOKK", "nama_ibu_kandung"), "")
    return {**row, **unknown, "IDSEMESTA": f"BARU{number}", "Nama": name}


def listed(programme: Programme, release: str) -> set[str]:
    """The record ids of DTKS in the list that this release gives."""
    programme.witness()
    opened = programme.run("dinsos", "padan-encoder", "open", PROJECT, release).json()
    assert {each["canaries"] for each in opened} == {"all-as-expected"}
    out = programme.folder / f"{release}.csv"
    dinsos(programme, "list", PROJECT, release, "dtks", "--out", str(out))
    with out.open(newline="", encoding="utf-8") as file:
        return {row["IDSEMESTA"] for row in csv.DictReader(file)}


def rerun(programme: Programme, run: str) -> dict[str, Any]:
    """What an auditor finds who searches everything."""
    programme.witness("auditor")
    asked, handover = programme.folder / f"{run}.json", programme.folder / f"{run}.zip"
    linkage = "padan-linkage"
    programme.run("auditor", linkage, "rerun-request", PROJECT, "--out", str(asked))
    paths = ("--request", str(asked), "--out", str(handover))
    programme.run("service", linkage, "hand-over", PROJECT, *paths)
    found: dict[str, Any] = programme.run(
        "auditor", linkage, "rerun", PROJECT, run, str(handover)
    ).json()[-1]
    return found


@pytest.mark.thorough(
    "integration/test_withdrawal.py::test_a_corrected_record_is_sent_by_the_commands_that_are_told"
)
def test_a_dataset_changes_within_its_epoch(programme: Programme, tmp_path: Path) -> None:
    """One story: each step goes on from the one before it."""
    what_changed_is_sent_and_the_result_is_that_of_a_full_run(programme)
    the_page_goes_on_with_the_mapping_of_the_rows_that_stand(programme)
    a_withdrawal_drops_a_delta_that_waits(programme, tmp_path)
    a_delta_out_of_turn(programme, tmp_path)


def what_changed_is_sent_and_the_result_is_that_of_a_full_run(programme: Programme) -> None:
    release(programme, "rilis-1", "padan-1")
    before = listed(programme, "rilis-1")
    rows = source(programme)
    once = sorted(before & programme.alone("dtks"))
    gone, objecting = once[:4], once[4:7]
    ids = programme.folder / "objections.txt"
    ids.write_text("\n".join(objecting) + "\n")
    dinsos(programme, "withdraw", PROJECT, "dtks", "--ids", str(ids))

    # Eight strangers come, twelve are renamed; who objected is still in the file.
    stay = [row for row in rows if row["IDSEMESTA"] not in gone]
    matched = [row for row in stay if row["IDSEMESTA"] in once[7:] and row["NIK"]]
    # What follows a comma is taken for a degree.
    renamed = [row for row in matched if row["Nama"].replace(" ", "").isalpha()][:12]
    for row in renamed:
        row["Nama"] += " BARU"
    fresh = [stranger(row, number) for number, row in enumerate(stay[:8])]
    file = write(programme.folder / "dtks-baru.csv", [*fresh, *stay])

    said = dinsos(programme, "delta", PROJECT, "dtks", str(file))
    assert (said["added"], said["changed"], said["withdrawn"]) == (8, len(renamed), len(gone))
    assert said["refused"]["suppressed"] == len(objecting)
    encoded = dinsos(programme, "encode", PROJECT, "dtks")
    assert encoded["rows"] == 8 + len(renamed)
    # An amendment keeps the keys: what was sealed before it is sent after it.
    amend(programme)
    dinsos(programme, "upload", PROJECT, "dtks")
    expect(dinsos(programme, "delta", PROJECT, "dtks", str(file), code=3), "delta.nothing")

    # What the run before found may still be asked for: it is staged without those who left.
    request = ("request", PROJECT, "rilis-2", "--run", "padan-1", "--domain", DOMAIN)
    programme.run("dinsos", "padan-policy", *request)

    programme.match("padan-2")
    found = rerun(programme, "padan-2")
    assert found["agree"]
    assert found["found"] == programme.result_digest("padan-2")
    assert found["found"] != programme.result_digest("padan-1")
    state = programme.run("service", "padan-linkage", "run-status", PROJECT, "padan-2").json()[-1]
    assert 0 < state["tiles_total"] < found["tiles"], "not everything is searched again"

    release(programme, "rilis-3", "padan-2")
    after = listed(programme, "rilis-3")
    assert not after & {*gone, *objecting}
    # Few are lost by their new name: the NIK still finds most of them.
    assert len(before - {*gone, *objecting} - after) < len(renamed) / 2
    the_list_of_changes_names_who_left_and_came(programme, gone, objecting, renamed)
    # The first release is still about the rows that stood then.
    assert listed(programme, "rilis-1") == before


def the_list_of_changes_names_who_left_and_came(
    programme: Programme, gone: list[str], objecting: list[str], renamed: Rows
) -> None:
    """People are recognised by their record ids: match IDs and handles of a row are others now."""
    out = programme.folder / "perubahan.csv"
    asked = ("changes", PROJECT, "rilis-1", "rilis-3", "dtks", "--out", str(out))
    said = dinsos(programme, *asked)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_kind: dict[str, set[str]] = {}
    for row in rows:
        by_kind.setdefault(row["jenis"], set()).add(row["IDSEMESTA"])
    assert by_kind["tidak ada lagi di daftar Anda"] == set(gone)
    assert by_kind["baru di daftar Anda"] == {f"BARU{number}" for number in range(8)}
    assert not {row["IDSEMESTA"] for row in rows} & set(objecting)
    assert said["objected"] == len(objecting)
    assert said["kinds"]["left_list"] == len(gone)
    lost = by_kind.get("tidak lagi dikonfirmasi", set())
    assert lost <= {row["IDSEMESTA"] for row in renamed}
    for row in rows:
        own_row_changed = "Baris Anda sendiri berubah" in row["alasan"]
        assert own_row_changed == (row["IDSEMESTA"] in lost)
    swapped = ("changes", PROJECT, "rilis-3", "rilis-1", "dtks", "--out", str(out))
    expect(dinsos(programme, *swapped, code=3), "changes.order")
    entered = written(programme.home("dinsos") / "projects" / PROJECT)
    assert str(out.resolve()) in {each.path for each in entered}


def the_page_goes_on_with_the_mapping_of_the_rows_that_stand(programme: Programme) -> None:
    """Under the one that it would propose, whoever has a damaged NIK would leave."""
    officer = Officer(Home(programme.home("dinsos")))
    officer.unlock((programme.folder / "passphrases" / "dinsos").read_bytes())
    officer.choose(PROJECT, "dtks")
    officer.use_path(programme.folder / "sources" / "dtks.csv")
    assert officer.inspection().mapping.damaged_identifiers == "refuse"
    before, now = load_mapping(TUTORIAL / "mapping-dtks.yaml"), officer.mapping()
    assert list(now.fields.items()) == [(name, before.fields[name]) for name in now.fields]
    assert (now.record_id, now.damaged_identifiers) == (before.record_id, "drop")


def a_withdrawal_drops_a_delta_that_waits(programme: Programme, tmp_path: Path) -> None:
    rows = source(programme, programme.folder / "dtks-baru.csv")
    file = write(tmp_path / "lagi.csv", rows[:-9])
    dinsos(programme, "delta", PROJECT, "dtks", str(file))
    dinsos(programme, "encode", PROJECT, "dtks")
    ids = tmp_path / "objections.txt"
    ids.write_text(rows[20]["IDSEMESTA"] + "\n")
    said = dinsos(programme, "withdraw", PROJECT, "dtks", "--ids", str(ids))
    assert said["delta_dropped"]
    prepared = programme.home("dinsos") / "projects" / PROJECT / "prepared"
    assert {each.name for each in prepared.glob("dtks*")} == {"dtks.sqlite", "dtks.1.sqlite"}
    # Nobody is new: nothing is encoded, and it can be sent and matched all the same.
    said = dinsos(programme, "delta", PROJECT, "dtks", str(file))
    assert (said["added"], said["changed"]) == (0, 0)
    assert dinsos(programme, "encode", PROJECT, "dtks")["rows"] == 0
    dinsos(programme, "upload", PROJECT, "dtks")
    programme.match("padan-3")
    assert rerun(programme, "padan-3")["agree"]


def a_delta_out_of_turn(programme: Programme, tmp_path: Path) -> None:
    rows = source(programme)
    few = write(tmp_path / "sedikit.csv", rows[:1])
    mapping = ("--mapping", str(TUTORIAL / "mapping-dtks.yaml"))
    small = dinsos(programme, "delta", PROJECT, "dtks", str(few), *mapping, code=4)
    expect(small, "project.count-window")
    foreign = dinsos(programme, "delta", PROJECT, "regsosek", str(few), code=4)
    expect(foreign, "dataset.foreign")
    lost = programme.home("dinsos") / "projects" / PROJECT / "withdrawn"
    for file in lost.iterdir():
        file.unlink()
    missing = dinsos(programme, "delta", PROJECT, "dtks", str(few), code=6)
    expect(missing, "withdraw.list-missing")
    assert json.loads(missing.err)["error"]["code"]
