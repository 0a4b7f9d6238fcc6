"""What a run finds, as one function of what it takes: for the service's run and for a rerun.

    1. All candidate pairs of the search and of the NIK leg, each once.
    2. The pairs that the charter takes for one person's, and rows that repeat inside a dataset.
    3. The groups of every ID domain that was ordered, and which of them are to be verified.
    4. For a recipient with several lists, which of its own rows are one person.

Nothing is read, stored or drawn here. The digest and the counts that the log receives are
functions of the same values (`committed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linkage_service.intake.arrays import RunData
from linkage_service.matching import Candidates, Groups
from linkage_service.runs import outcome
from linkage_service.runs.outcome import Flags, PairCounts
from linkage_service.runs.own_lists import Joined, joinable
from policy.charter import Charter
from policy.gates.facts import RunFacts
from policy.project.canary_counts import Planted
from policy.statements import RunOrder


@dataclass(frozen=True, eq=False)
class RunInputs:
    """What a run takes: its terms, the rows as they were when it was ordered, who receives."""

    charter: Charter
    order: RunOrder
    data: RunData
    recipients: Sequence[frozenset[str]]


@dataclass(frozen=True, eq=False)
class DomainGroups:
    """The groups of each ID domain, which of them are to be verified, and how many pairs."""

    groups: Mapping[str, Groups]
    verify: Mapping[str, Flags]
    counted: PairCounts


@dataclass(frozen=True, eq=False)
class Solution:
    """What a run finds. `found` is what the search reached, `pairs` what of it is a match."""

    domains: DomainGroups
    joined: tuple[Joined, ...]
    duplicates: Groups | None
    found: Candidates
    pairs: Candidates


@dataclass(frozen=True)
class Committed:
    """What the log receives of a run: the digest of its result, and facts to commit to."""

    result: str
    facts: RunFacts


def solve(inputs: RunInputs, stored: Iterable[Candidates]) -> Solution:
    """The groups of every ordered domain, from what every unit of the search has `stored`."""
    charter, order, data = inputs.charter, inputs.order, inputs.data
    found = outcome.candidates(data, charter, order, stored)
    pairs = outcome.standing(found, data, charter, order)
    same = outcome.duplicates(data, charter, order)
    groups = {each: outcome.groups(pairs, data, charter, each, same) for each in order.domains}
    verify = {
        name: outcome.to_verify(each, pairs, data, charter, name, same)
        for name, each in groups.items()
    }
    certain = pairs.certain()
    joined = tuple(
        Joined(recipient, own, outcome.joined(certain, data, charter, own, same))
        for recipient, own in joinable(charter, inputs.recipients)
    )
    domains = DomainGroups(groups, verify, PairCounts.of(pairs))
    return Solution(domains, joined, same, found, pairs)


def committed(
    run: str,
    charter: Charter,
    order: RunOrder,
    data: RunData,
    domains: DomainGroups,
    canaries: Mapping[str, Planted],
) -> Committed:
    """The digest and the counts of a solved run, without the canaries of each dataset."""
    groups, verify = domains.groups, domains.verify
    return Committed(
        result=outcome.result(charter, data, order, groups, verify),
        facts=outcome.facts(run, domains.counted, charter, data, groups, verify, canaries),
    )
