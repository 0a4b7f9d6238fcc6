"""Whose turn it is in a project, by this member's copy of the log."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.law.turns import turns
from policy.project.turn import Turn
from policy.statements import CharterBody
from policy.wire.session import Session


def sync_begun(session: Session) -> None:
    """Bring the log up to date; raises NotYet if no charter has been proposed yet."""
    session.sync_or_begin()
    if not session.project.of(CharterBody):
        raise NotYet(
            PolicyCode.PROJECT_WAIT_CHARTER,
            Words("Piagam belum diajukan.", "No charter has been proposed yet."),
            Words(
                "Pihak yang membacanya menandatangani: padan-encoder go PROYEK.",
                "A party that has read it signs it: padan-encoder go PROJECT.",
            ),
        )


def due(session: Session) -> tuple[Turn, ...]:
    """The steps that are due now, as of the last `sync` or `recall`."""
    return turns(session.project, session.replica().cosigned_sizes(), session.clock())
