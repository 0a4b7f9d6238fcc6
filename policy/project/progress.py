"""The steps of a project, and which members have taken each step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.project import Entry, Project, ReleaseRecord, RunRecord
from policy.project.naming import IDS, Naming, joined
from policy.project.row_counts import rows_gone
from policy.project.transfers import TransferState
from policy.statements import (
    Accepted,
    AnyBody,
    Body,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Decided,
    EpochOpened,
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
    """One step of the protocol, and the members, runs or releases that have done it.

    `at` is the time of the last statement of it (Unix seconds), None if there is none.
    """

    kind: type[AnyBody]
    done: bool
    by: Words
    at: int | None = None

    @property
    def name(self) -> str:
        return self.kind.TYPE.removeprefix("padan/")

    @property
    def title(self) -> Words:
        return self.kind.TITLE


def steps_done(state: Project, naming: Naming = IDS) -> list[ProgressStep]:
    """All steps, in the order of the protocol."""
    charter = state.charter
    steps = []
    for kind in (CharterBody, Committed, Revealed, Confirmed):
        who = state.signed_by() if kind is CharterBody else set(state.by_sender(kind))
        owed = set(charter.party_ids) - who
        by = _names(naming.members(sorted(who)), naming.members(sorted(owed)))
        # A charter states no time; its key epoch opens when all have signed.
        at = _last(state, EpochOpened if kind is CharterBody else kind)
        steps.append(ProgressStep(kind, not owed, by, at))
    sent = sorted(state.bundles())
    owed = set(charter.dataset_ids) - set(sent)
    by = _names(_sent(state, sent, naming), joined([naming.dataset(each) for each in sorted(owed)]))
    steps.append(ProgressStep(BundleManifest, not owed, by, _last(state, Accepted)))
    steps.append(_run_step(state))
    steps.append(_decision_step(state))
    released = [state.release(e.body.release) for e in state.released()]
    steps.append(_receipt_step(state, released, naming))
    if state.transfers():
        steps.append(_transfer_step(state, naming))
    return steps


def _last(state: Project, kind: type[AnyBody]) -> int | None:
    """When the last statement of that kind was made."""
    times = [e.body.at for e in state.of(kind) if isinstance(e.body, Body)]
    return max(times, default=None)


def _run_step(state: Project) -> ProgressStep:
    ordered = {run.name: run for run in state.runs()}
    finished = sorted(name for name, run in ordered.items() if run.finished)
    owed = sorted(ordered.keys() - set(finished))
    done = bool(finished) and not owed
    by = _names(*(joined([IDS.same(each) for each in names]) for names in (finished, owed)))
    return ProgressStep(RunFinished, done, by, _last(state, RunFinished))


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
    done = bool(said) and not open_ones
    return ProgressStep(Decided, done, verdicts, _last(state, Decided))


def _is_outdated(state: Project, stage: Entry) -> bool:
    """Whether rows were withdrawn after the stage, so that a new stage is needed."""
    return state.charter.law != FIRST_LAW and bool(rows_gone(state, stage.index))


def _is_stale(state: Project, run: RunRecord) -> bool:
    """Whether rows of its run were withdrawn; under the first law it cannot be staged again."""
    finished = run.finished is not None
    return finished and state.charter.law == FIRST_LAW and bool(rows_gone(state, run.order.index))


def _sent(state: Project, datasets: list[str], naming: Naming) -> Words:
    """The datasets, each with its number of deltas."""
    deltas = Counter(delta.dataset for delta in state.deltas())
    names = []
    for each in datasets:
        name, more = naming.dataset(each), f" (+{deltas[each]} delta)" if deltas[each] else ""
        names.append(Words(f"{name.id}{more}", f"{name.en}{more}"))
    return joined(names)


def _receipt_step(state: Project, released: list[ReleaseRecord], naming: Naming) -> ProgressStep:
    """For each release: who has signed a receipt for every file, and who has not yet."""
    lines = []
    complete = bool(released)
    for release in released:
        owing = {e.file.recipient for e in release.released_files if not e.is_opened}
        signed = sorted(release.recipients - owing)
        complete = complete and not owing
        by = _names(naming.members(signed), naming.members(sorted(owing)))
        lines.append(Words(f"{release.name}: {by.id}", f"{release.name}: {by.en}"))
    return ProgressStep(Received, complete, joined(lines, "; "), _last(state, Received))


def _transfer_step(state: Project, naming: Naming) -> ProgressStep:
    """For each transfer of attributes: how far it is, and whose vote is missing."""
    told, done = [], True
    for record in state.transfers():
        how = record.state(record.request.body.at)
        done = done and how not in _TRANSFER_OPEN
        who = naming.members(record.awaited() if how == "voting" else ())
        words = TRANSFER_STATES[how]
        told.append(
            Words(
                f"{record.name}: {words.id}" + (f" ({who.id})" if who.id else ""),
                f"{record.name}: {words.en}" + (f" ({who.en})" if who.en else ""),
            )
        )
    by = joined(told, "; ")
    return ProgressStep(TransferReceived, done, by, _last(state, TransferReceived))


def _names(listed: Words, missing: Words) -> Words:
    if not missing.id:
        return listed
    if not listed.id:
        return Words(f"belum: {missing.id}", f"missing: {missing.en}")
    return Words(f"{listed.id} (belum: {missing.id})", f"{listed.en} (missing: {missing.en})")
