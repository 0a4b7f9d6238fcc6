"""The register of lists that an agency wrote: which are still as they were."""

from __future__ import annotations

from pathlib import Path

from encoder.steps.written_lists import destroy_unchanged, forget_gone, remember, written


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
    assert (tmp_path / "written.json").stat().st_mode & 0o077 == 0
