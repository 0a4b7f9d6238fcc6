"""A guided charter: asked at a terminal and on a page, shown whole, refused where it cannot run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from policy.members.home import Home
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk
from tests.support.at_terminals import Sitting, attend_all
from tests.support.browser import served, visitor
from tests.support.charter_answers import PAPERS, answers_tree, write_answers
from tests.support.programme import PARTIES, PROJECT, Programme, command, expect

MEMBER = "dinsos-approver"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """Members and a service; no charter yet."""
    programme = Programme(tmp_path_factory.mktemp("guided"), persons=900)
    programme.found()
    with programme.serving():
        for party in (*PARTIES, MEMBER, "bps-dpo"):
            programme.join(party)
        yield programme


@pytest.fixture
def composed(tmp_path: Path) -> Path:
    path = write_answers(tmp_path, answers_tree())
    out = tmp_path / "charter.yaml"
    made = command("padan-policy", "--json", "charter", "new", str(out), "--answers", str(path))
    assert made.code == 0, made.err
    told = made.json()[0]
    assert set(told["files"]) == {"charter.yaml", "padan-id-5.yaml", "roster-plan.csv"}
    assert all(each["why"]["id"] != each["why"]["en"] for each in told["choices"])
    return out


def changed(path: Path, change: Any) -> str:
    """The charter with one part changed, and a DPIA that covers it all the same."""
    from policy.charter import load_charter

    tree = yaml.safe_load(path.read_text("utf-8"))
    change(tree)
    other = path.with_name("other.yaml")
    other.write_text(yaml.safe_dump(tree), encoding="utf-8")
    if "0" * 64 not in tree["dpia"]["scope"].values():
        charter = load_charter(other)
        scope = {"terms": charter.terms_digest(), "charter": charter.assessed_digest()}
        tree["dpia"]["scope"].update(scope)
        other.write_text(yaml.safe_dump(tree), encoding="utf-8")
    return str(other)


def put(*path: str | int, value: Any) -> Any:
    def change(tree: Any) -> None:
        for each in path[:-1]:
            tree = tree[each]
        tree[path[-1]] = value

    return change


ZERO, PAST = "0" * 64, "2020-12-31"
CANNOT_RUN = {
    "rules": (put("encoding", "rules_digest", value=ZERO), "encoding.rules_digest"),
    "unknown rules": (put("encoding", "rules_digest", value="ab" * 32), "encoding.rules_digest"),
    "terms": (put("dpia", "scope", "terms", value=ZERO), "dpia.scope.terms"),
    "probe": (put("dpia", "probe", value=ZERO), "dpia.probe"),
    "agreement": (put("agreements", 1, "sha256", value=ZERO), "agreements.1.sha256"),
    "dpia": (put("dpia", "valid_until", value=PAST), "dpia.valid_until"),
    "grades": (put("release", "grades", value=True), "release.grades"),
    "cells": (put("datasets", 0, "rows_max", value=15), "datasets.0.rows_max"),
    "quorum": (put("witnesses", "quorum", value=1), "witnesses.quorum"),
}


@pytest.mark.parametrize("name", CANNOT_RUN)
def test_what_cannot_run_is_not_signed(composed: Path, name: str, tmp_path: Path) -> None:
    """Earlier builds signed each of these; unchanged, the same charter passes."""
    change, field = CANNOT_RUN[name]
    if name == "grades":  # a list of 150 rows at most: each grade is a cell of its own
        put_rows = put("datasets", 0, "rows_max", value=150)
        path = changed(
            composed,
            lambda t: (change(t), put_rows(t), put("datasets", 0, "rows_min", value=50)(t)),
        )
    elif name == "cells":
        path = changed(composed, lambda t: (change(t), put("datasets", 0, "rows_min", value=5)(t)))
    else:
        path = changed(composed, change)
    home = ("--home", str(tmp_path / "nobody"))
    answer = command("padan-policy", *home, "--json", "charter", "sign", path)
    refused = expect(answer, answer.error.code if answer.error else "")
    assert refused.code in {"charter.cannot-run", "charter.incomplete"}
    assert field in refused.problem.en
    assert "charter lint" in refused.hint.en
    linted = command("padan-policy", *home, "--json", "charter", "lint", path)
    blocking = [gap["field"] for gap in linted.json()[0]["gaps"] if gap["blocking"]]
    assert field in blocking
    # Unchanged it goes further: what is missing then is a home, and not the charter.
    fine = command("padan-policy", *home, "--json", "charter", "sign", str(composed))
    assert expect(fine, "home.empty")


def test_expired_and_marked_charters_are_not_signed(composed: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "nobody"))
    text = composed.read_text("utf-8")
    today = datetime.now(UTC).date()
    last = (today + timedelta(days=300)).isoformat()
    old = text.replace(last, (today - timedelta(days=1)).isoformat())
    old = old.replace(today.isoformat(), (today - timedelta(days=90)).isoformat())
    marked = text.replace("jra: PS.01", "jra: PS.01  # ISI / FILL IN: kode / code")
    for number, (changed_text, field) in enumerate(((old, "valid_until"), (marked, "FILL IN"))):
        path = composed.with_name(f"{number}.yaml")
        path.write_text(changed_text, encoding="utf-8")
        answer = command("padan-policy", *home, "--json", "charter", "sign", str(path))
        assert field in expect(answer, "charter.cannot-run").problem.en


def test_nobody_to_ask_and_the_template_that_remains(tmp_path: Path) -> None:
    out = str(tmp_path / "charter.yaml")
    answer = command("padan-policy", "--json", "charter", "new", out)
    assert "charter questions" in expect(answer, "charter.questions").hint.en
    assert command("padan-policy", "--json", "charter", "new", out, "--template").code == 0
    questions = str(tmp_path / "answers.yaml")
    assert command("padan-policy", "--json", "charter", "questions", questions).code == 0


def test_one_page_in_both_languages(composed: Path) -> None:
    html = composed.with_suffix(".html")
    shown = command("padan-policy", "--json", "charter", "show", str(composed), "--out", str(html))
    page = shown.json()[0]["page"]
    assert set(page["sections"]) == {"who", "lists", "why", "learns", "care", "signed"}
    text = html.read_text("utf-8")
    for sentence in (
        "Dinas Sosial mengetahui siapa di Keluarga yang juga ada di Registrasi.",
        "Dinas Sosial learns which people on Keluarga are on Registrasi too.",
        "BPS learns nothing about the people on Registrasi.",
        "No count below 10 people leaves the service.",
        "58.5% similar in two independent ways",
        "the report shipped with Padan",
    ):
        assert sentence in text
    terminal = command("padan-policy", "--lang", "en", "charter", "show", str(composed))
    assert terminal.code == 0
    # A charter that cannot run says so first.
    bad = changed(composed, put("encoding", "rules_digest", value=ZERO))
    shown = command("padan-policy", "--json", "charter", "show", bad)
    assert "problems" in shown.json()[0]["page"]["sections"]


def test_a_charter_is_signed_by_all_as_it_was_read(programme: Programme) -> None:
    who_has_signed_and_who_is_missing(programme)
    go_signs_the_charter_that_was_read_and_no_other(programme)


def who_has_signed_and_who_is_missing(programme: Programme) -> None:
    path = programme.write_charter(programme.scoped(programme.charter_tree()))
    first = programme.run("bps", "padan-policy", "charter", "sign", path).json()[0]
    assert (first["signed"], first["missing"]) == (["bps"], ["dinsos", "dppapp"])
    again = programme.run("bps", "padan-policy", "charter", "sign", path).json()[0]
    assert again["signed"] == ["bps"]  # given twice: harmless, and said
    checked = programme.run("bps", "padan-policy", "charter", "check", path).json()[0]
    assert checked["missing"] == ["dinsos", "dppapp"]
    # From the log: without a terminal only by the digest of what was read.
    expect(
        programme.run("dinsos", "padan-policy", "charter", "sign", PROJECT, code=6),
        "charter.not-shown",
    )
    sign = ("charter", "sign", PROJECT, "--digest")
    expect(programme.run("dinsos", "padan-policy", *sign, "0" * 64, code=6), "charter.not-shown")
    second = programme.run("dinsos", "padan-policy", *sign, first["digest"]).json()[0]
    assert second["missing"] == ["dppapp"]
    listed = programme.run("dppapp", "padan-policy", "projects").json()[0]["projects"]
    assert [each["project"] for each in listed] == [PROJECT]
    assert listed[0]["mine"]


def go_signs_the_charter_that_was_read_and_no_other(programme: Programme) -> None:
    tree = programme.charter_tree()
    tree["release"]["minimum_cell"] = 7
    other = programme.write_charter(programme.scoped(tree), "other.yaml")
    answer = programme.run("dppapp", "padan-encoder", "go", PROJECT, "--charter", other, code=6)
    assert "not the one" in expect(answer, "go.charter").problem.en
    asked = programme.run("dppapp", "padan-encoder", "go", PROJECT, code=0).json()
    assert [each["step"] for each in asked if each["event"] == "asks"] == ["sign"]
    read = str(programme.folder / "charter.yaml")
    signed = programme.run("dppapp", "padan-encoder", "go", PROJECT, "--charter", read, code=6)
    assert [each["step"] for each in signed.json() if each["event"] == "done"] == [
        "sign",
        "log-probe",
    ][:1]


def test_questions_at_a_terminal(tmp_path: Path) -> None:
    """Asked in plain words, stopped in the middle, and gone on with what was answered."""
    for paper in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / paper).write_text(paper)
    answers = {
        r"name of this linkage[^\n]*": "Bantuan gizi",
        r"The project's id[^\n]*": "",
        r"For what are people matched[^\n]*": "Menyalurkan bantuan gizi",
        r"regulations that it rests on[^\n]*": "Perpres 39/2019",
        r"Kemendagri code[^\n]*": "3171",
        r"The first day[^\n]*": "",
        r"The last day[^\n]*": "",
        r"How many agencies[^\n]*": "",
    }
    words = ("padan-policy", "--lang", "en", "charter", "new", "charter.yaml")
    first = Sitting(
        words, tmp_path, {**answers, r"name of an agency[^\n]*": "\x03"}, {"COLUMNS": "200"}
    )
    attend_all([first], time.monotonic() + 90)
    assert first.code != 0
    more = {
        r"name of an agency[^\n]*": "Dinas Sosial",
        r"contact for people[^\n]*": "ppid@dinsos.example",
        r"superior agency[^\n]*": "-",
        r"walidata of its own data[^\n]*": "y",
        r"The name of its list[^\n]*": "Daftar keluarga",
        r"About how many people[^\n]*": "400",
        r"Can being on that list[^\n]*": "n",
        r"specific data, such as[^\n]*": "n",
        r"A third agency[^\n]*": "Dinas Komunikasi",
        r"Its contact[^\n]*": "w@kominfo.example",
        r"Who runs the service[^\n]*": "Pusat Layanan",
        r"Where are its machines[^\n]*": "Jakarta",
        r"Who audits[^\n]*": "Inspektorat Kota",
        r"The auditor's contact[^\n]*": "i@kota.example",
        r"learn which people[^\n]*": "y",
        r"agreement of the agencies: number[^\n]*": "PKS/1",
        r"agreement of the agencies: file[^\n]*": "a.txt",
        r"operator of the service: number[^\n]*": "PKS/2",
        r"operator of the service: file[^\n]*": "b.txt",
        r"\(DPIA\): number[^\n]*": "DPIA/1",
        r"\(DPIA\): file[^\n]*": "c.txt",
        r"archive retention[^\n]*": "",
    }
    kept = dict.fromkeys(answers, "")
    second = Sitting(words, tmp_path, {**kept, **more}, {"COLUMNS": "200"})
    attend_all([second], time.monotonic() + 90)
    assert second.code == 0, second.seen
    told = yaml.safe_load((tmp_path / "answers.yaml").read_text("utf-8"))
    assert told["title"] == "Bantuan gizi"
    assert [each["id"] for each in told["agencies"]] == ["dinsos", "dinsos-2"]
    assert told["auditor"]["id"] == "inspektorat"
    charter = yaml.safe_load((tmp_path / "charter.yaml").read_text("utf-8"))
    assert charter["auditors"] == ["inspektorat"]
    assert "inspektorat,inspektorat,,auditor witness" in (tmp_path / "roster-plan.csv").read_text()
    assert (
        command("padan-policy", "--json", "charter", "lint", str(tmp_path / "charter.yaml")).code
        == 0
    )


def test_a_draft_calls_agencies_by_the_names_in_its_answers(tmp_path: Path) -> None:
    """Before anybody has joined there is no roster with names."""
    desk = ApproverDesk(Home(tmp_path / "home"))
    with served(approver_page(desk)) as server, visitor() as me:
        me.get(server.access.address)
        me.base_url = httpx2.URL(f"http://{server.access.host}")
        me.headers["origin"] = f"http://{server.access.host}"
        given = form()
        made = me.post("/charter", data=given, files=papers(), follow_redirects=True)
        assert made.status_code == 200, made.text
        assert f"{given['a1.name']} (" in made.text, "its id once, next to its name"
        assert f"{given['a1.name']} mengetahui siapa" in made.text


def test_questions_on_the_page(programme: Programme) -> None:
    passphrase = (programme.folder / "passphrases" / MEMBER).read_bytes()
    desk = ApproverDesk(Home(programme.home(MEMBER)))
    desk.unlock(passphrase)
    with served(approver_page(desk)) as server, visitor() as me:
        me.get(server.access.address)
        me.base_url = httpx2.URL(f"http://{server.access.host}")
        me.headers["origin"] = f"http://{server.access.host}"
        me.get("/language/en")
        asked = me.get("/charter").text
        assert "For what are people matched?" in asked
        fields = form()
        first = me.get("/charter").text
        assert first.count("<details open>") == 2, "both have questions that need an answer"
        assert re.search(r'name="operator.name" type="text" required', first)
        lacking = {**fields, "purpose": "", "operator.name": "", "cooperation.number": ""}
        bad = me.post("/charter", data=lacking, files=papers())
        told = bad.text[bad.text.index('id="faults"') : bad.text.index("<form method")]
        for question in (
            "For what are people matched?",
            "Who runs the service?",
            "The agreement of the agencies: number",
        ):
            assert f"{question}</a>: not answered" in told
        assert told.count("<li>") == 3
        assert "padan-policy" not in told, "the remedy is on the page"
        assert "Chosen already: cooperation.pdf" in bad.text, "files are not chosen again"
        wrong = me.post("/charter", data={**fields, "a1.people": "12", "region": "x"}).text
        assert "Agency 1: About how many people are on that list?</a>: the answer does not" in wrong
        assert "The Kemendagri code of the region</a>: the answer does not fit" in wrong
        earlier = me.post("/charter", data={**fields, "ends": "2020-01-01"}).text
        assert "the last day comes after the first" in earlier
        assert "Bantuan gizi" in me.get("/charter").text  # what was answered is still there
        made = me.post("/charter", data=fields, follow_redirects=True)
        assert made.status_code == 200
        # By the charter's name of the agency; the roster has the name of a person.
        assert "Dinas Sosial learns which people on" in made.text
        assert "It cannot run yet" not in made.text
        project = str(made.url).rsplit("/", 1)[-1]
        plan = me.get(f"/charter/{project}/roster-plan.csv").text
        assert "dinsos,dinsos,,party witness authority" in plan
        assert "inspektorat,inspektorat,,auditor witness" in plan
        assert me.get(f"/charter/{project}/keys.json").status_code == 404
        assert me.get("/charter/..%2f..").status_code in (404, 409)
    answers = programme.home(MEMBER) / "drafts" / project / "answers.yaml"
    out = programme.folder / "again.yaml"
    again = command("padan-policy", "--json", "charter", "new", str(out), "--answers", str(answers))
    assert again.code == 0, again.err


def test_a_page_without_work_says_when_it_comes_and_closes_plainly(programme: Programme) -> None:
    passphrase = (programme.folder / "passphrases" / MEMBER).read_bytes()
    desk = ApproverDesk(Home(programme.home(MEMBER)))
    desk.unlock(passphrase)
    with served(approver_page(desk)) as server, visitor() as me:
        me.get(server.access.address)
        me.base_url = httpx2.URL(f"http://{server.access.host}")
        me.headers["origin"] = f"http://{server.access.host}"
        me.get("/language/en")
        first = me.get("/releases")
        assert "You are needed again when a release is requested" in first.text
        assert "You may close this page" in first.text
        assert "unsafe-inline" not in first.headers["content-security-policy"]
        closed = me.post("/stop")
        # The server is gone by now: no style can be fetched, and no button works.
        assert "--accent:" in closed.text
        assert "style-src 'self' 'unsafe-inline'" in closed.headers["content-security-policy"]
        assert not re.search(r"<(form|button|a|link rel=.stylesheet.|script)[ >]", closed.text)


def form() -> dict[str, str]:
    tree = answers_tree()
    fields = {name: str(tree[name]) for name in ("region", "starts", "ends", "archive_code")}
    fields |= {"title": "Bantuan gizi", "purpose": "Menyalurkan bantuan", "laws": "Perpres 39/2019"}
    for number, (name, title) in enumerate(
        (("Dinas Sosial", "Keluarga"), ("BPS", "Registrasi")), 1
    ):
        fields |= {f"a{number}.name": name, f"a{number}.contact": f"p{number}@x.example"}
        fields |= {f"a{number}.list": title, f"a{number}.people": "1.200"}
    fields |= {"a1.learns": "y", "a2.publishes": "y", "agencies": "2"}
    fields |= {"third.name": "Dinas Komunikasi", "third.contact": "w@k.example"}
    fields |= {"operator.name": "Pusat Layanan", "operator.place": "Jakarta"}
    fields |= {"auditor.name": "Inspektorat", "auditor.contact": "i@x.example"}
    return fields | {f"{each}.number": f"{each}/1" for each in PAPERS}


def papers() -> dict[str, tuple[str, bytes]]:
    return {each: (f"../{each}.pdf", each.encode()) for each in PAPERS}
