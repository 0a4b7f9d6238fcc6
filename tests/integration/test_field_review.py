"""Forms go to the field and come back; what they measured is approved, said and read."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from encoder.released.lists.joined import Verdict
from encoder.released.review.asking import ask
from encoder.released.review.one_review import OneReview
from encoder.released.review.references import _check
from encoder.steps.review_answers import FieldAnswer, reviewed
from encoder.steps.workspace import Workspace
from encoder.steps.written_lists import written
from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from policy.members.home import Home
from policy.statements import Reviewed
from policy.wire.session import Session
from tests.browser.conftest import browser  # noqa: F401
from tests.support.browser import served, window
from tests.support.killed import When, killed
from tests.support.officer import at_step_2, page_without_browser
from tests.support.programme import PROJECT, Programme, expect
from tests.support.reviewed import DOMAIN, PERSONS, RELEASE, open_city

Rows = list[dict[str, str]]
SAMPLE, SEED = 40, 7
PLANTED = "3174012345678901"
REVIEW = (PROJECT, RELEASE, "dtks")


@contextmanager
def city(folder: Path) -> Iterator[Programme]:
    """Its release is opened; nobody has been asked yet."""
    programme = Programme(folder, persons=PERSONS)
    programme.begin("an opened city", open_city)
    with programme.serving():
        yield programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    with city(tmp_path_factory.mktemp("review")) as programme:
        yield programme


@pytest.fixture(scope="module")
def form(programme: Programme) -> Path:
    return new_form(programme)


def new_form(programme: Programme) -> Path:
    """The form with a sample of certain rows."""
    out = programme.folder / "form.xlsx"
    made = review(programme, "form", *REVIEW, "--out", str(out), *sampled())
    assert made["sampled"] == SAMPLE
    return out


@pytest.fixture
def untouched(programme: Programme, form: Path) -> Iterator[None]:
    """The vault as it is now, put back after the test."""
    vault = programme.home("dinsos") / "projects" / PROJECT / "vault"
    kept = {path: path.read_bytes() for path in vault.glob("review.*")}
    yield
    for path, data in kept.items():
        path.write_bytes(data)


def sampled() -> tuple[str, ...]:
    return ("--sample", str(SAMPLE), "--seed", str(SEED))


def review(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", "review", *arguments, code=code)
    return answer if code else answer.json()[-1]


def one_review(programme: Programme) -> OneReview:
    passphrase = (programme.folder / "passphrases" / "dinsos").read_bytes()
    session = Session(Home(programme.home("dinsos")).unlock(passphrase), PROJECT)
    session.recall()
    return OneReview(Workspace(session), RELEASE, "dtks")


def rows_of(path: Path) -> Rows:
    """The rows of all sheets of a form but the guide."""
    found: Rows = []
    for sheet in load_workbook(path).worksheets[1:]:
        header, *rows = sheet.iter_rows(values_only=True)
        cells = ([str(cell or "") for cell in row] for row in rows)
        found += [dict(zip(map(str, header), row, strict=True)) for row in cells]
    return found


def returned(path: Path, rows: Rows) -> Path:
    """A form as a field worker's Excel saved it: one sheet, no lock, no guide."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(path)
    return path


def answered(rows: Rows, answer: Callable[[int], str]) -> Rows:
    return [{**row, "Jawaban": answer(at)} for at, row in enumerate(rows)]


def to_check(programme: Programme) -> set[str]:
    """References of the rows that are to be checked."""
    asked = one_review(programme).load().asked
    return {reference for reference, row in asked.items() if row.grade == "to-check"}


def emptied(row: dict[str, str]) -> None:
    row["Referensi Padan"] = ""


def changed(row: dict[str, str]) -> None:
    form_, letters, check = row["Referensi Padan"].split("-")
    row["Referensi Padan"] = f"{form_}-{another(letters)}-{check}"


def unknown(row: dict[str, str]) -> None:
    """A sound reference of this form and of no row."""
    form_, letters, _ = row["Referensi Padan"].split("-")
    row["Referensi Padan"] = f"{form_}-{another(letters)}-{_check(form_ + another(letters))}"


def foreign(row: dict[str, str]) -> None:
    """A sound reference of another form."""
    form_, letters, _ = row["Referensi Padan"].split("-")
    row["Referensi Padan"] = f"{another(form_)}-{letters}-{_check(another(form_) + letters)}"


def in_own_words(row: dict[str, str]) -> None:
    row["Jawaban"] = "mungkin"


def another(letters: str) -> str:
    return ("B" if letters[0] != "B" else "C") + letters[1:]


def test_a_form_has_choices_and_locks_everything_else(programme: Programme, form: Path) -> None:
    guide, *sheets = load_workbook(form).worksheets
    assert guide.protection.sheet
    (sheet,) = sheets
    (choices,) = sheet.data_validations.dataValidation
    assert choices.formula1 == '"orang yang sama,orang lain,tidak ditemukan / belum bisa"'
    assert sheet.protection.sheet
    header = [cell.value for cell in sheet[1]]
    first = sheet[2]
    unlocked = [header[at] for at, cell in enumerate(first) if not cell.protection.locked]
    assert unlocked == ["Jawaban", "Catatan"]
    column = get_column_letter(header.index("Jawaban") + 1)
    assert str(choices.sqref) == f"{column}2:{column}{sheet.max_row}"
    rows = rows_of(form)
    at = header.index("NIK")
    assert {cell.data_type for cell in list(sheet.columns)[at] if cell.value} == {"s"}
    assert any(len(row["NIK"]) == 16 for row in rows)
    record = {row["IDSEMESTA"] for row in rows} | {r["NIK"] for r in rows if len(r["NIK"]) == 16}
    assert not any(part in row["Referensi Padan"] for row in rows for part in record)
    assert len({row["Referensi Padan"] for row in rows}) == len(rows)


def test_the_same_seed_draws_the_same_sample_and_more_contain_fewer(
    programme: Programme, form: Path, tmp_path: Path, untouched: None
) -> None:
    first = {row["Referensi Padan"] for row in rows_of(form)}
    again = tmp_path / "again.xlsx"
    review(programme, "form", *REVIEW, "--out", str(again), *sampled())
    assert {row["Referensi Padan"] for row in rows_of(again)} == first
    assert again.read_bytes() == form.read_bytes()
    more = tmp_path / "more.xlsx"
    made = review(programme, "form", *REVIEW, "--out", str(more), "--sample", str(SAMPLE + 5))
    assert made["samples"][-1] == {"domain": DOMAIN, "rows": SAMPLE + 5, "seed": SEED}
    assert first < {row["Referensi Padan"] for row in rows_of(more)}


def test_a_sheet_for_each_kelurahan_or_rw_has_the_same_rows(
    programme: Programme, form: Path, tmp_path: Path
) -> None:
    first = {row["Referensi Padan"] for row in rows_of(form)}
    for by in ("kelurahan", "rw"):
        out = tmp_path / f"{by}.xlsx"
        made = review(programme, "form", *REVIEW, "--out", str(out), "--sheets", by, *sampled())
        assert made["sheets"] > 3
        sheets = load_workbook(out).worksheets[1:]
        assert {row["Referensi Padan"] for row in rows_of(out)} == first
        assert all(sheet.data_validations.dataValidation for sheet in sheets)


def test_answers_survive_sorting_deleting_and_a_second_return(
    programme: Programme, form: Path, tmp_path: Path, untouched: None
) -> None:
    rows = rows_of(form)
    random.Random(1).shuffle(rows)
    kept = answered(rows[5:25], lambda at: ["ORANG YANG SAMA ", "orang lain", ""][at % 3])
    for row in kept:
        row["Referensi Padan"] = row["Referensi Padan"].lower()
    path = returned(tmp_path / "a.xlsx", kept)
    taken = review(programme, "take", *REVIEW, str(path))
    assert (taken["answers"], taken["new"], taken["conflicts"], taken["empty"]) == (14, 14, 0, 6)
    again = review(programme, "take", *REVIEW, str(path))
    assert again["again"]
    assert again["new"] == again["changed"] == 0
    # Another file answers one row otherwise, and some that had no answer.
    others = [{**row} for row in kept if row["Jawaban"]][:1] + [r for r in kept if not r["Jawaban"]]
    second = answered(others, lambda at: "orang lain")
    taken = review(programme, "take", *REVIEW, str(returned(tmp_path / "b.xlsx", second)))
    assert (taken["answers"], taken["new"], taken["changed"], taken["conflicts"]) == (7, 6, 1, 1)
    review(programme, "take", *REVIEW, str(path))
    changed = one_review(programme).load().given[kept[0]["Referensi Padan"].upper()]
    assert changed.answer is FieldAnswer.OTHER, "the older file does not come back"


@pytest.mark.parametrize(
    ("spoil", "code", "told"),
    [
        (emptied, "review.reference", "changed or missing"),
        (changed, "review.reference", "changed or missing"),
        (unknown, "review.reference", "unknown"),
        (foreign, "review.reference", "another project's"),
        (in_own_words, "review.answer", "not one of the list"),
    ],
    ids=["emptied", "changed", "unknown", "foreign", "answer"],
)
def test_a_form_with_a_wrong_row_is_refused_by_row_number(
    programme: Programme,
    form: Path,
    tmp_path: Path,
    untouched: None,
    spoil: Callable[[dict[str, str]], None],
    code: str,
    told: str,
) -> None:
    before = one_review(programme).load()
    rows = answered(rows_of(form)[:6], lambda _: "orang lain")
    spoil(rows[3])
    path = returned(tmp_path / "wrong.xlsx", rows)
    refused = expect(review(programme, "take", *REVIEW, str(path), code=3), code)
    assert "row 5:" in refused.problem.en
    assert told in refused.problem.en
    assert one_review(programme).load() == before, "not even the sound rows were taken"


def test_a_sheet_sorted_by_some_columns_only_is_refused(
    programme: Programme, form: Path, tmp_path: Path, untouched: None
) -> None:
    rows = answered(rows_of(form)[:5], lambda _: "orang yang sama")
    first, second = rows[0]["Referensi Padan"], rows[1]["Referensi Padan"]
    rows[0]["Referensi Padan"], rows[1]["Referensi Padan"] = second, first
    path = returned(tmp_path / "swapped.xlsx", rows)
    refused = expect(review(programme, "take", *REVIEW, str(path), code=3), "review.reference")
    assert "row 2, 3:" in refused.problem.en
    # An edited cell is no other person's row.
    rows[0]["Referensi Padan"], rows[1]["Referensi Padan"] = first, second
    rows[0]["Nama"] = "DIKOREKSI"
    taken = review(programme, "take", *REVIEW, str(returned(tmp_path / "edited.xlsx", rows)))
    assert taken["answers"] == 5


def test_a_workbook_without_the_columns_is_no_form(programme: Programme, tmp_path: Path) -> None:
    path = returned(tmp_path / "other.xlsx", [{"nama": "A", "Jawaban": "orang lain"}])
    expect(review(programme, "take", *REVIEW, str(path), code=3), "review.form")


def test_an_answer_changes_the_verdict_of_its_own_row_alone(
    programme: Programme, form: Path, untouched: None
) -> None:
    mine = one_review(programme)
    asked = mine.load().asked
    doubtful = sorted(to_check(programme))
    same, other, later = doubtful[:3]
    mine.answer(same, FieldAnswer.SAME)
    mine.answer(other, FieldAnswer.OTHER, "pindah; NIK 3174012345678901")
    mine.answer(later, FieldAnswer.UNRESOLVED)
    answers = reviewed(mine.workspace, RELEASE, "dtks")
    table = mine.table()
    places = [source.domain for source in table.sources]
    at = places.index(DOMAIN)
    before = {row.handle.hex(): row.verdicts[at] for row in table.rows()}
    after = {row.handle.hex(): row for row in table.with_answers(answers).rows()}
    verdicts = {ref: after[asked[ref].handle].verdicts[at] for ref in doubtful}
    assert verdicts[same] is Verdict.CONFIRMED
    assert verdicts[other] is Verdict.NOT_FOUND
    rest = set(doubtful) - {same, other}
    assert {verdicts[ref] for ref in rest} == {Verdict.TO_CHECK}
    assert [ref for ref in doubtful if after[asked[ref].handle].checked[at]] == [same, other]
    unasked = before.keys() - {asked[ref].handle for ref in doubtful}
    assert {before[each] for each in unasked} == {Verdict.CONFIRMED}
    assert all(after[each].verdicts[at] is before[each] for each in unasked)


def test_a_list_says_what_was_checked_in_the_field(
    programme: Programme, form: Path, tmp_path: Path, untouched: None
) -> None:
    mine = one_review(programme)
    same, other = sorted(to_check(programme))[:2]
    record = {row["Referensi Padan"]: row["IDSEMESTA"] for row in rows_of(form)}
    before = listed(programme, tmp_path / "before.xlsx")
    assert {before[record[same]], before[record[other]]} == {"perlu dicek"}
    mine.answer(same, FieldAnswer.SAME)
    mine.answer(other, FieldAnswer.OTHER)
    after = listed(programme, tmp_path / "after.xlsx")
    assert after[record[same]] == "ya (diperiksa lapangan)"
    assert after[record[other]] == "tidak (diperiksa lapangan)"
    rest = before.keys() - {record[same], record[other]}
    assert {each: after[each] for each in rest} == {each: before[each] for each in rest}


def listed(programme: Programme, out: Path) -> dict[str, str]:
    """What the list of all people says of each record."""
    programme.run("dinsos", "padan-encoder", "list", *REVIEW, "--out", str(out))
    found = {}
    for sheet in load_workbook(out).worksheets:
        header, *rows = ([str(c or "") for c in row] for row in sheet.iter_rows(values_only=True))
        if "IDSEMESTA" in header:
            record = header.index("IDSEMESTA")
            (at,) = (i for i, name in enumerate(header) if name.startswith("dikonfirmasi"))
            found |= {row[record]: row[at] for row in rows}
    return found


def measured(programme: Programme, tmp_path: Path, form: Path) -> Any:
    """Answers to everything, of which nothing but 'other' among the doubtful is rare."""
    doubtful = to_check(programme)
    rows = rows_of(form)
    mine = [row for row in rows if row["Referensi Padan"] in doubtful]
    certain = [row for row in rows if row["Referensi Padan"] not in doubtful]
    assert len(mine) >= 12
    assert len(certain) == SAMPLE
    said = answered(mine, lambda at: "orang lain" if at < 5 else "orang yang sama")
    # Two others of forty: a cell below the charter's five.
    said[0]["Catatan"] = f"anaknya ber-NIK {PLANTED}"
    said += answered(certain, lambda at: "orang lain" if at < 2 else "orang yang sama")
    review(programme, "take", *REVIEW, str(returned(tmp_path / "all.xlsx", said)))
    return review(programme, "figures", *REVIEW), len(mine)


def test_from_answers_to_counts_that_the_next_charter_reads(tmp_path: Path) -> None:
    """In a city of its own, whose answers are destroyed at the end."""
    with city(tmp_path / "city") as programme:
        form = new_form(programme)
        counts_are_approved_and_said_and_nobody_is_among_them(programme, form, tmp_path)
        nobody_of_the_field_is_in_the_log_or_at_the_service(programme, form)
        what_was_measured_is_shown_where_a_run_is_judged(programme, tmp_path)
        the_next_charter_reads_what_was_measured(programme, tmp_path)
        the_answers_end_with_the_lists(programme, form)


def counts_are_approved_and_said_and_nobody_is_among_them(
    programme: Programme, form: Path, tmp_path: Path
) -> None:
    figures, doubtful = measured(programme, tmp_path, form)
    (domain,) = figures["domains"]
    by_grade = {each["grade"]: each for each in domain["grades"]}
    assert (by_grade["to-check"]["same"], by_grade["to-check"]["other"]) == (doubtful - 5, 5)
    assert (by_grade["certain"]["same"], by_grade["certain"]["other"]) == (SAMPLE - 2, 2)
    whole = domain["precision_ppm"]
    assert whole["low"] < whole["estimate"] < whole["high"]
    sizes = [each["rows"] for each in domain["grades"]]
    weighted = sum(
        each["rows"] * each["same"] / (each["same"] + each["other"]) for each in domain["grades"]
    ) / sum(sizes)
    assert whole["estimate"] == pytest.approx(weighted * 1e6, abs=2)

    file = tmp_path / "figures.json"
    review(programme, "figures", *REVIEW, "--out", str(file))
    review(programme, "figures", *REVIEW, "--out", str(file))
    strata = json.loads(file.read_text())["strata"]
    cells = [each[name] for each in strata for name in ("resolved", "same", "other", "unresolved")]
    assert not [cell for cell in cells if cell is not None and 0 < cell < 5]
    certain = [each for each in strata if each["grade"] == "certain"]
    assert [(each["same"], each["other"], each["few"]) for each in certain] == [
        (None, None, "other")
    ]

    says = ("say", PROJECT, str(file))
    expect(review(programme, *says, code=4), "project.review-approval")
    approves = ("approve-figures", PROJECT, str(file))
    for stranger in ("bps-approver", "service-dpo", "dinsos"):
        answer = programme.run(stranger, "padan-policy", *approves, code=4)
        expect(answer, "project.not-entitled")
    programme.run("dinsos-approver", "padan-policy", *approves, "--look")
    expect(review(programme, *says, code=4), "project.review-approval")
    programme.run("dinsos-approver", "padan-policy", *approves)
    programme.run("dinsos-approver", "padan-policy", *approves)
    programme.witness()
    review(programme, *says)
    review(programme, *says)


def nobody_of_the_field_is_in_the_log_or_at_the_service(programme: Programme, form: Path) -> None:
    rows = rows_of(form)
    planted = {row["IDSEMESTA"] for row in rows} | {r["NIK"] for r in rows if len(r["NIK"]) == 16}
    planted |= {row["Referensi Padan"] for row in rows} | {PLANTED}
    mine = one_review(programme)
    review_ = mine.load()
    planted |= {row.handle for row in review_.asked.values()} | {review_.key}
    project = mine.workspace.session.project
    assert project.of(Reviewed)
    log = b"".join(
        entry.statement.leaf + entry.statement.envelope.body for entry in project.entries
    )
    homes = [programme.home(each) for each in ("service", "dinsos-approver", "auditor")]
    files = [path for home in homes for path in home.rglob("*") if path.is_file()]
    elsewhere = log + b"".join(path.read_bytes() for path in files)
    vault = sorted((programme.home("dinsos") / "projects" / PROJECT / "vault").glob("review.*"))
    elsewhere += b"".join(path.read_bytes() for path in vault)
    assert vault
    found = {each for each in planted if each.encode() in elsewhere}
    assert not found
    # The same search finds them where they are: in what the vault encrypts.
    stored = mine.workspace.vault.get(vault[0].name.removesuffix(".secret"))
    assert PLANTED.encode() in stored
    assert rows[0]["Referensi Padan"].encode() in stored


def what_was_measured_is_shown_where_a_run_is_judged(programme: Programme, tmp_path: Path) -> None:
    bundle, page = tmp_path / "evidence.zip", tmp_path / "report.html"
    programme.run("auditor", "padan-policy", "evidence", PROJECT, "--out", str(bundle))
    verify = ("verify", str(bundle), "--roster-digest", programme.digest, "--html", str(page))
    verified = programme.run("auditor", "padan-policy", *verify, code=9).json()[-1]
    assert {each["grade"] for each in verified["measured"]} == {"certain", "to-check"}
    assert "Measured in the field" in page.read_text(encoding="utf-8")
    told = programme.run("dinsos-approver", "padan-policy", "explain", PROJECT, RELEASE).json()[-1]
    assert told["measured"] == [
        {name: each[name] for name in told["measured"][0]} for each in verified["measured"]
    ]
    chart = tmp_path / "calibration.html"
    estimated = ("calibration", PROJECT, "padan-1", "--out", str(chart))
    beside = programme.run("service", "padan-linkage", *estimated).json()[-1]
    assert beside["measured"] == told["measured"]
    assert "Diukur di lapangan" in chart.read_text(encoding="utf-8")


def the_next_charter_reads_what_was_measured(programme: Programme, tmp_path: Path) -> None:
    bundle = tmp_path / "again.zip"
    programme.run("auditor", "padan-policy", "evidence", PROJECT, "--out", str(bundle))
    charter = str(programme.folder / "charter.yaml")
    for source in (("--evidence", str(bundle)), ("--project", PROJECT)):
        asked = ("charter", "measured", charter, *source)
        told = programme.run("dppapp", "padan-policy", *asked).json()[-1]
        verdicts = {each["grade"]: each["verdict"] for each in told["advice"]}
        # 38 of 40, told as "fewer than five others"; and a third of the doubtful are others.
        assert verdicts == {"certain": "check-more", "to-check": "keep"}
        assert told["thresholds_ppm"]
        assert told["review_ppm"]
    expect(
        programme.run("dppapp", "padan-policy", "charter", "measured", charter, code=3),
        "review.nowhere",
    )


def the_answers_end_with_the_lists(programme: Programme, form: Path) -> None:
    vault = programme.home("dinsos") / "projects" / PROJECT / "vault"
    assert list(vault.glob("review.*"))
    assert form.exists()
    ends = ("destroy", PROJECT, "--what", "lists", "--lists", "--yes")
    programme.run("dinsos", "padan-encoder", *ends)
    assert not list(vault.glob("review.*"))
    assert not form.exists()
    gone = review(programme, "figures", *REVIEW, code=4)
    expect(gone, "retention.destroyed")


@pytest.fixture
def officer(programme: Programme) -> Officer:
    return at_step_2(programme, "dtks")


def test_a_phone_takes_answers_and_keeps_them_while_the_page_is_away(
    programme: Programme,
    form: Path,
    officer: Officer,
    browser: Any,  # noqa: F811
    tmp_path: Path,
    untouched: None,
) -> None:
    mine = one_review(programme)
    given = mine.load().given
    with served(officer_page(officer)) as server, window(browser, server, tmp_path, 390) as phone:
        phone.page.goto(server.access.address)
        phone.go("/step/results")
        phone.follow("Periksa lapangan")
        phone.sees("baris sudah dijawab")
        assert not phone.overflowing()
        assert not phone.unnamed()
        phone.picture("review-places")
        phone.page.locator(".places a").first.click()
        card = phone.page.locator(".card").first
        reference = card.get_attribute("id")
        buttons = card.get_by_role("button")
        boxes = [buttons.nth(at).bounding_box() for at in range(3)]
        assert all(box["height"] >= 56 and box["width"] >= 300 for box in boxes)
        assert not phone.overflowing()
        assert not phone.unnamed()
        card.get_by_role("textbox").fill("rumah kosong")
        with phone.page.expect_response("**/answer"):
            buttons.nth(2).click()
        phone.picture("review-card")
        taken = mine.load().given[reference]
        assert (taken.answer, taken.note) == (FieldAnswer.UNRESOLVED, "rumah kosong")
        # The laptop sleeps: the answer waits on the phone, and is sent when it wakes up.
        phone.page.route("**/answer", lambda route: route.abort())
        buttons.nth(1).click()
        phone.sees("jawaban menunggu")
        assert mine.load().given[reference].answer is FieldAnswer.UNRESOLVED
        phone.page.unroute("**/answer")
        with phone.page.expect_response("**/answer"):
            pass
        phone.page.locator("[data-waiting]").wait_for(state="hidden")
        assert mine.load().given[reference].answer is FieldAnswer.OTHER
        assert buttons.nth(1).get_attribute("aria-pressed") == "true"
        phone.page.reload()
        assert buttons.nth(1).get_attribute("aria-pressed") == "true"
        assert phone.page.evaluate("Object.keys(localStorage).length") == 0
        assert all(each.startswith(f"http://{server.access.host}/") for each in phone.requests)
    rest = {ref: each for ref, each in mine.load().given.items() if ref != reference}
    assert rest == {ref: each for ref, each in given.items() if ref != reference}


def test_the_page_without_a_script_gives_and_takes_the_same_forms(
    programme: Programme, form: Path, officer: Officer, tmp_path: Path, untouched: None
) -> None:
    with page_without_browser(officer) as me:
        got = me.get(f"/review/{RELEASE}/form", params={"sheets": "none"})
        saved = tmp_path / "saved.xlsx"
        saved.write_bytes(got.content)
        assert saved.read_bytes() == form.read_bytes()
        rows = answered(rows_of(saved)[:4], lambda _: "orang lain")
        content = returned(tmp_path / "back.xlsx", rows).read_bytes()
        page = me.post(f"/review/{RELEASE}/take", files={"form": ("back.xlsx", content)}).text
        assert "4 jawaban diambil" in page
        again = me.post(f"/review/{RELEASE}/take", files={"form": ("back.xlsx", content)}).text
        assert "sudah diambil" in again
        wrong = {"reference": "XXXX-YYYY-ZZ", "answer": "orang lain"}
        assert "review.reference" in me.post(f"/review/{RELEASE}/answer", data=wrong).text
        plain = {"reference": rows[0]["Referensi Padan"], "answer": "orang yang sama"}
        me.post(f"/review/{RELEASE}/answer", data={**plain, "back": "//elsewhere.example"})
    given = one_review(programme).load().given
    assert given[rows[0]["Referensi Padan"]].answer is FieldAnswer.SAME
    left = programme.home("dinsos") / "projects" / PROJECT / "sources" / "dtks.returned"
    assert not left.exists()


def test_an_answer_that_comes_while_a_form_is_made_is_not_lost(
    programme: Programme, form: Path, untouched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both rewrite the whole review: a phone answers while the page reads the source again."""
    mine, made = one_review(programme), Event()
    reference = next(iter(mine.load().asked))

    def slowly(*arguments: Any) -> Any:
        done = ask(*arguments)
        made.set()
        sleep(0.5)
        return done

    monkeypatch.setattr("encoder.released.review.one_review.ask", slowly)
    asking = Thread(target=mine.ask)
    asking.start()
    assert made.wait(30)
    one_review(programme).answer(reference, FieldAnswer.SAME, "datang di tengah")
    asking.join()
    assert mine.load().given[reference].note == "datang di tengah"


RULES = """
format: padan-programme-1
id: lansia
example: true
version: "1"
title: {id: Lansia (contoh), en: The old (example)}
note: {id: Hanya untuk uji, en: For tests alone}
unit: person
columns:
  lahir: {title: {id: lahir, en: born}, names: [tanggal_lahir, tgl_lahir], role: dob}
conditions:
  - {title: {id: Usia 60, en: Age 60}, column: lahir, age: {at_least: 60}}
"""


@pytest.mark.parametrize("when", ["filled", "after"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("list", RELEASE, "dtks", "--out", "list.xlsx"),
        ("ids", RELEASE, "dtks", "--domain", DOMAIN, "--out", "ids.csv"),
        ("review", "form", RELEASE, "dtks", "--out", "form.xlsx", *sampled()),
        (
            "programme",
            "apply",
            RELEASE,
            "dtks",
            "rules.yaml",
            "--nobody-present",
            "--out",
            "program.csv",
        ),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_list_whose_command_was_killed_is_in_the_register(
    programme: Programme, tmp_path: Path, arguments: tuple[str, ...], when: When
) -> None:
    rules = programme.folder / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    arguments = tuple(str(rules) if each == rules.name else each for each in arguments)
    out = tmp_path / arguments[arguments.index("--out") + 1]
    words = [str(out) if each == out.name else each for each in arguments]
    at = 2 if words[0] in ("review", "programme") else 1
    named = [*words[:at], PROJECT, *words[at:]]
    killed(out, when, lambda: programme.run("dinsos", "padan-encoder", *named))
    shown = programme.run("dinsos", "padan-encoder", "destroy", PROJECT).json()[0]["lists"]
    assert shown[str(out)] == ("unchanged" if when == "after" else "unfinished")
    inside = {str(path) for path in tmp_path.iterdir()}
    known = written(one_review(programme).workspace.folder)
    parts = {str(part) for each in known for part in (*each.parts(), Path(each.path))}
    assert inside <= parts, "no part of it is unknown"
