"""A probe report that somebody made up neither lets encodings pass nor blocks anybody."""

from __future__ import annotations

from typing import Any

import pytest

from policy.base.errors import Refused
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.charter.probe_report import (
    DENSE_FLOORS,
    FLOORS,
    GROUP_ROWS,
    KNOWN_PAIRS,
    ProbeFigure,
    ProbeReport,
)
from policy.gates.cases import run_case
from policy.gates.decision import run_gate
from policy.statements import EpochOpened, Probed
from tests.security.test_one_party import public_key
from tests.support.republic import PARTIES, Republic, charter_from, charter_tree, scoped

PASSING = {"nn10": 1_000, "ridge": 500_000, "xor-4": 0, "graph": 0}
GROUP_OF_A_SALT = 12


def report(
    tree: dict[str, Any], *, seed: int = 1, rows: int = GROUP_ROWS, **wrong: int
) -> ProbeReport:
    """Of the second version, for lists as large as the charter allows; the first law's floors are
    among its own."""
    charter = charter_from(tree)
    figures = {**PASSING, **wrong}
    return ProbeReport(
        version=2,
        encoding=charter.encoding_digest(),
        profile=charter.encoding.profile,
        rows=rows,
        known=KNOWN_PAIRS,
        seed=seed,
        figures=tuple(
            ProbeFigure(probe=each.probe, group=each.group, micro=figures.get(each.probe, 0))
            for each in (*FLOORS, *DENSE_FLOORS)
        ),
        people=max(dataset.rows_max for dataset in charter.datasets),
        groups={each.name: GROUP_OF_A_SALT for each in charter.encoding.encodings if each.salt},
    )


def republic_citing(law: str, cited: ProbeReport) -> Republic:
    """All parties signed a charter whose assessment cites this report."""
    tree = {**charter_tree(), "law": law}
    tree["dpia"]["probe"] = cited.digest()
    republic = Republic(tree=scoped(tree))
    for party in PARTIES:
        republic.charter_signed_by(party)
    republic.say("service", EpochOpened(at=republic.now, service_key=public_key()))
    return republic


def log(republic: Republic, member: str, found: ProbeReport) -> None:
    republic.say(member, Probed(at=republic.now, report=found))


def passes(republic: Republic) -> bool:
    outcome = run_gate(run_case(republic.project, republic.now))
    return next(each.passed for each in outcome.findings if each.rule.id == "run.privacy")


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_an_invented_report_that_passes(law: str) -> None:
    """One party writes the figures itself; the first law believes it."""
    invented = report(charter_tree())
    republic = republic_citing(law, invented)
    log(republic, "bps", invented)
    assert passes(republic) is (law == FIRST_LAW)


@pytest.mark.parametrize("second", ["dinsos", "auditor"])
def test_a_report_that_another_agency_repeated(second: str) -> None:
    honest = report(charter_tree())
    republic = republic_citing(LATEST_LAW, honest)
    log(republic, "bps", honest)
    log(republic, second, honest)
    assert passes(republic)
    republic.commit()


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_an_invented_report_that_fails(law: str) -> None:
    """One party would stop all others for good; under the second law it is one voice."""
    honest = report(charter_tree())
    republic = republic_citing(law, honest)
    log(republic, "bps", honest)
    if law == LATEST_LAW:
        log(republic, "auditor", honest)
    log(republic, "dppapp", report(charter_tree(), seed=2, graph=900_000))
    log(republic, "dppapp", report(charter_tree(), seed=3, rows=10))
    assert passes(republic) is (law == LATEST_LAW)


def test_a_failing_report_that_was_repeated_counts() -> None:
    honest = report(charter_tree())
    republic = republic_citing(LATEST_LAW, honest)
    for member in ("bps", "dinsos"):
        log(republic, member, honest)
    bad = report(charter_tree(), seed=2, graph=900_000)
    log(republic, "dppapp", bad)
    assert passes(republic)
    log(republic, "auditor", bad)
    assert not passes(republic)
    with pytest.raises(Refused):
        republic.commit()


def test_a_small_report_blocks_nobody_and_lets_nobody_pass() -> None:
    honest, small = report(charter_tree()), report(charter_tree(), rows=10, graph=900_000)
    republic = republic_citing(LATEST_LAW, honest)
    for member in ("bps", "dinsos"):
        log(republic, member, honest)
        log(republic, member, small)
    assert passes(republic)
    citing_small = republic_citing(LATEST_LAW, small)
    for member in ("bps", "dinsos"):
        log(citing_small, member, small)
    assert not passes(citing_small)


@pytest.mark.parametrize("wrong", [{"graph": 900_000}, {"nn10": 60_000}])
def test_the_cited_report_has_to_meet_its_floors(wrong: dict[str, int]) -> None:
    bad = report(charter_tree(), **wrong)
    republic = republic_citing(LATEST_LAW, bad)
    for member in ("bps", "dinsos"):
        log(republic, member, bad)
    assert not passes(republic)


def test_another_report_does_not_stand_for_the_cited_one() -> None:
    honest, other = report(charter_tree()), report(charter_tree(), seed=2)
    republic = republic_citing(LATEST_LAW, honest)
    for member in ("bps", "dinsos"):
        log(republic, member, other)
    assert not passes(republic)
    log(republic, "bps", honest)
    assert not passes(republic)


def test_one_agency_signs_a_report_once() -> None:
    honest = report(charter_tree())
    republic = republic_citing(LATEST_LAW, honest)
    log(republic, "bps", honest)
    for member in ("bps",):
        with pytest.raises(Refused) as caught:
            log(republic, member, honest)
        assert caught.value.code == "project.again"
    assert not passes(republic)
