"""The duties catalogue fits the rules, the papers and the program."""

from __future__ import annotations

import json

import pytest
import typer

from policy.cli import papers
from policy.cli.duties import duties as duties_command
from policy.gates.rules import RULES as BY_ID
from policy.papers.duties import NOT_ENFORCED, duties, duty
from policy.terminal import console

RULES = set(BY_ID)
# The subject-rights helper is the encoder's, at the agency that holds the local map.
PAPERS = {
    str(command.name or getattr(command.callback, "__name__", ""))
    for command in papers.app.registered_commands
} | {"subject"}


def test_all_32_duties_stand_in_their_order() -> None:
    assert [each.number for each in duties()] == list(range(1, 33))
    assert duty(9).title.id.startswith("Pemrosesan berisiko tinggi")


def test_every_rule_of_the_gates_is_asked_for_by_a_duty_and_none_is_made_up() -> None:
    cited = {rule for each in duties() for rule in each.rules}

    assert not RULES - cited, "name these rules in policy/papers/duties.yaml"
    assert not cited - RULES, "these rules of policy/papers/duties.yaml do not exist"


def test_every_paper_shows_a_duty_and_none_is_made_up() -> None:
    assert {paper for each in duties() for paper in each.papers} == PAPERS


def test_what_nothing_enforces_says_so() -> None:
    for each in duties():
        if not each.enforced:
            assert each.enforced_by() == NOT_ENFORCED
    # Whoever sends the notice, and where the servers stand, no software settles.
    assert {12, 15, 27} <= {each.number for each in duties() if not each.enforced}


def test_second_hand_law_is_marked() -> None:
    marks = {source.text: source.mark for each in duties() for source in each.sources}

    assert marks["UU 27/2022 Ps. 31"] == "V"
    assert marks["Permendagri 102/2019"] == "S"
    assert marks["UU 27/2022 Ps. 40"] == "G"
    # No stronger than they were read: of art. 27 to 29 and 8 to 11 nothing, of art. 46 a press
    # report, of Permendagri 17/2023 that it amends 102/2019.
    assert marks["UU 27/2022 Ps. 27-29"] == marks["UU 27/2022 Ps. 8-11"] == "G"
    assert marks["UU 27/2022 Ps. 46"] == "S"
    assert marks["Permendagri 17/2023 (perubahannya)"] == "S"
    assert not [text for text, mark in marks.items() if mark == "V" and "17/2023" in text]


def test_the_command_lists_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.options, "json", True)
    app = typer.Typer()
    app.command()(duties_command)
    app([], standalone_mode=False)

    listed = json.loads(capsys.readouterr().out)
    assert len(listed["duties"]) == 32
    assert listed["duties"][8]["rules"] == list(duty(9).rules)
    assert set(listed["marks"]) == {"V", "S", "G"}
