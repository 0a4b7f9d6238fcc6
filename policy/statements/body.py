"""What all statement bodies share."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from policy.canonical import Model

Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=4096)]
RunId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Verdict = Literal["released", "refused"]


class Body(Model):
    """Base of the statement bodies; `TYPE` stands in the binding, `at` is Unix seconds."""

    TYPE: ClassVar[str]
    at: int
