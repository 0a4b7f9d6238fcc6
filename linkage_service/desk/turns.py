"""The coordinator's steps in a project: start a run, stage a release, decide on it.

The commands, `padan-linkage go` and the operator's page take them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from policy.base.errors import Refused, Unreachable
from policy.base.words import Words
from policy.formats.http_api import DecidedRelease, RunState, StagedRelease
from policy.project.turn import Turn
from policy.wire.due import due, sync_begun
from policy.wire.session import Session

_POLL_SECONDS = 0.2
_OWN = ("run", "stage", "decision")
# Is told how far a run is while it is waited for.
Progress = Callable[[RunState], None]


@dataclass(frozen=True)
class TurnTaken:
    """A step that was taken, in words and as facts."""

    name: str
    about: str
    words: Words
    facts: dict[str, Any] = field(default_factory=dict)


def turns_taken(
    session: Session, progress: Progress, begun: set[str] | None = None
) -> Iterator[TurnTaken]:
    """Take every step that is the coordinator's, each once; raises NotYet without a charter.

    The runs in `begun` are left alone, and those that are begun here are added to it: who gives
    the same set to each round begins a run once, and a person goes on with one that was stopped.
    Afterwards `due(session)` tells what is still due.
    """
    begun = set() if begun is None else begun
    tried = {("run", run) for run in begun}
    while True:
        sync_begun(session)
        mine = [t for t in due(session) if t.step in _OWN and session.me.member.id in t.who]
        turn = next((each for each in mine if (each.step, each.about) not in tried), None)
        if turn is None:
            return
        tried.add((turn.step, turn.about))
        yield _take(session, turn, progress, begun)


def _take(session: Session, turn: Turn, progress: Progress, begun: set[str]) -> TurnTaken:
    about = turn.about
    if turn.step == "run":
        state = _run(session, about, progress, begun)
        return TurnTaken("run", about, _ended_words(state), {"state": state.state})
    if turn.step == "stage":
        staged = stage_release(session, about)
        facts = {"unmendable": staged.unmendable}
        return TurnTaken("stage", about, staged_words(about, staged), facts)
    decided = decide_release(session, about)
    failing = [each.rule for each in decided.rules if not each.passed]
    names = ", ".join(failing)
    words = Words(f"✓ {about} dirilis.", f"✓ {about} is released.")
    if failing:
        words = Words(f"✗ {about} ditolak: {names}.", f"✗ {about} is refused: {names}.")
    return TurnTaken("decide", about, words, {"verdict": decided.verdict, "failing": failing})


def _run(session: Session, run: str, progress: Progress, begun: set[str]) -> RunState:
    """Begin a run and wait for its end; it is begun once the service has taken it."""
    state = start(session, run)
    begun.add(run)
    try:
        return finished(session, run, state, progress)
    except Unreachable:  # its end is not known: one at work is left alone by the next start
        begun.discard(run)
        raise


def _ended_words(state: RunState) -> Words:
    if state.state == "cancelled":
        return Words(
            f"✗ Pemadanan {state.run} dihentikan; 'padan-linkage start-run' meneruskannya.",
            f"✗ Run {state.run} is stopped; 'padan-linkage start-run' goes on with it.",
        )
    ended = {"done": "selesai", "waiting": "menunggu"}.get(state.state, state.state)
    return Words(f"✓ Pemadanan {state.run}: {ended}", f"✓ Run {state.run}: {state.state}")


def start(session: Session, run: str) -> RunState:
    """Start a run, or resume it."""
    return RunState.model_validate_json(session.post(f"{_path(session, run)}/start"))


def finished(session: Session, run: str, state: RunState, progress: Progress) -> RunState:
    """Wait for the end of a run that was started; raises Refused if it failed."""
    while state.state == "running":
        time.sleep(_POLL_SECONDS)
        state = RunState.model_validate_json(session.get(_path(session, run)))
        progress(state)
    if state.state == "failed":
        raise _failed(state)
    return state


def _path(session: Session, run: str) -> str:
    return f"/projects/{session.project_id}/runs/{run}"


def stage_release(session: Session, release: str) -> StagedRelease:
    """Draw the IDs of a release and seal the files."""
    path = f"/projects/{session.project_id}/releases/{release}/stage"
    return StagedRelease.model_validate_json(session.post(path))


def decide_release(session: Session, release: str, *, final: bool = False) -> DecidedRelease:
    """Decide on a release; raises NotYet while approvals can still come, unless `final`."""
    path = f"/projects/{session.project_id}/releases/{release}/decide"
    answer = session.post(path, params={"final": str(final).lower()})
    return DecidedRelease.model_validate_json(answer)


def staged_words(release: str, staged: StagedRelease) -> Words:
    """That it waits for approvals; or that no approval can help, and why."""
    failing = ", ".join(staged.unmendable)
    waits = Words(
        f"{release} disiapkan; menunggu persetujuan.",
        f"{release} is staged; it waits for approvals.",
    )
    in_vain = Words(
        f"{release} disiapkan, tetapi tidak akan dirilis walaupun semua menyetujui: {failing}."
        " 'padan-linkage decide' menolaknya.",
        f"{release} is staged, but will not be released even if everybody approves: {failing}."
        " 'padan-linkage decide' refuses it.",
    )
    return in_vain if failing else waits


def _failed(state: RunState) -> Refused:
    """An error with the problem and the advice of the run's own error, if it is known."""
    said = state.reason or {part: {"id": "", "en": ""} for part in ("problem", "hint")}
    problem, hint = said["problem"], said["hint"]
    return Refused(
        f"run.failed.{state.error}",
        Words(
            f"Pemadanan gagal. {problem['id']}".rstrip(),
            f"The run failed. {problem['en']}".rstrip(),
        ),
        Words(
            f"{hint['id']} Jalankan lagi 'padan-linkage start-run' setelah sebabnya diatasi: petak"
            " yang selesai tidak diulang. docs/reference/errors.md menjelaskan kodenya.".strip(),
            f"{hint['en']} Run 'padan-linkage start-run' again when its cause is corrected:"
            " finished"
            " tiles are not repeated. docs/reference/errors.md explains the code.".strip(),
        ),
    )
