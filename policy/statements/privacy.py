"""Whether the encodings protect enough: probe reports, and what a DPO lets pass nevertheless."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from policy.canonical import HexDigest
from policy.privacy import ProbeReport
from policy.statements.body import Body


class Probed(Body):
    """By a party or an auditor: the probes were run on this charter's encodings."""

    TYPE: ClassVar[str] = "padan/probe"
    report: ProbeReport


class Excepted(Body):
    """By a data protection officer of a party: a rule of the run gate may fail until that day.

    `about` names what is let pass: the digest of the encodings whose probes miss a floor, or
    the agencies in which linkage unit and data owners overlap.
    """

    TYPE: ClassVar[str] = "padan/exception"
    rule: Literal["run.privacy", "run.separation"]
    about: tuple[str, ...] = Field(min_length=1)
    reference: str = Field(min_length=1, max_length=200)
    until: date


class ExceptionEnded(Body):
    """By a data protection officer of a party: what that exception let pass, passes no more."""

    TYPE: ClassVar[str] = "padan/exception-ended"
    exception: HexDigest
