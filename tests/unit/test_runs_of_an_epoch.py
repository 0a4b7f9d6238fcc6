"""Runs of one epoch: what deltas cost, which thresholds they have, which rows changed between."""

from __future__ import annotations

from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.errors import Refused
from policy.charter import FIRST_LAW, LATEST_LAW, LAWS, Charter
from policy.charter.allowances import COUNT_RULES, allowances, changed_runs
from policy.gates.cases import release_case
from policy.gates.rules import GATES
from policy.gates.rules.law2.changed_rows import RULE as CHANGED_ROWS
from policy.law.conditions import require_run_gate
from policy.project.row_counts import changes_between_orders
from policy.statements import Accepted, Delta, ReleaseRequest, RunOrder, Withdrawn
from tests.support.republic import Republic, charter_from, charter_tree, scoped

ROWS = 1032


def republic(law: str, step: str = "run", runs: int = 3, **matching: Any) -> Republic:
    tree = {**charter_tree(), "law": law}
    tree["budget"] = {"runs": runs, "releases": 4, "runs_each": runs}
    tree["matching"].update(matching)
    played = Republic(tree=scoped(tree))
    for name in ("charter_step", "commit", "reveal", "confirm", "bundle"):
        getattr(played, name)()
    order(played, "run-1")
    if step == "run":
        played.run()
    return played


def order(played: Republic, run: str, **change: Any) -> str:
    digest = played.say("dinsos", played.run_order(**change), run=run)
    played.order_digest = digest
    played.witness()
    return digest


def delta(played: Republic, dataset: str = "dtks", added: int = 20, withdrawn: int = 20) -> None:
    owner = played.charter.dataset(dataset).owner
    stands = played.project.commitments()[dataset]
    fields = played.manifest(dataset).model_dump(exclude={"count", "handle_root"})
    body = Delta.model_validate(
        {
            **fields,
            "count": ROWS + added - withdrawn,
            "handle_root": sha256(stands.digest.encode()),
            "replaces": stands.digest,
            "left": sha256(b"left"),
            "added": added,
            "changed": 0,
            "withdrawn": withdrawn,
        }
    )
    digest = played.say(owner, body)
    played.say("service", Accepted(at=played.now, dataset=dataset, bundle=digest))
    played.witness()


# -- deltas spend budget -----------------------------------------------------------------------


def targets(law: str, runs: int) -> int:
    """How many runs a party orders when it changes its rows before each: one target a run."""
    played, ordered = republic(law, runs=runs), 1
    for number in range(2, 20):
        delta(played)
        try:
            order(played, f"run-{number}")
        except Refused:
            return ordered
        ordered += 1
    raise AssertionError("the budget has no end")


@pytest.mark.parametrize("runs", [1, 3, 6])
def test_a_run_over_changed_rows_costs_more(runs: int) -> None:
    for law in LAWS:
        tree = {**charter_tree(), "law": law, "budget": {"runs": runs, "releases": 1}}
        assert targets(law, runs) == changed_runs(charter_from(tree))
    assert targets(FIRST_LAW, runs) == runs  # the negative control: a delta was free


def test_what_a_delta_costs_is_counted_by_party_and_between_orders() -> None:
    played = republic(LATEST_LAW, runs=9)
    delta(played)
    assert changes_between_orders(played.project) == 0
    assert changes_between_orders(played.project, pending=True) == 1
    delta(played, "carik")
    order(played, "run-2")
    assert changes_between_orders(played.project) == 2
    order(played, "run-3")
    assert changes_between_orders(played.project, pending=True) == 2


def test_deltas_before_the_first_order_cost_nothing() -> None:
    played = Republic(tree=scoped(charter_tree())).to("bundle")
    played.witness()
    delta(played)
    assert changes_between_orders(played.project, pending=True) == 0


# -- thresholds --------------------------------------------------------------------------------

STRICTER = {"thresholds_ppm": {"utama": 900_000}}


def test_all_runs_of_an_epoch_have_the_same_thresholds() -> None:
    order(republic(FIRST_LAW), "run-2", **STRICTER)  # the negative control
    order(republic(LATEST_LAW), "run-2")
    for change in (STRICTER, {"nik_floor_ppm": 600_000}):
        with pytest.raises(Refused) as refused:
            order(republic(LATEST_LAW), "run-2", **change)
        assert refused.value.code == "gate.run.parameters"


def test_a_charter_may_let_thresholds_vary_and_says_so() -> None:
    played = republic(LATEST_LAW, vary_thresholds=True)
    order(played, "run-2", **STRICTER)
    assert b"vary_thresholds" in played.charter.canonical()
    assert b"vary_thresholds" not in republic(LATEST_LAW).charter.canonical()


def test_an_earlier_run_stays_lawful_whatever_is_ordered_later() -> None:
    """The run gate holds again at each release: of the first run, only what came before counts."""
    played = republic(LATEST_LAW, vary_thresholds=True)
    first = played.project.of(RunOrder)[0]
    order(played, "run-2", **STRICTER)
    require_run_gate(played.project, played.now, first.statement)


# -- rows that changed between two staged runs -------------------------------------------------


def second_stage(added: int, withdrawn: int, *, law: str = LATEST_LAW, first: bool = True) -> str:
    """What the law says of a stage of a run after a delta of so many rows: "" or a code."""
    played = republic(law, runs=9)
    if first:
        played.request()
        played.stage()
    delta(played, added=added, withdrawn=withdrawn)
    order(played, "run-2")
    commitments = {d: e.digest for d, e in played.project.commitments().items()}
    finished = played.run_finished(bundles=commitments)
    played.run_digest = played.say("service", finished, run="run-2")
    domains = tuple(each.id for each in played.charter.domains)
    body = ReleaseRequest(at=played.now, release="rilis-2", domains=domains)
    played.request_digest = played.say("dinsos", body, run="run-2")
    try:
        played.say("service", played.staged(release="rilis-2"), run="rilis-2")
    except Refused as refused:
        played.force("service", played.staged(release="rilis-2"), run="rilis-2")
        code = refused.code
    else:
        code = ""
    # Asked again at the decision, of what the log holds.
    case = release_case(played.project, "rilis-2", None, played.now)
    assert CHANGED_ROWS.check(case).passed == ((law == LATEST_LAW and not code) or not first)
    return code


@pytest.mark.parametrize(
    ("added", "withdrawn", "holds"),
    [(1, 0, False), (0, 1, False), (9, 20, False), (10, 0, True), (10, 10, True)],
)
def test_few_changed_rows_keep_a_later_run_from_its_release(
    added: int, withdrawn: int, holds: bool
) -> None:
    assert second_stage(added, withdrawn) == ("" if holds else "project.changed-rows")
    # Nothing was told of the first run: there is nothing to subtract from.
    assert second_stage(added, withdrawn, first=False) == ""


def test_the_first_law_did_not_ask_it() -> None:
    assert second_stage(1, 0, law=FIRST_LAW) == ""  # the negative control
    asked = {law: {rule.id for rule in GATES[law].release} for law in LAWS}
    assert CHANGED_ROWS.id not in asked[FIRST_LAW]
    assert CHANGED_ROWS.id in asked[LATEST_LAW]
    assert not CHANGED_ROWS.needs_facts


def test_withdrawn_rows_are_changed_rows_and_cost_no_run() -> None:
    played = republic(LATEST_LAW, runs=9)
    body = Withdrawn(at=played.now, dataset="dtks", handles=sha256(b"h"), count=1)
    played.say("dinsos", body)
    assert changes_between_orders(played.project, pending=True) == 0


# -- what a charter allows ---------------------------------------------------------------------


def agreed(law: str, **release: Any) -> Charter:
    tree = {**charter_tree(), "law": law, "budget": {"runs": 3, "releases": 2}}
    tree["datasets"].append({**tree["datasets"][1], "id": "ppks"})
    tree["domains"] = [
        {"id": "semua", "datasets": ["regsosek", "dtks", "ppks", "carik"], "learn": ["dtks"]},
        {"id": "pasang", "datasets": ["dtks", "regsosek"], "learn": ["dtks"]},
    ]
    tree["release"].update(release)
    return charter_from(tree)


def test_bits_are_what_the_budgets_allow() -> None:
    dinsos = {law: _dinsos(agreed(law)) for law in LAWS}
    # Lists and domains in pairs: DTKS in two domains, PPKS in one; three runs.
    assert dinsos[FIRST_LAW].bits_before_stages == 3 * 3
    assert dinsos[LATEST_LAW].bits_before_stages == 0
    # A release tells of a row of DTKS: matched (twice), and whether PPKS has its ID; of PPKS: DTKS.
    assert dinsos[LATEST_LAW].bits_of_releases == 2 * (2 + 1 + 1)
    assert dinsos[LATEST_LAW].bits_of_counts == 2 * 3
    assert dinsos[LATEST_LAW].bits_of_refusals == 2 * COUNT_RULES
    assert dinsos[LATEST_LAW].bits == 8 + 6 + 6
    assert (dinsos[FIRST_LAW].smallest_cell, dinsos[LATEST_LAW].smallest_cell) == (1, 10)


def test_rules_on_counts_are_as_many_as_the_gates_have() -> None:
    of_counts = [rule for rule in GATES[LATEST_LAW].rules if rule.needs_facts]
    assert len(of_counts) == COUNT_RULES


def _dinsos(charter: Charter) -> Any:
    found = allowances(charter, charter.recipients())
    return next(each for each in found if each.recipient == ("dinsos",))
