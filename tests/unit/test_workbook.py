"""Hidden sheets and rows, merged cells, formulas without a value, several sheets as one list."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from encoder.source.cell_values import Settler
from encoder.source.mapping import Mapping, load_mapping
from encoder.source.readers import Chunk, open_source, read_columns, read_rows
from encoder.source.readers.excel import Excel
from encoder.source.readers.rules import BLANK_ROW
from encoder.source.readers.source import SourceNote
from encoder.steps.inspect import inspect_source, mapping_yaml
from policy.base.errors import BadInput
from policy.charter import FieldKind
from tests.support.old_workbooks import VERY_HIDDEN, Failed, OldSheet, old_workbook
from tests.support.workbooks import HEADER, ods, ods_row, people, person, workbook

UNCOMPUTED = "uncomputed"
KINDS: dict[str, FieldKind] = {"nama": "name", "lahir": "date", "nik": "nik", "kk": "kk"}
MAPPING = Mapping(record_id="id", fields={name: name for name in KINDS})


def read(path: Path, mapping: Mapping = MAPPING, at_once: int = 3) -> list[Chunk]:
    return list(read_rows(path, mapping, KINDS, at_once))


def column(chunks: list[Chunk], name: str) -> list[str]:
    return [cell for chunk in chunks for cell in chunk.columns[name]]


def notes(path: Path, mapping: Mapping = MAPPING) -> dict[str, int]:
    return {note.code: note.count for note in open_source(path, mapping).notes()}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_preferred_and_is_told(tmp_path: Path, state: str) -> None:
    old = [[*HEADER, "alamat", "rt", "rw"], *people(1, 9)]
    path = workbook(
        tmp_path / "s.xlsx", {"lama": old, "Data": [HEADER, *people(1, 4)]}, hidden={"lama": state}
    )
    found = inspect_source(path)
    assert (found.mapping.sheet, found.sample.rows_seen) == ("Data", 4)
    assert any("lama" in each.en for each in found.warnings)
    # Without a sheet in the mapping it is the first one that can be seen.
    assert len(column(read(path), "nama")) == 4
    assert notes(path) == {"hidden-sheets": 1}
    asked = inspect_source(path, sheet="lama")
    assert asked.mapping.sheet == "lama"
    assert any("hidden: lama" in each.en for each in asked.warnings)


def test_a_list_on_a_hidden_sheet_alone_is_asked_for(tmp_path: Path) -> None:
    sheets = {"Petunjuk": [["Isi kolom"]], "Data": [HEADER, *people(1, 3)]}
    path = workbook(tmp_path / "s.xlsx", sheets, hidden={"Data": "hidden"})
    with pytest.raises(BadInput) as caught:
        inspect_source(path)
    assert caught.value.code == "inspect.hidden-sheet"
    assert "--sheet Data" in caught.value.hint.en
    assert inspect_source(path, sheet="Data").sample.rows_seen == 3


def test_hidden_columns_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", {"A": [HEADER, *people(1, 3)]})
    book = openpyxl.load_workbook(path)
    for letter in ("F", "G"):
        book.worksheets[0].column_dimensions[letter].hidden = True
    book.save(path)
    (note,) = open_source(path, MAPPING).notes()
    assert (note.code, note.count) == ("hidden-columns", 2)
    assert "nik, kk" in note.words.en


def test_hidden_rows_are_read_and_told_by_number(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx", {"A": [["DAFTAR"], HEADER, *people(1, 9)]}, hidden_rows=[1, 4, 5, 8]
    )
    mapping = MAPPING.model_copy(update={"header_row": 2})
    assert len(column(read(path, mapping), "nama")) == 9
    (note,) = open_source(path, mapping).notes()
    assert (note.code, note.rows) == ("hidden-rows", (2, 3, 6))
    assert "4-5, 8" in note.words.en


@pytest.mark.parametrize("at_once", [1, 2, 100])
@pytest.mark.parametrize("large", [False, True])
def test_a_kk_merged_down_a_family_is_each_members(
    tmp_path: Path, at_once: int, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(Excel, "most_cells", 1)
    families = ["3175990101100001", None, None, "3175990101100002", None]
    rows = [HEADER, *(person(n, kk) for n, kk in enumerate(families, 1)), [], person(7, None)]
    path = workbook(tmp_path / "s.xlsx", {"A": rows}, merged=["G2:G4", "G5:G7", "A7:B7"])
    chunks = read(path, at_once=at_once)
    assert column(chunks, "kk") == [families[0]] * 3 + [families[3]] * 2 + [""]
    assert [each for chunk in chunks for each in chunk.refused] == [(6, BLANK_ROW)]
    assert notes(path) == {"merged-down": 4, "merged-across": 1}


def test_what_is_one_persons_is_not_repeated(tmp_path: Path) -> None:
    rows = [HEADER, person(1), person(2, nik=""), person(3, nik="")]
    path = workbook(tmp_path / "s.xlsx", {"A": rows}, merged=["F2:F4"])
    assert column(read(path), "nik") == [person(1)[5], "", ""]
    assert notes(path) == {"merged-not-repeated": 2}


def test_merged_cells_of_the_header_are_no_news(tmp_path: Path) -> None:
    top = ["id", "nama", "lahir", "jk", "kelurahan", "nik", "kk"]
    path = workbook(tmp_path / "s.xlsx", {"A": [top, [], *people(1, 3)]}, merged=["A1:A2", "G1:G2"])
    mapping = MAPPING.model_copy(update={"header_lines": 2})
    assert len(column(read(path, mapping), "kk")) == 3
    assert notes(path, mapping) == {}


def test_who_reads_to_the_end_gets_the_notes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", {"A": [HEADER, *people(1, 9)]}, hidden_rows=[4])
    found: list[SourceNote] = []
    assert sum(1 for _ in read_rows(path, MAPPING, KINDS, 2, notes=found)) == 5
    assert tuple(found) == open_source(path, MAPPING).notes()
    assert [(note.code, note.rows) for note in found] == [("hidden-rows", (3,))]


def test_formulas_that_were_never_computed_are_counted_and_not_empty(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 6)]
    for row in rows[2:4]:
        row[5] = '=CONCATENATE("317599","1203800001")'
    rows[5][1] = '=UPPER("budi")'
    path = workbook(tmp_path / "s.xlsx", {"A": rows})
    (note,) = open_source(path, MAPPING).notes()
    assert (note.code, note.count, note.rows) == (UNCOMPUTED, 3, (2, 3, 5))
    assert "nama (1), nik (2)" in note.words.en
    (chunk,) = read(path, at_once=100)
    values = Settler(KINDS, MAPPING)(chunk)
    assert values.out == {1: "nik-uncomputed", 2: "nik-uncomputed"}
    assert values.doubts["nama"] == [(4, "CELL_UNCOMPUTED")]
    dropping = MAPPING.model_copy(update={"damaged_identifiers": "drop"})
    values = Settler(KINDS, dropping)(chunk)
    assert (values.out, values.noted) == ({}, [(2, "nik-uncomputed"), (3, "nik-uncomputed")])


def test_formulas_that_failed_are_lost_and_not_empty(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 5)]
    path = workbook(tmp_path / "s.xlsx", {"A": rows})
    changed = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                for cell in ("F3", "B5"):
                    start = text.index(f'<c r="{cell}"')
                    end = text.index("</c>", start) + 4
                    failed = f'<c r="{cell}" s="1" t="e"><f>X()</f><v>#REF!</v></c>'
                    text = text[:start] + failed + text[end:]
            new.writestr(name, text)
    require_failed(changed)


def test_rows_of_formulas_alone_are_not_blank(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 2), [f'="{cell}"' for cell in person(3)]]
    by_number = MAPPING.model_copy(update={"record_id": None})
    (chunk,) = read(workbook(tmp_path / "s.xlsx", {"A": rows}), by_number)
    assert Settler(KINDS, MAPPING)(chunk).out == {2: "nik-uncomputed"}


@pytest.mark.parametrize(
    ("cell", "waiting"),
    [
        ('<c r="B2" t="str"><f>X()</f><v>BUDI</v></c>', 0),
        # Excel writes a formula whose result is an empty text like this.
        ('<c r="B2" t="str"><f>X()</f><v></v></c>', 0),
        ('<c r="B2"><f>X()</f></c>', 1),
        ('<c r="B2"><f>X()</f><v/></c>', 1),
        ('<c r="B2" s="1"><f t="shared" si="0"/><v></v></c>', 1),
        ('<c r="B2"><f>X()</f><v>7</v></c>', 0),
    ],
)
def test_how_formulas_are_written(tmp_path: Path, cell: str, waiting: int) -> None:
    path = workbook(tmp_path / "s.xlsx", {"A": [["id", "nama"], ["1", "BUDI"]]})
    changed = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                start = text.index(b'<c r="B2"')
                text = text[:start] + cell.encode() + text[text.index(b"</c>", start) + 4 :]
            new.writestr(name, text)
    mapping = Mapping(record_id="id", fields={"nama": "nama"})
    assert notes(changed, mapping).get(UNCOMPUTED, 0) == waiting


def test_zero_for_each_formula_of_a_column_is_no_result(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 3)]
    path = workbook(tmp_path / "s.xlsx", {"A": rows})
    changed = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                for line in (2, 3, 4):
                    start = text.index(f'<c r="F{line}"')
                    end = text.index("</c>", start) + 4
                    cell = f'<c r="F{line}"><f>X()</f><v>0</v></c>'
                    text = text[:start] + cell + text[end:]
            new.writestr(name, text)
    assert notes(changed) == {UNCOMPUTED: 3}


@pytest.mark.parametrize("large", [False, True])
def test_dates_that_count_from_1904(
    tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(Excel, "most_cells", 1)
    rows = [HEADER, *people(1, 3)]
    rows[1][2], rows[2][2] = date(1980, 3, 12), (date(1980, 3, 12) - date(1904, 1, 1)).days
    path = workbook(tmp_path / "s.xlsx", {"A": rows}, from_1904=True)
    serial = str((date(1980, 3, 12) - date(1899, 12, 30)).days)
    assert column(read(path), "lahir") == ["1980-03-12", serial, "12-03-1980"]
    assert notes(path) == {"dates-1904": 1}


def village(path: Path) -> Path:
    return workbook(
        path,
        {
            "Petunjuk": [["Isi setiap kolom"], ["Satu baris satu orang"]],
            "Ciracas": [HEADER, *people(1, 2), [], person(3)],
            "Cawang": [
                [*HEADER[:2], *reversed(HEADER[2:])],
                *([*p[:2], *reversed(p[2:])] for p in people(4, 5)),
            ],
            "Rekap": [["Kelurahan", "Jumlah"], ["Ciracas", 3]],
            "lama": [HEADER, *people(1, 3)],
        },
        hidden={"lama": "hidden"},
    )


@pytest.mark.parametrize("sheets", [("Ciracas", "Cawang"), "all"])
def test_several_sheets_are_one_list(tmp_path: Path, sheets: tuple[str, ...] | str) -> None:
    path = village(tmp_path / "s.xlsx")
    mapping = MAPPING.model_copy(update={"sheets": sheets})
    source = open_source(path, mapping)
    blocks = list(source.blocks(("id", "nik"), frozenset(), 2))
    assert [n for block in blocks for n in block.numbers] == [1, 2, 4, 5, 6]
    assert [each for block in blocks for each in block.refused] == [(3, BLANK_ROW)]
    assert [c for block in blocks for c in block.columns[0]] == ["r1", "r2", "r3", "r4", "r5"]
    told = {note.code: note.words.en for note in source.notes()}
    assert "Ciracas (1-4), Cawang (5-6)" in told["sheets"]
    assert ("Petunjuk, Rekap" in told.get("sheets-left-out", "")) == (sheets == "all")
    assert "lama" in told["hidden-sheets"]
    again = dict(read_columns(path, mapping, ("id",)))
    assert again == {1: ["r1"], 2: ["r2"], 4: ["r3"], 5: ["r4"], 6: ["r5"]}


def test_a_sheet_that_is_named_must_have_the_columns(tmp_path: Path) -> None:
    mapping = MAPPING.model_copy(update={"sheets": ("Ciracas", "Rekap")})
    with pytest.raises(BadInput) as caught:
        read(village(tmp_path / "s.xlsx"), mapping)
    assert caught.value.code == "file.columns"
    assert "(Rekap)" in caught.value.problem.en
    with pytest.raises(BadInput) as caught:
        read(tmp_path / "s.xlsx", MAPPING.model_copy(update={"sheets": ("Lain",)}))
    assert caught.value.code == "file.excel"


def test_all_sheets_and_none_fits(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", {"A": [["x"], ["1"]], "B": [["y"], ["1"]]})
    with pytest.raises(BadInput) as caught:
        read(path, MAPPING.model_copy(update={"sheets": "all"}))
    assert caught.value.code == "file.columns"


def test_inspect_proposes_sheets_with_the_same_columns(tmp_path: Path) -> None:
    sheets = {"Petunjuk": [["Isi kolom"]], "Ciracas": [HEADER, *people(1, 3)]}
    sheets |= {"2023": [HEADER, *people(4, 5)], "Rekap": [["Kelurahan", "Jumlah"]]}
    path = workbook(tmp_path / "s.xlsx", sheets)
    found = inspect_source(path)
    assert (found.mapping.sheets, found.sample.rows_seen) == (("Ciracas", "2023"), 5)
    assert any("Petunjuk, Rekap" in each.en for each in found.warnings)
    (tmp_path / "m.yaml").write_text(mapping_yaml(found))
    mapping = load_mapping(tmp_path / "m.yaml")
    assert mapping.sheets == ("Ciracas", "2023")
    assert len(list(read_columns(path, mapping, ("id",)))) == 5
    one = inspect_source(path, sheet="Ciracas").mapping
    assert (one.sheet, one.sheets) == ("Ciracas", None)


def test_sheets_may_differ_in_order_letter_case_and_further_columns(tmp_path: Path) -> None:
    other = [[*HEADER[:2], *map(str.upper, reversed(HEADER[2:])), "Ket"]]
    other += [[*row[:2], *reversed(row[2:]), "x"] for row in people(4, 5)]
    sheets = {"A": [HEADER, *people(1, 3)], "B": other}
    path = workbook(tmp_path / "s.xlsx", sheets)
    mapping = inspect_source(path).mapping
    assert mapping.sheets == ("A", "B")
    assert column(read(path, mapping), "nik") == [str(row[5]) for row in people(1, 5)]


@pytest.mark.parametrize("part", ["sheets: []", "sheets: [A, A]", "sheet: A\nsheets: [B]"])
def test_sheets_that_say_two_things_are_refused(tmp_path: Path, part: str) -> None:
    (tmp_path / "m.yaml").write_text(f"record_id: id\nfields: {{nama: nama}}\n{part}\n")
    with pytest.raises(BadInput) as caught:
        load_mapping(tmp_path / "m.yaml")
    assert caught.value.code == "mapping.malformed"


def test_a_name_that_ends_otherwise_than_the_content_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", {"A": [HEADER, *people(1, 3)]})
    shutil.move(path, tmp_path / "s.xls")
    assert len(column(read(tmp_path / "s.xls"), "nama")) == 3


def test_an_old_workbook(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 9)]
    for row in rows[2:]:
        row[6] = None
    old_workbook(
        tmp_path / "s.xls",
        OldSheet("Rekap", [["Jumlah"]], hidden_rows=[0]),
        OldSheet("Dafté", rows, hidden_rows=[2, 3, 7], merged=[(1, 9, 6, 6)]),
        OldSheet("lama", [], visibility=VERY_HIDDEN),
    )
    mapping = MAPPING.model_copy(update={"sheet": "Dafté"})
    assert column(read(tmp_path / "s.xls", mapping), "kk") == ["3175990101100001"] * 9
    found = {note.code: note for note in open_source(tmp_path / "s.xls", mapping).notes()}
    assert found.keys() == {"hidden-sheets", "hidden-rows", "merged-down"}
    assert found["hidden-rows"].rows == (2, 3, 7)


def test_an_old_workbook_whose_dates_count_from_1904(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 2)]
    rows[1][2] = (date(1980, 3, 12) - date(1904, 1, 1)).days
    old_workbook(tmp_path / "s.xls", OldSheet("A", rows), dates_1904=True)
    serial = str((date(1980, 3, 12) - date(1899, 12, 30)).days)
    assert column(read(tmp_path / "s.xls"), "lahir") == [serial, "12-03-1980"]
    assert notes(tmp_path / "s.xls") == {"dates-1904": 1}


def test_a_large_old_workbook_is_looked_through(tmp_path: Path) -> None:
    """Beyond seven megabytes the table of sectors goes on outside of the header."""
    rows = [HEADER, *people(1, 9_000)]
    for at, row in enumerate(rows[1:], 1):
        row[4] = f"{row[4]}{'x' * 450}{at}"
    old_workbook(tmp_path / "s.xls", OldSheet("A", rows, hidden_rows=[8_000]))
    assert (tmp_path / "s.xls").stat().st_size > 109 * 128 * 512
    (note,) = open_source(tmp_path / "s.xls", MAPPING).notes()
    assert (note.code, note.rows) == ("hidden-rows", (8_000,))


def test_formulas_that_failed_in_an_old_workbook(tmp_path: Path) -> None:
    rows = [HEADER, *people(1, 5)]
    rows[2][5] = rows[4][1] = Failed()
    old_workbook(tmp_path / "s.xls", OldSheet("A", rows))
    require_failed(tmp_path / "s.xls")


def test_formulas_that_failed_in_an_opendocument_spreadsheet(tmp_path: Path) -> None:
    rows = [ods_row(HEADER), *map(ods_row, people(1, 5))]
    failed = (
        '<table:table-cell table:formula="of:=X()" office:value-type="string"'
        ' office:string-value="" calcext:value-type="error"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        "<text:p>#REF!</text:p></table:table-cell>"
    )
    for line, at in ((2, 5), (4, 1)):
        cells = rows[line].split("<table:table-cell ")
        cells[at + 1] = failed.removeprefix("<table:table-cell ") + (
            "</table:table-row>" if at == len(HEADER) - 1 else ""
        )
        rows[line] = "<table:table-cell ".join(cells)
    require_failed(ods(tmp_path / "s.ods", "A", rows))


def require_failed(path: Path) -> None:
    """The second NIK and the fourth name are lost, and nobody is refused."""
    (chunk,) = read(path, at_once=100)
    values = Settler(KINDS, MAPPING)(chunk)
    assert values.doubts["nik"] == [(1, "CELL_FORMULA_ERROR")]
    assert values.doubts["nama"] == [(3, "CELL_FORMULA_ERROR")]
    assert values.out == {}


def test_an_opendocument_spreadsheet(tmp_path: Path) -> None:
    rows = [
        ods_row(HEADER),
        ods_row(person(1), down={6: 2}),
        ods_row(person(2), down={6: 0}),
        ods_row(person(3, kk="3175990101100009"), hidden=True),
    ]
    path = ods(tmp_path / "s.ods", "A", rows)
    assert column(read(path), "kk") == ["3175990101100001"] * 2 + ["3175990101100009"]
    assert notes(path) == {"hidden-rows": 1, "merged-down": 1}
    assert inspect_source(path).format == "excel"
