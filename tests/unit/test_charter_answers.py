"""Answers in plain words become a charter that can run; wrong answers are named, never shown."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.base.errors import BadInput
from policy.charter import load_charter
from policy.charter.gaps import gaps
from policy.charter.shipped_probes import SHIPPED, is_shipped, shipped_bytes
from policy.gates.signable import KnownHere, hindrances
from policy.joining.plan import read_plan
from policy.starter.answers import load_answers
from policy.starter.compose import compose
from policy.starter.fitting import ListFit, grades_fit, window
from policy.starter.questions import QUESTIONS, example, short_id, source_of
from tests.support.charter_answers import answers_tree, write_answers


def test_a_charter_of_answers_lacks_nothing(tmp_path: Path) -> None:
    path = write_answers(tmp_path, answers_tree())
    made = compose(load_answers(path), tmp_path)
    for name, data in made.files.items():
        (tmp_path / name).write_bytes(data)
    charter = load_charter(tmp_path / "charter.yaml")
    assert charter == made.draft.charter
    assert hindrances(charter, KnownHere(int(time.time()))) == ()
    assert [gap.field for gap in gaps(charter)] == ["auditors"]
    papers = {each.sha256 for each in charter.agreements} | {charter.dpia.sha256}
    read = [tmp_path / name for name in ("agreement.txt", "order.txt", "dpia.txt")]
    assert papers == {hashlib.sha256(file.read_bytes()).hexdigest() for file in read}
    assert charter.dpia.scope is not None
    assert charter.dpia.scope.charter == charter.assessed_digest()
    assert is_shipped(charter.dpia.probe)
    assert charter.parties[0].dpo == "dinsos-dpo"
    # Each reason stands in the file, in both languages.
    text = (tmp_path / "charter.yaml").read_text("utf-8")
    assert all(each.why.id in text and each.why.en in text for each in made.draft.choices)
    # Everybody whom the charter names has a row in the plan.
    plan = read_plan(
        (tmp_path / "roster-plan.csv").read_bytes(), "p", "https://x", charter.valid_from
    )
    assert {each.id for each in plan.people} >= {
        *charter.party_ids,
        *charter.authorities,
        *(party.dpo for party in charter.parties),
        charter.linkage_unit.dpo if charter.linkage_unit else "",
    }
    assert set(plan.authorities) == set(charter.authorities)


def test_an_auditor_fills_the_last_gap_and_watches_the_log(tmp_path: Path) -> None:
    auditor = {"id": "inspektorat", "name": "Inspektorat", "contact": "i@kota.example"}
    path = write_answers(tmp_path, {**answers_tree(), "auditor": auditor})
    charter = compose(load_answers(path), tmp_path).draft.charter
    assert gaps(charter) == ()
    assert "inspektorat" in charter.witnesses.members
    assert hindrances(charter, KnownHere(int(time.time()))) == ()


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("DTKS Kota Contoh", "dtks"),
        ("Daftar Regsosek 2022", "regsosek"),
        ("Data PPKS (lansia)", "ppks"),
        ("Keluarga penerima", "other"),
        ("Penerima dtksx", "other"),
    ],
)
def test_a_known_source_is_read_from_the_title(title: str, source: str) -> None:
    assert source_of(title) == source


def test_the_example_answers_every_question(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    text = example(datetime.now(UTC).date())
    (tmp_path / "answers.yaml").write_bytes(text)
    for paper in ("perjanjian.pdf", "perintah.pdf", "dpia.pdf"):
        (tmp_path / paper).write_bytes(b"%PDF " + paper.encode())
    made = compose(load_answers(tmp_path / "answers.yaml"), tmp_path)
    assert hindrances(made.draft.charter, KnownHere(int(time.time()))) == ()
    asked = [QUESTIONS[name] for name in ("purpose", "list.people", "papers.assessment")]
    assert all(each.ask.id in text.decode() and each.ask.en in text.decode() for each in asked)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.pop("purpose"), "purpose"),
        (lambda t: t.pop("third"), "third"),
        (lambda t: t.update(region="317101"), "region"),
        (lambda t: t["lists"][0].update(people=12), "lists.0.people"),
        (lambda t: t["lists"][1].update(agency="dinsos"), "every agency brings a list"),
        (lambda t: t["learns"][0].update(about=["nobody"]), "learns"),
        (lambda t: t["operator"].update(id="bps"), "ids of their own"),
        (lambda t: t.update(ends="2020-01-01"), "last day"),
        (lambda t: t["agencies"][0].update(secret="3171234567890001"), "agencies.0.secret"),
    ],
)
def test_a_wrong_answer_is_named_without_its_value(tmp_path: Path, change: Any, named: str) -> None:
    tree = answers_tree()
    change(tree)
    path = write_answers(tmp_path, tree)
    with pytest.raises(BadInput) as refused:
        load_answers(path)
    assert refused.value.code == "answers.field"
    assert named in refused.value.problem.en
    assert "3171234567890001" not in str(refused.value.problem)
    assert "charter questions" in refused.value.hint.en


def test_a_paper_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    path = write_answers(tmp_path, answers_tree())
    (tmp_path / "dpia.txt").unlink()
    with pytest.raises(BadInput) as refused:
        compose(load_answers(path), tmp_path)
    assert refused.value.code == "answers.paper"
    assert "papers.assessment" in refused.value.problem.en


def test_what_fits_the_size_of_the_lists(tmp_path: Path) -> None:
    small, large = ListFit(150), ListFit(40_000)
    assert (small.minimum_cell, small.grades, small.canary_ppm) == (5, False, 50_000)
    assert (large.minimum_cell, large.grades, large.canary_ppm) == (10, True, 5_000)
    assert not grades_fit(150, 5)
    assert window(400) == (200, 800)
    # A list of millions is searched by block tags: other encodings, which no shipped report covers.
    tree = answers_tree()
    tree["lists"][1]["people"] = 9_000_000
    made = compose(load_answers(write_answers(tmp_path, tree)), tmp_path)
    assert [g.field for g in hindrances(made.draft.charter, KnownHere(int(time.time())))] == [
        "dpia.probe"
    ]


def test_shipped_reports_are_the_pinned_ones() -> None:
    for digest, name in SHIPPED.items():
        assert hashlib.sha256(shipped_bytes(name)).hexdigest() == digest
    assert not is_shipped("0" * 64)
    assert not is_shipped(None)


def test_ids_come_from_names() -> None:
    assert short_id("Dinas Sosial Kota Contoh") == "dinsos"
    assert short_id("BPS Kota Contoh", ("bps",)) == "bps-2"
    assert yaml.safe_load(example(__import__("datetime").date(2026, 1, 1)))["version"] == 1
