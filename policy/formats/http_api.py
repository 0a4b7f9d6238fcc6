"""What the HTTP API answers, for the service that writes it and the clients that read it.

    POST /projects/P/statements          Appended
    PUT, POST of seals, chunks, ...      Kept
    POST /roster                         RosterTaken
    POST /projects/P/runs/R/start        RunState, and so do `cancel` and GET
    GET  .../runs/R/duplicates/D         DUPLICATES
    GET  .../runs/R/counts               COARSE_COUNTS
    POST .../releases/N/stage            StagedRelease
    POST .../releases/N/decide           DecidedRelease
    GET  /projects/P/mailbox             MAILBOX
    GET  /projects                       PROJECTS
    GET  /rosters                        ROSTERS
    GET  /projects/P/log                 `log_page`
    GET  /projects/P/facts/C             `policy.gates.facts.OpenedFacts`
    any error                            `problem`

All addresses begin with API. Bodies are JSON; requests are signed (`policy.wire.signed_requests`).
A member that a client does not know is passed over, so that a later service can say more.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from policy.base.canonical import Identifier, Model
from policy.base.words import Words

API: Final = "/api/v1"


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    def as_json(self) -> dict[str, Any]:
        """What was said, without what was left out."""
        return self.model_dump(mode="json", exclude_unset=True)


class Appended(_Reply):
    """A statement is in the log: its place, counted from 0, and its digest."""

    index: int
    digest: str


class Kept(_Reply):
    """What was sent is stored."""

    status: Literal["kept"]


class RosterTaken(_Reply):
    """The version of the roster, the projects that have it, and those that keep an earlier one."""

    version: int
    projects: list[str]
    left: list[str]


class RunState(_Reply):
    """How far a run is. Parties are told `run` and `state` alone under the second law.

    `error` is the code of what stopped the run, `reason` that error as JSON.
    """

    run: str
    state: str
    tiles_done: int | None = None
    tiles_total: int | None = None
    error: str | None = None
    reason: dict[str, Any] | None = None


class StagedRelease(_Reply):
    """The digest of the stage, and the rules that fail whatever approvers say."""

    stage: str
    unmendable: list[str]


class InTwoLanguages(_Reply):
    """A text in Indonesian and in English."""

    id: str
    en: str

    def words(self) -> Words:
        return Words(self.id, self.en)


class RuleFinding(_Reply):
    """What one rule found."""

    rule: str
    title: InTwoLanguages
    passed: bool
    reason: InTwoLanguages
    citation: str


class DecidedRelease(_Reply):
    """The verdict, and the finding of every rule."""

    verdict: Literal["released", "refused"]
    rules: list[RuleFinding]


class Band(Model):
    """`low` <= count < `high`."""

    low: int
    high: int


class CoarseCount(Model):
    """One list of the owner's in one ID domain."""

    domain: Identifier
    dataset: Identifier
    matched: Band
    unmatched: Band


# Of each person with several rows in one dataset the handles of those rows, 32 hex digits each.
DUPLICATES: TypeAdapter[list[list[str]]] = TypeAdapter(list[list[str]])
COARSE_COUNTS: TypeAdapter[tuple[CoarseCount, ...]] = TypeAdapter(tuple[CoarseCount, ...])
# Seals in base64, by their sender.
MAILBOX: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
PROJECTS: TypeAdapter[list[str]] = TypeAdapter(list[str])
# Envelopes in base64, the oldest first.
ROSTERS: TypeAdapter[list[str]] = TypeAdapter(list[str])
