"""The base of all statement bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from policy.base.canonical import Identifier, Model, require_b64
from policy.statements.kind import Kind

Base64 = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=4096),
    AfterValidator(require_b64),
]
RunId = Identifier
# Unix seconds up to the end of the year 9999, so that each converts to a date.
Seconds = Annotated[int, Field(ge=0, le=253_402_300_799)]
Verdict = Literal["released", "refused"]

# A letter's or ruling's number fits; a NIK, KK or telephone number does not.
Reference = Annotated[
    str,
    StringConstraints(
        min_length=3,
        max_length=300,
        pattern=r"^[^0-9\n]*([0-9]{1,8}[^0-9\n]+)*[0-9]{0,8}$",
    ),
]


class Body(Kind, Model):
    """Base of the statement bodies; `at` is the sender's time in Unix seconds."""

    at: Seconds
