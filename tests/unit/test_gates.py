"""The rules of both gates: what each stops, and that it stops nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from encoder.steps.agree_keys import require_report_signed_twice
from linkage_service.release.staging import require_nothing_new
from policy.base.errors import BadInput, NotYet, PadanError, Refused
from policy.charter.probe_report import (
    DENSE_FLOORS,
    GROUP_ROWS,
    KNOWN_PAIRS,
    ProbeFigure,
    ProbeReport,
)
from policy.charter.regulations import has_ended
from policy.charter.shipped_probes import SHIPPED
from policy.gates.cases import release_case, run_case
from policy.gates.decision import release_gate, run_gate
from policy.gates.facts import CellFacts, DifferenceFacts, release_facts
from policy.statements import Excepted, Probed
from policy.wire.session import Session
from tests.support.republic import PARTIES, TODAY, Republic, charter_from, charter_tree, scoped

YESTERDAY = TODAY - timedelta(days=1)


def run_failing(republic: Republic) -> list[str]:
    outcome = run_gate(run_case(republic.project, republic.now))
    return [finding.rule.id for finding in outcome.findings if not finding.passed]


def release_failing(republic: Republic) -> list[str]:
    facts = release_facts(republic.facts)
    outcome = release_gate(release_case(republic.project, "rilis-1", facts, republic.now))
    return [finding.rule.id for finding in outcome.findings if not finding.passed]


def signed(**parts: Any) -> Republic:
    """A project whose charter all have signed, with these parts of it changed."""
    tree = charter_tree()
    for path, value in parts.items():
        *steps, last = path.split("__")
        place = tree
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value
    return Republic(tree=scoped(tree)).to("charter")


# -- the run gate ---------------------------------------------------------------------------------


def test_a_complete_charter_passes() -> None:
    assert run_failing(signed()) == []


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"purpose__category": None}, "run.charter-complete"),
        ({"region": None}, "run.charter-complete"),
        ({"parties__0__capacity": None}, "run.charter-complete"),
        ({"dpia__sha256": "0" * 64}, "run.charter-complete"),
        ({"dpia__valid_until": YESTERDAY}, "run.dpia"),
        (
            {"agreements__0__valid_until": YESTERDAY, "agreements__1__parties": ["service", "bps"]},
            "run.agreements",
        ),
        ({"agreements__1__kind": "mou"}, "run.agreements"),
        ({"linkage_unit__superiors": ["bps"]}, "run.separation run.approvable"),
        ({"linkage_unit__member": "auditor"}, "run.agreements run.separation"),
        (
            {"linkage_unit__administrators": ["bpkp"]},
            "run.separation",
        ),
        ({"release__approvals": 3}, "run.approvable"),
        ({"datasets__0__source": "dukcapil"}, "run.dukcapil"),
        (
            {"lawful_basis__citations": [{"text": "Instruksi Presiden Nomor 4 Tahun 2022"}]},
            "run.lawful-basis",
        ),
    ],
)
def test_the_run_gate_stops_what_a_duty_forbids(parts: dict[str, Any], rule: str) -> None:
    assert run_failing(signed(**parts)) == rule.split()


def test_the_scope_of_the_dpia_must_cover_the_terms_at_hand() -> None:
    tree = charter_tree()
    tree["encoding"]["canaries"] = {"pairs": 17, "singles": 16}
    drifted = Republic(tree=tree).to("charter")
    assert run_failing(drifted) == ["run.dpia"]
    tree = charter_tree()
    tree["dpia"]["scope"]["datasets"] = ["regsosek", "dtks"]
    assert run_failing(Republic(tree=tree).to("charter")) == ["run.dpia"]


def test_dukcapil_is_answered_yes_or_no_under_a_numbered_agreement() -> None:
    pks = {"pks_number": "119/1/DUKCAPIL", "valid_until": TODAY}
    only = [{"id": "cek", "datasets": ["regsosek", "dtks"], "learn": ["dtks"]}]
    base = {"datasets__0__source": "dukcapil", "domains": only}
    assert run_failing(signed(**base, dukcapil=pks)) == []
    ended = {**pks, "valid_until": YESTERDAY}
    assert run_failing(signed(**base, dukcapil=ended)) == ["run.dukcapil"]
    for domain in (
        {"id": "cek", "datasets": ["regsosek", "dtks"], "learn": ["dtks", "regsosek"]},
        {"id": "cek", "datasets": ["regsosek", "dtks", "carik"], "learn": ["dtks"]},
    ):
        more = {**base, "domains": [domain]}
        assert run_failing(signed(**more, dukcapil=pks)) == ["run.dukcapil"]


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Inpres 4/2022", True),
        ("INPRES No. 4 Tahun 2022 tentang kemiskinan ekstrem", True),
        ("Instruksi Presiden Nomor 4 Tahun 2022", True),
        ("Inpres 4/2025 tentang DTSEN", False),
        ("Inpres 14/2022", False),
        ("Perpres 4/2022", False),
    ],
)
def test_a_regulation_that_ended_is_known_however_it_is_cited(text: str, ended: bool) -> None:
    assert has_ended(text, date(2025, 1, 1)) is ended
    assert not has_ended(text, date(2024, 12, 31))


def test_an_officer_may_let_an_overlap_pass_by_name_and_for_a_time() -> None:
    republic = signed(linkage_unit__superiors=["bps"])
    for about, until, failing in (
        (("dinsos",), TODAY, ["run.separation", "run.approvable"]),
        (("bps",), YESTERDAY, ["run.separation", "run.approvable"]),
        (("bps",), TODAY, ["run.approvable"]),  # who runs the service approves nothing
    ):
        republic.say(
            "dpo",
            Excepted(
                at=republic.now,
                rule="run.separation",
                about=about,
                reference="PPDP/2",
                until=until,
            ),
        )
        assert run_failing(republic) == failing


def test_only_an_officer_whom_the_charter_names_excepts() -> None:
    republic = signed()
    body = Excepted(at=republic.now, rule="run.privacy", about=("x",), reference="1", until=TODAY)
    for member in ("bps", "bps-approver", "bps-dpo", "auditor", "service"):
        with pytest.raises(Refused) as caught:
            republic.say(member, body)
        assert caught.value.code == "project.not-entitled"


# -- the privacy gate ------------------------------------------------------------------------------


GOOD = {"nn10": 20_000, "ridge": 550_000, "xor-4": -1_000_000, "graph": 0}
DENSE = {(floor.probe, floor.group): floor.micro for floor in DENSE_FLOORS}


def report(republic: Republic, **change: Any) -> ProbeReport:
    figures = {(probe, "year"): micro for probe, micro in change.pop("figures", GOOD).items()}
    figures |= change.pop("dense", DENSE)
    fields: dict[str, Any] = {
        "encoding": republic.charter.encoding_digest(),
        "profile": "plain",
        "rows": GROUP_ROWS,
        "known": KNOWN_PAIRS,
        "seed": 1,
        "figures": tuple(
            ProbeFigure(probe=probe, group=group, micro=micro)
            for (probe, group), micro in figures.items()
        ),
        "version": 2,
        "people": max(each.rows_max for each in republic.charter.datasets),
    }
    return ProbeReport(**{**fields, **change})


def probed(
    cited: bool = True,
    floors: dict[str, int] | None = None,
    agencies: tuple[str, ...] = ("bps", "dinsos"),  # the second one repeated it
    **change: Any,
) -> Republic:
    """No exception here: the charter stands or falls with this report."""
    tree = charter_tree()
    tree["dpia"]["probe_floors"] = floors
    unsigned = Republic(tree=tree)
    found = report(unsigned, **change)
    tree["dpia"]["probe"] = found.digest() if cited else None
    republic = Republic(tree=tree)
    republic.except_privacy = lambda: None  # type: ignore[method-assign]
    republic.to("charter")
    for agency in agencies:
        republic.say(agency, Probed(at=republic.now, report=found))
    return republic


@pytest.mark.parametrize(
    ("shipped", "agencies", "change", "waits"),
    [
        (True, ("bps",), {}, True),
        (False, ("bps",), {}, False),  # a report that somebody has to repeat: nobody waits for it
        (True, ("bps", "dinsos"), {}, False),
        (True, ("bps",), {"cited": False}, False),
    ],
)
def test_rows_wait_for_the_other_agencys_signature_on_the_shipped_report(
    monkeypatch: pytest.MonkeyPatch,
    shipped: bool,
    agencies: tuple[str, ...],
    change: dict[str, Any],
    waits: bool,
) -> None:
    """The agency that is first has nothing to correct; it waits, and names the others."""
    republic = probed(agencies=agencies, **change)
    if shipped:
        monkeypatch.setitem(SHIPPED, republic.charter.dpia.probe or "", "a-report.json")
    monkeypatch.setattr("encoder.steps.agree_keys.time", SimpleNamespace(time=lambda: republic.now))
    session = SimpleNamespace(project=republic.project, project_id="p")
    if not waits:
        require_report_signed_twice(cast("Session", session))
        return
    assert run_failing(republic) == ["run.privacy"]
    with pytest.raises(NotYet, match="dinsos") as caught:
        require_report_signed_twice(cast("Session", session))
    assert caught.value.code == "project.wait-probe"
    assert "bps" not in caught.value.problem.en


def test_a_report_that_meets_every_floor_and_is_cited_opens_the_gate() -> None:
    republic = probed()
    assert run_failing(republic) == []
    republic.commit()


@pytest.mark.parametrize(
    "figures",
    [
        {**GOOD, "nn10": 50_001},
        {**GOOD, "ridge": 600_001},
        {**GOOD, "xor-4": -5_000_001},
        {**GOOD, "graph": 10_001},
        {name: micro for name, micro in GOOD.items() if name != "graph"},
    ],
)
def test_one_floor_missed_keeps_it_shut(figures: dict[str, int]) -> None:
    republic = probed(figures=figures)
    assert run_failing(republic) == ["run.privacy"]
    with pytest.raises(Refused) as caught:
        republic.commit()
    assert caught.value.code == "gate.run.privacy"


def test_floors_themselves_are_met() -> None:
    edge = {"nn10": 50_000, "ridge": 600_000, "xor-4": -5_000_000, "graph": 10_000}
    assert run_failing(probed(figures=edge)) == []


@pytest.mark.parametrize("missed", sorted(DENSE))
def test_one_floor_of_dense_groups_missed_keeps_it_shut(missed: tuple[str, str]) -> None:
    assert run_failing(probed(dense=DENSE | {missed: DENSE[missed] + 1})) == ["run.privacy"]
    without = {name: micro for name, micro in DENSE.items() if name != missed}
    assert run_failing(probed(dense=without)) == ["run.privacy"]


def test_a_report_of_smaller_lists_than_the_charter_allows_keeps_it_shut() -> None:
    largest = max(each.rows_max for each in charter_from(charter_tree()).datasets)
    assert run_failing(probed(people=largest)) == []
    assert run_failing(probed(people=largest - 1)) == ["run.privacy"]


def test_a_report_of_the_first_version_is_judged_by_the_first_law_alone() -> None:
    assert run_failing(probed(version=1, people=0, dense={})) == ["run.privacy"]
    found = report(Republic(), version=1, people=0, dense={})
    assert not found.failing()
    assert b"people" not in found.canonical()
    assert b"groups" not in found.canonical()


def test_a_charter_may_ask_more_of_the_probes_than_padan() -> None:
    at = {"nn10": 20_000, "ridge": 550_000, "xor4": -1_000_000, "graph": 0}
    assert run_failing(probed(floors=at)) == []
    for name in at:
        above = {name: at[name] + (1 if name == "xor4" else -1)}
        if name != "graph":  # nothing is below none at all
            assert run_failing(probed(floors=above)) == ["run.privacy"], name
    unlucky = {**GOOD, "graph": 1}
    assert run_failing(probed(floors={"graph": 0}, figures=unlucky)) == ["run.privacy"]


@pytest.mark.parametrize(
    "floor", [{"nn10": 50_001}, {"ridge": 600_001}, {"xor4": -5_000_001}, {"graph": 10_001}]
)
def test_a_charter_never_asks_less_of_them(floor: dict[str, int]) -> None:
    tree = charter_tree()
    tree["dpia"]["probe_floors"] = floor
    with pytest.raises(BadInput) as caught:
        charter_from(tree)
    assert f"dpia.probe_floors.{next(iter(floor))}" in caught.value.problem.en


def test_a_charter_without_floors_of_its_own_keeps_its_digest() -> None:
    tree = charter_tree()
    without = charter_from(tree)
    tree["dpia"]["probe_floors"] = None
    assert charter_from(tree).digest() == without.digest()
    assert b"probe_floors" not in without.canonical()


@pytest.mark.parametrize("change", [{"rows": GROUP_ROWS - 1}, {"known": 1}, {"cited": False}])
def test_a_small_group_or_a_report_that_the_dpia_does_not_cite(change: dict[str, Any]) -> None:
    assert run_failing(probed(**change)) == ["run.privacy"]


def test_a_report_on_other_encodings_is_no_report_here() -> None:
    republic = signed()
    other = report(republic, encoding="ab" * 32)
    with pytest.raises(Refused) as caught:
        republic.say("bps", Probed(at=republic.now, report=other))
    assert caught.value.code == "project.probe"


def test_a_better_report_does_not_hide_a_worse_one() -> None:
    """Whoever probes until one seed passes has still shown that another does not."""
    republic = probed()
    worse = report(republic, seed=2, figures={**GOOD, "nn10": 90_000})
    for agency, failing in (("auditor", []), ("bps", ["run.privacy"])):
        republic.say(agency, Probed(at=republic.now, report=worse))
        assert run_failing(republic) == failing, "once another agency has repeated it"


# -- budgets ---------------------------------------------------------------------------------------


def test_orders_in_other_projects_count() -> None:
    tree = charter_tree()
    tree["budget"] = {"runs": 2, "releases": 2, "across_charters": 3}
    for elsewhere, passes in ((2, True), (3, False)):
        republic = Republic(tree=tree).to("bundle")
        order = republic.say("dinsos", republic.run_order(), run="run-1")
        republic.order_digest = order
        republic.say("service", republic.counted(order, elsewhere), run="run-1")
        republic.witness()
        if passes:
            republic.say("service", republic.run_finished(), run="run-1")
        else:
            with pytest.raises(Refused) as caught:
                republic.say("service", republic.run_finished(), run="run-1")
            assert caught.value.code == "gate.run.budget"


def test_nothing_runs_before_the_service_has_counted() -> None:
    republic = Republic().to("bundle")
    republic.order_digest = republic.say("dinsos", republic.run_order(), run="run-1")
    republic.witness()
    with pytest.raises(NotYet) as caught:
        republic.say("service", republic.run_finished(), run="run-1")
    assert caught.value.code == "project.wait-budget"


def test_a_count_names_every_two_parties() -> None:
    republic = Republic().to("bundle")
    order = republic.say("dinsos", republic.run_order(), run="run-1")
    honest = republic.counted(order)
    for elsewhere in ({"bps+dinsos": 1}, {**honest.elsewhere, "a+b": 0}):
        with pytest.raises(PadanError):
            republic.say("service", honest.model_copy(update={"elsewhere": elsewhere}), run="run-1")


# -- amendments ------------------------------------------------------------------------------------


def amended(republic: Republic, **release: Any) -> Any:
    tree = {**republic.tree, "version": 2, "dpia": {**republic.tree["dpia"]}}
    tree["release"] = {**tree["release"], **release}
    return charter_from(scoped(tree))


def sign(republic: Republic, charter: Any, *parties: str) -> None:
    from policy.statements import CharterBody

    for party in parties or PARTIES:
        republic.say(party, CharterBody.model_validate(charter.model_dump()))


def test_an_amendment_is_in_force_once_all_have_signed_it() -> None:
    republic = Republic().to("run")
    later = amended(republic, minimum_cell=600)
    sign(republic, later, "bps", "dinsos")
    assert republic.project.charter.version == 1
    sign(republic, later, "dppapp")
    assert republic.project.charter_digest == later.digest()
    assert republic.project.signed_by() == set(PARTIES)
    assert len(republic.project.signatures(later.digest())) == len(PARTIES)


def test_what_is_staged_is_decided_by_the_charter_in_force() -> None:
    republic = Republic().to("approve")
    assert release_failing(republic) == []
    sign(republic, amended(republic, minimum_cell=600))
    assert release_failing(republic) == ["release.minimum-cell", "release.approvals"]


def test_an_amendment_changes_no_terms_skips_no_version_and_waits_for_the_ceremony() -> None:
    republic = Republic().to("run")
    tree = {**republic.tree, "version": 2}
    other = {**tree, "encoding": {**tree["encoding"], "test_records": 65}}
    skipping = {**tree, "version": 3}
    for wrong, code in ((other, "project.terms"), (skipping, "project.amendment")):
        with pytest.raises(Refused) as caught:
            sign(republic, charter_from(wrong), "bps")
        assert caught.value.code == code
    early = Republic().to("commit")
    with pytest.raises(NotYet) as waited:
        sign(early, amended(early, minimum_cell=12), "bps")
    assert waited.value.code == "project.wait-confirm"


def test_a_party_signs_an_amendment_once() -> None:
    republic = Republic().to("run")
    later = amended(republic, minimum_cell=12)
    sign(republic, later, "bps")
    with pytest.raises(Refused):
        sign(republic, later, "bps")


# -- the release gate -----------------------------------------------------------------------------


def cell(rows: int) -> CellFacts:
    return CellFacts(recipient=("dinsos",), dataset="dtks", pattern=("semua:1",), rows=rows)


def difference(**counts: int) -> DifferenceFacts:
    fields: dict[str, Any] = dict.fromkeys(
        ("gained", "lost", "added_matched", "added_unmatched"), 0
    )
    named = {"recipient": ("dinsos",), "dataset": "dtks", "domain": "semua", "earlier": "rilis-0"}
    return DifferenceFacts(**{**fields, **named, **counts})


@pytest.mark.parametrize(("rows", "failing"), [(9, ["release.cells"]), (10, []), (11, [])])
def test_a_combined_cell_holds_k_rows(rows: int, failing: list[str]) -> None:
    assert release_failing(Republic(cells=(cell(500), cell(rows))).to("approve")) == failing


@pytest.mark.parametrize(
    ("counts", "tells"),
    [
        ({}, False),
        ({"gained": 1}, True),
        ({"lost": 9}, True),
        ({"gained": 10, "lost": 10}, False),
        ({"added_matched": 9, "added_unmatched": 90}, True),
        ({"added_matched": 90, "added_unmatched": 90}, False),
        # This charter allows no empty cell: all of the added rows matched, so each of them did.
        ({"added_matched": 90}, True),
    ],
)
def test_releases_differ_by_k_rows_or_by_none(counts: dict[str, int], tells: bool) -> None:
    republic = Republic(differences=(difference(**counts),)).to("approve")
    assert release_failing(republic) == (["release.differencing"] if tells else [])


@pytest.mark.parametrize(
    ("law", "failing"),
    [("padan-law-2", ["release.differencing"]), ("padan-law-3", [])],
)
def test_who_sees_nothing_of_its_rows_learns_nothing_from_two_releases(
    law: str, failing: list[str]
) -> None:
    """BPS does not learn here: all rows of its next edition count as unmatched."""
    tree = {**charter_tree(), "law": law}
    blind = difference(added_unmatched=90).model_copy(
        update={"recipient": ("bps",), "dataset": "regsosek"}
    )
    republic = Republic(tree=tree, differences=(blind,))
    assert release_failing(republic.to("approve")) == failing


@pytest.mark.parametrize("law", ["padan-law-2", "padan-law-3"])
def test_who_learns_or_holds_two_lists_is_told_of_k_rows_or_none(law: str) -> None:
    tree = {**charter_tree(), "law": law}
    told = Republic(tree=tree, differences=(difference(added_unmatched=90),)).to("approve")
    assert release_failing(told) == ["release.differencing"]
    # Two lists under one ID show each other's people, though the charter tells of neither.
    tree["release"] = {**tree["release"], "together": [["bps", "dppapp"]]}
    joint = difference(gained=3).model_copy(
        update={"recipient": ("bps", "dppapp"), "dataset": "regsosek"}
    )
    republic = Republic(tree=scoped(tree), differences=(joint,)).to("approve")
    assert "release.differencing" in release_failing(republic)


def test_a_sensitive_list_needs_its_owners_approver_and_officer() -> None:
    tree = charter_tree()
    tree["datasets"][0]["sensitive"] = True
    republic = Republic(tree=tree).to("approve")
    assert release_failing(republic) == ["release.sensitive-lists"]
    republic.say("dpo", republic.approval(), run="rilis-1", manifest=republic.stage_digest)
    assert release_failing(republic) == []


def test_another_release_since_makes_a_stage_stale() -> None:
    republic = Republic().to("approve")
    republic.decide()
    assert republic.decided().verdict == "released"
    later = release_case(republic.project, "rilis-1", release_facts(republic.facts), republic.now)
    assert not later.released_since, "its own decision does not"


@pytest.mark.parametrize(
    ("change", "failing"), [({}, []), ({"result": "ab" * 32}, ["release.rerun"])]
)
def test_a_repeated_run_with_another_result_stops_the_release(
    change: dict[str, str], failing: list[str]
) -> None:
    republic = Republic().to("run")
    republic.witness()
    republic.say("auditor", republic.rerun(**change), run="run-1")
    for step in ("request", "stage", "approve"):
        getattr(republic, step)()
    assert release_failing(republic) == failing


def test_a_stage_is_not_logged_over_a_decision_that_its_counts_do_not_know() -> None:
    republic = Republic().to("approve")
    counted = republic.project.until(republic.project.size)
    require_nothing_new(since=counted, now=republic.project)
    republic.decide()
    with pytest.raises(Refused) as caught:
        require_nothing_new(since=counted, now=republic.project)
    assert caught.value.code == "release.decided-meanwhile"
