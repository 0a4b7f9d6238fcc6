"""The request of a release."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import Identifier
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase


class ReleaseRequest(Body):
    """By a party: it requests a run's match IDs in some domains. Spends budget."""

    TYPE: ClassVar[str] = "padan/request"
    TITLE: ClassVar[Words] = Words("Rilis diminta", "Release requested")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 1)

    release: RunId
    domains: tuple[Identifier, ...] = Field(min_length=1)
