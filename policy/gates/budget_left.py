"""What is left of the charter's budgets in this epoch, as the rules of the gates count it.

The runs that two owners ordered under other charters are known to the service alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.members.roster import Member
from policy.project import Project
from policy.project.row_counts import changes_between_orders
from policy.statements import ReleaseRequest, RunOrder


@dataclass(frozen=True)
class BudgetLeft:
    """How many of `allowed` runs or releases are left."""

    left: int
    allowed: int

    def words(self) -> Words:
        """A sentence for those who are about to spend one."""
        return Words(
            f"Ini memakai kuota: tersisa {self.left} dari {self.allowed}.",
            f"This uses the budget: {self.left} of {self.allowed} left.",
        )


def runs_left(project: Project, member: Member) -> BudgetLeft:
    """The runs that this member's agency may still order; never less than none."""
    budget, orders = project.charter.budget, project.of(RunOrder)
    if project.charter.law == FIRST_LAW:
        return _left(budget.runs, len(orders))
    spent = len(orders) + changes_between_orders(project, pending=True)
    roster = project.roster
    share = budget.runs_of_one(len({roster.member(p).agency for p in project.charter.party_ids}))
    own = sum(project.sender_of(each).agency == member.agency for each in orders)
    return min(_left(budget.runs, spent), _left(share, own), key=lambda each: each.left)


def releases_left(project: Project) -> BudgetLeft:
    """The releases that may still be requested; never less than none."""
    return _left(project.charter.budget.releases, len(project.of(ReleaseRequest)))


def _left(allowed: int, spent: int) -> BudgetLeft:
    return BudgetLeft(max(0, allowed - spent), allowed)
