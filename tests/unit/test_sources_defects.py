"""The same rows in every format: what becomes of each defect, and that no row is lost."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from encoder.source.cell_values import Settler
from encoder.source.joined_columns import RegionColumns, RtRwColumns
from encoder.source.mapping import Mapping, StatusColumn
from encoder.source.readers import Chunk, read_columns, read_rows
from encoder.source.readers.excel import Excel
from encoder.source.readers.rules import EXPLANATIONS
from encoder.source.readers.workbook import sheet_facts
from policy.base.errors import BadInput
from policy.charter import FieldKind
from tests.support.sources import (
    COLUMNS,
    DEFECTS,
    GOOD,
    NORMAL,
    defect_rows,
    write_csv,
    write_parquet,
    write_sqlite,
    write_xls,
    write_xlsx,
)

KINDS: dict[str, FieldKind] = {
    "nama": "name",
    "lahir": "date",
    "jk": "sex",
    "nik": "nik",
    "kk": "kk",
}
MAPPING = Mapping(record_id="id", fields={name: name for name in KINDS})
Open = Callable[[list[list[object]]], tuple[Path, Mapping]]


@pytest.fixture(
    params=["csv", "pipe-latin-1", "utf-16", "xlsx", "large xlsx", "xls", "parquet", "sql"]
)
def opened(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Writes rows in one format; returns the source and the mapping that opens it."""

    def write(rows: list[list[object]]) -> tuple[Path, Mapping]:
        kind = request.param
        if kind == "pipe-latin-1":
            mapping = MAPPING.model_copy(update={"encoding": "latin-1"})
            return write_csv(tmp_path / "s", COLUMNS, rows, "|", encoding="latin-1"), mapping
        if kind == "utf-16":
            mapping = MAPPING.model_copy(update={"encoding": "utf-16"})
            return write_csv(tmp_path / "s", COLUMNS, rows, "\t", encoding="utf-16"), mapping
        if kind == "sql":
            monkeypatch.setenv("SUMBER_URL", write_sqlite(tmp_path / "s.db", COLUMNS, rows))
            return Path("env:SUMBER_URL"), MAPPING.model_copy(update={"table": "penduduk"})
        if kind == "large xlsx":
            monkeypatch.setattr(Excel, "most_cells", 1)
        write_one = {
            "csv": write_csv,
            "xlsx": write_xlsx,
            "large xlsx": write_xlsx,
            "xls": write_xls,
            "parquet": write_parquet,
        }[kind]
        return write_one(tmp_path / "s", COLUMNS, rows), MAPPING

    return write


def outcomes(chunks: list[Chunk], mapping: Mapping) -> dict[int, str | dict[str, str]]:
    """By row number: the rule of a refused row, else the normalised values."""
    found: dict[int, str | dict[str, str]] = {}
    settle = Settler(KINDS, mapping)
    for chunk in chunks:
        values = settle(chunk)
        found |= dict(chunk.refused)
        for at, number in enumerate(chunk.row_numbers):
            cells = {name: values.columns[name][at] for name in NORMAL}
            found[number] = values.out.get(at, cells)
    return found


def test_every_defect_has_its_outcome_in_every_format(opened: Open) -> None:
    rows: list[list[object]] = sorted(map(list, defect_rows()))
    path, mapping = opened(rows)
    found = outcomes(list(read_rows(path, mapping, KINDS, 7)), mapping)
    assert sorted(found) == list(range(1, len(rows) + 1))
    by_id = {str(row[0]): number for number, row in enumerate(rows, 1)}
    for number, defect in enumerate(DEFECTS, 1):
        record_id = defect.cells.get("id", f"r{number:03}")
        wanted = defect.refused or NORMAL | defect.becomes
        assert found[by_id[record_id]] == wanted, defect.what


def test_rows_in_are_rows_encoded_and_rows_refused_whatever_the_chunk(opened: Open) -> None:
    path, mapping = opened(sorted(map(list, defect_rows())))
    for at_once in (1, 2, 5, 1000):
        chunks = list(read_rows(path, mapping, KINDS, at_once))
        numbers = [n for c in chunks for n in (*c.row_numbers, *(n for n, _ in c.refused))]
        assert sorted(numbers) == list(range(1, len(DEFECTS) + 1))


def test_a_list_read_again_has_the_same_rows(opened: Open) -> None:
    path, mapping = opened(sorted(map(list, defect_rows())))
    ids = {
        number: record_id
        for chunk in read_rows(path, mapping, KINDS, 10)
        for number, record_id in zip(chunk.row_numbers, chunk.record_ids, strict=True)
    }
    again = dict(read_columns(path, mapping, ("nama", "id")))
    assert all(again[number] == [GOOD[0], record_id] for number, record_id in ids.items())


def test_the_mapping_may_keep_persons_whose_nik_is_lost(opened: Open) -> None:
    path, mapping = opened(sorted(map(list, defect_rows())))
    mapping = mapping.model_copy(update={"damaged_identifiers": "drop"})
    (chunk,) = read_rows(path, mapping, KINDS, 1000)
    assert [rule for _, rule in chunk.refused] == ["no-record-id"]
    values = Settler(KINDS, mapping)(chunk)
    assert values.out == {}
    assert len(values.noted) == 7
    for number, rule in values.noted:
        kept = chunk.row_numbers.index(number)
        assert values.columns[rule.split("-")[0]][kept] == ""


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_whom_the_list_calls_dead_is_refused_by_row(tmp_path: Path, suffix: str) -> None:
    statuses = ["Hidup", "MATI", None, " mati ", "Pindah Dalam Negeri", "2"]
    rows: list[list[object]] = [[str(n), f"NAMA {n}", each] for n, each in enumerate(statuses, 1)]
    write = {".csv": write_csv, ".xlsx": write_xlsx, ".parquet": write_parquet}[suffix]
    path = write(tmp_path / f"s{suffix}", ["id", "nama", "Status"], rows)
    status = StatusColumn(column="Status", leave_out=("Mati", "2.0"))
    mapping = Mapping(record_id="id", fields={"nama": "nama"}, status=status)
    [chunk] = read_rows(path, mapping, {"nama": "name"}, 100)
    assert chunk.refused == [(2, "status"), (4, "status"), (6, "status")]
    assert chunk.row_numbers == [1, 3, 5]


@pytest.mark.parametrize("write", [write_xlsx, write_xls])
def test_numbers_in_a_workbook(tmp_path: Path, write: Callable[..., Path]) -> None:
    """A number is trusted only if it cannot have been rounded."""
    niks = [3171911203800001, 3171911203800010, 9171911203800001, 3.17e15, GOOD[3]]
    rows = [[i, "BUDI", date(1980, 3, 12).isoformat(), 1, nik, ""] for i, nik in enumerate(niks, 1)]
    (chunk,) = read_rows(write(tmp_path / "s", COLUMNS, rows), MAPPING, KINDS, 10)
    values = Settler(KINDS, MAPPING)(chunk)
    assert values.columns["nik"] == [GOOD[3], "", "", "", GOOD[3]]
    assert values.out == dict.fromkeys((1, 2, 3), "nik-number-cell")


def test_a_large_sheet_is_read_row_by_row_and_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ["x", 1, 1.5, True, None, date(1980, 3, 12), datetime(1980, 3, 12, 7, 30), "#N/A", ""]
    rows = [[f"r{row}", *cells[row % 9 :], row] for row in range(40)]
    rows[7] = []
    path = write_xlsx(tmp_path / "s", [f"k{at}" for at in range(11)], rows)
    whole = Excel(path, MAPPING)
    quick = whole.first_rows(50), list(whole.blocks(("k0", "k3", "k9"), frozenset(["k9"]), 7))
    monkeypatch.setattr(Excel, "most_cells", 100)
    assert sheet_facts(path, "Sheet").cells() > 100
    slow = Excel(path, MAPPING)
    padded = [row + [""] * (11 - len(row)) for row in slow.first_rows(50)]
    assert (padded, list(slow.blocks(("k0", "k3", "k9"), frozenset(["k9"]), 7))) == quick


def test_a_forgotten_cell_at_the_far_end_costs_nothing(tmp_path: Path) -> None:
    """Read as a whole, this sheet would take 16,384 times 1,048,576 cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "nama"])
    sheet.append(["1", "BUDI"])
    sheet.cell(row=9_000, column=16_384, value=" ")
    book.save(tmp_path / "s.xlsx")
    mapping = Mapping(record_id="id", fields={"nama": "nama"})
    assert sheet_facts(tmp_path / "s.xlsx", "Sheet").cells() > Excel.most_cells
    (chunk,) = read_rows(tmp_path / "s.xlsx", mapping, {}, 10_000)
    assert chunk.columns == {"nama": ["BUDI"]}
    assert len(chunk.refused) == 8_998


def test_parquet_keeps_whole_numbers_and_refuses_floats(tmp_path: Path) -> None:
    rows = [["1", "BUDI", date(1980, 3, 12), "L", 9171911203800001, float(9171911203800001)]]
    path = write_parquet(tmp_path / "s", COLUMNS, rows)
    (chunk,) = read_rows(path, MAPPING, KINDS, 10)
    assert Settler(KINDS, MAPPING)(chunk).out == {0: "kk-number-cell"}
    dropping = MAPPING.model_copy(update={"damaged_identifiers": "drop"})
    values = Settler(KINDS, dropping)(chunk)
    assert (values.out, values.noted) == ({}, [(1, "kk-number-cell")])
    assert (values.columns["nik"], values.columns["kk"]) == (["9171911203800001"], [""])
    assert chunk.columns["lahir"] == ["1980-03-12"]


def test_date_cells_blank_rows_and_a_title_above_the_header(tmp_path: Path) -> None:
    rows = [
        ["Laporan"],
        [],
        [" id ", "nama", "lahir ", "jk", "nik", "kk"],
        ["1", "BUDI", date(1980, 3, 12), "L", GOOD[3], None],
        [],
        ["2", "ANI", 29292, "P", None, None],
    ]
    path = write_xlsx(tmp_path / "s", ["Dinas"], rows)
    mapping = MAPPING.model_copy(update={"header_row": 4})
    (chunk,) = read_rows(path, mapping, KINDS, 10)
    assert chunk.row_numbers == [1, 3]
    assert chunk.refused == [(2, "blank-row")]
    assert chunk.columns["lahir"] == ["1980-03-12", "29292"]


def test_a_title_above_the_header_of_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("Dinas Sosial\n\nid~nama\n1~BUDI\n")
    mapping = Mapping(record_id="id", fields={"nama": "nama"}, header_row=3)
    (chunk,) = read_rows(path, mapping, {"nama": "name"}, 10)
    assert (chunk.row_numbers, chunk.columns) == ([1], {"nama": ["BUDI"]})


def test_columns_that_are_put_together(tmp_path: Path) -> None:
    header = ["rt", "rw", "p", "k", "c", "d"]
    rows = [["3", "1", "31", "71", "1", "1001"], ["", "", "", "71", "1", "1001"]]
    path = write_csv(tmp_path / "s.csv", header, rows)
    region = {"province": "p", "regency": "k", "district": "c", "village": "d"}
    mapping = Mapping(
        record_id=None,
        fields={"rtrw": RtRwColumns(rt="rt", rw="rw"), "kel": RegionColumns(**region)},
    )
    (chunk,) = read_rows(path, mapping, {}, 10)
    assert chunk.columns == {"rtrw": ["003/001", ""], "kel": ["31.71.01.1001", ""]}
    assert chunk.record_ids == ["1", "2"]
    bps = RegionColumns.model_validate({**region, "codebook": "bps"})
    assert bps.join(("52", "6", "20", "7")) == "BPS 5206020007"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        lines = [["r", *GOOD]] * rows
        path = write_csv(tmp_path / f"{rows}.csv", COLUMNS, lines)
        del lines
        tracemalloc.start()
        assert sum(len(c.row_numbers) for c in read_rows(path, MAPPING, KINDS, 1000)) == rows
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    small = peak(3_000)
    assert peak(30_000) < 1.3 * small


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>NIK</td></tr></table>", "file.html"),
        (b"PK\x03\x04 but no workbook", "file.excel"),
        (b"\xd0\xcf\x11\xe0 but no workbook", "file.excel"),
        (b"PAR1 but no table", "file.parquet"),
        (b"%PDF-1.7", "file.document"),
        (b"\x1f\x8b\x08 packed", "file.archive"),
    ],
)
def test_files_that_are_not_what_they_begin_with(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "data.xls"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, MAPPING, KINDS, 10))
    assert caught.value.code == code


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "s.xls", COLUMNS, [])
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, MAPPING.model_copy(update={"sheet": "Lain"}), KINDS, 10))
    assert caught.value.code == "file.excel"
    assert "Data" in caught.value.hint.en


def test_a_password_stays_out_of_every_message(monkeypatch: pytest.MonkeyPatch) -> None:
    table = MAPPING.model_copy(update={"table": "penduduk"})
    urls = [
        "sqlite:////tidak/ada/RAHASIA.db",
        "mysql+pymysql://u:RAHASIA@127.0.0.1/x",
        "RAHASIA",
        "dialek-lain://u:RAHASIA@h/x",
        "",
    ]
    for url in urls:
        monkeypatch.setenv("SUMBER_URL", url)
        with pytest.raises(BadInput) as caught:
            list(read_rows(Path("env:SUMBER_URL"), table, KINDS, 10))
        assert caught.value.code == "file.sql"
        assert caught.value.__cause__ is None
        said = repr(caught.value.as_json())
        assert "env:SUMBER_URL" in said
        assert "RAHASIA" not in said


def test_a_query_is_read_in_the_order_of_the_record_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[f"r{i}", *GOOD] for i in (3, 1, 2)]
    monkeypatch.setenv("SUMBER_URL", write_sqlite(tmp_path / "s.db", COLUMNS, rows))
    query = "SELECT * FROM penduduk WHERE id <> 'r2';"
    mapping = MAPPING.model_copy(update={"query": query})
    (chunk,) = read_rows(Path("env:SUMBER_URL"), mapping, KINDS, 10)
    assert chunk.record_ids == ["r1", "r3"]
    missing = mapping.model_copy(update={"fields": {"nama": "nama_lengkap"}})
    with pytest.raises(BadInput) as caught:
        list(read_rows(Path("env:SUMBER_URL"), missing, KINDS, 10))
    assert caught.value.code == "file.columns"
    with pytest.raises(BadInput) as caught:
        list(read_rows(Path("env:SUMBER_URL"), MAPPING, KINDS, 10))
    assert caught.value.code == "mapping.no-table"


@pytest.mark.parametrize(("extra", "module"), [("parquet", "pyarrow"), ("sql", "sqlalchemy")])
def test_a_format_whose_extra_is_missing_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, module: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    path = tmp_path / "s"
    path.write_bytes(b"PAR1")
    source = path if extra == "parquet" else Path("env:SUMBER_URL")
    with pytest.raises(BadInput) as caught:
        list(read_rows(source, MAPPING.model_copy(update={"table": "t"}), KINDS, 10))
    assert f'pip install "padan[{extra}]"' in caught.value.hint.en


def test_every_rule_is_explained_in_both_languages() -> None:
    for rule, words in EXPLANATIONS.items():
        assert words.id != words.en, rule
    assert {d.refused for d in DEFECTS if d.refused} <= set(EXPLANATIONS)
