"""Facts of a stage are opened by those who are asked about it, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from policy.approval import look_at
from policy.base.errors import Refused
from tests.support.service import Town
from tests.support.stored_town import RUN, town_at


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = town_at("matched", tmp_path_factory.mktemp("town"))
    with town.serving():
        town.request("rilis-1", RUN, "dtks-regsosek")
        yield town


def opens(town: Town, member: str, commitment: str) -> bool:
    try:
        town.synced(member).open_facts(commitment)
    except Refused as refused:
        return refused.code != "service.not-entitled"
    return True


def facts_of_run(town: Town) -> str:
    entry = town.synced("auditor").project.run(RUN).finished
    assert entry is not None
    return entry.body.facts


def test_facts_of_a_stage_are_opened_by_those_asked_about_it(town: Town) -> None:
    of_run = facts_of_run(town)
    of_stage = town.stage("rilis-1").facts
    everybody: dict[str, Any] = {
        member.id: (opens(town, member.id, of_run), opens(town, member.id, of_stage))
        for member in town.roster.members
        if not member.has("service") and not member.has("authority")
    }
    assert everybody == {
        "dinsos": (False, False),
        "dppapp": (False, False),
        "auditor": (True, True),
        "bps-approver": (False, True),
        "dinsos-approver": (False, False),  # its own agency asked for the release
        "dppapp-approver": (False, True),
        "dpo": (False, True),
        "bps-dpo": (False, True),
        "service-dpo": (False, False),  # decides nothing here
    }


def test_who_opens_no_counts_is_shown_the_rules_that_the_log_answers(town: Town) -> None:
    town.stage("rilis-1")
    at = town.synced("auditor").project.entries[-1].statement.body.at  # type: ignore[union-attr]
    own = look_at(town.synced("dinsos-approver"), "rilis-1", at)
    other = look_at(town.synced("bps-approver"), "rilis-1", at)
    assert own.outcome is None
    assert own.shown is not None
    assert other.outcome is not None
    shown = {finding.rule.id for finding in own.shown.findings}
    told = {finding.rule.id for finding in other.outcome.findings}
    assert told - shown == {"release.minimum-cell", "release.cells", "release.differencing"}
