"""The meeting's report says what the log says of releases, transfers and destruction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from policy.charts.page import as_json
from policy.gates.rules import rule_named
from policy.papers.meeting.report import Given, meeting_report
from policy.papers.reading import Reading
from policy.retention import schedule
from tests.support.republic import NOON, Republic
from tests.support.transfers import NAME, ask, released, vote

NOW = datetime.fromtimestamp(NOON, UTC)


def told(republic: Republic) -> dict[str, Any]:
    project = republic.project
    reading = Reading(project, "ab" * 32, project.size)
    found: dict[str, Any] = as_json(meeting_report(reading, NOW, Given()))["sections"]
    return found


def test_a_transfer_of_attributes_is_told_with_its_columns_and_votes() -> None:
    republic = released()
    assert "transfers" not in told(republic)["releases"]
    ask(republic)
    (row,) = told(republic)["releases"]["transfers"]["rows"]
    assert row[:3] == [NAME, "bps", "dinsos"]
    assert row[3] == {"id": "Kolom desil", "en": "Column desil"}, "not its name in the file"
    assert row[5] == {"id": "-", "en": "-"}
    vote(republic, "bps-approver")
    vote(republic, "bps-dpo")
    (later,) = told(republic)["releases"]["transfers"]["rows"]
    assert later[5] == "bps-approver, bps-dpo"
    assert later[4] != row[4]


def test_releases_and_what_is_kept_are_those_of_the_log() -> None:
    republic = Republic().to("receipt")
    found = told(republic)
    (release,) = found["releases"]["releases"]["rows"]
    assert release[0] == "rilis-1"
    assert set(release[4].split(", ")) == set(republic.approvers)
    basis = [each["id"] for each in found["releases"]["basis"]]
    for citation in republic.charter.lawful_basis.citations:
        assert f"Dasar: {citation.text}." in basis
    kept = found["destruction"]["kept"]["rows"]
    items = schedule(republic.project, NOW.date())
    assert sum(len(row[1]["id"].split(", ")) for row in kept) == len(items)
    assert {row[0]["id"] if isinstance(row[0], dict) else row[0] for row in kept}
    assert len(kept) < len(items)
    assert "overlaps" not in found
    # Before a release is asked for there is none to tell of.
    assert told(Republic().to("run"))["releases"]["releases"]["rows"] == []


def test_a_refusal_is_told_in_words() -> None:
    republic = Republic(approvers=()).to("decide")
    (release,) = told(republic)["releases"]["releases"]["rows"]
    decision = republic.project.release("rilis-1").decision
    assert decision is not None
    failing = [each.rule for each in decision.body.rules if not each.passed]
    assert failing
    law = republic.charter.law
    for language in ("id", "en"):
        said = release[3][language]
        for rule in failing:
            assert rule not in said
            assert rule_named(law, rule).title.in_language(language) in said
