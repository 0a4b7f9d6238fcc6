"""One place makes values of cells: what is read, what is dropped, and how that is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder.normalise import normalise_column
from encoder.normalise.cell_rules import CELL_RULES, REFUSALS
from encoder.normalise.dates import order_evidence
from encoder.normalise.names import name, name_rule, says_deceased
from encoder.normalise.text import clean
from encoder.source.cell_usage import Usage
from encoder.source.cell_values import Settler
from encoder.source.joined_columns import DateColumn, SexCodes
from encoder.source.mapping import Mapping
from encoder.source.presets.departed import departed
from encoder.source.readers import Chunk, read_rows
from encoder.source.readers.rounding import rounded_columns, rounded_rows
from encoder.steps.consent import doubt_about
from encoder.store.prepared import Reconciliation
from policy.base.errors import BadInput
from policy.charter import FieldKind
from tests.support.sources import write_csv

KINDS: dict[str, FieldKind] = {"nama": "name", "lahir": "date", "jk": "sex", "nik": "nik"}
MAPPING = Mapping(record_id=None, fields={each: each for each in KINDS})
NIK = "3175991708450001"
CELLS = st.sampled_from(
    (
        *("", "-", NIK, f"NIK {NIK}", "317599", "3.17E+15", "BUDI", "MR X", "17-08-1945"),
        *("kemarin", "08/17/1945", "1945-08-16T17:00:00Z", "L", "?", "В", "x" * 2000),
    )
)


def chunk(*rows: tuple[str, str, str, str], damaged: tuple[str, int, str] | None = None) -> Chunk:
    columns = {each: [row[at] for row in rows] for at, each in enumerate(KINDS)}
    numbers = list(range(1, len(rows) + 1))
    return Chunk(numbers, list(map(str, numbers)), columns, [], [damaged] if damaged else [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NUR&rsquo;AINI", "NUR'AINI"),
        ("NUR&amp;#039;AINI", "NUR'AINI"),
        ("MA\\'RUF", "MA'RUF"),
        ("MA\u00b4RUF", "MA'RUF"),
        ("Ｂｕｄｉ", "BUDI"),
        ("ВUDI", "BUDI"),
        ("ΒUDΙ", "BUDI"),
        ("SØREN ŁUKASZ ÆGIR", "SOREN LUKASZ AEGIR"),
        ("BU\u200bDI\u00a0\u2009SANTOSO", "BUDI SANTOSO"),
        ("A & B", "A & B"),
    ],
)
def test_marks_and_letters_are_what_was_meant(written: str, meant: str) -> None:
    assert clean(written) == meant
    assert clean(clean(written)) == meant


@pytest.mark.parametrize(
    "written",
    [
        *("MR X", "Mr. X", "MR. X 2", "X", "TIDAK DIKENAL", "tdk dikenal (wanita)", "N.N."),
        *("Tanpa Identitas", "ORANG TERLANTAR", "ANAK JALANAN", "ODGJ", "BAYI"),
        *("Mayat tak dikenal", "PASIEN X", "Bayi tanpa identitas"),
    ],
)
def test_a_name_of_nobody_is_missing_and_told(written: str) -> None:
    """N17."""
    assert (name(written), name_rule(written, "")) == ("", "NAME_UNKNOWN_PERSON")


@pytest.mark.parametrize(
    "kind", ["nik", "kk", "name", "date", "sex", "rtrw", "place", "postal", "digits", "address"]
)
def test_a_formula_that_failed_is_lost_and_not_empty(kind: FieldKind) -> None:
    found = normalise_column("x", kind, ["#N/A", "-", "#ref!", ""])
    assert all(not any(column) for column in found.columns.values())
    assert found.doubts == [(0, "CELL_FORMULA_ERROR"), (2, "CELL_FORMULA_ERROR")]


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("nik", "٣١٧٤٠١٥٧٠٨٩٠٠٠٠٣", "3174015708900003"),
        ("rtrw", "०१/०२", "1/2"),
        ("digits", "１２٣", "123"),
        ("date", "١٧-٠٨-١٩٩٠", "1990"),
    ],
)
def test_digits_of_other_scripts_are_digits(kind: FieldKind, written: str, meant: str) -> None:
    found = normalise_column("x", kind, [written])
    assert (next(iter(found.columns.values())), found.doubts) == ([meant], [])


@pytest.mark.parametrize(
    "written", ["SITI X", "ANAK AGUNG GEDE", "PRIA UTAMA", "SISWANTO", "BAYI NY SITI", "XAVERIUS"]
)
def test_names_of_people_are_kept(written: str) -> None:
    assert name(written) != ""


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("BUDI (ALM)", "NAME_DECEASED"),
        ("SALMAN", ""),
        ("ВUDI", "NAME_LOOK_ALIKE"),
        ("BUDI 李", "NAME_OTHER_LETTERS"),
        ("DÃ‰DI", "NAME_MOJIBAKE"),
        ("DÉDI", ""),
        ("123", "NAME_UNREADABLE"),
    ],
)
def test_what_is_strange_about_a_name(written: str, rule: str) -> None:
    assert name_rule(written, name(written)) == rule


def test_a_mark_of_death_is_found_in_a_whole_column() -> None:
    assert says_deceased("SALMAN\nALMA\nBUDI Alm.\nSITI")
    assert not says_deceased("SALMAN\nALMA\nSITI PALMERAH")


def test_the_order_of_day_and_month_is_that_of_the_column() -> None:
    american = ["08/17/1945", "03/04/1980", "12/31/1990", "07/22/1971", ""]
    assert order_evidence(american).likely == "month-first"
    assert order_evidence(["17/08/1945", "03/04/1980", "31-12-1990"]).likely == "day-first"
    assert order_evidence(["17/08/1945", "08/17/1945", "31-12-1990", "12/31/1990"]).likely is None
    assert order_evidence(["03/04/1980", "05/06/1981", "1980-12-31"]).likely is None
    # A time with AM says it by itself.
    assert order_evidence([f"{each} 12:00:00 AM" for each in american if each]).likely is None


def test_a_mapping_says_order_and_codes(tmp_path: Path) -> None:
    rows = [["BUDI", "03/04/1980", "0", NIK], ["SITI", "12/31/1990", "1", ""]]
    path = write_csv(tmp_path / "s.csv", list(KINDS), rows)
    fields = {
        **MAPPING.fields,
        "lahir": DateColumn(column="lahir", order="month-first"),
        "jk": SexCodes(column="jk", male=("0",), female=("1",)),
    }
    mapping = MAPPING.model_copy(update={"fields": fields})
    (read,) = read_rows(path, mapping, KINDS, 10)
    values = Settler(KINDS, mapping)(read)
    assert values.columns["lahir.month"] == ["3", ""]
    assert (values.columns["lahir.year"], values.columns["jk"]) == (["1980", "1990"], ["M", "F"])


def test_zero_among_codes_of_sex_is_no_missing_value(tmp_path: Path) -> None:
    rows = [["BUDI", "03-04-1980", str(at % 2), ""] for at in range(20)]
    with pytest.raises(BadInput) as caught:
        list(read_rows(write_csv(tmp_path / "s.csv", list(KINDS), rows), MAPPING, KINDS, 100))
    assert caught.value.code == "file.sex-codes"


def test_a_column_that_a_spreadsheet_rounded_is_damaged(tmp_path: Path) -> None:
    """Nothing in a single cell shows it: fifteen digits are kept, and 0 is the sixteenth."""
    rounded = [f"31759917084{at:04}0" for at in range(30)]
    assert rounded_columns({"nik": rounded}, ["nik"]) == {"nik"}
    assert rounded_columns({"nik": [f"31759917084{at:05}" for at in range(30)]}, ["nik"]) == set()
    assert rounded_rows([NIK, rounded[1], "-"]) == [1]
    rows = [[f"BUDI {'ABCDEFGHIJ'[at % 10]}", "", "L", nik] for at, nik in enumerate(rounded)]
    (read,) = read_rows(write_csv(tmp_path / "s.csv", list(KINDS), rows), MAPPING, KINDS, 100)
    values = Settler(KINDS, MAPPING)(read)
    assert set(values.out.values()) == {"nik-rounded"}
    assert len(values.out) == len(rows)


def test_what_the_reader_saw_counts_before_what_is_written() -> None:
    read = chunk(("BUDI", "", "L", NIK), ("SITI", "", "P", ""), damaged=("nik", 0, "NIK_NUMBER"))
    values = Settler(KINDS, MAPPING)(read)
    assert (values.columns["nik"], values.out) == (["", ""], {0: "nik-number-cell"})
    dropping = MAPPING.model_copy(update={"damaged_identifiers": "drop"})
    values = Settler(KINDS, dropping)(read)
    assert (values.out, values.noted) == ({}, [(1, "nik-number-cell")])
    (nik,) = (each for each in values.usage.table().fields if each.name == "nik")
    assert (nik.used, nik.empty, nik.lost) == (0, 1, 1)


def test_a_row_of_nobody_is_refused_by_its_own_rule() -> None:
    read = chunk(
        ("MR X", "", "L", ""), ("-", "", "L", ""), ("-", "", "", ""), ("MR X", "", "", NIK)
    )
    rules = {0: "unknown-person", 1: "no-name-nor-nik", 2: "no-linkage-field"}
    assert Settler(KINDS, MAPPING)(read).out == rules


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=30), st.integers(1, 29))
def test_every_cell_is_used_empty_or_lost_however_the_file_is_cut(
    rows: list[tuple[str, str, str, str]], cut: int
) -> None:
    whole = Settler(KINDS, MAPPING)(chunk(*rows)).usage.table()
    parts = Usage(KINDS)
    for part in (rows[:cut], rows[cut:]):
        if part:
            parts.merge(Settler(KINDS, MAPPING)(chunk(*part)).usage)
    assert [(f.used, f.empty, f.lost) for f in parts.table().fields] == [
        (f.used, f.empty, f.lost) for f in whole.fields
    ]
    for field in whole.fields:
        assert field.used + field.empty + field.lost == len(rows)
        assert field.empty >= 0
        met = sum(rule.rows for rule in field.rules if rule.outcome == "lost")
        assert met >= field.lost - sum(r.rows for r in field.rules if r.outcome == "partly")


def test_every_rule_has_words_of_its_own() -> None:
    assert len({each.words.en for each in CELL_RULES.values()}) >= len(CELL_RULES) - 1
    assert len(REFUSALS) == len([each for each in CELL_RULES.values() if each.refuses])


@pytest.mark.parametrize(
    ("people", "refused", "used", "lost", "code"),
    [
        (6, 5, 6, 0, None),
        (4, 6, 4, 0, "prepare.few-rows"),
        (10, 0, 3, 7, "prepare.few-niks"),
        (10, 0, 0, 0, None),
    ],
)
def test_a_run_that_keeps_little_needs_consent(
    people: int, refused: int, used: int, lost: int, code: str | None
) -> None:
    usage = Usage({"nik": "nik"}, people + refused)
    cells = [NIK] * used + [""] * (people + refused - used)
    doubts = [(used + at, "NIK_FORMAT") for at in range(lost)]
    usage.add("nik", cells, doubts, range(1, len(cells) + 1))
    found = Reconciliation(people + refused, people, 0, {"nik-digits": refused})
    doubt = doubt_about("dtks", found, usage.table())
    assert (doubt and doubt.code) == code


def test_columns_of_the_departed() -> None:
    assert departed(["Hidup", "Meninggal", "ALM.", "", "wafat 2020"]) == (
        "ALM.",
        "Meninggal",
        "wafat 2020",
    )
    assert departed([f"catatan {at}" for at in range(100)] + ["meninggal"]) == ()
    assert departed(["MATIUS", "Hidup"]) == ()
