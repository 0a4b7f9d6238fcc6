"""Takes the steps that are due: what the command `go` and the page's one button share.

What only a person can answer is asked before, by each of them in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from encoder.released.attributes.open import open_attributes
from encoder.released.attributes.share import share
from encoder.steps.agree_keys import commit_share, confirm_keys, reveal_share
from encoder.steps.bundle import upload_bundle
from encoder.steps.next_acts import Act, ActName
from encoder.steps.open_release import open_all
from encoder.steps.sending import canary_plan, encode_rows_of, encoded_bundle
from encoder.steps.workspace import Workspace
from policy.base.words import Words
from policy.project import RunRecord
from policy.statements.kinds.received import CANARY_WORDS
from policy.terminal.local_page.jobs import Advance
from policy.wire.orders import next_release, next_run, order_run, request_release
from policy.wire.session import Session

# Shows the progress of long work with this label, of this many units; gives what advances it.
Progress = Callable[[Words, int], AbstractContextManager[Advance]]

# A person agrees to these first; their rows or their budget cannot be taken back.
DECIDED: frozenset[ActName] = frozenset({"commit", "order", "request"})
# Neither `take` does these: rows are prepared from a file, a charter is signed as a paper.
ELSEWHERE: frozenset[ActName] = frozenset({"prepare", "sign"})


@dataclass(frozen=True)
class StepTaken:
    """A step that was taken, in words and as facts."""

    act: Act
    words: Words
    facts: Mapping[str, Any] = field(default_factory=dict)


def take(
    session: Session, act: Act, progress: Progress, domains: tuple[str, ...] = ()
) -> Iterator[StepTaken]:
    """Take one step that is due; yields what was done. `domains` are those of a request."""
    if act.name == "commit":
        committed = commit_share(session)
        rows = {name: each.count for name, each in committed.datasets.items()}
        yield StepTaken(act, act.done, {"rows": rows})
    elif act.name == "reveal":
        reveal_share(session)
        yield StepTaken(act, act.done)
    elif act.name == "confirm":
        confirm_keys(session)
        yield StepTaken(act, act.done)
    elif act.name == "encode":
        yield _encode(session, act, progress)
    elif act.name == "upload":
        yield _upload(session, act, progress)
    elif act.name in ("order", "request"):
        yield _ask(session, act, domains)
    else:
        yield from _receive(session, act)


def finished_run(session: Session) -> RunRecord:
    """The latest run that has ended, of which a release can be requested."""
    return next(each for each in reversed(session.project.runs()) if each.finished is not None)


def _encode(session: Session, act: Act, progress: Progress) -> StepTaken:
    workspace, name = Workspace(session), act.about
    prepared, plan = workspace.latest(name), canary_plan(workspace)
    label = Words(f"menyandikan {name}", f"encoding {name}")
    with progress(label, prepared.rows_to_send()) as advance:
        manifest = encode_rows_of(workspace, plan, name, prepared, advance)
    return StepTaken(act, act.done, {"rows": manifest.sent})


def _upload(session: Session, act: Act, progress: Progress) -> StepTaken:
    folder = encoded_bundle(Workspace(session), act.about)
    label = Words(f"mengirim {act.about}", f"sending {act.about}")
    with progress(label, folder.stored().chunks) as advance:
        digest = upload_bundle(session, folder, advance)
    return StepTaken(act, act.done, {"bundle": digest})


def _ask(session: Session, act: Act, domains: tuple[str, ...]) -> StepTaken:
    """Order a run, or request a release of the latest run's domains."""
    if act.name == "order":
        name = next_run(session.project)
        order_run(session, name)
        return StepTaken(Act("order", name), Act("order", name).done)
    name, run = next_release(session.project), finished_run(session)
    asked = domains or run.order.body.domains
    request_release(session, name, run.name, asked)
    return StepTaken(Act("request", name), Act("request", name).done, {"domains": list(asked)})


def _receive(session: Session, act: Act) -> Iterator[StepTaken]:
    """Open a release or attributes, or send attributes."""
    if act.name == "open":
        for opened, canaries in open_all(session, act.about):
            file, rows = opened.file, len(opened.rows)
            tested = CANARY_WORDS[canaries]
            words = Words(
                f"{act.done.id}: {file.dataset} / {file.domain}, {rows} baris; baris uji:"
                f" {tested.id}",
                f"{act.done.en}: {file.dataset} / {file.domain}, {rows} rows; test rows:"
                f" {tested.en}",
            )
            facts = {"dataset": file.dataset, "domain": file.domain, "rows": rows}
            facts |= {"to_verify": opened.to_verify, "canaries": canaries}
            yield StepTaken(act, words, facts)
    elif act.name == "share":
        sent = share(session, act.about)
        yield StepTaken(act, act.done, {"rows": sent.rows, "empty": sent.empty})
    elif act.name == "open-attributes":
        received = open_attributes(session, act.about)
        yield StepTaken(act, act.done, {"rows": received.rows, "filled": received.filled})
