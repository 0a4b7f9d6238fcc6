"""5. Every decision, evaluated again from the opened facts, is the one in the log.

A second operator finds out whether the facts are true, by repeating the run (`padan-linkage
rerun`). Its verdict is a statement in the log, which this check uses. Until a second operator has
recomputed the run and the stage, the counts are the service's word, and so is every decision that
depends on them. A refusal that the log alone explains does not depend on counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Unverified
from policy.base.words import Words
from policy.evidence.case import Case
from policy.evidence.checks.breaches import DECISIONS, breaches_in
from policy.evidence.report import CheckFinding, Standing
from policy.gates.cases import release_case
from policy.gates.decision import GateOutcome, release_gate
from policy.gates.facts import DomainFacts, ReleaseFacts, RunFacts, release_facts
from policy.project import Entry
from policy.project.row_counts import change_since
from policy.statements import Decided, Rerun, RunFinished, Staged

ID = DECISIONS
TITLE = Words("Keputusan dievaluasi ulang", "Decisions evaluated again")


def check(case: Case) -> list[CheckFinding]:
    decided = [_decision(case, entry) for entry in case.project.of(Decided)]
    runs = [_run(case, entry) for entry in case.project.of(RunFinished)]
    return [*decided, *runs, *_contradicted(case), *_facts(case), *breaches_in(case, ID)]


def _contradicted(case: Case) -> Iterator[CheckFinding]:
    """Stages whose cells or differences a second operator counted differently."""
    for entry in case.project.of(Rerun):
        for each in entry.body.stages:
            if each.counts == "different":
                stage = case.project.entry(each.stage, Staged)
                name, who = stage.body.release, entry.statement.sender
                yield CheckFinding(
                    f"decisions.counts.{name}",
                    "failed",
                    Words(
                        f"{name}: {who} menghitung ulang sel dan selisihnya dengan hasil lain.",
                        f"{name}: {who} recomputed its cells and differences, and they differ.",
                    ),
                    (stage.index, entry.index),
                )


def _facts(case: Case) -> list[CheckFinding]:
    """Opened facts that do not match the commitment of any run or stage."""
    committed: dict[str, Entry] = {e.body.facts: e for e in case.project.of(RunFinished)}
    committed |= {e.body.facts: e for e in case.project.of(Staged)}
    false = [name for name in case.bundle.facts if name not in committed or not case.facts(name)]
    if not false:
        return []
    named = [committed[name].statement.binding.run for name in false if name in committed]
    runs = ", ".join(sorted(named)) or "-"
    return [
        CheckFinding(
            "decisions.facts",
            "failed",
            Words(
                f"{len(false)} berkas fakta bukan fakta yang tercatat; pemadanan: {runs}.",
                f"{len(false)} files of facts are not what was committed to; runs: {runs}.",
            ),
            tuple(committed[name].index for name in false if name in committed),
        )
    ]


def evaluate(case: Case, entry: Entry[Decided]) -> GateOutcome | None:
    """The release gate at the time of a decision; None if its facts are not opened."""
    decided = entry.body
    stage = case.project.entry(decided.stage, Staged)
    opened = case.facts(stage.body.facts)
    if opened is None:
        return None
    before = case.project.until(entry.index)
    _require_same_counts(case, stage, release_facts(opened))
    return release_gate(release_case(before, decided.release, release_facts(opened), decided.at))


def counted_again(case: Case, stage: Entry[Staged]) -> tuple[Entry[Rerun], ...]:
    """The reruns with the same result of the run and the same counts of this stage."""
    finished = case.project.entry(stage.body.run, RunFinished)
    return tuple(
        rerun
        for rerun in case.project.of(Rerun)
        if rerun.body.finished == finished.digest
        and rerun.body.confirms_stage(finished.body, stage.digest)
    )


def _require_same_counts(case: Case, entry: Entry[Staged], facts: ReleaseFacts) -> None:
    """Checks that a stage's counts are those of its run, minus rows that left since.

    Raises Unverified.
    """
    opened = case.facts(facts.run)
    run = opened.facts if opened else None
    if not isinstance(run, RunFacts):
        return
    gone = _gone_since_run(case, entry)
    for name, counts in facts.domains.items():
        counted = run.domains.get(name)
        if counted is None or not _fits(counts, counted, gone):
            raise Unverified(
                PolicyCode.FACTS_COUNTS,
                Words(
                    "Hitungan berkas rilis berbeda dari hitungan pemadanannya.",
                    "The stage's counts differ from those of its run.",
                ),
                Words("Minta layanan menjelaskannya.", "Ask the service to explain."),
            )


def _gone_since_run(case: Case, stage: Entry[Staged]) -> dict[str, int]:
    """For each dataset, the most rows that can have left between a run's order and its stage."""
    staged, project = stage.body, case.project.until(stage.index)
    if not staged.withdrawn:
        return {}
    order = project.run_ended_by(staged.run).order
    names = project.charter.dataset_ids
    return {name: change_since(project, name, order.index).gone for name in names}


def _fits(counts: DomainFacts, run: DomainFacts, gone: dict[str, int]) -> bool:
    """Whether counts are equal, or where rows left, within the possible range.

    At most the run's count. Each row that leaves can end its group, and then none of the group's
    rows match any more; this bounds the count from below.
    """
    if not gone:
        return counts == run
    most = sum(gone.values())
    if counts.datasets.keys() != run.datasets.keys() or not 0 <= run.groups - counts.groups <= most:
        return False
    for name, now in counts.datasets.items():
        then = run.datasets[name]
        left = then.matched + then.unmatched - now.matched - now.unmatched
        if not 0 <= left <= gone[name] or now.matched > then.matched or now.verify > then.verify:
            return False
    return True


def _decision(case: Case, entry: Entry[Decided]) -> CheckFinding:
    decided = entry.body
    id_, name = f"decisions.{decided.release}", decided.release
    try:
        stage = case.project.entry(decided.stage, Staged)
        staged = stage.body
        outcome = evaluate(case, entry)
    except PadanError as error:
        return CheckFinding(
            id_,
            "failed",
            Words(
                f"{name}: tidak dapat dievaluasi: {error.problem.id}",
                f"{name}: cannot be evaluated: {error.problem.en}",
            ),
            (entry.index,),
        )
    if outcome is None:
        false = staged.facts in case.bundle.facts
        return CheckFinding(
            id_,
            "failed" if false else "asserted",
            Words(
                f"{name}: fakta yang dibuka bukan yang tercatat.",
                f"{name}: the facts opened are not those committed to.",
            )
            if false
            else Words(
                f"{name}: faktanya tidak dibuka di bundel ini.",
                f"{name}: its facts are not opened in this bundle.",
            ),
            (entry.index,),
        )
    if outcome.rules() != decided.rules or outcome.verdict != decided.verdict:
        return CheckFinding(
            id_, "failed", _said(name, decided, outcome, same=False), (entry.index,)
        )
    said, again = _said(name, decided, outcome, same=True), counted_again(case, stage)
    standing: Standing = "proved"
    if again:
        said = _and(said, counted_by(again))
    elif _rests_on_counts(outcome):
        by_log = _refused_by_log(outcome)
        said = _and(said, ALSO_BY_SERVICE if by_log else BY_SERVICE)
        standing = "proved" if by_log else "asserted"
    return CheckFinding(id_, standing, said, (entry.index, *(each.index for each in again)))


def _refused_by_log(outcome: GateOutcome) -> bool:
    """Whether a rule fails that needs no counts."""
    return any(not found.passed and not found.rule.needs_facts for found in outcome.findings)


def _rests_on_counts(outcome: GateOutcome) -> bool:
    """Whether the decision depends on counts: released, or refused by a rule that needs counts."""
    return outcome.passed or any(
        not found.passed and found.rule.needs_facts for found in outcome.findings
    )


ALSO_BY_SERVICE = Words(
    "Log saja sudah cukup untuk menolaknya; aturan tentang hitungan dinyatakan layanan saja.",
    "The log alone is reason enough; the rules on counts are the service's word.",
)
BY_SERVICE = Words(
    "Hitungannya dinyatakan layanan saja; operator kedua belum menghitungnya ulang.",
    "Its counts are the service's word; no second operator has recomputed them.",
)


def counted_by(again: tuple[Entry, ...]) -> Words:
    names = ", ".join(dict.fromkeys(each.statement.sender for each in again))
    return Words(f"Dihitung ulang oleh {names}.", f"Recomputed by {names}.")


def _and(said: Words, more: Words) -> Words:
    return Words(f"{said.id} {more.id}", f"{said.en} {more.en}")


def _said(name: str, decided: Decided, outcome: GateOutcome, *, same: bool) -> Words:
    if not same:
        said = {rule.rule: rule.passed for rule in decided.rules}
        other = [f.rule.title for f in outcome.findings if said.get(f.rule.id) != f.passed]
        return Words(
            f"{name}: evaluasi ulang memberi hasil lain: {'; '.join(w.id for w in other)}.",
            f"{name}: evaluated again, the result is another: {'; '.join(w.en for w in other)}.",
        )
    if outcome.passed:
        return Words(
            f"{name}: dirilis; semua aturan terpenuhi.", f"{name}: released; all rules hold."
        )
    failing = [f.rule for f in outcome.findings if not f.passed]
    return Words(
        f"{name}: ditolak; tidak terpenuhi: {'; '.join(rule.title.id for rule in failing)}.",
        f"{name}: refused; not fulfilled: {'; '.join(rule.title.en for rule in failing)}.",
    )


def _run(case: Case, entry: Entry[RunFinished]) -> CheckFinding:
    """The run's result: the service's word, unless a second operator repeated the run."""
    finished, name = entry.body, entry.statement.binding.run
    verdicts = [(e, e.body) for e in case.project.run(name).reruns]
    verdicts = [(e, rerun) for e, rerun in verdicts if rerun.finished == entry.digest]
    entries = (entry.index, *(e.index for e, _ in verdicts))
    differing = [e.statement.sender for e, rerun in verdicts if rerun.contradicts(finished)]
    if differing:
        names = ", ".join(differing)
        return CheckFinding(
            f"decisions.rerun.{name}",
            "failed",
            Words(
                f"Pemadanan {name}: {names} mengulanginya dan mendapat hasil lain.",
                f"Run {name}: {names} repeated it and got another result.",
            ),
            entries,
        )
    if verdicts:
        names = ", ".join(dict.fromkeys(e.statement.sender for e, _ in verdicts))
        closed = not any(rerun.confirms(finished) for _, rerun in verdicts)
        # The service and the auditors who repeated the run both say it.
        saying = {entry.statement.sender, *(e.statement.sender for e, _ in verdicts)}
        return CheckFinding(
            f"decisions.rerun.{name}",
            "attested",
            Words(
                f"Pemadanan {name}: {names} mengulanginya dengan hasil yang sama"
                + ("; hitungannya tidak dibuka." if closed else "."),
                f"Run {name}: {names} repeated it and got the same result"
                + ("; its counts were not opened." if closed else "."),
            ),
            entries,
            tuple(sorted({case.project.known(each).agency for each in saying})),
        )
    return CheckFinding(
        f"decisions.rerun.{name}",
        "asserted",
        Words(
            f"Pemadanan {name}: hasilnya dinyatakan layanan; operator kedua dapat mengulanginya.",
            f"Run {name}: the result is the service's word; a second operator can repeat it.",
        ),
        entries,
    )
