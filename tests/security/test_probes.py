"""The shipped default passes the floors; the plain profile, as negative control, fails them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from encoder.probe import ProbeReport, floors, graph, probe_charter
from policy.charter import Charter, parse_charter
from tests.benchmarks.quality.methods import default_charter, plain_charter


@pytest.fixture(scope="module")
def plain() -> ProbeReport:
    return probe_charter(plain_charter(), rows=1_500, known=1_500)


@pytest.fixture(scope="module")
def hardened() -> ProbeReport:
    return probe_charter(default_charter())


def judged(report: ProbeReport) -> dict[str, bool]:
    return {each.probe: each.passed for each in report.findings if each.floor is not None}


def test_the_default_passes_every_floor_in_a_group_of_the_size_they_speak_of(
    hardened: ProbeReport,
) -> None:
    assert hardened.enough
    assert judged(hardened) == dict.fromkeys(("nn10", "ridge", "xor-4", "graph"), True)
    assert hardened.passed


def test_plain_clks_fail_every_floor(plain: ProbeReport) -> None:
    assert judged(plain) == dict.fromkeys(("nn10", "ridge", "xor-4", "graph"), False)
    assert not plain.passed


def test_a_group_that_is_too_small_never_passes(hardened: ProbeReport) -> None:
    assert not replace(hardened, rows=floors.GROUP_ROWS - 1).passed
    assert not replace(hardened, known=floors.KNOWN_PAIRS - 1).passed


def test_a_careless_salt_shows() -> None:
    """compound-1 salted by sex alone is as weak as no salt, and the probes say so."""
    report = probe_charter(salted_by_sex(), rows=1_500, known=1_500)
    assert not judged(report)["ridge"]
    assert not judged(report)["nn10"]


def salted_by_sex() -> Charter:
    tree = json.loads(default_charter().canonical())
    lahir = next(e for e in tree["encoding"]["encodings"] if e["name"] == "lahir")
    tree["encoding"]["encodings"] = [{**lahir, "salt": ["jk"], "rounds": 1}]
    tree["matching"]["thresholds_ppm"] = {"lahir": 630_000}
    return parse_charter(json.dumps(tree).encode())


def test_the_graph_attack_finds_everybody_where_nothing_is_hidden() -> None:
    rng = np.random.default_rng(5)
    people = (rng.random((400, 300)) < 0.1).astype(np.float32)
    likeness = people @ people.T
    noise = rng.normal(0, 0.01, likeness.shape).astype(np.float32)
    assert graph.reidentified(likeness, likeness + noise + noise.T) > 0.95
    assert (
        graph.reidentified(likeness, np.float32(1) * rng.random(likeness.shape).astype(np.float32))
        < 0.05
    )
