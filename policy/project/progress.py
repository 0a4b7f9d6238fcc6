"""The steps of a project, and which members have taken each step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.project import Entry, Project, ReleaseRecord, RunRecord, TransferRecord
from policy.project.row_counts import rows_gone
from policy.project.transfers import TransferState
from policy.statements import (
    AnyBody,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Decided,
    Received,
    Revealed,
    RunFinished,
    TransferReceived,
)

_VERDICTS = {"released": Words("dirilis", "released"), "refused": Words("ditolak", "refused")}
_STALE = Words("tidak dapat dirilis lagi: barisnya berubah", "out of date: its rows changed")
_WAITS = {
    "stage": Words("belum disiapkan", "not staged yet"),
    "decision": Words("menunggu keputusan", "awaiting decision"),
}


TRANSFER_STATES: dict[TransferState, Words] = {
    "voting": Words("menunggu suara", "awaiting votes"),
    "approved": Words("disetujui, belum dikirim", "approved, not sent yet"),
    "sent": Words("dikirim, belum dibuka", "sent, not opened yet"),
    "received": Words("diterima", "received"),
    "refused": Words("ditolak", "refused"),
    "expired": Words("kedaluwarsa", "expired"),
}
_TRANSFER_OPEN = ("voting", "approved", "sent")


@dataclass(frozen=True)
class ProgressStep:
    """One step of the protocol, and the members, runs or releases that have done it."""

    kind: type[AnyBody]
    done: bool
    by: Words

    @property
    def name(self) -> str:
        return self.kind.TYPE.removeprefix("padan/")

    @property
    def title(self) -> Words:
        return self.kind.TITLE


def steps_done(state: Project) -> list[ProgressStep]:
    """All steps, in the order of the protocol."""
    charter = state.charter
    steps = []
    for kind in (CharterBody, Committed, Revealed, Confirmed):
        who = state.signed_by() if kind is CharterBody else set(state.by_sender(kind))
        owed = set(charter.party_ids) - who
        steps.append(ProgressStep(kind, not owed, _names(sorted(who), sorted(owed))))
    sent = sorted(state.bundles())
    owed = set(charter.dataset_ids) - set(sent)
    steps.append(ProgressStep(BundleManifest, not owed, _names(_sent(state, sent), sorted(owed))))
    steps.append(_run_step(state))
    steps.append(_decision_step(state))
    steps.append(_receipt_step([state.release(e.body.release) for e in state.released()]))
    if state.transfers():
        steps.append(_transfer_step(state.transfers()))
    return steps


def _run_step(state: Project) -> ProgressStep:
    ordered = {run.name: run for run in state.runs()}
    finished = sorted(name for name, run in ordered.items() if run.finished)
    owed = sorted(ordered.keys() - set(finished))
    done = bool(finished) and not owed
    return ProgressStep(RunFinished, done, _names(finished, owed))


def _decision_step(state: Project) -> ProgressStep:
    releases = state.releases()
    said = []
    for release in releases:
        if release.decision is not None:
            said.append((release.name, _VERDICTS[release.decision.body.verdict]))
        elif release.stage is not None and not _is_outdated(state, release.stage):
            said.append((release.name, _WAITS["decision"]))
        elif _is_stale(state, release.run):
            said.append((release.name, _STALE))
        else:
            said.append((release.name, _WAITS["stage"]))
    open_ones = [each for _, each in said if each in _WAITS.values()]
    verdicts = Words(
        ", ".join(f"{release}: {each.id}" for release, each in said),
        ", ".join(f"{release}: {each.en}" for release, each in said),
    )
    return ProgressStep(Decided, bool(said) and not open_ones, verdicts)


def _is_outdated(state: Project, stage: Entry) -> bool:
    """Whether rows were withdrawn after the stage, so that a new stage is needed."""
    return state.charter.law != FIRST_LAW and bool(rows_gone(state, stage.index))


def _is_stale(state: Project, run: RunRecord) -> bool:
    """Whether rows of its run were withdrawn; under the first law it cannot be staged again."""
    finished = run.finished is not None
    return finished and state.charter.law == FIRST_LAW and bool(rows_gone(state, run.order.index))


def _sent(state: Project, datasets: list[str]) -> list[str]:
    """The datasets, each with its number of deltas."""
    deltas = Counter(delta.dataset for delta in state.deltas())
    return [f"{each} (+{deltas[each]} delta)" if deltas[each] else each for each in datasets]


def _receipt_step(released: list[ReleaseRecord]) -> ProgressStep:
    """For each release: who has signed a receipt for every file, and who has not yet."""
    lines = []
    complete = bool(released)
    for release in released:
        owing = {e.file.recipient for e in release.released_files if not e.is_opened}
        signed = sorted(release.recipients - owing)
        complete = complete and not owing
        lines.append((release.name, ", ".join(signed) or "-", ", ".join(sorted(owing))))
    by = Words(
        "; ".join(f"{r}: {s}" + (f" (belum: {o})" if o else "") for r, s, o in lines),
        "; ".join(f"{r}: {s}" + (f" (missing: {o})" if o else "") for r, s, o in lines),
    )
    return ProgressStep(Received, complete, by)


def _transfer_step(transfers: list[TransferRecord]) -> ProgressStep:
    """For each transfer of attributes: how far it is, and whose vote is missing."""
    told, done = [], True
    for record in transfers:
        state = record.state(record.request.body.at)
        done = done and state not in _TRANSFER_OPEN
        who = ", ".join(record.awaited()) if state == "voting" else ""
        words = TRANSFER_STATES[state]
        told.append(
            Words(
                f"{record.name}: {words.id}" + (f" ({who})" if who else ""),
                f"{record.name}: {words.en}" + (f" ({who})" if who else ""),
            )
        )
    by = Words("; ".join(each.id for each in told), "; ".join(each.en for each in told))
    return ProgressStep(TransferReceived, done, by)


def _names(names: list[str], owed: list[str]) -> Words:
    listed, missing = ", ".join(names), ", ".join(owed)
    return Words(
        f"{listed} (belum: {missing})".lstrip() if owed else listed,
        f"{listed} (missing: {missing})".lstrip() if owed else listed,
    )
