"""The quality report counts what it says, and shows no cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from encoder.normalise.regions import Codebook, regencies
from encoder.quality import FileProfile, findings, forecast, profile_file
from encoder.quality.cells import date_facts, name_facts, sex_facts
from encoder.quality.codebook import codebook_suspicion
from encoder.quality.counts import RepeatCounts, Stratum
from encoder.quality.examples import Examples
from encoder.quality.page import page
from encoder.quality.recall import chance
from encoder.quality.report import report_json
from encoder.quality.shapes import by_decade, cut_length, whipple
from encoder.source.cell_values import Settler
from encoder.source.joined_columns import CodeColumn, DateColumns
from encoder.source.mapping import Mapping
from encoder.source.readers import read_rows
from encoder.steps.consent import doubt_about_codes
from encoder.synthetic import write_sources
from policy.charter import FieldKind
from policy.regions import inside

TODAY = date(2026, 6, 1)
FIELDS = ("nama", "lahir", "jk", "kelurahan", "nik")
MAPPING = Mapping(record_id="id", fields={name: name for name in FIELDS})
# Kecamatan 91 of 3171 does not exist: no such NIK can be anyone's.
ROWS = """\
id,nama,lahir,jk,kelurahan,nik
1,SITI AMINAH,14-03-1990,P,GAMBIR,3171915403900001
2,Siti Aminah,14-03-1990,P,GAMBIR,3171915403900001
3,SUPARNO,01-07-1970,L,GAMBIR,3171910107700002
4,"H. MOCH RIDWAN, S.E.",1988-02-05,L,GAMBIR,3171910502880003
5,TUGIYEM,,2,GAMBIR,
6,BAMBANG/BENG,31-12-1965,1,GAMBIR,3.17191E+15
7,DARSONO WIJAYA,15 Agustus 1983,L,GAMBIR,3171911508830004
8,LESTARI W4TI,15/08/83,P,GAMBIR,3171915508830005
9,LESTARI,33750,P,GAMBIR,3171913102900006
10,KARTINI,1950,X,GAMBIR,3171915508830005
11,KURANG,SEL
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "daftar.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def profile(file: Path) -> FileProfile:
    return profile_file(file, MAPPING, today=TODAY)


@pytest.fixture(scope="module")
def dtks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth")
    write_sources(folder, 900, 5)
    return folder / "dtks.csv"


DTKS = Mapping(
    record_id="IDSEMESTA",
    fields={
        "nama": "Nama",
        "lahir": "Tgl Lahir",
        "jk": "JK",
        "kelurahan": "desa_kelurahan",
        "nik": "NIK",
    },
)


# The pass


def test_every_row_is_accounted_for(profile: FileProfile) -> None:
    assert (profile.rows_in, profile.rows) == (11, 10)
    assert profile.refused == {"ragged-row": 1}
    for each in profile.fields:
        assert each.empty + each.unusable + each.usable == profile.rows
    assert sum(each.rows for each in profile.strata) == profile.rows


def test_the_ladder_of_the_nik(profile: FileProfile) -> None:
    assert profile.nik is not None
    assert profile.nik.flags == {"NIK_DATE": 1, "NIK_EMPTY": 1, "NIK_SCI": 1}
    assert profile.nik.usable == 8


def test_the_nik_beside_birth_date_and_sex(tmp_path: Path) -> None:
    path = tmp_path / "beda.csv"
    path.write_text(
        "id,nama,lahir,jk,kelurahan,nik\n"
        "1,SITI AMINAH,14-03-1990,P,X,3171915403900001\n"  # agrees
        "2,SITI AMINAH,14-03-1990,L,X,3171915403900002\n"  # a woman's NIK
        "3,SITI AMINAH,03-04-1990,P,X,3171915403900003\n"  # another day
        "4,SITI AMINAH,01-07-1990,P,X,3171915403900004\n"  # a placeholder is no day
    )
    nik = profile_file(path, MAPPING, today=TODAY).nik
    assert nik is not None
    assert (nik.date_compared, nik.date_differs) == (3, 1)
    assert (nik.sex_compared, nik.sex_differs) == (4, 1)


def test_repeats_in_the_file(profile: FileProfile) -> None:
    assert profile.same_nik == RepeatCounts(rows=4, keys=2, largest=2, differing=1)
    assert profile.same_person == RepeatCounts(rows=2, keys=1, largest=2, differing=0)


def test_forms_of_dates_and_placeholders(profile: FileProfile) -> None:
    assert profile.date is not None
    assert profile.date.patterns == {
        "DD-MM-YYYY": 4,
        "YYYY-MM-DD": 1,
        "month-name": 1,
        "two-digit-year": 1,
        "excel-serial": 1,
        "year-only": 1,
    }
    assert profile.date.placeholders == {"07-01": 1, "12-31": 1, "year-only": 1}
    assert profile.date.day_15 == 2


def test_marks_and_words_of_names(profile: FileProfile) -> None:
    assert profile.name is not None
    assert profile.name.words[1] == 5
    for mark in ("title", "degree", "muhammad", "alias", "digit"):
        assert profile.name.marks[mark] == 1, mark
    assert profile.name.common == {"SITI": 2, "MUHAMMAD": 1}


def test_codes_of_sex(profile: FileProfile) -> None:
    assert profile.sex is not None
    assert profile.sex.sexes == {"F": 5, "M": 4}
    assert profile.sex.styles == {"L / P": 7, "1 / 2": 2, "unreadable": 1}


def test_a_field_that_the_file_lacks(file: Path) -> None:
    mapping = MAPPING.model_copy(update={"fields": {**MAPPING.fields, "nik": None, "lain": None}})
    profile = profile_file(file, mapping, today=TODAY)
    assert profile.nik is None
    lacking = {each.name: (each.in_file, each.empty) for each in profile.fields}
    assert lacking["nik"] == (False, 10)
    assert lacking["lain"] == (False, 10)
    assert "nik-absent" in {each.code for each in findings(profile)}


@pytest.mark.parametrize("alone", [1000, 1])
def test_chunks_and_processes_do_not_change_the_counts(
    dtks: Path, monkeypatch: pytest.MonkeyPatch, alone: int
) -> None:
    """Once in this process, once with all chunks but the first in others."""
    asked, given = Examples(2), Examples(2)
    whole = profile_file(dtks, DTKS, today=TODAY, examples=asked)
    monkeypatch.setattr("encoder.quality.profile.ROWS_AT_ONCE", 37)
    monkeypatch.setattr("encoder.quality.profile.ALONE", alone)
    assert profile_file(dtks, DTKS, today=TODAY, examples=given) == whole
    assert given.by_doubt() == asked.by_doubt()


# Cells


@pytest.mark.parametrize(
    ("cell", "pattern", "placeholder"),
    [
        ("01/01/1970", "DD/MM/YYYY", "1970-01-01"),
        ("1900-01-01", "YYYY-MM-DD", "1900-01-01"),
        ("1 Juli 1960", "month-name", "07-01"),
        ("31.12.1950", "DD.MM.YYYY", "12-31"),
        ("00-00-1950", "DD-MM-YYYY", "year-only"),
        ("98-05-1950", "DD-MM-YYYY", "unknown-part"),
        ("BANDUNG, 12-03-1980", "place-and-date", ""),
        ("1980-03-12 00:00:00", "date-and-time", ""),
        ("12031980", "eight-digits", ""),
        ("1955", "year-only", "year-only"),
        ("25204", "excel-serial", "01-01"),
        ("entah", "other", ""),
        ("-", "", ""),
    ],
)
def test_date_cells(cell: str, pattern: str, placeholder: str) -> None:
    facts = date_facts(cell, False)
    assert (facts.pattern, facts.placeholder) == (pattern, placeholder)


def test_three_columns_are_not_taken_for_a_written_form(tmp_path: Path) -> None:
    path = tmp_path / "tiga.csv"
    path.write_text("id,t,b,n\n1,14,3,1990\n2,1,7,1960\n")
    mapping = Mapping(record_id="id", fields={"lahir": DateColumns(day="t", month="b", year="n")})
    found = profile_file(path, mapping, today=TODAY).date
    assert found is not None
    assert found.patterns == {"three-columns": 2}


@pytest.mark.parametrize(
    ("cell", "marks"),
    [
        ("BUDI SANTOSO", ()),
        ("Hj. ROHANI", ("title",)),
        ("BUDI S.Pd", ("degree",)),
        ("DEWI S", ("initial",)),
        ("ALI BIN HASAN", ("father",)),
        ("M. RIZKI", ("muhammad",)),
        ("BUDI (WAWAN)", ("alias",)),
        ("BUDI*", ("odd-mark",)),
    ],
)
def test_name_cells(cell: str, marks: tuple[str, ...]) -> None:
    assert name_facts(cell).marks == marks


def test_sex_cells() -> None:
    found = [sex_facts(c) for c in ("Laki-laki", "p", "2.0", "", "?")]
    assert [style for _, style in found] == ["words", "L / P", "1 / 2", "", "unreadable"]


# Shapes


def test_a_cut_piles_up_names_at_one_length() -> None:
    uncut = {length: 200 - 5 * length for length in range(5, 38)}
    assert cut_length(uncut) == 0
    cut = {length: rows for length, rows in uncut.items() if length < 20}
    cut[20] = sum(rows for length, rows in uncut.items() if length >= 20)
    assert cut_length(cut) == 20


def test_whipple() -> None:
    even = dict.fromkeys(range(1950, 2020), 100)
    assert whipple(even, 2026) == pytest.approx(100)
    rounded = dict.fromkeys(range(1950, 2020, 5), 100)
    assert whipple(rounded, 2026) == pytest.approx(500)
    assert whipple({1990: 3}, 2026) is None


def test_decades_leave_no_gap() -> None:
    assert by_decade({2026: 1, 1990: 2, 1901: 3}, 2026) == {
        **dict.fromkeys(range(0, 101, 10), 0),
        0: 1,
        30: 2,
        100: 3,
    }
    assert list(by_decade({2020: 1, 2000: 1}, 2026)) == [0, 10, 20]


def test_what_prepare_will_refuse_is_told_beforehand(tmp_path: Path) -> None:
    """Damaged numbers, also those whose digits look whole, and rows of nobody."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", *FIELDS])
    person = ["SITI AMINAH", "14-03-1990", "P", "GAMBIR"]
    for nik in (3171915403900010, 3171915403900001, "3.17191E+15", "3171915403900001", None):
        sheet.append([str(sheet.max_row), *person, nik])
    sheet.append(["7", "-", None, None, "Jakarta, 12 Maret 2025", None])
    book.save(tmp_path / "s.xlsx")
    profile = profile_file(tmp_path / "s.xlsx", MAPPING, today=TODAY)
    assert (profile.rows_in, profile.rows) == (6, 6)
    assert profile.later == {"nik-number-cell": 1, "nik-scientific": 1, "no-name-nor-nik": 1}
    assert profile.not_linked == 3
    found = {each.code: each for each in findings(profile)}
    assert "refuses" in found["rows-damaged"].found.en
    assert found["rows-nobody"].rows == 1
    kinds: dict[str, FieldKind] = {"nama": "name", "nik": "nik"}
    (chunk,) = read_rows(tmp_path / "s.xlsx", MAPPING, kinds, 10)
    assert len(Settler(kinds, MAPPING)(chunk).out) == profile.not_linked


# The codebook


@pytest.mark.parametrize(
    ("book", "code", "said", "fine"),
    [
        ("kemendagri", "{k}.01.1001", None, True),
        ("bps", "{b}010001", None, False),
        ("bps", "{b}010001", "bps", True),
        ("bps", "{b}010001", "kemendagri", False),
        ("kemendagri", "{n}011001", None, False),
        ("kemendagri", "{n}011001", "kemendagri", True),
        ("kemendagri", "{n}011001", "bps", False),
    ],
)
def test_the_codebook_of_jakarta(
    tmp_path: Path, book: Codebook, code: str, said: Codebook | None, fine: bool
) -> None:
    """What the codes seem to be beside the book that dots or the mapping name."""
    path = tmp_path / "kode.csv"
    lines = ["id,nama,lahir,jk,kelurahan,nik"]
    cities = [(code, bps) for code, bps in regencies().items() if code != bps]
    for number in range(60):
        kemendagri, bps = cities[number % 5]
        dotted = f"{kemendagri[:2]}.{kemendagri[2:]}"
        # One in six moved here from another city of Jakarta.
        home = "3171" if number % 6 == 0 else kemendagri
        cell = code.format(k=dotted, b=bps, n=kemendagri)
        lines.append(f"{number},SITI AMINAH,14-03-1990,P,{cell},{home}91540390{number + 1:04}")
    path.write_text("\n".join(lines) + "\n")
    column = CodeColumn(code="kelurahan", codebook=said) if said else "kelurahan"
    mapping = MAPPING.model_copy(update={"fields": {**MAPPING.fields, "kelurahan": column}})
    profile = profile_file(path, mapping, today=TODAY)
    assert codebook_suspicion(profile.codebook) == book
    found = {each.code: each for each in findings(profile)}
    assert ("codebook" not in found) == fine
    assert fine or f"codebook: {book}" in found["codebook"].todo.en


@pytest.mark.parametrize(
    ("book", "said", "fine"),
    [
        ("bps", "kemendagri", False),
        ("bps", "bps", True),
        ("kemendagri", "kemendagri", True),
        ("kemendagri", "bps", False),
    ],
)
def test_the_codebook_of_a_region_whose_kabupaten_have_one_code(
    tmp_path: Path, book: Codebook, said: Codebook, fine: bool
) -> None:
    """Kota Bandung is 3273 in both books, so that a NIK tells nothing; its kelurahan do."""
    path = tmp_path / "kode.csv"
    lines = ["id,nama,lahir,jk,kelurahan,nik"]
    places = [each.code for each in inside("3273", "village")]
    for number in range(60):
        # Kecamatan end in 0 unless they were divided.
        district = 10 * (number % 6 + 1) + (number % 3 == 0)
        bps = f"3273{district:03}{number % 7 + 1:03}"
        cell = bps if book == "bps" else places[number % 30]
        lines.append(f"{number},SITI AMINAH,14-03-1990,P,{cell},327391540390{number + 1:04}")
    path.write_text("\n".join(lines) + "\n")
    column = CodeColumn(code="kelurahan", codebook=said)
    mapping = MAPPING.model_copy(update={"fields": {**MAPPING.fields, "kelurahan": column}})
    profile = profile_file(path, mapping, today=TODAY)
    assert codebook_suspicion(profile.codebook) == book
    doubt = doubt_about_codes("dtsen", profile.codebook)
    assert (doubt is None) == fine
    if doubt is not None:
        assert doubt.code == "prepare.codebook"
        assert f"codebook: {book}" in doubt.hint.en
        assert "kelurahan" in doubt.problem.en


def test_names_of_places_raise_no_suspicion(profile: FileProfile) -> None:
    assert codebook_suspicion(profile.codebook) == "unknown"


# Findings and forecast


def test_the_gravest_findings_come_first(profile: FileProfile) -> None:
    found = findings(profile)
    order = [("act", "look", "ok").index(each.severity) for each in found]
    assert order == sorted(order)
    assert len({each.code for each in found}) == len(found)


def test_a_repair_never_lowers_the_forecast() -> None:
    strata = [
        Stratum(nik, born, name, 10)
        for nik in ("usable", "doubtful", "none")
        for born in ("full", "year", "none")
        for name in ("several", "one", "none")
    ]
    expected = {each.code: each for each in forecast(strata).scenarios}
    assert expected["today"].recall < expected["date"].recall < expected["both"].recall
    assert expected["today"].recall < expected["nik"].recall < expected["both"].recall
    assert all(each.found + each.missed == 270 for each in expected.values())
    assert all(0 <= chance(each) <= 1 for each in strata)


def test_an_empty_forecast_divides_by_nothing() -> None:
    assert {each.recall for each in forecast([]).scenarios} == {0.0}


# No value leaves


def _cells(path: Path) -> set[str]:
    """Every cell that would be recognised again: not codes, small numbers or kelurahan."""
    cells: set[str] = set()
    for line in path.read_text("utf-8").splitlines()[1:]:
        record_id, _, nik, name, born, *_ = line.split(";")
        cells |= {record_id, nik, name, born}
    # The report has a label of its own with this word, whatever the file holds.
    return {cell for cell in cells if len(cell) >= 8} - {"MUHAMMAD"}


def test_no_cell_stands_in_page_or_json(dtks: Path) -> None:
    profile = profile_file(dtks, DTKS, today=TODAY)
    found, expected = findings(profile), forecast(profile.strata)
    shown = page(profile, found, expected, TODAY) + json.dumps(
        report_json(profile, found, expected)
    )
    cells = _cells(dtks)
    assert len(cells) > 500
    assert not [cell for cell in cells if cell.lower() in shown.lower()]


def test_examples_are_bounded_and_silent(file: Path) -> None:
    examples = Examples(1)
    profile_file(file, MAPPING, today=TODAY, examples=examples)
    found = {(field, doubt): rows for field, doubt, rows in examples.by_doubt()}
    assert [each.row for each in found["nik", "NIK_SCI"]] == [6]
    assert [each.cell for each in found["nama", "digit"]] == ["LESTARI W4TI"]
    assert all(len(rows) == 1 for rows in found.values())
    assert "W4TI" not in repr(found)


# The page


class _Page(HTMLParser):
    """What a checker of accessible pages looks at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)

    def count(self, tag: str) -> int:
        return sum(1 for _ in self.all(tag))


@pytest.fixture
def parsed(profile: FileProfile) -> _Page:
    return _Page(page(profile, findings(profile), forecast(profile.strata), TODAY))


def test_the_page_stands_alone(profile: FileProfile, parsed: _Page) -> None:
    text = page(profile, findings(profile), forecast(profile.strata), TODAY)
    assert "://" not in text
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in parsed.tags}


def test_the_page_can_be_heard(parsed: _Page) -> None:
    (html,) = parsed.all("html")
    assert html["lang"] == "id"
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    named = {attributes.get("aria-labelledby") for _, attributes in parsed.tags} - {None}
    assert {part for each in named for part in str(each).split()} <= set(ids)
    levels = [int(tag[1]) for tag, _ in parsed.tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert parsed.count("table") == parsed.count("caption") > 5
    assert all("scope" in attributes for attributes in parsed.all("th"))
    assert parsed.count("svg") == parsed.count("desc") == 2 * parsed.count("figure")
    assert all(attributes["role"] == "img" for attributes in parsed.all("svg"))


@pytest.mark.parametrize(("language", "other"), [("id", "en"), ("en", "id")])
def test_a_page_in_one_language(profile: FileProfile, language: str, other: str) -> None:
    text = page(profile, findings(profile), forecast(profile.strata), TODAY, language)  # type: ignore[arg-type]
    parsed = _Page(text)
    assert next(parsed.all("html"))["lang"] == language
    assert not [a for _, a in parsed.tags if a.get("lang") == other]
    assert not parsed.count("input")


def test_the_name_of_the_file_is_escaped(profile: FileProfile) -> None:
    from dataclasses import replace

    odd = replace(profile, file="<b>x.csv")
    assert "<b>" not in page(odd, findings(odd), forecast(odd.strata), TODAY)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("id,nama,lahir,jk,kelurahan,nik\nA,B\n", dict(MAPPING.fields)),
        ("id,nama\n1,SUPARNO\n", {"nama": "nama"}),
        ("id,nik\n1,3171910107700002\n", {"nik": "nik"}),
        ("id,lahir\n1,-\n2,entah\n", {"lahir": "lahir"}),
    ],
)
def test_files_of_which_little_can_be_said(
    tmp_path: Path, text: str, fields: dict[str, str | DateColumns | None]
) -> None:
    path = tmp_path / "sedikit.csv"
    path.write_text(text)
    profile = profile_file(path, Mapping(record_id="id", fields=fields), today=TODAY)
    found, expected = findings(profile), forecast(profile.strata)
    assert page(profile, found, expected, TODAY).endswith("</html>")
    assert report_json(profile, found, expected)["profile"]["rows_in"] == profile.rows_in


def test_the_person_s_own_name_is_measured_whatever_the_order_of_the_mapping(
    tmp_path: Path,
) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("nama,ibu\nSITI AMINAH,TUTI\nSUPARNO,\n", encoding="utf-8")
    by_alphabet = Mapping(record_id=None, fields={"ibu": "ibu", "nama": "nama"})
    found = profile_file(path, by_alphabet, today=TODAY)
    assert found.name is not None
    assert found.name.field == "nama"
