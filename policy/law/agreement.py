"""The beginning: the roster, the charter that all parties sign, the epoch's key."""

from __future__ import annotations

from policy.conditions import (
    require_all_parties,
    require_entitled,
    require_first_time,
    require_service,
)
from policy.law.step import Step
from policy.project import not_yet, refused
from policy.roster import roster_binding
from policy.statements import CharterBody, EpochOpened, RosterBody


def roster(step: Step, _: RosterBody) -> None:
    if step.project.size or step.statement.binding != roster_binding(step.project.roster):
        raise refused(
            "roster",
            "Roster hanya boleh di awal log dan harus yang disematkan.",
            "The roster stands first in the log and must be the pinned one.",
        )


def charter(step: Step, body: CharterBody) -> None:
    if not step.project.size:
        raise not_yet("roster", "Roster belum ada.", "There is no roster yet.")
    if set(body.authorities) != set(step.project.roster.authorities):
        raise refused(
            "authorities",
            "Roster tidak ditandatangani otoritas yang disebut piagam.",
            "The roster is not signed by the authorities that the charter names.",
        )
    for member in (*body.party_ids, *body.witnesses.members, *body.auditors):
        step.project.roster.member(member)
    earlier = step.project.by_sender(CharterBody)
    if earlier and next(iter(earlier.values())).digest() != body.digest():
        raise refused(
            "charter",
            "Piagam ini berbeda dari yang sudah ditandatangani pihak lain.",
            "This charter differs from the one that others have signed.",
        )
    require_first_time(step.sender.id in earlier)
    require_entitled(step.sender.id in body.party_ids, step.sender)


def epoch(step: Step, _: EpochOpened) -> None:
    require_service(step.project, step.sender)
    require_first_time(bool(step.project.of(EpochOpened)))
    require_all_parties(step.project, CharterBody, "charter")
