"""One part of a charter that is missing or weak."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Words


@dataclass(frozen=True)
class Gap:
    """One missing or weak part of a charter, named by the field's path."""

    field: str
    blocking: bool
    problem: Words
    remedy: Words
    duty: str

    def as_json(self) -> dict[str, object]:
        return {
            "field": self.field,
            "blocking": self.blocking,
            "problem": {"id": self.problem.id, "en": self.problem.en},
            "remedy": {"id": self.remedy.id, "en": self.remedy.en},
            "duty": self.duty,
        }
