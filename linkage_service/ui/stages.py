"""The ten steps of a project, how far it is, and who is awaited since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linkage_service.service import Service
from policy.base.words import Words
from policy.law.turns import turns
from policy.project import Project
from policy.project.naming import IDS, Naming, joined, offices
from policy.project.progress import ProgressStep, steps_done
from policy.project.turn import Turn
from policy.statements import (
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Decided,
    Ended,
    Received,
    Revealed,
    RunFinished,
    RunOrder,
    Staged,
    TransferReceived,
)
from policy.witnessing.cosigned import CosignedSize

STEP_NAMES = tuple(
    kind.TITLE
    for kind in (
        CharterBody,
        Committed,
        Revealed,
        Confirmed,
        BundleManifest,
        RunOrder,
        RunFinished,
        Staged,
        Decided,
        Received,
    )
)
STEPS = len(STEP_NAMES)
_DAY_SECONDS = 86_400
_NOBODY = Words("Tidak ada yang ditunggu: semua langkah selesai.", "Nobody is awaited: all done.")
_ENDED = Words("Proyek ini diakhiri.", "This project was ended.")


@dataclass(frozen=True)
class Stage:
    """One project at one moment: its ten steps, and the turns that are due."""

    project: Project
    naming: Naming
    steps: tuple[ProgressStep, ...]
    due: tuple[Turn, ...]
    at: int

    @property
    def done(self) -> int:
        """How many of the ten steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def current(self) -> int:
        """The number of the first step that is not done; 11 after the last."""
        open_ones = (at for at, step in enumerate(self.steps, start=1) if not step.done)
        return next(open_ones, STEPS + 1)

    @property
    def next(self) -> Words:
        """What is next, in one sentence."""
        if self.project.of(Ended):
            return _ENDED
        return self.due[0].words(self.naming) if self.due else _NOBODY

    @property
    def turn(self) -> Turn | None:
        """The first turn that is due."""
        return self.due[0] if self.due else None

    @property
    def who(self) -> Words:
        """Who is awaited first."""
        turn = self.turn
        if turn is None:
            return IDS.same("–")
        names, some = self.naming.people(turn.who), turn.some
        return Words(f"{some.id}{names.id}", f"{some.en}{names.en}")

    @property
    def about(self) -> Words:
        """What the first turn is about: a dataset's title, or the name of a run or release."""
        return self.naming.dataset(self.turn.about if self.turn else "")

    @property
    def waits(self) -> Words:
        """For how long the first one is awaited."""
        turn = self.turn
        if turn is None or turn.since is None:
            return IDS.same("–")
        days = max(0, self.at - turn.since) // _DAY_SECONDS
        if days == 0:
            return Words("hari ini", "today")
        return Words(f"{days} hari", "1 day" if days == 1 else f"{days} days")


def stage_in(service: Service, project: Project, now: int) -> Stage:
    """The project's stage by this service's log and the cosignatures it keeps."""
    return stage_of(project, service.ledger.cosigned(project.charter.project), now)


def stage_of(project: Project, cosigned: Iterable[CosignedSize], at: int) -> Stage:
    """The project's stage at that time (Unix seconds)."""
    naming = offices(project)
    return Stage(project, naming, ten_steps(project, naming), turns(project, cosigned, at), at)


def ten_steps(project: Project, naming: Naming = IDS) -> tuple[ProgressStep, ...]:
    """The steps of the protocol, with the run's order and the stage as steps of their own."""
    more = {RunFinished: _ordered(project), Decided: _staged(project)}
    steps: list[ProgressStep] = []
    for step in steps_done(project, naming):
        if step.kind is TransferReceived:
            continue  # not every project has transfers
        if step.kind in more:
            steps.append(more[step.kind])
        steps.append(step)
    return tuple(steps)


def _ordered(project: Project) -> ProgressStep:
    names = [IDS.same(run.name) for run in project.runs()]
    at = max((entry.body.at for entry in project.of(RunOrder)), default=None)
    return ProgressStep(RunOrder, bool(names), joined(names), at)


def _staged(project: Project) -> ProgressStep:
    releases = project.releases()
    staged = [IDS.same(each.name) for each in releases if each.stage is not None]
    at = max((entry.body.at for entry in project.of(Staged)), default=None)
    return ProgressStep(Staged, bool(staged) and len(staged) == len(releases), joined(staged), at)
