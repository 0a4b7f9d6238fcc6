"""A by-name-by-address list: sorted for field work, divided, and safe in Excel."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from encoder.released.attributes.received import AttributeColumn, ReceivedColumns
from encoder.released.lists import list_files
from encoder.released.lists.areas import Area
from encoder.released.lists.by_name import by_name_list
from encoder.released.lists.choices import Into, ListChoices, ListedPeople, Split
from encoder.released.lists.joined import join_table
from encoder.released.lists.list_files import Guide, write_list
from encoder.steps.source_match import source_now
from encoder.steps.written_lists import ListRegister
from encoder.steps.written_lists import written as registered
from policy.base.errors import BadInput, Refused
from policy.base.output import Output
from policy.base.words import Words
from policy.terminal.table_files import TableFile, sheet_name
from tests.unit.test_people import CHARTER, CONFIRMED, Agency, opened_rows, prepare, write_source

FORMULA = '=HYPERLINK("http://x")'


def resident(number: int, kelurahan: str, rtrw: str, nama: str = "") -> dict[str, str]:
    name = nama or f"WARGA {'ABCDEFGHIJKLMNOP'[number] * 3}"
    return {
        "id": f"r{number}",
        "nama": name,
        "lahir": f"{number + 1:02d}-07-1960",
        "kelurahan": kelurahan,
        "rtrw": rtrw,
    }


ROWS = [
    resident(0, "Cawang", "001/010"),
    resident(1, "CAWANG", "002/009"),
    resident(2, "Cawang", "001/009"),
    resident(3, "Gambir", "010/001"),
    resident(4, "kramatjati", "009/001"),
    resident(5, "Kramat Jati", "010/001"),
    resident(6, "", ""),
    resident(7, "3175991702667365", "001/001"),
    resident(8, "Cibinong [1/2]", "001/001"),
]
# Rows 2 and 3 of the file are to be checked, row 6 is not found.
FOUND, UNSURE = [1, 2, 3, 4, 5, 7, 8, 9], [2, 3]


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return prepare(tmp_path, "id", [{**row, "hp": FORMULA} for row in ROWS])


def written(
    agency: Agency,
    name: str,
    people: tuple[ListedPeople, ...] = (),
    split: Split = Split.NONE,
    into: Into | None = None,
    **how: Any,
) -> list[Path]:
    """Write the list of everybody who was found, with the files in order."""
    opened: Any = opened_rows(agency.prepared, FOUND, verify=False)
    for row, number in zip(opened[0].rows, FOUND, strict=True):
        object.__setattr__(row, "verify", number in UNSURE)
    language = how.pop("language", "id")
    choices = ListChoices.of(Path(name).suffix, people, split, into, language=language)
    now = source_now(agency.prepared, CHARTER, None, None, None)
    received = how.pop("received", ReceivedColumns())
    table = join_table(agency.prepared, CHARTER, now, opened, received, ("hp",))
    register = ListRegister(agency.folder / "home", "people")
    with by_name_list(table, choices.within(graded=table.graded)) as listed:
        out = TableFile(Output(agency.folder / name, may_replace=True)).entered_in(register)
        files = write_list(listed, out, Guide((Words("a", "b"),)))
    entered = {each.path: each.standing() for each in registered(register.folder)}
    assert [entered[str(each.resolve())] for each in files] == ["unchanged"] * len(files)
    return list(files)


def ids(sheet: Any) -> list[str]:
    return [row[0] for row in list(sheet.values)[1:]]


def test_rows_are_sorted_for_field_work(agency: Agency) -> None:
    """RW 9 before RW 10, one kelurahan whatever its spelling, unknown places last."""
    (out,) = written(agency, "list.xlsx")
    book = openpyxl.load_workbook(out)
    names = ["ditemukan", "perlu dicek", "belum ditemukan", "ringkasan", "petunjuk"]
    assert book.sheetnames == names
    found, check, unknown, summary, guide = book.worksheets
    assert ids(found) == ["r3", "r2", "r1", "r0", "r4", "r8", "r6", "r7"]
    assert ids(check) == ["r2", "r1"]
    assert ids(unknown) == ["r5"]
    head = [cell.value for cell in found[1]]
    said = [row[head.index(CONFIRMED[0])] for row in found.iter_rows(2, values_only=True)]
    assert said == ["ya", "perlu dicek", "perlu dicek", *["ya"] * 5]
    total = list(summary.values)[-1]
    assert total == ("JUMLAH", None, 8, 2, 1, 0, 0, 0)
    assert list(guide.values)[1] == ("a", "b")


def test_no_cell_is_a_formula_and_every_number_is_text(agency: Agency) -> None:
    (out,) = written(agency, "list.xlsx")
    sheet = openpyxl.load_workbook(out)["ditemukan"]
    cells = [cell for row in sheet.iter_rows(2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert FORMULA in {cell.value for cell in cells}


def test_one_sheet_a_kelurahan_and_no_name_of_a_sheet_is_a_number_of_a_person(
    agency: Agency,
) -> None:
    (out,) = written(agency, "list.xlsx", split=Split.KELURAHAN)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:2] == ["ringkasan", "petunjuk"]
    areas = book.sheetnames[2:-2]
    assert areas == ["Gambir", "Cawang", "Kramatjati", "Cibinong 1 2", "tanpa kelurahan"]
    assert ids(book["tanpa kelurahan"]) == ["r6", "r7"]
    assert "3175991702667365" not in " ".join(book.sheetnames)
    assert [len(ids(book[each])) for each in ("Cawang", "Kramatjati")] == [3, 1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_files, "MOST_SHEETS", 5)
        with pytest.raises(BadInput) as caught:
            written(agency, "more.xlsx", split=Split.RW)
    assert caught.value.code == "list.many-sheets"
    assert not (agency.folder / "more.xlsx").exists()


def test_one_file_an_rw_in_a_folder(agency: Agency) -> None:
    files = written(agency, "list.csv", (ListedPeople.FOUND, ListedPeople.TO_CHECK), Split.RW)
    names = [each.name for each in files]
    assert {each.parent for each in files} == {agency.folder / "list"}
    assert set(files) == set((agency.folder / "list").iterdir())
    assert names[:2] == ["gambir-gambir-rw-001.csv", "gambir-gambir-rw-001-perlu-dicek.csv"]
    assert "kramatjati-cawang-rw-009.csv" in names
    assert "cibinong-1-2-rw-001.csv" in names
    assert names[-1] == "ringkasan.csv"
    listed: list[str] = []
    for each in files[:-1]:
        with each.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert rows[0][0] == "id", "an empty part has a header too"
        listed += [row[0] for row in rows[1:] if "perlu-dicek" not in each.name]
    assert listed == ["r3", "r2", "r1", "r0", "r4", "r8", "r6", "r7"]


def test_received_columns_are_on_the_list(agency: Agency) -> None:
    handles = {record_id: handle for _, record_id, handle in agency.prepared.source_rows()}
    column = AttributeColumn("desil", "bps", "t", Words("id", "decile"))
    received = ReceivedColumns((column,), {handles["r0"]: ("4",)})
    (out,) = written(agency, "list.csv", (ListedPeople.FOUND,), received=received)
    with out.open(newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    # The file has a column `id` of its own.
    assert rows["r0"]["id (2)"] == "4"
    assert {rows[each]["id (2)"] for each in rows if each != "r0"} == {""}


def test_the_dead_and_the_moved_are_marked(tmp_path: Path) -> None:
    agency = prepare(tmp_path, "id", ROWS)
    remarks = ["Meninggal", "pindah ke Depok", "", *[""] * 6]
    rows = [{**row, "Ket": remark} for row, remark in zip(ROWS, remarks, strict=True)]
    write_source(agency.source, rows, "hp", "Ket")
    (out,) = written(agency, "list.xlsx")
    book = openpyxl.load_workbook(out)
    head, *found = book["ditemukan"].values
    states = {row[0]: row[head.index("keadaan")] for row in found}
    assert states == {**dict.fromkeys(states), "r0": "meninggal", "r1": "pindah"}
    assert list(book["ringkasan"].values)[-1][-3:] == (1, 1, 0)


def test_choices_that_do_not_fit(agency: Agency) -> None:
    with pytest.raises(BadInput) as caught:
        ListChoices.of(".csv", into=Into.SHEETS)
    assert caught.value.code == "list.no-sheets"
    assert ListChoices.of(".xlsx").within(graded=False).people == (
        ListedPeople.FOUND,
        ListedPeople.NOT_FOUND,
    )
    with pytest.raises(Refused) as refused:
        ListChoices.of(".csv", [ListedPeople.TO_CHECK]).within(graded=False)
    assert refused.value.code == "list.no-grades"


def test_names_of_sheets_are_what_excel_accepts() -> None:
    taken: list[str] = []
    for text in ("A/B: [C]*?", "'Cawang'", "CAWANG", "x" * 40, "x" * 40, "History", "", "a\x00b"):
        taken.append(sheet_name(text, taken))
    assert taken == [
        *("A B C", "Cawang", "CAWANG (2)", "x" * 31, "x" * 27 + " (2)", "History (2)", "-", "a b")
    ]


@pytest.mark.parametrize("village", ["CON", "nul", "COM1", "../../etc/passwd", "日本", ".", "AUX "])
def test_a_place_is_never_a_device_a_hidden_file_or_a_way_out(village: str) -> None:
    """Windows writes `con.csv` to a device, and the list is lost."""
    name = Area("", village).file_name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]*)*", name)
    assert not re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", name)
    # Names that are none of these stay as they are.
    assert Area("TEBET", "CON").file_name == "tebet-con"


def test_the_summary_leads_to_the_sheet_of_each_area(agency: Agency) -> None:
    (out,) = written(agency, "list.xlsx", split=Split.KELURAHAN)
    book = openpyxl.load_workbook(out)
    cells = [row[1] for row in book["ringkasan"].iter_rows(2)]
    led = [each.hyperlink.location for each in cells if each.hyperlink]
    assert led == [f"'{name}'!A1" for name in book.sheetnames[2:-2]]
    assert cells[-1].hyperlink is None, "the total leads nowhere"


def test_a_list_in_english_has_the_same_people_under_english_heads(agency: Agency) -> None:
    """Own heads and cells stay as they are."""
    (mine,) = written(agency, "list.xlsx")
    (theirs,) = written(agency, "english.xlsx", language="en")
    one, two = openpyxl.load_workbook(mine), openpyxl.load_workbook(theirs)
    assert two.sheetnames == ["found", "to check", "not found", "summary", "guide"]
    assert [ids(each) for each in one.worksheets[:3]] == [ids(each) for each in two.worksheets[:3]]
    head = [cell.value for cell in two["found"][1]]
    before = [cell.value for cell in one["ditemukan"][1]]
    own = before.index("dikonfirmasi Regsosek")
    assert head[:own] == before[:own]
    assert head[own] == "confirmed by Regsosek"
    assert "state" in head
    said = {row[own] for row in two["found"].iter_rows(2, values_only=True)}
    assert said == {"yes", "to check"}
    colours = [
        [row[own].fill.fgColor.rgb for row in book.worksheets[0].iter_rows(2)]
        for book in (one, two)
    ]
    assert list(two["summary"].values)[-1][0] == "TOTAL"
    assert colours[0] == colours[1]
    tables = written(agency, "english.csv", tuple(ListedPeople), language="en")
    assert [each.name for each in tables] == [
        "english.csv",
        "english-to-check.csv",
        "english-not-found.csv",
    ]
