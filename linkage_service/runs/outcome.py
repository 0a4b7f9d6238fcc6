"""What a run comes to, from its data and its candidates: groups, digest, facts.

Pure functions of the log and the bundles. The service's run and a second operator's
rerun both call them, so that the two can only differ where one of them was not honest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    Groups,
    Rule,
    duplicates_within,
    gather,
    gather_best,
    judge,
    match_tokens,
    match_tokens_within,
    match_within,
    more_than,
    plan_within,
    result_digest,
    solve_domain,
)
from policy.base.canonical import canonical_json, sha256
from policy.charter import FIRST_LAW, Charter
from policy.gates.facts import DomainFacts, RunFacts, membership_without_canaries
from policy.pairs import charter_rule
from policy.project.canary_counts import Planted
from policy.statements import RunOrder

_ROWS_AT_ONCE = 20_000

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class PairCounts:
    """How many candidate pairs there are, and how many of them lie in a review band."""

    all: int
    uncertain: int

    @classmethod
    def of(cls, pairs: Candidates) -> PairCounts:
        return cls(len(pairs), len(pairs) - len(pairs.certain()))


def candidates(
    data: RunData, charter: Charter, order: RunOrder, found: Iterable[Candidates]
) -> Candidates:
    """The pairs of all units and of the NIK leg, each once, in the solver's order.

    Where the charter limits them (`matching.top_k`), only those of `standing` are counted and
    kept: a pair that stands for nothing takes no other's place.
    """
    tokens: list[Candidates] = []
    if charter.nik_field is not None:
        sides = combinations(range(len(data.sizes)), 2)
        tokens = [_tokens(data, charter, left, right, order) for left, right in sides]
    parts = chain(tokens, found)
    if charter.matching.top_k is None:
        return gather(parts)
    stand = (_standing(each, data, charter, order) for each in parts)
    return gather_best(stand, charter.matching.top_k)


def standing(pairs: Candidates, data: RunData, charter: Charter, order: RunOrder) -> Candidates:
    """Of `candidates` those that the charter takes for one person's, then its review band's."""
    if charter.matching.top_k is not None:
        return pairs
    return _standing(pairs, data, charter, order)


def _standing(pairs: Candidates, data: RunData, charter: Charter, order: RunOrder) -> Candidates:
    return judge(pairs, data.datasets, charter, order.thresholds_ppm)


def rule(charter: Charter, order: RunOrder) -> Rule:
    """When encodings alone make a pair a match."""
    return charter_rule(charter, order.thresholds_ppm)


def duplicates(data: RunData, charter: Charter, order: RunOrder) -> Groups | None:
    """Rows of one dataset that are one person, where the charter's groups may have several."""
    if charter.matching.cardinality == "one-to-one":
        return None
    parts = []
    for number, dataset in enumerate(data.datasets):
        for each in plan_within(number, dataset, order.thresholds_ppm, _ROWS_AT_ONCE):
            parts.append(match_within(dataset, each, order.thresholds_ppm))
        if charter.nik_field is not None:
            names, floor = _all_encodings(charter), order.nik_floor_ppm
            parts.append(match_tokens_within(dataset, number, encodings=names, floor_ppm=floor))
    stand = _standing(gather(parts), data, charter, order).certain()
    return duplicates_within(stand, data.sizes)


def duplicate_handles(same: Groups, dataset: int, data: RunData) -> list[list[str]]:
    """The handles, in hexadecimal, of each person's rows in the dataset of this number."""
    handles, (rows, persons) = data.handles[dataset], same.of(dataset)
    people: dict[int, list[str]] = {}
    for row, person in zip(rows.tolist(), persons.tolist(), strict=True):
        people.setdefault(person, []).append(handles[row].tobytes().hex())
    return list(people.values())


def groups(
    pairs: Candidates, data: RunData, charter: Charter, domain: str, same: Groups | None
) -> Groups:
    """The groups of one ID domain, from its own evidence; `same` is what `duplicates` found.

    Pairs of the review band count under `release.grades` alone, and after all others: what is
    certain is what it would be without them.
    """
    evidence = pairs if charter.release.grades else pairs.certain()
    return solve_domain(evidence, _members(charter, domain), data.sizes, same)


def to_verify(
    solved: Groups,
    pairs: Candidates,
    data: RunData,
    charter: Charter,
    domain: str,
    same: Groups | None,
) -> Flags:
    """Which of the groups stand only with pairs of the review band, by group number."""
    if not charter.release.grades:
        return np.zeros(solved.count, np.bool_)
    certain = solve_domain(pairs.certain(), _members(charter, domain), data.sizes, same)
    return more_than(solved, certain)


def joined(
    certain: Candidates,
    data: RunData,
    charter: Charter,
    lists: tuple[str, ...],
    same: Groups | None,
) -> Groups:
    """Rows of these lists that their owner can tell to be one person.

    Those of one NIK, whatever else they say, and those that the run takes for one person.
    """
    members = [data.names.index(name) for name in lists]
    tokens: list[Candidates] = []
    if charter.nik_field is not None:
        tokens = [_of_one_nik(data, charter, *sides) for sides in combinations(members, 2)]
    return solve_domain(gather([*tokens, certain]), members, data.sizes, same)


def result(
    charter: Charter,
    data: RunData,
    order: RunOrder,
    solved: Mapping[str, Groups],
    verify: Mapping[str, Flags],
) -> str:
    """One digest for all domains; independent of salts, ids and machines.

    Since the second law it covers all rows and the thresholds too. The digest stands in the log:
    if it were equal for two runs whose rows differ, a party would read that the rows which it
    added or took away had no match.
    """

    def digests(chosen: Mapping[str, Groups]) -> dict[str, str]:
        return {
            domain: result_digest(each, data.row_handles(_members(charter, domain)))
            for domain, each in chosen.items()
        }

    said: dict[str, Any] = {"type": "padan/result", "domains": digests(solved)}
    if charter.release.grades:
        certain = {domain: each.only(~verify[domain]) for domain, each in solved.items()}
        said["certain"] = digests(certain)
    if charter.law != FIRST_LAW:
        rows = zip(data.names, data.handles, strict=True)
        said["rows"] = {name: sha256(handles.tobytes()) for name, handles in rows}
        said["thresholds_ppm"] = dict(order.thresholds_ppm)
        said["nik_floor_ppm"] = order.nik_floor_ppm
    return sha256(canonical_json(said))


def facts(
    run: str,
    counted: PairCounts,
    charter: Charter,
    data: RunData,
    solved: Mapping[str, Groups],
    verify: Mapping[str, Flags],
    canaries: Mapping[str, Planted],
) -> RunFacts:
    """The counts on which a release is decided, without the canaries of each dataset."""
    sizes = dict(zip(data.names, data.sizes, strict=True))
    domains = {
        domain: domain_facts(charter, domain, each, verify[domain], sizes, canaries)
        for domain, each in solved.items()
    }
    return RunFacts(run=run, candidates=counted.all, uncertain=counted.uncertain, domains=domains)


def domain_facts(
    charter: Charter,
    domain: str,
    groups: Groups,
    verify: Flags,
    sizes: Mapping[str, int],
    canaries: Mapping[str, Planted],
) -> DomainFacts:
    """The counts of one domain without the canaries; `sizes` are all rows of its datasets."""
    unsure = verify[groups.group]
    counts = {
        charter.dataset_ids[i]: membership_without_canaries(
            canaries[charter.dataset_ids[i]],
            domain,
            sizes[charter.dataset_ids[i]],
            matched=int(np.count_nonzero(groups.dataset == i)),
            verify=int(np.count_nonzero((groups.dataset == i) & unsure)),
        )
        for i in _members(charter, domain)
    }
    planted = max(canaries[name].groups.get(domain, 0) for name in counts)
    return DomainFacts(groups=max(0, groups.count - planted), datasets=counts)


def _tokens(data: RunData, charter: Charter, left: int, right: int, order: RunOrder) -> Candidates:
    return _by_tokens(data, charter, left, right, order.nik_floor_ppm)


def _of_one_nik(data: RunData, charter: Charter, left: int, right: int) -> Candidates:
    """Also where names contradict each other: the owner sees the NIK and not only its token."""
    return _by_tokens(data, charter, left, right, 1)


def _by_tokens(
    data: RunData, charter: Charter, left: int, right: int, floor_ppm: int
) -> Candidates:
    return match_tokens(
        data.datasets[left],
        data.datasets[right],
        left_dataset=left,
        right_dataset=right,
        encodings=_all_encodings(charter),
        floor_ppm=floor_ppm,
    )


def _all_encodings(charter: Charter) -> list[str]:
    """The NIK leg's floor: an encoding without a threshold is there for nothing else."""
    return sorted(each.name for each in charter.encoding.encodings)


def _members(charter: Charter, domain: str) -> list[int]:
    return [charter.dataset_ids.index(dataset) for dataset in charter.domain(domain).datasets]
