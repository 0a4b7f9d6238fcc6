"""What all statement bodies share."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from policy.canonical import Model

Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=4096)]
RunId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
# Unix seconds, up to the end of the year 9999: a day can be made of every one of them.
Seconds = Annotated[int, Field(ge=0, le=253_402_300_799)]
Verdict = Literal["released", "refused"]


class Body(Model):
    """Base of the statement bodies; `TYPE` stands in the binding, `at` is Unix seconds."""

    TYPE: ClassVar[str]
    at: Seconds
