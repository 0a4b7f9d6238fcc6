"""The shipped default passes the floors; the plain profile, as negative control, fails them.

Controls of single attacks on dense groups are in `test_probes_dense.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from encoder.cli import app
from encoder.encoding.project_keys import ProjectKeys
from encoder.probe import Probes, graph, probe_charter
from encoder.probe.draws import Draws
from encoder.probe.graph import Matrix
from encoder.probe.group import people_of_one_year
from encoder.probe.likeness import graphs
from encoder.probe.report import _graph_matching, _of_year, _Rows
from policy.base.errors import Unverified
from policy.charter import Charter, parse_charter
from policy.charter.probe_report import FLOORS, GROUP_ROWS, KNOWN_PAIRS, MICRO, ProbeReport
from policy.formats.contrary_code import CONTRARY_CODE_BYTES
from tests.benchmarks.quality.methods import (
    default_charter,
    earlier_charter,
    plain_charter,
    tagged,
)
from tests.benchmarks.quality.sources import TUTORIAL

AGAIN = pytest.mark.thorough("test_graph_matching_finds_most_people_in_plain_clks_whoever_they_are")


@pytest.fixture(scope="module")
def plain() -> Probes:
    return probe_charter(plain_charter(), rows=600, known=600)


@pytest.fixture(scope="module")
def hardened() -> Probes:
    return probe_charter(default_charter(), seed=20_261_129)


def judged(report: Probes) -> dict[str, bool]:
    """Inside one birth year."""
    year = (each for each in report.findings if each.group == "year")
    return {each.probe: each.passed for each in year if each.floor is not None}


def dense(report: Probes, group: str) -> dict[str, bool]:
    found = (each for each in report.findings if each.group == group)
    return {each.probe: each.passed for each in found if each.floor is not None}


def found_by_graph(report: Probes) -> float:
    return next(f.value for f in report.findings if (f.probe, f.group) == ("graph", "year"))


def test_the_default_passes_every_floor_where_plain_clks_fail() -> None:
    """In the group of the test below. By its size alone it would not be enough for a project."""
    found = probe_charter(default_charter(), rows=600, known=600, seed=20_261_129)
    assert judged(found) == dict.fromkeys(("nn10", "ridge", "xor-4", "graph"), True)
    assert all(dense(found, "region").values())
    assert all(dense(found, "salt").values())
    assert found.report.people == max(d.rows_max for d in default_charter().datasets)
    assert not found.failing
    assert not found.passed


@pytest.mark.thorough("test_the_default_passes_every_floor_where_plain_clks_fail")
def test_the_default_passes_every_floor_in_a_group_of_the_size_they_speak_of(
    hardened: Probes,
) -> None:
    assert hardened.report.enough
    assert judged(hardened) == dict.fromkeys(("nn10", "ridge", "xor-4", "graph"), True)
    assert all(dense(hardened, "region").values())
    assert all(dense(hardened, "salt").values())
    # As close to each other as in a province.
    assert hardened.report.people == max(d.rows_max for d in default_charter().datasets)
    assert hardened.report.people >= 12_000_000
    assert hardened.passed


def test_plain_clks_fail_every_floor(plain: Probes) -> None:
    assert judged(plain) == dict.fromkeys(("nn10", "ridge", "xor-4", "graph"), False)
    assert not plain.passed


@pytest.mark.parametrize("seed", [2, *(pytest.param(seed, marks=AGAIN) for seed in (3, 4))])
def test_graph_matching_finds_most_people_in_plain_clks_whoever_they_are(seed: int) -> None:
    """The negative control: an attack that misses them says nothing by missing others."""
    report = probe_charter(plain_charter(), rows=600, known=200, seed=seed)
    assert found_by_graph(report) > 0.5
    assert not judged(report)["graph"]


def test_the_command_writes_its_report_and_says_what_fails(tmp_path: Path) -> None:
    charter, out = tmp_path / "charter.json", tmp_path / "report.json"
    charter.write_text(plain_charter().model_dump_json())
    sizes = ("--rows", "150", "--known", "150")
    done = CliRunner().invoke(app, ["probe", str(charter), *sizes, "--out", str(out)])
    assert isinstance(done.exception, Unverified)
    assert done.exception.code == "probe.floor"
    report = ProbeReport.model_validate_json(out.read_bytes())
    assert not report.enough
    assert set(report.failing()) == {"nn10", "ridge", "xor-4", "graph"}
    assert report.version == 2
    assert report.encoding == plain_charter().encoding_digest()


@pytest.fixture
def shipped() -> ProbeReport:
    return ProbeReport.model_validate_json((TUTORIAL / "probe-report.json").read_bytes())


def test_a_group_that_is_too_small_never_passes(shipped: ProbeReport) -> None:
    assert shipped.enough
    assert not shipped.model_copy(update={"rows": GROUP_ROWS - 1}).enough
    assert not shipped.model_copy(update={"known": KNOWN_PAIRS - 1}).enough


def test_a_probe_that_did_not_run_is_a_floor_missed(shipped: ProbeReport) -> None:
    kept = tuple(f for f in shipped.figures if (f.probe, f.group) != ("graph", "year"))
    assert shipped.model_copy(update={"figures": kept}).failing() == ("graph",)


def test_the_probes_see_contrary_codes_and_block_tags_with_the_encodings() -> None:
    charter = tagged(earlier_charter(), 12)
    people = people_of_one_year(charter, 60, 1)
    keys = ProjectKeys(b"k" * 32, charter.terms_digest())
    group = _Rows(charter, keys, people, 30, Draws(1))
    count = len(charter.encoding.encodings)
    codes = sum(charter.encoding.contrary_codes.values())
    assert len(group.encodings) == count + codes
    assert {bits.shape for bits in group.encodings[count:]} == {(60, 8 * CONTRARY_CODE_BYTES)}
    tags = group.seen[count + codes :]
    assert len(tags) == count
    salts = (e.salt for e in charter.encoding.encodings)
    at = next(at for at, salt in enumerate(salts) if salt[:1] == ("lahir.year",))
    born = list(zip(people["lahir.year"], people["lahir.month"], people["lahir.day"], strict=True))
    for one in range(60):
        for other in range(one):
            alike = np.array_equal(tags[at][one], tags[at][other])
            assert alike or born[one] != born[other] or not all(born[one])
    assert len(np.unique(tags[at], axis=0)) > 30, "people of other days have other tags"


def test_one_seed_gives_one_report_and_others_differ() -> None:
    first = probe_charter(plain_charter(), rows=150, known=150, seed=7).report
    again = probe_charter(plain_charter(), rows=150, known=150, seed=7).report
    other = probe_charter(plain_charter(), rows=150, known=150, seed=8).report
    assert first.unlike(again) == ()
    assert first.unlike(other) == ("seed",)
    assert first.unlike(other.model_copy(update={"seed": 7}))


def test_a_report_that_was_made_up_does_not_repeat(tmp_path: Path) -> None:
    """The command names the figures, and repeats an honest report without a word against it."""
    charter, file = tmp_path / "charter.json", tmp_path / "report.json"
    charter.write_text(plain_charter().model_dump_json())
    honest = probe_charter(plain_charter(), rows=150, known=150, seed=7).report
    file.write_bytes(honest.canonical())
    repeat = ["probe", str(charter), "--repeat", str(file)]
    assert CliRunner().invoke(app, repeat).exit_code == 0
    passing = tuple(
        each.model_copy(update={"micro": 0}) if each.probe == "graph" else each
        for each in honest.figures
    )
    file.write_bytes(honest.model_copy(update={"figures": passing}).canonical())
    done = CliRunner().invoke(app, repeat)
    assert isinstance(done.exception, Unverified)
    assert done.exception.code == "probe.not-repeated"
    assert "graph/year" in done.exception.problem.en
    assert "ridge" not in done.exception.problem.en


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 151},
        {"known": 149},
        {"encoding": "0" * 64},
        {"profile": "lain"},
    ],
)
def test_reports_of_other_probes_are_not_alike(
    shipped: ProbeReport, change: dict[str, object]
) -> None:
    assert shipped.unlike(shipped) == ()
    assert shipped.unlike(shipped.model_copy(update=change)) == ("seed",)
    fewer = shipped.model_copy(update={"figures": shipped.figures[1:]})
    assert len(shipped.unlike(fewer)) == len(fewer.unlike(shipped)) == 1
    doubled = shipped.model_copy(update={"figures": (*shipped.figures, shipped.figures[0])})
    assert doubled.unlike(shipped) == ("seed",)


def test_a_careless_salt_shows() -> None:
    """compound-1 salted by sex alone is as weak as no salt, and the probes say so."""
    charter, rows, known = salted_by_sex(), 1_500, 1_000
    draws = Draws(1)
    people = people_of_one_year(charter, rows + known, 1)
    keys = ProjectKeys(draws.bytes(32), charter.terms_digest())
    group = _Rows(charter, keys, people, known, draws)
    figures = {each.probe: each.value for each in _of_year(group, lambda _: None)}
    floors = {each.probe: each.micro / MICRO for each in FLOORS if each.group == "year"}
    assert figures["ridge"] > floors["ridge"]
    assert figures["nn10"] > floors["nn10"]
    assert _graph_matching(charter, people, group, draws).value > 0.1


def salted_by_sex() -> Charter:
    tree = json.loads(earlier_charter().canonical())
    lahir = next(e for e in tree["encoding"]["encodings"] if e["name"] == "lahir")
    tree["encoding"]["encodings"] = [{**lahir, "salt": ["jk"], "rounds": 1}]
    tree["matching"] = {"thresholds_ppm": {"lahir": 630_000}, "nik_floor_ppm": 560_000}
    return parse_charter(json.dumps(tree).encode())


def test_the_graph_attack_finds_everybody_where_little_is_hidden() -> None:
    rng = np.random.default_rng(5)
    people = (rng.random((400, 300)) < rng.uniform(0.02, 0.3, 300)).astype(np.float32)
    likeness = people @ people.T
    assert graph.reidentified([noisy(likeness, rng)], noisy(likeness, rng)) > 0.95


def test_the_graph_attack_begins_again_where_its_first_start_misleads() -> None:
    """One of three registers has its rows in another order: the first start then finds 4 %."""
    rng = np.random.default_rng(10)
    people = (rng.random((400, 300)) < rng.uniform(0.02, 0.3, 300)).astype(np.float32)
    likeness = people @ people.T
    other = rng.permutation(400)
    register = [likeness[np.ix_(other, other)], noisy(likeness, rng), noisy(likeness, rng)]
    assert graph.reidentified(register, noisy(likeness, rng)) > 0.95


def test_the_graph_attack_finds_nobody_where_graphs_have_nothing_in_common() -> None:
    rng = np.random.default_rng(5)
    nothing = np.zeros((400, 400), np.float32)
    assert graph.reidentified([noisy(nothing, rng)], noisy(nothing, rng)) < 0.05
    assert graph.reidentified([nothing], nothing) < 0.05


def noisy(likeness: Matrix, rng: np.random.Generator) -> Matrix:
    noise = rng.normal(0, 0.5, likeness.shape).astype(np.float32)
    seen: Matrix = likeness + noise + noise.T
    np.fill_diagonal(seen, likeness.diagonal() + 20)
    return seen


def test_an_encoding_that_is_constant_or_empty_says_nothing() -> None:
    empty, full = np.zeros((9, 64), np.uint8), np.ones((9, 64), np.uint8)
    assert all(not graph.any() for graph in graphs([empty, full]))


def test_the_report_that_ships_is_of_the_encodings_that_ship(shipped: ProbeReport) -> None:
    """Whoever changes those probes again: `padan-encoder probe CHARTER --out FILE`."""
    assert shipped.encoding == default_charter().encoding_digest()
    assert shipped.enough
    assert not shipped.failing()
