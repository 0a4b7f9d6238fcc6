"""The answers of the HTTP API, for the service that writes and the clients that read them.

    POST /projects/P/statements          Appended
    PUT, POST of seals, chunks, ...      Kept
    GET  /ready                          Ready
    POST /roster                         RosterTaken
    POST /projects/P/runs/R/start        RunState, and so do `cancel` and GET
    GET  .../runs/R/duplicates/D         DUPLICATES
    GET  .../runs/R/counts               COARSE_COUNTS
    POST .../releases/N/stage            StagedRelease
    POST .../releases/N/decide           DecidedRelease
    GET  /projects/P/transfers/T/missing MISSING_PARTS
    GET  /projects/P/mailbox             MAILBOX
    GET  /projects/P/lacking             Lacking
    GET  /projects                       PROJECTS
    GET  /rosters                        ROSTERS
    GET  /projects/P/log                 `log_page`
    GET  /projects/P/facts/C             `policy.gates.facts.OpenedFacts`
    any error                            `problem`

All addresses begin with API. Bodies are JSON; requests are signed (`policy.wire.signed_requests`).
A client ignores members that it does not know, so that a later service can add some.
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
        """The fields that were set; fields left out stay out."""
        return self.model_dump(mode="json", exclude_unset=True)


class Appended(_Reply):
    """A statement is in the log, at index `index` (from 0), with this digest."""

    index: int
    digest: str


class Lacking(_Reply):
    """What the caller sent and the service no longer has: recipients of seals, and documents."""

    seals: list[str]
    documents: list[str]


class GivenBack(_Reply):
    """How many entries the service's log of the project has now."""

    size: int


class Kept(_Reply):
    """The uploaded object is stored."""

    status: Literal["kept"]


class RosterTaken(_Reply):
    """The version of the roster, the projects that use it, and those that keep an earlier one."""

    version: int
    projects: list[str]
    left: list[str]


class RunState(_Reply):
    """How far a run is. Under the second law parties see only `run` and `state`.

    `error` is the code of the error that stopped the run, `reason` the whole error as JSON. A run
    that `waits` goes on by itself once the cause is gone. The pace is known during the search.
    """

    run: str
    state: str
    tiles_done: int | None = None
    tiles_total: int | None = None
    error: str | None = None
    reason: dict[str, Any] | None = None
    step: Literal["", "begin", "search", "solve", "finish"] | None = None
    tiles_a_minute: float | None = None
    seconds_left: int | None = None
    waits: bool | None = None
    can_stop: bool | None = None
    can_go_on: bool | None = None


class StagedRelease(_Reply):
    """The digest of the stage, and the rules that fail whatever the approvals."""

    stage: str
    unmendable: list[str]


class InTwoLanguages(_Reply):
    """A text in Indonesian and in English."""

    id: str
    en: str

    def words(self) -> Words:
        return Words(self.id, self.en)


class PartChecked(_Reply):
    """One part of the service: whether it works, what was found, and what to do if it does not."""

    name: str
    ok: bool
    words: InTwoLanguages
    remedy: InTwoLanguages


class Ready(_Reply):
    """Whether the service can work; the status is 200 if it can and 503 if it cannot."""

    status: Literal["ready", "not-ready"]
    checks: list[PartChecked]


class RuleFinding(_Reply):
    """The result of one rule."""

    rule: str
    title: InTwoLanguages
    passed: bool
    reason: InTwoLanguages
    citation: str


class DecidedRelease(_Reply):
    """The verdict, and the result of every rule."""

    verdict: Literal["released", "refused"]
    rules: list[RuleFinding]


class CountBand(Model):
    """A count in a band: `low` <= count < `high`."""

    low: int
    high: int


class CoarseCount(Model):
    """The band of one of the owner's lists in one ID domain."""

    domain: Identifier
    dataset: Identifier
    matched: CountBand
    unmatched: CountBand


# For each person with several rows in one dataset: the handles of these rows, 32 hex digits each.
DUPLICATES: TypeAdapter[list[list[str]]] = TypeAdapter(list[list[str]])
COARSE_COUNTS: TypeAdapter[tuple[CoarseCount, ...]] = TypeAdapter(tuple[CoarseCount, ...])
# The parts of a sealed file that are still to be sent, from 0.
MISSING_PARTS: TypeAdapter[list[int]] = TypeAdapter(list[int])
# Seals in base64, by sender.
MAILBOX: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
PROJECTS: TypeAdapter[list[str]] = TypeAdapter(list[str])
# Envelopes in base64, oldest first.
ROSTERS: TypeAdapter[list[str]] = TypeAdapter(list[str])
