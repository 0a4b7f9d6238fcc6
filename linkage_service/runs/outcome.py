"""A run's result from its data and its candidates: groups, digest, facts.

Pure functions of the log and the bundles. The service's run and a second operator's rerun both
call them, so that results can only differ if one of the operators was dishonest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    Groups,
    MatchRule,
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
    """The number of candidate pairs, and how many of them are in a review band."""

    all: int
    uncertain: int

    @classmethod
    def of(cls, pairs: Candidates) -> PairCounts:
        return cls(len(pairs), len(pairs) - len(pairs.certain()))


def candidates(
    data: RunData, charter: Charter, order: RunOrder, found: Iterable[Candidates]
) -> Candidates:
    """The pairs of all units and of the NIK leg, each once, in the solver's order.

    Where the charter limits candidates (`matching.top_k`), only valid pairs (`standing`) are
    counted and kept: a pair that the charter's rule rejects takes no other pair's place.
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
    """The candidates that the charter accepts as matches, then the pairs of its review band."""
    if charter.matching.top_k is not None:
        return pairs
    return _standing(pairs, data, charter, order)


def _standing(pairs: Candidates, data: RunData, charter: Charter, order: RunOrder) -> Candidates:
    return judge(pairs, data.datasets, charter, order.thresholds_ppm)


def rule(charter: Charter, order: RunOrder) -> MatchRule:
    """The rule by which encodings alone make a pair a match."""
    return charter_rule(charter, order.thresholds_ppm)


def duplicates(data: RunData, charter: Charter, order: RunOrder) -> Groups | None:
    """Rows of one dataset that are one person; None unless groups may have several such rows."""
    if charter.matching.cardinality == "one-to-one":
        return None
    found = gather(_found_within(data, charter, order))
    stand = _standing(found, data, charter, order).certain()
    return duplicates_within(stand, data.sizes)


def _found_within(data: RunData, charter: Charter, order: RunOrder) -> Iterator[Candidates]:
    """The candidate pairs of two rows of one dataset, unit by unit."""
    for number, dataset in enumerate(data.datasets):
        for each in plan_within(number, dataset, order.thresholds_ppm, _ROWS_AT_ONCE):
            yield match_within(dataset, each, order.thresholds_ppm)
        if charter.nik_field is not None:
            names, floor = _all_encodings(charter), order.nik_floor_ppm
            yield match_tokens_within(dataset, number, encodings=names, floor_ppm=floor)


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
    """The groups of one ID domain, from its own evidence; `same` is the result of `duplicates`.

    Pairs of the review band count only under `release.grades`, and after all other pairs: they do
    not change the certain groups.
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
    """Which groups depend on pairs of the review band, by group number."""
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
    """Rows of these lists that their owner can recognise as one person.

    Rows with the same NIK, whatever else they contain, and rows that the run matches.
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

    Since the second law it also covers all rows and the thresholds. The log shows the digest: if
    two runs over different rows had equal digests, a party would learn that the rows which it added
    or removed have no match.
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
    """The counts that decide on a release, without each dataset's canaries."""
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
    """The counts of one domain without canaries; `sizes` are its datasets' numbers of rows."""
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
    """Pairs with one NIK, even with contradicting names: the owner sees the NIK itself."""
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
    """The NIK leg's floor applies to all encodings, also to those without a threshold."""
    return sorted(each.name for each in charter.encoding.encodings)


def _members(charter: Charter, domain: str) -> list[int]:
    return [charter.dataset_ids.index(dataset) for dataset in charter.domain(domain).datasets]
