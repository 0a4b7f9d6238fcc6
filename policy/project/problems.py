"""Why the log does not allow a statement: for good, or until somebody takes a missing step.

`Refused` is final; `NotYet` ends when the step is taken.
"""

from __future__ import annotations

from typing import TypeVar

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words

T = TypeVar("T")


def taken(found: T | None, step: str) -> T:
    """The statement of a step; raises NotYet if nobody has taken the step."""
    if found is None:
        raise not_yet(
            waiting_for(step),
            f"Langkah '{step}' belum dilakukan.",
            f"Step '{step}' is not done yet.",
        )
    return found


def waiting_for(step: str) -> PolicyCode:
    """The error code of a missing step."""
    return PolicyCode(f"project.wait-{step}")


def wrong_kind() -> Refused:
    """The error for a digest that names a statement of the wrong kind."""
    return refused(
        PolicyCode.PROJECT_REFERENCE,
        "Pernyataan merujuk pada jenis pernyataan yang salah.",
        "The statement refers to a statement of the wrong kind.",
    )


def refused(code: str, indonesian: str, english: str) -> Refused:
    """The error when the log forbids a statement for good."""
    return Refused(
        code,
        Words(indonesian, english),
        Words(
            "Lihat keadaan proyek dengan 'padan-policy status'.",
            "See where the project stands with 'padan-policy status'.",
        ),
    )


def not_yet(code: str, indonesian: str, english: str) -> NotYet:
    """The error when others must take a step first."""
    return NotYet(
        code,
        Words(indonesian, english),
        Words(
            "Tunggu pihak itu, lalu ulangi; saksi menjalankan 'padan-policy witness'.",
            "Wait for them, then try again; witnesses run 'padan-policy witness'.",
        ),
    )
