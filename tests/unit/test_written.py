"""The register of lists that an agency wrote: which are still as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder.steps.written_lists import (
    ListRegister,
    destroy_unchanged,
    forget_gone,
    remember,
    written,
)
from policy.base.output import Output
from policy.terminal.table_files import TableFile
from tests.support.killed import MOMENTS, When, killed

HEADER, ROWS = ["nik", "nama"], [["3175901002780001", "QUXO WIRAYU"]]


def test_only_what_is_as_it_was_written_is_destroyed(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    same, changed, moved = (tmp_path / f"{name}.csv" for name in ("same", "changed", "moved"))
    for each in (same, changed, moved):
        each.write_text("satu\n")
        remember(folder, [each], "people", 1)
    changed.write_text("dua\n")
    moved.rename(tmp_path / "elsewhere.csv")
    standing = {Path(each.path): each.standing() for each in written(folder)}
    assert standing == {same: "unchanged", changed: "changed", moved: "gone"}

    assert destroy_unchanged(folder) == 1
    forget_gone(folder)
    assert [Path(each.path) for each in written(folder)] == [changed]
    assert not same.exists()
    assert changed.read_text() == "dua\n"
    changed.unlink()
    forget_gone(folder)
    assert written(folder) == ()


def test_a_list_written_again_is_entered_once(tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    for at, text in enumerate(("satu", "dua")):
        out.write_text(text)
        remember(tmp_path, [out], "ids", at)
    [entry] = written(tmp_path)
    assert (entry.at, entry.standing()) == (1, "unchanged")
    assert (tmp_path / "written.jsonl").stat().st_mode & 0o077 == 0
    forget_gone(tmp_path)
    assert written(tmp_path) == (entry,)
    assert (tmp_path / "written.json").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "written.jsonl").exists()


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_killed_process_leaves_nothing_that_the_register_does_not_know(
    tmp_path: Path, when: When, ending: str
) -> None:
    home, lists = tmp_path / "home", tmp_path / "lists"
    lists.mkdir()
    out = lists / f"list{ending}"
    table = TableFile(Output(out)).entered_in(ListRegister(home, "people"))
    killed(out, when, lambda: table.write(HEADER, ROWS))
    left = [each.name for each in lists.rglob("*")]
    assert left, "the process had written"
    [entry] = written(home)
    assert entry.path == str(out)
    assert entry.standing() == ("unchanged" if when == "after" else "unfinished")
    assert destroy_unchanged(home) >= 1
    assert not list(lists.iterdir())
    forget_gone(home)
    assert written(home) == ()


def test_the_same_kill_finds_a_list_that_is_entered_after_it_was_written(tmp_path: Path) -> None:
    """As lists were entered before: nobody would have destroyed this one."""
    home, out = tmp_path / "home", tmp_path / "list.csv"

    def act() -> None:
        TableFile(Output(out)).write(HEADER, ROWS)
        remember(home, [out], "people", 1)

    killed(out, "after", act)
    assert "QUXO" in out.read_text()
    assert written(home) == ()


def test_a_line_that_was_cut_off_costs_no_other_entry(tmp_path: Path) -> None:
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    for out in (one, two):
        out.write_text("id\n")
    remember(tmp_path, [one], "ids", 1)
    journal = tmp_path / "written.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"at":2,"kind"')
    remember(tmp_path, [two], "ids", 2)
    assert [each.path for each in written(tmp_path)] == [str(one), str(two)]


def test_another_file_that_was_to_be_replaced_stays(tmp_path: Path) -> None:
    """The writing failed: what is at that path is not a list of ours."""
    out = tmp_path / "list.csv"
    out.write_text("milik orang lain\n")
    table = TableFile(Output(out, may_replace=True)).entered_in(ListRegister(tmp_path, "people"))

    def rows() -> object:
        yield ROWS[0]
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        table.write(HEADER, rows())  # type: ignore[arg-type]
    [entry] = written(tmp_path)
    assert entry.standing() == "gone"
    assert destroy_unchanged(tmp_path) == 0
    assert out.read_text() == "milik orang lain\n"
