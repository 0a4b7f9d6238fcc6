"""Where a row is in the spreadsheet it came from."""

from __future__ import annotations

from encoder.source.file_notes import kept_notes, stored_notes
from encoder.source.lines import Lines, kept_lines, stored_lines
from encoder.source.mapping import Mapping
from encoder.source.readers.source import SourceNote
from policy.base.words import Words

MAPPING = Mapping(record_id=None, fields={"nama": "nama"}, header_row=3, header_lines=2)
SHEETS = SourceNote("sheets", 3, Words("a", "b"), (1, 11, 11), ("A", "kosong", "B"))


def again(kept: dict[str, str]) -> Lines:
    return kept_lines(kept.get("first_line", ""), kept.get("sheets", ""))


def test_one_sheet() -> None:
    lines = again(stored_lines(MAPPING, []))
    assert (lines.of(1), lines.of(9)) == (5, 13)
    assert (lines.told(9), lines.listed([1, 9])) == (Words("13", "13"), "5, 13")
    assert lines == kept_lines("5", "")


def test_several_sheets() -> None:
    lines = again(stored_lines(MAPPING, [SHEETS]))
    assert [lines.of(row) for row in (1, 10, 11, 12)] == ["A!5", "A!14", "B!5", "B!6"]


def test_notes_are_kept_with_the_rows() -> None:
    note = SourceNote("hidden-rows", 2, Words("2 baris", "2 rows"), (3, 4))
    assert kept_notes(stored_notes([note])) == (note,)
    assert kept_notes("") == ()


def test_a_source_without_lines() -> None:
    lines = again(stored_lines(MAPPING.model_copy(update={"format": "sql"}), []))
    assert lines.of(3) == ""
    assert (lines.told(3), lines.listed([3, 4])) == (Words("3", "3"), "3, 4")
