"""The beginning: the roster, the charter that all parties sign, the epoch's key."""

from __future__ import annotations

from policy.charter import LAWS
from policy.conditions import (
    require_all_parties,
    require_entitled,
    require_first_time,
    require_service,
)
from policy.law.step import Step
from policy.project import Project, not_yet, refused
from policy.roster import roster_binding
from policy.statements import CharterBody, Committed, Confirmed, EpochOpened, RosterBody


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
    walidata = (each.member for each in body.walidata)
    for member in (*body.party_ids, *walidata, *body.witnesses.members, *body.auditors):
        step.project.roster.member(member)
    require_entitled(step.sender.id in body.party_ids, step.sender)
    if step.project.of(CharterBody):
        _later(step, body)


def _later(step: Step, body: CharterBody) -> None:
    """Not the first signature: one more on the same bytes, or one on an amendment."""
    project = step.project
    if body.digest() != project.charter_digest:
        if set(project.signed_by()) != set(project.charter.party_ids):
            raise refused(
                "charter",
                "Piagam ini berbeda dari yang sudah ditandatangani pihak lain.",
                "This charter differs from the one that others have signed.",
            )
        _amendment(project, body)
    signed = {each.statement.sender for each in project.signatures(body.digest())}
    require_first_time(step.sender.id in signed)


def _amendment(project: Project, body: CharterBody) -> None:
    """The next version of the charter in force; its terms stay, or every key would be another."""
    now = project.charter
    if (body.project, body.epoch, body.version) != (now.project, now.epoch, now.version + 1):
        raise refused(
            "amendment",
            f"Perubahan piagam adalah versi {now.version + 1} dari proyek dan zaman yang sama.",
            f"An amendment is version {now.version + 1} of the same project and epoch.",
        )
    if body.terms_digest() != now.terms_digest():
        raise refused(
            "terms",
            "Ketentuan penyandian berubah; itu memerlukan zaman kunci baru, dalam proyek baru.",
            "The encoding terms change; that takes a new key epoch, in a new project.",
        )
    if LAWS.index(body.law) < LAWS.index(now.law):
        raise refused(
            "law-older",
            "Perubahan piagam tidak boleh menyebut hukum yang lebih lama.",
            "An amendment cannot go back to an older law.",
        )
    if project.of(Committed):
        # The commitments name the charter; another one now would undo them.
        require_all_parties(project, Confirmed, "confirm")


def epoch(step: Step, _: EpochOpened) -> None:
    require_service(step.project, step.sender)
    require_first_time(bool(step.project.of(EpochOpened)))
    require_all_parties(step.project, CharterBody, "charter")
