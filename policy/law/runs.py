"""A run: its order, its execution, the handover to a second operator and its rerun."""

from __future__ import annotations

from itertools import combinations

from policy.base.error_codes import PolicyCode
from policy.law.conditions import (
    is_second_operator,
    require_covered,
    require_entitled,
    require_first_time,
    require_party,
    require_run_gate,
    require_service,
)
from policy.law.step import Step
from policy.project import not_yet, refused, taken
from policy.retention.conditions import require_rows
from policy.statements import (
    Counted,
    HandedOver,
    Rerun,
    RunFinished,
    RunOrder,
    Staged,
    pair_name,
)


def order(step: Step, body: RunOrder) -> None:
    """Judges an order: by a party, once for each name, with all bundles and the run gate."""
    require_party(step.project, step.sender)
    missing = sorted(set(step.project.charter.dataset_ids) - step.project.bundles().keys())
    if missing:
        names = ", ".join(missing)
        raise not_yet(
            PolicyCode.PROJECT_WAIT_BUNDLE,
            f"Bundel belum diterima: {names}.",
            f"Bundles still missing: {names}.",
        )
    require_first_time(step.project.run(step.statement.binding.run).is_ordered)
    if not step.statement.binding.run:
        raise refused(
            PolicyCode.PROJECT_RUN, "Perintah harus bernama.", "An order must name its run."
        )
    require_run_gate(step.project, body.at, step.statement)
    require_rows(step.project, body.at)


def count(step: Step, body: Counted) -> None:
    """Judges the service's count of other orders: once for each order, for every two parties."""
    require_service(step.project, step.sender)
    order_entry = step.project.entry(body.order, RunOrder)
    require_first_time(step.project.counted(order_entry.statement) is not None)
    pairs = {pair_name(*pair) for pair in combinations(step.project.charter.party_ids, 2)}
    if body.elsewhere.keys() != pairs or min(body.elsewhere.values()) < 0:
        raise refused(
            PolicyCode.PROJECT_BUDGET,
            "Hitungan harus memuat setiap dua pihak piagam ini, tidak lebih.",
            "A count has every two parties of this charter and no others.",
        )


def run(step: Step, body: RunFinished) -> None:
    """Judges the end of a run: by the service, once, as ordered, on the rows at the order."""
    require_service(step.project, step.sender)
    order_entry = step.project.entry(body.order, RunOrder)
    order = order_entry.body
    require_first_time(step.project.run(step.statement.binding.run).finished is not None)
    require_covered(step.project, [order_entry], step.cosigned)
    require_rows(step.project, body.at)
    if step.project.charter.budget.across_charters is not None:
        taken(step.project.counted(order_entry.statement), "budget")
    require_run_gate(step.project, body.at, order_entry.statement)
    executed = (body.thresholds_ppm, body.nik_floor_ppm, step.statement.binding.run)
    ordered = (order.thresholds_ppm, order.nik_floor_ppm, order_entry.statement.binding.run)
    stood = step.project.until(order_entry.index).commitments()
    bundles = {dataset: entry.digest for dataset, entry in stood.items()}
    if executed != ordered or body.bundles != bundles:
        raise refused(
            PolicyCode.PROJECT_EXECUTED,
            "Yang dijalankan berbeda dari yang diperintahkan.",
            "What was executed differs from what was ordered.",
        )


def handed_over(step: Step, body: HandedOver) -> None:
    """Judges a handover: by the service, of all accepted bundles, to a second operator."""
    require_service(step.project, step.sender)
    require_rows(step.project, body.at)
    recipient = step.project.roster.member(body.to)
    require_entitled(is_second_operator(step.project, recipient), recipient)
    if body.bundles != tuple(entry.digest for entry in step.project.accepted()):
        raise refused(
            PolicyCode.PROJECT_HANDED_OVER,
            "Serahan memuat semua bundel yang diterima, tidak kurang dan tidak lebih.",
            "A hand-over has all bundles that were accepted, no fewer and no more.",
        )


def rerun(step: Step, body: Rerun) -> None:
    """Judges a rerun: by a second operator, once for each run, on a witnessed end of the run."""
    require_entitled(is_second_operator(step.project, step.sender), step.sender)
    finished = step.project.entry(body.finished)
    require_entitled(
        finished.statement.binding.run == step.statement.binding.run
        and isinstance(finished.body, RunFinished),
        step.sender,
    )
    earlier = step.project.run(step.statement.binding.run).reruns
    require_first_time(step.sender.id in {entry.sender for entry in earlier})
    require_covered(step.project, [finished], step.cosigned)


def rerun_with_stages(step: Step, body: Rerun) -> None:
    """As `rerun`; the same auditor may also report on stages that it has not reported on yet."""
    require_entitled(is_second_operator(step.project, step.sender), step.sender)
    finished, name = step.project.entry(body.finished), step.statement.binding.run
    stages = [step.project.entry(each.stage) for each in body.stages]
    require_entitled(
        finished.statement.binding.run == name
        and isinstance(finished.body, RunFinished)
        and all(stage.of_kind(Staged).body.run == body.finished for stage in stages),
        step.sender,
    )
    named = [stage.digest for stage in stages]
    reruns = step.project.run(name).reruns
    said = [entry.body for entry in reruns if entry.sender == step.sender.id]
    known = {each.stage for rerun in said for each in rerun.stages}
    nothing_new = bool(said) and not set(named) - known
    require_first_time(nothing_new or len(set(named)) != len(named))
    require_covered(step.project, [finished, *stages], step.cosigned)
