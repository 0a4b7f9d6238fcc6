"""The meeting's report shows what the field measured, as the log says it."""

from __future__ import annotations

from datetime import UTC, datetime

from policy.base.shares import wilson
from policy.charts.page import as_json
from policy.papers.meeting.report import Given, meeting_report
from policy.papers.reading import Reading
from tests.security.test_review_counts import approve, figures, say
from tests.support.republic import NOON, Republic, charter_tree, scoped


def strata(republic: Republic) -> list[list[object]]:
    project = republic.project
    reading = Reading(project, "ab" * 32, project.size)
    report = as_json(meeting_report(reading, datetime.fromtimestamp(NOON, UTC), Given()))
    found: list[list[object]] = report["sections"]["quality"].get("strata", {"rows": []})["rows"]
    return found


def test_measured_precision_comes_from_the_log_with_its_interval() -> None:
    tree = charter_tree()
    tree["release"] |= {"minimum_cell": 10, "empty_cell_allowed": False}
    republic = Republic(tree=scoped(tree)).to("receipt")
    republic.witness()
    assert strata(republic) == []
    told = figures(republic)
    approve(republic, told)
    assert strata(republic) == [], "approved, and not said"
    say(republic, told)
    ((name, rows, estimate, low, high, origin),) = strata(republic)
    expected = wilson(48 / 60, 60)
    assert (rows, estimate) == (60, 0.8)
    assert (low, high) == (expected.low / 1e6, expected.high / 1e6)
    assert origin == {"id": "diukur di lapangan", "en": "measured in the field"}
    assert name["en"] == "Regsosek, Integrated social welfare data, all matches"
