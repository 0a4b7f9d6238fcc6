"""Real-world mess through the real commands: what `inspect`, `check` and `prepare` make of it.

The inputs are in tests/cases, one folder a kind; its README says what is right.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import PROJECT, ROOT, Answer, Programme, command, expect

CASES = ROOT / "tests" / "cases"
OFFICER, DATASET = "dinsos", "dtks"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """A project whose charter takes files of any size; every test prepares again."""
    programme = Programme(tmp_path_factory.mktemp("programme"), persons=300)
    programme.reach("signed", programme.tree_of_any_size())
    with programme.serving():
        yield programme


@pytest.fixture
def officer(programme: Programme) -> Officer:
    return Officer(programme)


class Officer:
    """Prepares a file of a case, and looks at what was frozen."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def prepare(self, case: str, file: str, *more: str, code: int = 0) -> Answer:
        folder = CASES / case
        return self._programme.run(
            OFFICER,
            "padan-encoder",
            *("prepare", PROJECT, DATASET, str(folder / file)),
            *("--mapping", str(folder / "m.yaml"), *more),
            code=code,
        )

    def prepared(self, case: str, file: str, *more: str) -> dict[str, Any]:
        [found] = self.prepare(case, file, *more).json()
        return found

    def frozen(self) -> dict[str, list[str]]:
        """By record id, the normalised fields of every person."""
        home = self._programme.home(OFFICER)
        store = home / "projects" / PROJECT / "prepared" / f"{DATASET}.sqlite"
        with closing(sqlite3.connect(store)) as connection:
            sheets = connection.execute("SELECT record_ids, handles FROM sheets").fetchall()
            pieces = connection.execute("SELECT handles, fields FROM pieces").fetchall()
        fields: dict[bytes, list[str]] = {}
        for handles, texts in pieces:
            keys = [handles[at : at + 16] for at in range(0, len(handles), 16)]
            rows = zip(keys, texts.split("\x1e"), strict=True)
            fields |= {key: row.split("\x1f") for key, row in rows}
        found: dict[str, list[str]] = {}
        for record_ids, handles in sheets:
            keys = [handles[at : at + 16] for at in range(0, len(handles), 16)]
            rows_of = zip(json.loads(record_ids), keys, strict=True)
            found |= {record_id: fields[key] for record_id, key in rows_of}
        return found


def check(case: str, file: str) -> dict[str, Any]:
    folder = CASES / case
    arguments = (str(folder / file), "--mapping", str(folder / "m.yaml"))
    answer = command("padan-encoder", "--json", "check", *arguments)
    assert answer.code == 0, answer.err
    [found] = answer.json()
    return found


def inspect(case: str, file: str) -> dict[str, Any]:
    answer = command("padan-encoder", "--json", "inspect", str(CASES / case / file))
    assert answer.code == 0, answer.err
    [found] = answer.json()
    return found


def rules(found: dict[str, Any], field: str) -> dict[str, int]:
    """How many cells of a field met which rule, as a command told."""
    usage = found["profile"]["usage"] if "profile" in found else found["usage"]
    (one,) = (each for each in usage["fields"] if each["name"] == field)
    return {each["rule"]: each["rows"] for each in one["rules"]}


# -- who is who ---------------------------------------------------------------------------------


def test_an_apostrophe_of_any_kind_is_one(officer: Officer) -> None:
    found = officer.prepared("apostrophe-glyphs-and-entities", "c3.csv")
    assert (found["people"], found["collapsed"], found["refused"]) == (19, 19, {})


def test_people_whose_names_shorten_to_the_same_stay_apart(officer: Officer) -> None:
    found = officer.prepared("bin-initial-collapse", "c27.csv")
    assert (found["people"], found["collapsed"]) == (12, 0)
    # Their encodings are equal, and that is said: a match cannot tell them apart.
    assert found["same_fields"] == 8


def test_unknown_persons_are_nobody_twice(officer: Officer) -> None:
    expect(officer.prepare("unknown-persons-collapse", "c16.csv", code=4), "prepare.few-rows")
    found = officer.prepared("unknown-persons-collapse", "c16.csv", "--yes")
    assert found["collapsed"] == 0
    assert found["people"] + found["refused"]["unknown-person"] == found["rows_in"]
    assert found["refused"]["unknown-person"] == 15


def test_a_record_id_of_two_people_is_told_and_refused(officer: Officer) -> None:
    case = ("record-id-repeated", "c17.csv")
    expect(officer.prepare(*case, code=3), "file.record-id-repeated")
    suppress = ("--suppress", str(CASES / case[0] / "sup.txt"))
    expect(officer.prepare(*case, *suppress, code=3), "file.record-id-repeated")
    assert inspect(*case)["record-id-repeated"]["ids"] == 10
    assert check(*case)["profile"]["repeated_ids"]["ids"] == 10
    assert "record-id-repeated" in [each["code"] for each in check(*case)["findings"]]


@pytest.mark.parametrize("file", ["c12.csv", "c12b.csv"])
def test_a_header_again_is_no_person(officer: Officer, file: str) -> None:
    found = officer.prepared("header-row-repeated", file)
    assert (found["people"], found["refused"]) == (12, {"header-again": 1})
    assert check("header-row-repeated", file)["profile"]["refused"] == {"header-again": 1}


# -- what is in a cell --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", ["c1.csv", "c1q.csv", "c2_commas.csv", "c2_dec.csv", "c2_dots.csv", "c2_nikp.csv"]
)
def test_a_nik_is_read_however_it_is_wrapped(officer: Officer, file: str) -> None:
    found = officer.prepared("misshapen-nik-not-refused", file)
    assert (found["people"], found["refused"]) == (30, {})
    niks = {record_id: row[6] for record_id, row in officer.frozen().items()}
    assert niks["r0001"] == "3175990509545992"
    assert all(len(nik) == 16 for nik in niks.values())


def test_a_damaged_nik_is_refused_by_rule_and_told_alike(officer: Officer) -> None:
    case = ("misshapen-nik-not-refused", "c36.csv")
    found = officer.prepared(*case)
    damaged = {"nik-digits": 2, "nik-letter": 1, "nik-scientific": 1}
    assert (found["rows_in"], found["people"], found["refused"]) == (20, 16, damaged)
    cells = {"NIK_FORMAT": 2, "NIK_LETTER": 1, "NIK_SCI": 1, "NIK_FILLER": 1}
    checked, inspected = check(*case), inspect(*case)
    assert rules(found, "nik") == rules(checked, "nik") == rules(inspected, "nik") == cells
    assert checked["profile"]["later"] == damaged
    assert {each["rule"]: each["rows"] for each in inspected["rules"]} == damaged


@pytest.mark.parametrize(
    "file", ["c6_h0.csv", "c6_m12am.csv", "c6_mix.csv", "c6_off.csv", "c6_z.csv"]
)
def test_a_date_with_a_time_is_that_day(officer: Officer, file: str) -> None:
    officer.prepared("dates-with-times", "c6_dot.csv")
    wanted = {record_id: row[1:4] for record_id, row in officer.frozen().items()}
    found = officer.prepared("dates-with-times", file)
    assert found["people"] == 30
    assert {record_id: row[1:4] for record_id, row in officer.frozen().items()} == wanted
    assert wanted["r0001"] == ["1954", "9", "5"]
    assert rules(check("dates-with-times", file), "lahir") == rules(found, "lahir")


@pytest.mark.parametrize(("file", "dates"), [("c15.csv", 3), ("c15.xlsx", 30)])
def test_rt_and_rw_are_never_made_of_a_date(officer: Officer, file: str, dates: int) -> None:
    found = officer.prepared("rtrw-from-date-and-order", file)
    assert rules(found, "rtrw") == {"RTRW_DATE": dates}
    assert rules(check("rtrw-from-date-and-order", file), "rtrw") == {"RTRW_DATE": dates}
    if file == "c15.csv":
        read = [row[8] for row in officer.frozen().values()]
        assert read == ["", "", "", "1/2", "1/2", "1/2", "1/2", "1/2", "1/2", "1/2"]


@pytest.mark.parametrize("file", ["c31a.csv", "c31b.csv", "c31c.csv", "c31e.csv"])
def test_codes_and_words_of_sex_are_read(officer: Officer, file: str) -> None:
    found = officer.prepared("sex-words", file)
    assert rules(found, "jk") == {}
    assert {row[4] for row in officer.frozen().values()} == {"M", "F"}


def test_unclear_codes_of_sex_are_named_and_can_be_mapped(
    officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    error = expect(officer.prepare("sex-words", "c31d.csv", code=3), "file.sex-codes")
    assert "0, 1" in error.problem.en
    assert "male" in error.hint.en
    mapping = tmp_path / "m.yaml"
    written = (CASES / "sex-words" / "m.yaml").read_text()
    mapping.write_text(written.replace("jk: jk", "jk: {column: jk, male: [1], female: [0]}"))
    file = str(CASES / "sex-words" / "c31d.csv")
    arguments = ("prepare", PROJECT, DATASET, file, "--mapping", str(mapping))
    [found] = programme.run(OFFICER, "padan-encoder", *arguments).json()
    assert rules(found, "jk") == {}
    assert {row[4] for row in officer.frozen().values()} == {"M", "F"}


def test_a_column_of_months_first_needs_a_word(
    officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    """Without times nothing but the column as a whole shows the order."""
    american = (CASES / "dates-with-times" / "c6_m12am.csv").read_text().replace(" 12:00:00 AM", "")
    file, mapping = tmp_path / "s.csv", CASES / "dates-with-times" / "m.yaml"
    file.write_text(american)
    arguments = ("prepare", PROJECT, DATASET, str(file), "--mapping")
    answer = programme.run(OFFICER, "padan-encoder", *arguments, str(mapping), code=3)
    assert "order: month-first" in expect(answer, "file.date-order").hint.en
    [proposed] = command("padan-encoder", "--json", "inspect", str(file)).json()
    assert proposed["mapping"]["fields"]["lahir"] == {"column": "lahir", "order": "month-first"}
    said = tmp_path / "m.yaml"
    said.write_text(
        mapping.read_text().replace("lahir: lahir", "lahir: {column: lahir, order: month-first}")
    )
    programme.run(OFFICER, "padan-encoder", *arguments, str(said))
    months_first = {record_id: row[1:4] for record_id, row in officer.frozen().items()}
    officer.prepared("dates-with-times", "c6_dot.csv")
    assert {record_id: row[1:4] for record_id, row in officer.frozen().items()} == months_first


# -- what is in a file --------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["c11.csv", "c11bom2.csv"])
def test_one_bad_byte_costs_one_row(officer: Officer, file: str) -> None:
    found = officer.prepared("one-bad-byte-latin1", file)
    assert (found["people"], found["refused"]) == (40, {"not-utf8": 1})
    inspected = inspect("one-bad-byte-latin1", file)
    assert inspected["encoding"] == "utf-8"
    assert inspected["rules"] == [{"rule": "not-utf8", "rows": 1, "first_row": 41}]


def test_a_hidden_sheet_is_not_preferred_and_hidden_rows_are_told(officer: Officer) -> None:
    for file in ("c24.xlsx", "c24b.xlsx"):
        told = inspect("hidden-sheet-and-rows", file)
        assert (told["sheet"], told["rows_seen"]) == ("Data", 30)
        assert "Hidden sheets are not read" in json.dumps(told["warnings"])
        assert "file-hidden-sheets" in [
            each["code"] for each in check("hidden-sheet-and-rows", file)["findings"]
        ]
    hidden = "10 hidden or filtered rows are read as well: row 2-11"
    assert hidden in json.dumps(inspect("hidden-sheet-and-rows", "c24.xlsx")["warnings"])
    assert hidden in json.dumps(check("hidden-sheet-and-rows", "c24.xlsx")["findings"])
    assert hidden in json.dumps(officer.prepared("hidden-sheet-and-rows", "c24.xlsx")["notes"])


def test_merged_cells_are_read_and_told(officer: Officer) -> None:
    officer.prepared("merged-and-formula-cells", "c10.xlsx")
    assert all(row[7] for row in officer.frozen().values()), "a member without a family card"
    told = inspect("merged-and-formula-cells", "c10.xlsx")["warnings"]
    assert "merged" in json.dumps(told)


def test_formulas_without_a_result_are_told_as_that(officer: Officer) -> None:
    case = "merged-and-formula-cells"
    for file in ("c9.xlsx", "c9half.xlsx"):
        checked, inspected = check(case, file), inspect(case, file)
        assert rules(checked, "nik")["NIK_UNCOMPUTED"] > 0
        assert rules(checked, "nik") == rules(inspected, "nik")
        assert "formula" in json.dumps(inspected["warnings"])
    error = expect(officer.prepare(case, "c9.xlsx", code=3), "file.no-rows")
    assert "nik-uncomputed" in error.problem.en


def test_a_source_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "base.csv"
    before = (CASES / "out-overwrites-source" / "base.csv").read_bytes()
    source.write_bytes(before)
    mapping = str(CASES / "out-overwrites-source" / "m.yaml")
    for arguments in (
        ("inspect", str(source), "--out", str(source)),
        ("inspect", str(source), "--out", str(source), "--force"),
        ("check", str(source), "--mapping", mapping, "--html", str(source)),
    ):
        answer = command("padan-encoder", "--json", *arguments)
        assert answer.code == 3, arguments
        assert source.read_bytes() == before
