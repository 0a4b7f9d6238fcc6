"""What this agency's machine has to do next, from the log's turns and its own files.

The command `go` and the local page ask this; it reads and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from encoder.steps.workspace import Workspace, standing
from policy.approval.charters import awaiting
from policy.base.words import Words
from policy.project.turn import Turn, TurnStep
from policy.wire.due import due
from policy.wire.session import Session

ActName = Literal[
    "prepare",
    "commit",
    "reveal",
    "confirm",
    "encode",
    "upload",
    "open",
    "share",
    "open-attributes",
    "order",
    "request",
    "sign",
]
TITLES: dict[ActName, Words] = {
    "prepare": Words("Siapkan baris", "Prepare the rows"),
    "commit": Words("Kunci baris", "Commit the rows"),
    "reveal": Words("Buka bagian rahasia", "Reveal the share"),
    "confirm": Words("Konfirmasi kunci", "Confirm the keys"),
    "encode": Words("Sandikan", "Encode"),
    "upload": Words("Kirim", "Upload"),
    "open": Words("Buka rilis", "Open the release"),
    "share": Words("Kirim atribut", "Send the attributes"),
    "open-attributes": Words("Buka atribut", "Open the attributes"),
    "order": Words("Perintahkan pemadanan", "Order the run"),
    "request": Words("Minta rilis", "Request a release"),
    "sign": Words("Tanda tangani piagam", "Sign the charter"),
}
# What is said once the step was taken.
DONE: dict[ActName, Words] = {
    "prepare": Words("Baris sudah disiapkan", "The rows are prepared"),
    "commit": Words(
        "Baris sudah dikunci, tidak dapat diganti lagi",
        "The rows are committed and cannot be replaced any more",
    ),
    "reveal": Words("Bagian rahasia sudah dibuka kepada pihak lain", "The share is revealed"),
    "confirm": Words("Kunci bersama sudah dikonfirmasi", "The shared keys are confirmed"),
    "encode": Words("Sudah disandikan", "Encoded"),
    "upload": Words("Sudah dikirim ke layanan", "Sent to the service"),
    "open": Words("Rilis sudah dibuka", "The release is opened"),
    "share": Words("Atribut sudah dikirim", "The attributes are sent"),
    "open-attributes": Words("Atribut sudah dibuka", "The attributes are opened"),
    "order": Words("Pemadanan sudah diperintahkan", "The run is ordered"),
    "request": Words("Rilis sudah diminta", "The release is requested"),
    "sign": Words("Piagam sudah ditandatangani", "The charter is signed"),
}
_OF_TURN: dict[str, ActName] = {
    "charter": "sign",
    "reveal": "reveal",
    "confirm": "confirm",
    "order": "order",
    "request": "request",
    "receipt": "open",
    "transfer-sent": "share",
    "transfer-receipt": "open-attributes",
}


@dataclass(frozen=True)
class Act:
    """One thing to do here; `about` names the dataset, release or transfer."""

    name: ActName
    about: str = ""

    @property
    def title(self) -> Words:
        return self._about(TITLES[self.name])

    @property
    def done(self) -> Words:
        """What was done, once it was."""
        return self._about(DONE[self.name])

    def _about(self, words: Words) -> Words:
        if not self.about:
            return words
        return Words(f"{words.id}: {self.about}", f"{words.en}: {self.about}")


@dataclass(frozen=True)
class LocalState:
    """The own datasets; which of them are prepared here, encoded here, and wait as a delta."""

    own: tuple[str, ...]
    prepared: frozenset[str]
    encoded: frozenset[str]
    waiting: frozenset[str] = frozenset()


def local_state(workspace: Workspace) -> LocalState:
    """The state of this agency's files of the project."""
    own, project = workspace.own_datasets(), workspace.session.project
    sent = project.bundles()
    prepared, encoded, waiting = set(), set(), set()
    for each in own:
        generation = standing(project, each) + (each in sent)
        if not workspace.prepared_path(each, generation).exists():
            continue
        prepared.add(each)
        if workspace.bundle(each, generation).complete():
            encoded.add(each)
        if each in sent:
            waiting.add(each)
    return LocalState(own, frozenset(prepared), frozenset(encoded), frozenset(waiting))


def next_acts(
    turns: Sequence[Turn], me: str, here: LocalState, also: Collection[TurnStep] = ()
) -> tuple[Act, ...]:
    """What `me` has to do now, in order; empty if others are awaited.

    `also` are steps that any party may take, and that `me` takes though others are asked.
    """
    acts: list[Act] = []
    for turn in turns:
        if me not in turn.who and turn.step not in also:
            continue
        if turn.step == "commit":
            missing = [each for each in here.own if each not in here.prepared]
            acts += [Act("prepare", each) for each in missing] or [Act("commit")]
        elif turn.step == "bundle":
            acts.append(_sending(turn.about, here))
        elif turn.step in _OF_TURN:
            acts.append(Act(_OF_TURN[turn.step], turn.about))
    acts += [_sending(each, here) for each in here.own if each in here.waiting]
    return tuple(acts)


def acts_here(session: Session, also: Collection[TurnStep] = ()) -> tuple[Act, ...]:
    """What this agency has to do now, as of the session's last `sync` or `recall`."""
    here = local_state(Workspace(session))
    acts = next_acts(due(session), session.me.member.id, here, also)
    amended = awaiting(session.project, session.me.member.id)
    if amended and Act("sign") not in acts:
        return (Act("sign"), *acts)
    return acts


def _sending(dataset: str, here: LocalState) -> Act:
    return Act("upload" if dataset in here.encoded else "encode", dataset)
