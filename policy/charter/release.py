"""What may leave the service, how often, and when everything ends."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from policy.base.canonical import Identifier, Model


class Domain(Model):
    """An ID domain: matching rows of these datasets share a match ID.

    Datasets under `learn` see which of their rows matched. All others receive a private index,
    which has an ID for every row, so that they learn nothing.
    """

    id: Identifier
    datasets: tuple[Identifier, ...] = Field(min_length=2)
    learn: tuple[Identifier, ...] = Field(min_length=1)


class ReleaseTerms(Model):
    """What must be fulfilled before match IDs leave the service.

    `together` lists parties that count as one recipient, because they may compare what they
    received. With `dpo_approval`, a data protection officer must say yes; not saying no is not
    enough. With `grades`, a recipient that learns membership also learns for each row whether the
    match is certain or to verify.
    """

    minimum_cell: int = Field(ge=5)
    empty_cell_allowed: bool
    approvals: int = Field(ge=2)
    dpo_approval: bool = False
    grades: bool = False
    together: tuple[tuple[Identifier, ...], ...] = ()
    stage_valid_days: int = Field(ge=1, le=90)


class Budget(Model):
    """What may be asked for in one epoch. Refused runs and releases are spent as well.

    `across_charters` bounds the runs that two data owners may order between them within a year,
    under all charters of this service. `runs_each` and `releases_each` bound one agency's share;
    without `runs_each`, runs are divided fairly (`runs_of_one`).
    """

    runs: int = Field(ge=1)
    releases: int = Field(ge=1)
    across_charters: int | None = Field(default=None, ge=1)
    runs_each: int | None = Field(default=None, ge=1, exclude_if=lambda each: each is None)
    releases_each: int | None = Field(default=None, ge=1, exclude_if=lambda each: each is None)

    def runs_of_one(self, agencies: int) -> int:
        """The most runs that one of `agencies` agencies may order; at least one.

        Every other agency keeps its own share.
        """
        return self.runs_each or max(1, self.runs // agencies)


class Retention(Model):
    """When everything ends (UU PDP art. 42-44; UU 43/2009).

    Handle maps and attributes end with the releases unless they have their own dates.
    """

    jra: str = Field(min_length=1, max_length=100)
    encodings_until: date
    releases_until: date
    maps_until: date | None = None
    attributes_until: date | None = None
