"""Whose turn it is in a project, by this member's copy of the log."""

from __future__ import annotations

from policy.law.turns import turns
from policy.project.turn import Turn
from policy.wire.session import Session


def due(session: Session) -> tuple[Turn, ...]:
    """The steps that are due now, as of the last `sync` or `recall`."""
    return turns(session.project, session.replica().cosigned_sizes(), session.clock())
