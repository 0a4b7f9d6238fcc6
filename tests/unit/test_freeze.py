"""One pass over a file as offices keep it: titles, numbered columns, totals, a signature."""

from __future__ import annotations

from pathlib import Path

from encoder.base.pieces import split_rows
from encoder.steps.inspect import inspect_source
from encoder.steps.prepare import Pass
from encoder.store.handles import People, split_columns
from tests.benchmarks.quality.methods import default_charter, plain_charter
from tests.support.sources import write_xlsx

HEADER = ["No", "NIK", "No. KK", "Nama Lengkap (sesuai KTP)", "L/P", "Tempat, Tgl Lahir", "Kel."]
LINES = [
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    [1, "3171910107900001", "3171910107200001", "H. BUDI", "L", "JAKARTA, 01-07-1990", "Tebet"],
    [2, None, None, "SITI", "P", "02-03-1980", None],
    [3, "3171914107900002", None, None, None, None, None],
    ["JUMLAH", None, None, 3, None, None, None],
    [None, None, None, None, None, None, "Kepala Suku Dinas"],
]


KEY = b"k" * 32


def passed(tmp_path: Path) -> tuple[People, Pass]:
    path = write_xlsx(tmp_path / "s.xlsx", ["DAFTAR LANSIA"], [[], HEADER, *LINES])
    charter = default_charter()
    mapping = inspect_source(path, charter.fields).mapping
    pass_ = Pass(charter, mapping, path, None, KEY, lambda _: None, workers=1)
    (people,) = pass_.people()
    return people, pass_


def test_what_is_nobody_is_refused_and_counted(tmp_path: Path) -> None:
    people, pass_ = passed(tmp_path)
    assert people.row_numbers == [2, 3, 4]
    assert sorted(pass_.refused) == [
        (1, "header-again"),
        (5, "no-linkage-field"),
        (6, "total-line"),
    ]


def test_a_remark_in_a_column_name_does_not_hide_it(tmp_path: Path) -> None:
    people, pass_ = passed(tmp_path)
    assert pass_.mapping.fields["nama"] == "Nama Lengkap (sesuai KTP)"
    names, years, *_ = split_columns(split_rows([texts for *_, texts in people.by_handle]))
    assert ("BUDI", "1990") in zip(names, years, strict=True)


def test_a_charter_without_names_asks_for_any_field(tmp_path: Path) -> None:
    tree = plain_charter()
    fields = tuple(field for field in tree.fields if field.kind not in ("name", "nik"))
    path = write_xlsx(tmp_path / "s.xlsx", ["jk", "x"], [["L", "-"], ["?", "-"], ["P", "-"]])
    charter = tree.model_copy(update={"fields": fields})
    mapping = inspect_source(path, fields).mapping
    pass_ = Pass(charter, mapping, path, None, KEY, lambda _: None, workers=1)
    assert [people.row_numbers for people in pass_.people()] == [[1, 3]]
    assert sorted(pass_.refused) == [(2, "no-linkage-field")]
