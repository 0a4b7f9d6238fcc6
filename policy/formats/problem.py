"""An error as the service sends it: problem details of RFC 9457, in both languages.

    type      `urn:padan:` and the code
    title     the problem in English
    status    the HTTP status
    kind      the class of the error (`policy.base.errors`), which decides the exit code
    code      stable, explained in docs/reference/error-codes.md
    problem   {"id": ..., "en": ...}: what happened
    hint      {"id": ..., "en": ...}: what to do next

For a request whose Accept names the media type also the following, and title in this language.
Earlier clients do not name it, and refuse a member that they do not know.

    detail       the problem in the language of Accept-Language
    remedy       what to do next, in that language
    request_id   as in the answer's X-Request-Id and in the service's log

The media type is `application/problem+json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ConfigDict, Field

from policy.base.canonical import Model
from policy.base.errors import (
    BadInput,
    NotYet,
    PadanError,
    Refused,
    Unreachable,
    Unverified,
    WrongKey,
)
from policy.base.words import Language, Words

MEDIA_TYPE: Final = "application/problem+json"
_KINDS: Mapping[str, type[PadanError]] = {
    kind.kind: kind for kind in (BadInput, Refused, WrongKey, NotYet, Unverified, Unreachable)
}


def _is_none(value: object) -> bool:
    return value is None


class Problem(Model):
    """The body of every error response. Members of later builds are ignored."""

    model_config = ConfigDict(extra="ignore")

    type: str
    title: str
    status: int
    kind: str
    code: str
    problem: dict[str, str]
    hint: dict[str, str]
    detail: str | None = Field(default=None, exclude_if=_is_none)
    remedy: str | None = Field(default=None, exclude_if=_is_none)
    request_id: str | None = Field(default=None, exclude_if=_is_none)

    def told(self, language: Language, request_id: str) -> Problem:
        """With detail and remedy in one language, for clients that know these members."""
        problem, remedy = self.problem[language], self.hint[language]
        return self.model_copy(
            update={
                "title": problem,
                "detail": problem,
                "remedy": remedy,
                "request_id": request_id,
            }
        )

    @classmethod
    def of(cls, error: PadanError, status: int) -> Problem:
        return cls(
            type=f"urn:padan:{error.code}",
            title=error.problem.en,
            status=status,
            kind=error.kind,
            code=error.code,
            problem={"id": error.problem.id, "en": error.problem.en},
            hint={"id": error.hint.id, "en": error.hint.en},
        )

    def error(self) -> PadanError:
        """The error as an exception; Refused for a kind that this build does not know."""
        error = _KINDS.get(self.kind, Refused)
        return error(
            self.code,
            Words(self.problem.get("id", ""), self.problem.get("en", "")),
            Words(self.hint.get("id", ""), self.hint.get("en", "")),
        )
