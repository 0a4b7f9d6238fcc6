"""Errors a person can act on: what happened, where, and what to do next.

    PadanError
    ├── BadInput          a file or a value given by the user is wrong            exit 3
    ├── Refused           the charter, a rule or the other side says no           exit 4
    ├── WrongKey          a passphrase, key or signature is wrong                 exit 5
    ├── NotYet            an earlier step is missing; wait and try again          exit 6
    ├── Unverified        a proof, digest or evidence bundle is not valid         exit 7
    └── Unreachable       the linkage service cannot be reached                   exit 8

Messages name file, row and rule. They never contain a value from a record or a secret.
"""

from __future__ import annotations

from typing import ClassVar

from policy.base.words import Words


class PadanError(Exception):
    """Base of every error that Padan raises on purpose."""

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, problem: Words, hint: Words) -> None:
        """`code` is stable and documented, for example `charter.expired`."""
        super().__init__(problem.en)
        self.code = code
        self.problem = problem
        self.hint = hint

    def __reduce__(self) -> tuple[type[PadanError], tuple[str, Words, Words]]:
        # An engine's processes send errors by pickle, which keeps only an exception's `args`.
        return type(self), (self.code, self.problem, self.hint)

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "kind": self.kind,
            "exit_code": self.exit_code,
            "problem": {"id": self.problem.id, "en": self.problem.en},
            "hint": {"id": self.hint.id, "en": self.hint.en},
        }


class BadInput(PadanError):
    """A file or a value given by the user is wrong."""

    kind = "bad-input"
    exit_code = 3


class Refused(PadanError):
    """The charter, a rule or the other side says no."""

    kind = "refused"
    exit_code = 4


class WrongKey(PadanError):
    """A passphrase, key or signature is wrong."""

    kind = "wrong-key"
    exit_code = 5


class NotYet(PadanError):
    """An earlier step is missing."""

    kind = "not-yet"
    exit_code = 6


class Unverified(PadanError):
    """A proof, digest or evidence bundle is not valid."""

    kind = "unverified"
    exit_code = 7


class Unreachable(PadanError):
    """The linkage service cannot be reached."""

    kind = "unreachable"
    exit_code = 8
