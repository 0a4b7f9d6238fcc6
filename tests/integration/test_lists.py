"""A by-name list of a source without record ids, after the source was sorted, edited and moved."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from encoder.steps.written_lists import written
from tests.support.officer import at_step_2, done, page_without_browser
from tests.support.page_commands import ELSEWHERE, Block, blocks
from tests.support.page_runs import Desk
from tests.support.programme import OWNER, PROJECT, ROOT, TUTORIAL, Programme, expect

Rows = list[dict[str, str]]
DOMAIN = "dtks-regsosek"
ID = f"id_padanan_{DOMAIN}"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("lists"), persons=900)
    programme.reach("signed")
    with programme.serving():
        for dataset in OWNER:
            if dataset != "dtks":
                programme.prepare(dataset)
        text = (TUTORIAL / "mapping-dtks.yaml").read_text(encoding="utf-8")
        mapping = programme.folder / "by-number.yaml"
        mapping.write_text(text.replace("record_id: IDSEMESTA", "record_id: null"))
        arguments = ("prepare", PROJECT, "dtks", str(source(programme)), "--mapping", str(mapping))
        dinsos(programme, *arguments)
        programme.exchange_keys()
        programme.upload()
        programme.match("padan-1")
        programme.release(
            "rilis-1", "padan-1", "bps-approver", "dppapp-approver", domains=(DOMAIN,)
        )
        programme.witness()
        dinsos(programme, "open", PROJECT, "rilis-1")
        programme.run("bps", "padan-encoder", "open", PROJECT, "rilis-1")
        # The officer cleans up: the list needs what was frozen, and not this file.
        mapping.unlink()
        yield programme


def source(programme: Programme) -> Path:
    return programme.folder / "sources" / "dtks.csv"


def dinsos(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", *arguments, code=code)
    return answer if code else answer.json()[-1]


def read(path: Path, delimiter: str = ";") -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def listed(programme: Programme, out: Path, *more: str, code: int = 0) -> Any:
    """Match ID by the record id that the mapping does not name."""
    wanted = ("--out", str(out), "--ids", "--column", "IDSEMESTA", *more)
    answer = dinsos(programme, "list", PROJECT, "rilis-1", "dtks", *wanted, code=code)
    if code:
        assert not out.exists()
        return answer
    return {row["IDSEMESTA"]: row[ID] for row in read(out, ",")}


CONFIRMED = "dikonfirmasi Regsosek"


def by_name(programme: Programme, out: Path, *more: str, code: int = 0) -> Any:
    return dinsos(
        programme, "list", PROJECT, "rilis-1", "dtks", "--out", str(out), *more, code=code
    )


def cells_of(sheet: Any) -> list[dict[str, str]]:
    """The rows of a sheet by the names of its columns."""
    head, *rows = ([cell or "" for cell in row] for row in sheet.iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def bare(cell: str) -> str:
    """A cell of a CSV for Excel without what keeps it text."""
    return cell.removeprefix('="').removesuffix('"')


def place_of(row: dict[str, str]) -> tuple[str, str, int, int]:
    kelurahan = row["desa_kelurahan"].upper().replace(" ", "")
    return (
        row["kecamatan"],
        kelurahan,
        int(bare(row["rw"]) or 0) or 999,
        int(bare(row["rt"]) or 0) or 999,
    )


def test_a_person_who_knows_excel_alone_can_use_the_workbook(
    programme: Programme, tmp_path: Path
) -> None:
    rows = read(source(programme))
    out = tmp_path / "daftar.xlsx"
    told = by_name(programme, out)
    book = openpyxl.load_workbook(out)
    # Without grades nobody is to be checked.
    assert book.sheetnames == ["ditemukan", "belum ditemukan", "ringkasan", "petunjuk"]
    found, unknown = cells_of(book["ditemukan"]), cells_of(book["belum ditemukan"])
    assert (len(found), len(unknown)) == (told["found"], told["not_found"])
    assert told["to_check"] is None
    assert {row[CONFIRMED] for row in found} == {"ya"}
    assert {row[CONFIRMED] for row in unknown} == {"tidak"}
    # An apostrophe that made a number a text in the source is no part of the number.
    ids = {row["NIK"].removeprefix("'") for row in rows}
    assert {row["NIK"] for row in (*found, *unknown)} <= ids
    assert len(found) + len(unknown) > 0.95 * len(rows)
    sheet = book["ditemukan"]
    assert sheet.freeze_panes == "A2"
    assert (
        sheet.auto_filter.ref
        == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{sheet.max_row}"
    )
    for name in ("NIK", "NOKK", "rt", "rw"):
        at = list(found[0]).index(name) + 1
        kinds = {
            (c.data_type, c.number_format) for (c,) in sheet.iter_rows(2, None, at, at) if c.value
        }
        assert kinds == {("s", "@")}, name
    widths = [sheet.column_dimensions[c.column_letter].width for c in sheet[1]]
    assert all(6 <= width <= 41 for width in widths)
    assert widths[list(found[0]).index("NIK")] >= 16, "every digit is seen"
    assert not [name for name in found[0] if name.startswith("id_padanan")]
    places = [place_of(row) for row in found]
    assert places == sorted(places, key=lambda p: (p[0] or "~", *p[1:]))
    assert len({each[:2] for each in places}) > 20
    summary = cells_of(book["ringkasan"])
    assert summary[-1]["kecamatan"] == "JUMLAH"
    # Sorting by a filter leaves the total where it is.
    assert book["ringkasan"].auto_filter.ref.endswith(str(book["ringkasan"].max_row - 1))
    assert summary[-1]["ditemukan"] == sum(row["ditemukan"] or 0 for row in summary[:-1])
    assert summary[-1]["ditemukan"] == len(found)


def test_one_sheet_or_one_file_an_area(programme: Programme, tmp_path: Path) -> None:
    whole = tmp_path / "utuh.csv"
    by_name(programme, whole, "--people", "found", "--people", "not-found")
    found, unknown = read(whole, ","), read(tmp_path / "utuh-belum-ditemukan.csv", ",")
    areas = {place_of(row)[:2] for row in (*found, *unknown)}
    out = tmp_path / "lembar.xlsx"
    by_name(programme, out, "--split", "kelurahan", "--into", "sheets")
    book = openpyxl.load_workbook(out)
    summary, guide, *sheets, last = book.worksheets
    assert (summary.title, guide.title) == ("ringkasan", "petunjuk")
    assert last.title == "belum ditemukan"
    assert len(sheets) == len(areas)
    by_sheet = [cells_of(sheet) for sheet in sheets]
    assert [row["NIK"] for rows in by_sheet for row in rows] == [row["NIK"] for row in found]
    assert {len({place_of(row)[:2] for row in rows}) for rows in by_sheet} <= {0, 1}
    wanted = (tmp_path / "rt.csv", "--split", "kelurahan", "--csv-for", "excel")
    told = by_name(programme, *wanted)
    files = [Path(each) for each in told["files"]]
    assert {each.parent for each in files} == {tmp_path / "rt"}
    assert files[-1].name == "ringkasan.csv"
    assert sorted(files) == sorted((tmp_path / "rt").iterdir())
    rows: Rows = []
    for file in files[:-1]:
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert file.stat().st_mode & 0o777 == 0o600
        with file.open(newline="", encoding="utf-8-sig") as text:
            inside = list(csv.DictReader(text, delimiter=";"))
        assert len({place_of(row)[:2] for row in inside}) == 1
        rows += inside
    assert [bare(row["NIK"]) for row in rows] == [row["NIK"] for row in found]
    entered = written(programme.home("dinsos") / "projects" / PROJECT)
    register = {each.path for each in entered}
    assert {str(each.resolve()) for each in (*files, whole, out)} <= register
    # The same again changes nothing; another list at the same place is refused.
    assert by_name(programme, *wanted) == told
    expect(by_name(programme, *wanted[:3], code=3), "out.exists")
    expect(by_name(programme, tmp_path / "a.csv", "--into", "sheets", code=3), "list.no-sheets")
    assert not (tmp_path / "a.csv").exists()


def test_an_area_is_never_written_over_a_source(programme: Programme, tmp_path: Path) -> None:
    """The folder of the list has a file of the same name that a project was prepared from."""
    told = by_name(programme, tmp_path / "a.csv", "--split", "kelurahan")
    name = Path(told["files"][0]).name
    folder = source(programme).parent
    rows = source(programme).read_bytes()
    moved = source(programme).rename(folder / name)
    try:
        source(programme).symlink_to(moved)
        out = folder.parent / f"{folder.name}.csv"
        refused = by_name(programme, out, "--split", "kelurahan", "--force", code=3)
        expect(refused, "out.prepared")
        assert moved.read_bytes() == rows
        assert sorted(each.name for each in folder.iterdir() if each.name.startswith(name[:4])) == [
            name
        ]
    finally:
        source(programme).unlink()
        moved.rename(source(programme))


def test_an_agency_that_learns_nothing_is_told_why(programme: Programme, tmp_path: Path) -> None:
    out = tmp_path / "daftar.xlsx"
    arguments = ("list", PROJECT, "rilis-1", "regsosek", "--out", str(out))
    answer = programme.run("bps", "padan-encoder", *arguments, code=4)
    refused = expect(answer, "list.learns-nothing")
    assert f"In the domain {DOMAIN} only the owner of DTKS is told" in refused.problem.en
    assert "padan-encoder ids" in refused.hint.id
    assert not out.exists()


def test_who_is_listed_does_not_depend_on_the_order_of_the_file(
    programme: Programme, tmp_path: Path
) -> None:
    rows = read(source(programme))
    before = listed(programme, tmp_path / "before.csv")
    assert len(before) > 50
    by_name = sorted(rows, key=lambda row: (row["Nama"], row["IDSEMESTA"]))
    try:
        write(source(programme), [{**row, "Alamat": "PINDAH"} for row in by_name])
        assert listed(programme, tmp_path / "after.csv") == before
        assert {row["Alamat"] for row in read(tmp_path / "after.csv", ",")} == {"PINDAH"}
        moved = source(programme).rename(programme.folder / "moved.csv")
        gone = expect(listed(programme, tmp_path / "gone.csv", code=3), "file.moved")
        assert "--source" in gone.hint.en
        there = ("--source", str(moved))
        assert listed(programme, tmp_path / "moved.csv", *there) == before
    finally:
        write(source(programme), rows)


def test_another_file_at_the_place_gives_no_list(programme: Programme, tmp_path: Path) -> None:
    rows = read(source(programme))
    before = listed(programme, tmp_path / "before.csv")
    person = next(row for row in rows if row["IDSEMESTA"] in before and row["NIK"])
    try:
        write(source(programme), [{**row, "Nama": f"{row['Nama']} X", "NIK": ""} for row in rows])
        swapped = expect(listed(programme, tmp_path / "out.csv", code=3), "file.changed")
        assert f"{len(before)} have changed or are gone" in swapped.problem.en
        edited = [{**row, "Nama": "QUXO WIRAYU"} if row == person else row for row in rows]
        write(source(programme), edited)
        refused = expect(listed(programme, tmp_path / "out.csv", code=3), "file.changed")
        assert "1 have changed or are gone" in refused.problem.en
        left = listed(programme, tmp_path / "left.csv", "--despite-changes")
        assert left == {each: id_ for each, id_ in before.items() if each != person["IDSEMESTA"]}
    finally:
        write(source(programme), rows)


def test_row_numbers_are_withdrawn_only_if_that_is_said(
    programme: Programme, tmp_path: Path
) -> None:
    ids = tmp_path / "ids.txt"
    times = Counter(row["NIK"] for row in read(source(programme)))
    rows = enumerate(read(source(programme)), 1)
    number = next(at for at, row in rows if row["NIK"] and times[row["NIK"]] == 1)
    ids.write_text(str(number))
    arguments = ("withdraw", PROJECT, "dtks", "--ids", str(ids))
    expect(dinsos(programme, *arguments, code=4), "ids.row-numbers")
    subject = dinsos(
        programme, "subject", PROJECT, "--record-id", str(number), "--right", "restrict"
    )
    (command,) = (a["command"] for a in subject["actions"] if " withdraw " in a["command"])
    assert command.endswith("--row-numbers")
    assert dinsos(programme, *arguments, "--row-numbers")["withdrawn"] == 1


PROGRAMME_RULES = """\
format: padan-programme-1
id: lansia
example: true
version: "1"
title: {id: Lansia (contoh), en: The old (example)}
note: {id: Hanya untuk uji, en: For tests alone}
unit: person
quota: 20
present: bpnt
columns:
  lahir: {title: {id: tanggal lahir, en: date of birth}, role: dob}
  bpnt: {title: {id: menerima BPNT, en: receives BPNT}, names: [bpnt]}
conditions:
  - {title: {id: Usia 60 ke atas, en: Age 60 or older}, column: lahir, age: {at_least: 60}}
  - {title: {id: Dikonfirmasi Regsosek, en: Confirmed by Regsosek}, confirmed_by: regsosek}
"""


def programme_rows(path: Path) -> dict[str, Rows]:
    """The rows of each outcome's sheet, by the outcome's first word."""
    book = openpyxl.load_workbook(path)
    found = {}
    for name in book.sheetnames[1:]:
        header, *rows = book[name].iter_rows(values_only=True)
        found[name.split(" ")[0]] = [
            {key: str(cell or "") for key, cell in zip(header, row, strict=True)} for row in rows
        ]
    return found


def test_a_programme_list_follows_from_the_release_and_removes_nobody(
    programme: Programme, tmp_path: Path
) -> None:
    rules, out = tmp_path / "lansia.yaml", tmp_path / "lansia.xlsx"
    rules.write_text(PROGRAMME_RULES, encoding="utf-8")
    ask = ("programme", "apply", PROJECT, "rilis-1", "dtks", str(rules), "--date", "2026-07-01")
    told = dinsos(programme, *ask, "--out", str(out))
    rows = programme_rows(out)
    assert sum(map(len, rows.values())) == told["rows"] > 100
    assert len(rows["Layak"]) == told["outcomes"]["eligible"]["rows"] > 0
    assert told["outcomes"]["eligible"]["units"] == 20
    assert {row["dikonfirmasi Regsosek"] for row in rows["Layak"]} == {"ya"}
    # The seed is the service's decision in the log, which no officer chooses.
    project, release, digest, name = told["seed"].split("/")
    assert (project, release, len(digest), name) == (PROJECT, "rilis-1", 64, "lansia")
    # Nobody who receives BPNT now is refused or made to wait; some of them do not meet the rules.
    for outcome in ("Tunggu", "Tidak"):
        assert {row["BPNT"] for row in rows[outcome]} <= {"TIDAK"}
    lost = [row for row in rows["Ditinjau"] if "akan kehilangan bantuan" in row["alasan"]]
    assert lost
    assert {row["BPNT"] for row in lost} == {"YA"}
    again = tmp_path / "lagi.xlsx"
    assert dinsos(programme, *ask, "--out", str(again))["seed"] == told["seed"]
    assert again.read_bytes() == out.read_bytes()


def test_rows_that_are_not_of_the_dataset_are_told_by_number(
    programme: Programme, tmp_path: Path
) -> None:
    """Rows that came later or were refused are on no list; that is said, as they may need aid."""
    rows = read(source(programme))
    rules, out = tmp_path / "lansia.yaml", tmp_path / "lansia.xlsx"
    rules.write_text(PROGRAMME_RULES, encoding="utf-8")
    later = {**rows[0], "IDSEMESTA": "BARU-1", "NIK": "", "Nama": "SURTI BINTI WAKIJAN"}
    try:
        write(source(programme), [*rows, later])
        told = by_name(programme, tmp_path / "daftar.xlsx")
        judged = programme.run(
            *("dinsos", "padan-encoder", "programme", "apply", PROJECT, "rilis-1", "dtks"),
            *(str(rules), "--date", "2026-07-01", "--out", str(out)),
        )
    finally:
        write(source(programme), rows)
    all_rows = len(rows) + 1
    assert told["outside"] >= 1
    assert told["found"] + told["not_found"] + told["outside"] == all_rows
    facts = judged.json()[-1]
    assert facts["not_judged"] == told["outside"]
    assert facts["rows"] + facts["not_judged"] == all_rows
    about = list(openpyxl.load_workbook(out).worksheets[0].values)
    (line,) = (str(each[1]) for each in about if "were not judged" in str(each[1]))
    assert str(all_rows) in line
    assert "SURTI" not in line


def test_a_rule_about_a_source_that_the_release_does_not_tell_of_is_refused(
    programme: Programme, tmp_path: Path
) -> None:
    rules, out = tmp_path / "r.yaml", tmp_path / "r.xlsx"
    rules.write_text(PROGRAMME_RULES.replace("confirmed_by: regsosek", "confirmed_by: carik"))
    ask = ("programme", "apply", PROJECT, "rilis-1", "dtks", str(rules), "--out", str(out))
    error = expect(dinsos(programme, *ask, code=3), "programme.source")
    assert "dtks-regsosek" in error.problem.en
    # A column that nobody sent: the rule and the names are told.
    without = ("programme", "apply", PROJECT, "rilis-1", "dtks", "sembako", "--out", str(out))
    error = expect(dinsos(programme, *without, code=3), "programme.column")
    assert "desil_nasional" in error.problem.en
    assert not out.exists()


def test_the_page_makes_the_same_programme_list(programme: Programme, tmp_path: Path) -> None:
    rules = tmp_path / "lansia.yaml"
    rules.write_text(PROGRAMME_RULES, encoding="utf-8")
    officer = at_step_2(programme, "dtks")
    with page_without_browser(officer) as me:
        empty = me.get("/step/programme").text
        assert "UU PDP pasal 10" in empty
        assert "rilis-1" in empty
        sent = {"release": "rilis-1", "rules": "sembako", "path": str(rules)}
        assert me.post("/programme", data=sent).status_code in (200, 303)
        job = done(officer)
        assert job.state == "done", job.error
        shown = me.get("/step/programme").text
        assert "Tidak memenuhi syarat" in shown
        assert "<meter" in shown
        book = tmp_path / "page.xlsx"
        book.write_bytes(me.get("/programme/workbook").content)
    rows = programme_rows(book)
    assert all(rows[outcome] for outcome in ("Layak", "Tunggu", "Ditinjau", "Tidak"))
    register = written(programme.home("dinsos") / "projects" / PROJECT)
    assert "dtks.programme-lansia-rilis-1.xlsx" in {Path(each.path).name for each in register}
    # A refused request is told on the page, in its own words.
    with page_without_browser(officer) as me:
        me.post("/programme", data={"release": "rilis-1", "rules": "kjp", "path": ""})
        done(officer)
        assert "partisipasi_sekolah" in me.get("/step/programme").text


@pytest.mark.parametrize(
    ("language", "ours", "theirs"),
    [
        ("en", {"confirmed by Regsosek", "state", "found", "TOTAL"}, {"dikonfirmasi", "JUMLAH"}),
        ("id", {"dikonfirmasi Regsosek", "keadaan", "ditemukan", "JUMLAH"}, {"confirmed by"}),
    ],
)
def test_what_the_page_shows_and_saves_has_the_words_of_its_language(
    programme: Programme, tmp_path: Path, language: str, ours: set[str], theirs: set[str]
) -> None:
    officer = at_step_2(programme, "dtks")
    wish = {"people": ["found", "not-found"], "form": "xlsx", "split": "none"}
    book = tmp_path / "page.xlsx"
    with page_without_browser(officer) as me:
        me.cookies.set("padan-lang", language)
        shown = me.get("/results/rilis-1/preview", params=wish).text
        assert all(f">{word}<" in shown for word in ours)
        assert not any(f">{word}" in shown for word in theirs)
        book.write_bytes(me.get("/results/rilis-1/list", params=wish).content)
        coverage = me.get("/results/rilis-1/coverage", params={"form": "xlsx"}).content
        (tmp_path / "coverage.xlsx").write_bytes(coverage)
        sent = {"release": "rilis-1", "rules": "sembako", "path": str(_rules(tmp_path))}
        me.post("/programme", data=sent)
        assert done(officer).state == "done"
        (tmp_path / "programme.xlsx").write_bytes(me.get("/programme/workbook").content)
    first = openpyxl.load_workbook(book)
    assert first.sheetnames[0] in ours
    heads = {cell.value for cell in first.worksheets[0][1]}
    assert len(heads & ours) == 2
    assert not any(str(head).startswith(tuple(theirs)) for head in heads)
    table = openpyxl.load_workbook(tmp_path / "coverage.xlsx").worksheets[0]
    assert ("confirmed" if language == "en" else "dikonfirmasi") in {c.value for c in table[1]}
    lists = openpyxl.load_workbook(tmp_path / "programme.xlsx")
    verdict = "confirmed by Regsosek" if language == "en" else "dikonfirmasi Regsosek"
    said = {row.get(verdict) for sheet in lists.worksheets[1:] for row in cells_of(sheet)}
    assert said <= ({"yes", "no"} if language == "en" else {"ya", "tidak"})
    assert said


def _rules(folder: Path) -> Path:
    path = folder / "lansia.yaml"
    path.write_text(PROGRAMME_RULES, encoding="utf-8")
    return path


def test_the_page_gives_the_coverage_that_the_command_gives(
    programme: Programme, tmp_path: Path
) -> None:
    out = tmp_path / "coverage.json"
    dinsos(programme, "coverage", PROJECT, "rilis-1", "dtks", "--out", str(out))
    officer = at_step_2(programme, "dtks")
    with page_without_browser(officer) as me:
        address = "/results/rilis-1/coverage"
        assert me.get(address, params={"form": "json"}).content == out.read_bytes()
        page = me.get(address)
        assert "attachment" in page.headers["content-disposition"]
        assert "<svg" in page.text
        assert me.get(address, params={"form": "xlsx"}).content.startswith(b"PK")
        assert me.get(address, params={"form": "exe"}).status_code == 422
        assert address in me.get("/step/results").text


# -- the how-to pages ------------------------------------------------------------------------------

HOW_TO = ROOT / "docs" / "how-to"
RUN_HERE = sorted(each.name for each in HOW_TO.glob("*.md") if each.name not in ELSEWHERE)


@pytest.mark.parametrize("page", RUN_HERE)
def test_the_commands_of_a_page_run(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Every block that names its person, as it is written there, one after the other."""
    found = [each for each in blocks((HOW_TO / page).read_text("utf-8")) if each.person]
    assert found, "name the person of a block, or the test that gives its commands"
    desk = Desk(programme, tmp_path)
    assert all(desk.run(each, monkeypatch) for each in found)


def test_a_page_whose_command_does_not_work_is_noticed(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Block("dinsos", "padan-encoder list PROJECT rilis-9 dtks --out daftar.xlsx\n")
    with pytest.raises(AssertionError, match="rilis-9"):
        Desk(programme, tmp_path).run(wrong, monkeypatch)
