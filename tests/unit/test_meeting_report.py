"""The meeting's report says what the log says of releases, transfers and destruction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from policy.charts.page import as_json
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
    assert row[:4] == [NAME, "bps", "dinsos", "desil"]
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
    assert len(kept) == len(schedule(republic.project, NOW.date()))
    assert "overlaps" not in found
    # Before a release is asked for there is none to tell of.
    assert told(Republic().to("run"))["releases"]["releases"]["rows"] == []
