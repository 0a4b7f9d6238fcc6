"""Counts of a field review: no small cell, no second word, nobody else's approval."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.errors import PadanError
from policy.evidence import verify_bundle
from policy.law.reviews import reviewed
from policy.project.measured import domains_apart, measured_in
from policy.statements import ReviewApproved, Reviewed, ReviewFigures
from policy.statements.kinds.reviewed import ReviewStratum, SmallestCell, are_lawful
from tests.support.republic import Republic, charter_tree, scoped

DOMAIN = "dtks-regsosek"
LEAST = 10


@pytest.fixture
def republic() -> Republic:
    """Dinsos has opened what was released; the charter's smallest cell is ten, and 0 is none."""
    tree = charter_tree()
    tree["release"] |= {"minimum_cell": LEAST, "empty_cell_allowed": False}
    republic = Republic(tree=scoped(tree)).to("receipt")
    republic.witness()
    return republic


def stratum(**change: Any) -> ReviewStratum:
    fields: dict[str, Any] = {
        "domain": DOMAIN,
        "grade": "any",
        "weight": 100,
        "resolved": 60,
        "same": 48,
        "other": 12,
        "unresolved": None,
    }
    return ReviewStratum(**{**fields, **change})


def figures(republic: Republic, *strata: ReviewStratum) -> ReviewFigures:
    return ReviewFigures(
        project=republic.charter.project,
        release="rilis-1",
        decision=republic.project.release("rilis-1").require_decision().digest,
        dataset="dtks",
        salt=sha256(b"salt"),
        strata=strata or (stratum(),),
    )


def approve(republic: Republic, told: ReviewFigures, by: str = "dinsos-approver") -> None:
    body = ReviewApproved(at=republic.now, release="rilis-1", dataset="dtks", figures=told.digest())
    republic.say(by, body, run="rilis-1")
    republic.witness()


def say(republic: Republic, told: ReviewFigures, by: str = "dinsos") -> None:
    republic.say(by, Reviewed(at=republic.now, **dict(told)), run="rilis-1")


def refused(republic: Republic, told: ReviewFigures, by: str = "dinsos") -> str:
    with pytest.raises(PadanError) as error:
        say(republic, told, by)
    return error.value.code


def test_approved_counts_are_said_once_and_read_by_the_verifier(republic: Republic) -> None:
    told = figures(republic)
    assert refused(republic, told) == "project.review-approval"
    approve(republic, told)
    assert refused(republic, told, by="bps") == "project.not-entitled"
    other = figures(republic, stratum(same=49, other=11))
    assert refused(republic, other) == "project.review-approval", "just these counts"
    say(republic, told)
    approve(republic, other)
    assert refused(republic, other) == "project.again", "a difference would tell of one row"
    republic.witness()
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint())
    assert not report.failed
    (line,) = report.measured
    assert (line.measured.stratum.same, line.by) == (48, "dinsos")
    finding = report.finding("releases.measured.rilis-1.dtks")
    assert finding is not None
    assert finding.standing == "asserted", "one agency's word"


def test_an_approval_without_a_witness_or_of_another_agency_counts_for_nothing(
    republic: Republic,
) -> None:
    told = figures(republic)
    for stranger in ("bps-approver", "dppapp-approver", "dinsos", "service"):
        with pytest.raises(PadanError) as error:
            approve(republic, told, by=stranger)
        assert error.value.code == "project.not-entitled"
    body = ReviewApproved(at=republic.now, release="rilis-1", dataset="dtks", figures=told.digest())
    republic.say("dinsos-approver", body, run="rilis-1")
    assert refused(republic, told) == "project.wait-cosigned"


@pytest.mark.parametrize(
    "strata",
    [
        (stratum(resolved=60, same=51, other=9),),
        (stratum(resolved=60, same=60, other=0),),
        (stratum(resolved=9, same=None, other=None, few="other"),),
        (stratum(unresolved=3),),
        (stratum(same=40),),
        (stratum(same=None, other=12),),
        (stratum(), stratum(nik="present", resolved=30, same=20, other=10)),
        (stratum(), stratum(grade="certain")),
        (stratum(weight=80, nik="present"), stratum(weight=80, nik="absent")),
        (stratum(domain="semua-lain"),),
    ],
    ids=[
        "small-other",
        "empty",
        "small-stratum",
        "small-unresolved",
        "sum",
        "one-hidden",
        "part-of-a-whole",
        "overlap",
        "weights",
        "domain",
    ],
)
def test_small_or_contradicting_counts_are_refused_and_caught_in_a_log(
    republic: Republic, strata: tuple[ReviewStratum, ...]
) -> None:
    told = figures(republic, *strata)
    approve(republic, told)
    assert refused(republic, told) == "project.review"
    # A service that does not ask the law appends it; the offline verifier does.
    republic.force("dinsos", Reviewed(at=republic.now, **dict(told)), run="rilis-1")
    republic.witness()
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint())
    assert "releases.project.review" in {finding.id for finding in report.failed}


def test_the_check_of_cells_is_what_refuses_a_small_one(
    republic: Republic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the small cell would be in the log for good."""
    told = figures(republic, stratum(resolved=60, same=59, other=1))
    approve(republic, told)
    assert refused(republic, told) == "project.review"
    monkeypatch.setitem(reviewed.__globals__, "are_lawful", lambda *_: True)
    say(republic, told)
    assert measured_in(republic.project)[0].stratum.other == 1


def test_a_hidden_count_follows_from_nothing_that_is_said() -> None:
    cell = SmallestCell(LEAST, empty_allowed=False)
    told = ReviewStratum.of((DOMAIN, "certain", None, None), 90, (57, 3, 4), cell)
    assert (told.same, told.other, told.unresolved, told.few) == (None, None, None, "other")
    assert told.resolved == 60
    assert are_lawful((told,), cell)
    # Every number of others below ten gives the same statement.
    for others in range(LEAST):
        same = ReviewStratum.of((DOMAIN, "certain", None, None), 90, (60 - others, others, 4), cell)
        assert same == told
    precision = told.precision(cell)
    assert precision.low < 57 / 60 * 1e6 < precision.high


def test_domains_that_share_a_source_are_not_said_together(republic: Republic) -> None:
    """The difference would be the matches with the third list alone, who may be few."""
    told = figures(
        republic,
        stratum(resolved=60, same=48, other=12),
        stratum(domain="semua", resolved=63, same=50, other=13),
    )
    approve(republic, told)
    assert refused(republic, told) == "project.review"
    assert domains_apart(republic.charter, "dtks", [DOMAIN, "semua"]) == (DOMAIN,)
    alone = figures(republic, stratum(domain="semua"))
    approve(republic, alone)
    say(republic, alone)


def test_a_second_release_of_the_same_run_is_not_a_second_word(republic: Republic) -> None:
    told = figures(republic)
    approve(republic, told)
    say(republic, told)
    first = republic.project
    [entry] = first.of(Reviewed)
    again = told.model_copy(update={"release": "rilis-2"})
    step = SimpleNamespace(
        project=_WithSecondRelease(first), sender=first.sender_of(entry), cosigned=()
    )
    with pytest.raises(PadanError) as error:
        reviewed(step, Reviewed(at=republic.now, **dict(again)))  # type: ignore[arg-type]
    assert error.value.code == "project.again"


class _WithSecondRelease:
    """The project as if the release had been made a second time, under another name."""

    def __init__(self, project: Any) -> None:
        self._project = project

    def release(self, name: str) -> Any:
        return self._project.release("rilis-1" if name == "rilis-2" else name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._project, name)


def test_an_approval_ends_with_its_charter_and_its_key(republic: Republic) -> None:
    told = figures(republic)
    approve(republic, told)
    republic.succeed(
        republic.next_roster([republic.renewed("dinsos-approver")]), *republic.roster.authorities
    )
    assert refused(republic, told) == "project.review-approval"
