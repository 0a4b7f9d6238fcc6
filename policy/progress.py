"""Where a project stands: its steps, and who has taken each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policy.project import Project, body_of
from policy.statements import (
    CharterBody,
    Committed,
    Confirmed,
    Decided,
    Revealed,
    RunFinished,
    Staged,
    StagedFile,
)
from policy.words import Words

_TITLES = {
    "charter": Words("Piagam ditandatangani", "Charter signed"),
    "commit": Words("Komitmen", "Committed"),
    "reveal": Words("Bagian rahasia dibuka", "Shares revealed"),
    "confirm": Words("Kunci dikonfirmasi", "Keys confirmed"),
    "bundle": Words("Data terkirim", "Data uploaded"),
    "run": Words("Pemadanan selesai", "Matched"),
    "decision": Words("Keputusan rilis", "Release decided"),
    "receipt": Words("Tanda terima", "Receipts"),
}
_VERDICTS = {"released": Words("dirilis", "released"), "refused": Words("ditolak", "refused")}


@dataclass(frozen=True)
class Step:
    """One step of the protocol: have all done it, and who has (members, datasets, runs)."""

    name: str
    done: bool
    by: Words

    @property
    def title(self) -> Words:
        return _TITLES[self.name]


def steps_done(state: Project) -> list[Step]:
    """In the order of the protocol."""
    charter = state.charter
    parties = set(charter.party_ids)
    steps = []
    for kind in (CharterBody, Committed, Revealed, Confirmed):
        done = {e.statement.sender for e in state.of(kind)}
        steps.append(Step(kind.TYPE.removeprefix("padan/"), parties <= done, _names(sorted(done))))
    sent = sorted(state.bundles())
    steps.append(Step("bundle", set(charter.dataset_ids) <= set(sent), _names(_sent(state, sent))))
    runs = sorted(e.statement.binding.run for e in state.of(RunFinished))
    steps.append(Step("run", bool(runs), _names(runs)))
    decided = [body_of(e, Decided) for e in state.of(Decided)]
    verdicts = Words(
        ", ".join(f"{d.release}: {_VERDICTS[d.verdict].id}" for d in decided),
        ", ".join(f"{d.release}: {_VERDICTS[d.verdict].en}" for d in decided),
    )
    steps.append(Step("decision", bool(decided), verdicts))
    steps.append(_receipt_step(state, [d.release for d in decided if d.verdict == "released"]))
    return steps


def _sent(state: Project, datasets: list[str]) -> list[str]:
    """Each with the number of its deltas."""
    deltas = Counter(delta.dataset for delta in state.deltas())
    return [f"{each} (+{deltas[each]} delta)" if deltas[each] else each for each in datasets]


@dataclass(frozen=True)
class Receipt:
    """One released file: has its recipient signed that it was opened?"""

    file: StagedFile
    signed: bool


def receipts(state: Project, release: str) -> tuple[Receipt, ...]:
    """Of every file of a release; none of one that was not released."""
    decision = state.decision(release)
    if decision is None or body_of(decision, Decided).verdict != "released":
        return ()
    staged = body_of(state.entry(body_of(decision, Decided).stage), Staged)
    return tuple(Receipt(file, state.has_receipt(release, file)) for file in staged.files)


def _receipt_step(state: Project, released: list[str]) -> Step:
    """Who has signed for all of its files, and who owes a receipt, release by release."""
    lines = []
    complete = bool(released)
    for release in released:
        of_release = receipts(state, release)
        owing = {each.file.recipient for each in of_release if not each.signed}
        signed = sorted({each.file.recipient for each in of_release} - owing)
        complete = complete and not owing
        lines.append((release, ", ".join(signed) or "-", ", ".join(sorted(owing))))
    by = Words(
        "; ".join(f"{r}: {s}" + (f" (belum: {o})" if o else "") for r, s, o in lines),
        "; ".join(f"{r}: {s}" + (f" (missing: {o})" if o else "") for r, s, o in lines),
    )
    return Step("receipt", complete, by)


def _names(names: list[str]) -> Words:
    listed = ", ".join(names)
    return Words(listed, listed)
