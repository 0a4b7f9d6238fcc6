"""A run's result as a function of its inputs, for the service's run and for a rerun.

    1. All candidate pairs of the search and of the NIK leg, each once.
    2. The pairs that the charter accepts as matches, and rows that repeat inside a dataset.
    3. The groups of every ordered ID domain, and which of them need verification.
    4. For a recipient with several lists, which of its own rows are one person.

This module reads, stores and draws nothing. The digest and the counts for the log are
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
    """A run's inputs: its terms, the rows present when it was ordered, the recipients."""

    charter: Charter
    order: RunOrder
    data: RunData
    recipients: Sequence[frozenset[str]]


@dataclass(frozen=True, eq=False)
class DomainGroups:
    """The groups of each ID domain, which of them need verification, and the number of pairs."""

    groups: Mapping[str, Groups]
    verify: Mapping[str, Flags]
    counted: PairCounts


@dataclass(frozen=True, eq=False)
class Solution:
    """A run's result. `found` are the pairs that the search reached, `pairs` those that match."""

    domains: DomainGroups
    joined: tuple[Joined, ...]
    duplicates: Groups | None
    found: Candidates
    pairs: Candidates


@dataclass(frozen=True)
class RunCommitment:
    """What the log receives from a run: the digest of its result, and facts to commit to."""

    result: str
    facts: RunFacts


def solve(inputs: RunInputs, stored: Iterable[Candidates]) -> Solution:
    """The groups of every ordered domain, from the `stored` results of all units."""
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
) -> RunCommitment:
    """The digest and the counts of a solved run, without the canaries of each dataset."""
    groups, verify = domains.groups, domains.verify
    return RunCommitment(
        result=outcome.result(charter, data, order, groups, verify),
        facts=outcome.facts(run, domains.counted, charter, data, groups, verify, canaries),
    )
