"""What a review in the field found: counts by stratum, approved and then said.

The counts of a stratum are about rows of the recipient's own list. `resolved` rows have the answer
"the same person" or "another person". A count below the charter's smallest cell is not written: of
`same` and `other` then both are left out, and `few` names the one that is small, so that neither
follows from the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.shares import MILLION, Interval, wilson
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase

Grade = Literal["certain", "to-check", "any"]
Nik = Literal["present", "absent"]
Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class SmallestCell:
    """The least count that may be written, and whether a 0 may be."""

    least: int
    empty_allowed: bool

    def allows(self, count: int) -> bool:
        return count >= self.least or (count == 0 and self.empty_allowed)


class ReviewStratum(Model):
    """A stratum of one ID domain. None means all: with and without a NIK, every kecamatan.

    `weight` is the stratum's share of the domain's matched rows in whole percent.
    """

    domain: Identifier
    grade: Grade
    nik: Nik | None = None
    place: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    weight: Annotated[int, Field(ge=0, le=100)]
    resolved: Count
    same: Count | None
    other: Count | None
    unresolved: Count | None
    few: Literal["same", "other"] | None = None

    @classmethod
    def of(
        cls,
        name: tuple[str, Grade, Nik | None, str | None],
        weight: int,
        counts: tuple[int, int, int],
        cell: SmallestCell,
    ) -> ReviewStratum:
        """The stratum with its small counts left out; `counts` are same, other, unresolved."""
        domain, grade, nik, place = name
        same, other, unresolved = counts
        shown = cell.allows(same) and cell.allows(other)
        return cls(
            domain=domain,
            grade=grade,
            nik=nik,
            place=place,
            weight=weight,
            resolved=same + other,
            same=same if shown else None,
            other=other if shown else None,
            unresolved=unresolved if cell.allows(unresolved) else None,
            few=None if shown else "other" if other <= same else "same",
        )

    @property
    def name(self) -> tuple[str, Grade, Nik | None, str | None]:
        return self.domain, self.grade, self.nik, self.place

    def is_lawful(self, cell: SmallestCell) -> bool:
        """Whether its counts add up, and none of them is small."""
        if self.resolved < cell.least:
            return False
        if self.unresolved is not None and not cell.allows(self.unresolved):
            return False
        if self.same is None or self.other is None:
            return self.same is self.other and self.few is not None
        adds_up = self.same + self.other == self.resolved and self.few is None
        return adds_up and cell.allows(self.same) and cell.allows(self.other)

    def precision(self, cell: SmallestCell) -> Interval:
        """The share of the same persons among resolved rows, by Wilson; wider if it is hidden."""
        if self.same is not None:
            return wilson(self.same / max(1, self.resolved), self.resolved)
        most = min(cell.least - 1, self.resolved)
        fewest, largest = (0, most) if self.few == "same" else (self.resolved - most, self.resolved)
        low, high = (wilson(count / self.resolved, self.resolved) for count in (fewest, largest))
        middle = round(MILLION * (fewest + largest) / 2 / self.resolved)
        return Interval(middle, low.low, high.high)


class ReviewFigures(Model):
    """The counts of one dataset's review, as an approver sees them before they are said.

    The secret `salt` keeps counts that were approved and never said from being guessed from the
    approval.
    """

    project: Identifier
    release: RunId
    decision: HexDigest
    dataset: Identifier
    salt: HexDigest
    strata: tuple[ReviewStratum, ...] = Field(min_length=1, max_length=500)


class Reviewed(Body, ReviewFigures):
    """By the recipient: how many of its matches the field confirmed, and how many it denied."""

    TYPE: ClassVar[str] = "padan/reviewed"
    TITLE: ClassVar[Words] = Words("Hasil pemeriksaan lapangan", "Result of the field review")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 12)

    @property
    def figures(self) -> ReviewFigures:
        """The counts as they were approved."""
        return ReviewFigures(**{name: getattr(self, name) for name in ReviewFigures.model_fields})


def are_lawful(strata: Sequence[ReviewStratum], cell: SmallestCell) -> bool:
    """Whether strata are distinct, of whole percent up to 100 a domain, and none is too small.

    A stratum and a part of it may not both be there: their difference would be a third one.
    """
    if any(not each.is_lawful(cell) for each in strata):
        return False
    names = [each.name for each in strata]
    if any(_overlap(one, other) for at, one in enumerate(names) for other in names[:at]):
        return False
    domains = {each.domain for each in strata}
    # Rounding adds up to half a percent to each stratum.
    return all(
        sum(each.weight for each in strata if each.domain == domain) <= 100 + len(strata) / 2
        for domain in domains
    )


def _overlap(
    one: tuple[str, Grade, Nik | None, str | None], other: tuple[str, Grade, Nik | None, str | None]
) -> bool:
    """Whether a row could lie in both strata."""
    same_domain = one[0] == other[0]
    grades = one[1] == other[1] or "any" in (one[1], other[1])
    rest = all(a is None or b is None or a == b for a, b in zip(one[2:], other[2:], strict=True))
    return same_domain and grades and rest
