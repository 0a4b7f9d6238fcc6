"""5. Every decision, evaluated again from the opened facts, is the one in the log.

Whether the facts themselves are true, a second operator finds out by repeating the run
(`padan-linkage rerun`); its verdict is a statement in the log and is looked at here.
"""

from __future__ import annotations

from policy.cases import release_case
from policy.decision import Outcome, release_gate
from policy.errors import PadanError, Unverified
from policy.evidence.case import Case
from policy.evidence.checks.breaches import DECISIONS, breaches_in
from policy.evidence.report import Finding
from policy.facts import DomainFacts, ReleaseFacts, RunFacts, release_facts
from policy.inputs import change_since
from policy.project import Entry, body_of
from policy.statements import Decided, Rerun, RunFinished, Staged
from policy.words import Words

ID = DECISIONS
TITLE = Words("Keputusan dievaluasi ulang", "Decisions evaluated again")


def check(case: Case) -> list[Finding]:
    decided = [_decision(case, entry) for entry in case.project.of(Decided)]
    runs = [_run(case, entry) for entry in case.project.of(RunFinished)]
    return [*decided, *runs, *_facts(case), *breaches_in(case, ID)]


def _facts(case: Case) -> list[Finding]:
    """Opened facts that do not open what a run or stage committed to are nobody's facts."""
    committed = {body_of(e, RunFinished).facts: e for e in case.project.of(RunFinished)}
    committed |= {body_of(e, Staged).facts: e for e in case.project.of(Staged)}
    false = [name for name in case.bundle.facts if name not in committed or not case.facts(name)]
    if not false:
        return []
    named = [committed[name].statement.binding.run for name in false if name in committed]
    runs = ", ".join(sorted(named)) or "-"
    return [
        Finding(
            "decisions.facts",
            "failed",
            Words(
                f"{len(false)} berkas fakta bukan fakta yang tercatat; pemadanan: {runs}.",
                f"{len(false)} files of facts are not what was committed to; runs: {runs}.",
            ),
            tuple(committed[name].index for name in false if name in committed),
        )
    ]


def evaluate(case: Case, entry: Entry) -> Outcome | None:
    """The release gate as it stood at a decision; None if its facts are not opened."""
    decided = body_of(entry, Decided)
    stage = case.project.entry(decided.stage)
    opened = case.facts(body_of(stage, Staged).facts)
    if opened is None:
        return None
    before = case.project.until(entry.index)
    _require_same_counts(case, stage, release_facts(opened))
    return release_gate(release_case(before, decided.release, release_facts(opened), decided.at))


def _require_same_counts(case: Case, entry: Entry, facts: ReleaseFacts) -> None:
    """A stage counts in its domains what its run counted, less rows that left since.

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
                "facts.counts",
                Words(
                    "Hitungan tahapan rilis berbeda dari hitungan pemadanannya.",
                    "The stage's counts differ from those of its run.",
                ),
                Words("Minta layanan menjelaskannya.", "Ask the service to explain."),
            )


def _gone_since_run(case: Case, stage: Entry) -> dict[str, int]:
    """By dataset, the most rows that can have left between a run's order and its stage."""
    staged, project = body_of(stage, Staged), case.project.until(stage.index)
    if not staged.withdrawn:
        return {}
    order = project.entry(body_of(project.entry(staged.run), RunFinished).order)
    names = project.charter.dataset_ids
    return {name: change_since(project, name, order.index).gone for name in names}


def _fits(counts: DomainFacts, run: DomainFacts, gone: dict[str, int]) -> bool:
    """Equal where nothing left; else no more than the run counted, and no fewer than must stay.

    With each row that leaves, its group may end: all of its rows then match no more.
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


def _decision(case: Case, entry: Entry) -> Finding:
    decided = body_of(entry, Decided)
    id_, name = f"decisions.{decided.release}", decided.release
    try:
        staged = body_of(case.project.entry(decided.stage), Staged)
        outcome = evaluate(case, entry)
    except PadanError as error:
        return Finding(
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
        return Finding(
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
    same = outcome.rules() == decided.rules and outcome.verdict == decided.verdict
    return Finding(
        id_,
        "proved" if same else "failed",
        _said(name, decided, outcome, same),
        (entry.index,),
    )


def _said(name: str, decided: Decided, outcome: Outcome, same: bool) -> Words:
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
    failing = [f.rule.title for f in outcome.findings if not f.passed]
    return Words(
        f"{name}: ditolak karena {'; '.join(w.id for w in failing)}.",
        f"{name}: refused because of {'; '.join(w.en for w in failing)}.",
    )


def _run(case: Case, entry: Entry) -> Finding:
    """What was found: the service's word, unless a second operator repeated the run."""
    finished, name = body_of(entry, RunFinished), entry.statement.binding.run
    verdicts = [(e, body_of(e, Rerun)) for e in case.project.named(Rerun, name)]
    verdicts = [(e, rerun) for e, rerun in verdicts if rerun.finished == entry.digest]
    entries = (entry.index, *(e.index for e, _ in verdicts))
    differing = [e.statement.sender for e, rerun in verdicts if not rerun.confirms(finished)]
    if differing:
        names = ", ".join(differing)
        return Finding(
            f"decisions.rerun.{name}",
            "failed",
            Words(
                f"Pemadanan {name}: {names} mengulanginya dan mendapat hasil lain.",
                f"Run {name}: {names} repeated it and came to another result.",
            ),
            entries,
        )
    if verdicts:
        names = ", ".join(e.statement.sender for e, _ in verdicts)
        return Finding(
            f"decisions.rerun.{name}",
            "attested",
            Words(
                f"Pemadanan {name}: {names} mengulanginya dengan hasil yang sama.",
                f"Run {name}: {names} repeated it and came to the same result.",
            ),
            entries,
        )
    return Finding(
        f"decisions.rerun.{name}",
        "asserted",
        Words(
            f"Pemadanan {name}: hasilnya dinyatakan layanan; operator kedua dapat mengulanginya.",
            f"Run {name}: the result is the service's word; a second operator can repeat it.",
        ),
        entries,
    )
