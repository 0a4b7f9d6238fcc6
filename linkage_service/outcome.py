"""What a run comes to, from its data and its candidates: groups, digest, facts.

Pure functions of the log and the bundles. The service's run and a second operator's
rerun both call them, so that the two can only differ where one of them was not honest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np

from linkage_service.datasets import RunData
from linkage_service.engines import Job
from linkage_service.matching import (
    Candidates,
    Groups,
    Samplings,
    Unit,
    concatenate,
    derived,
    duplicates_within,
    flood,
    gather,
    match_tokens,
    match_tokens_within,
    match_within,
    plan_blocks,
    plan_tables,
    plan_tiles,
    plan_within,
    result_digest,
    solve_domain,
)
from policy.canonical import canonical_json, sha256
from policy.charter import Charter
from policy.facts import DomainFacts, RunFacts, membership_without_canaries
from policy.statements import RunOrder

_ROWS_AT_ONCE = 20_000


def plan(data: RunData, charter: Charter, order: RunOrder, tile_rows: int) -> list[Unit]:
    """The units of the search, numbered by their place; equal for equal arguments."""
    tables = samplings(data, charter, order)
    units: list[Unit] = []
    for left, right in combinations(range(len(data.datasets)), 2):
        sides = data.datasets[left], data.datasets[right]
        for name in sorted(order.thresholds_ppm):
            if name in sides[0].blocks:
                blocks = sides[0].blocks[name], sides[1].blocks[name]
                units += plan_blocks(left, right, name, blocks, tile_rows**2)
            elif (left, right, name) in tables:
                rows, sampling = (sides[0].rows, sides[1].rows), tables[left, right, name]
                units += plan_tables(left, right, name, rows, sampling)
    if _of_all_pairs(data, charter, order):
        units += plan_tiles(data.sizes, tile_rows)
    return units


def job(data: RunData, charter: Charter, order: RunOrder) -> Job:
    """The search compares encodings; NIK tokens, or the handles in their place, stay here."""
    datasets = [replace(each, tokens=np.zeros_like(each.tokens)) for each in data.datasets]
    return Job(datasets, order.thresholds_ppm, samplings(data, charter, order))


def samplings(data: RunData, charter: Charter, order: RunOrder) -> Samplings:
    """The tables of encodings without tags, where the charter allows them; else none."""
    recall_ppm = charter.matching.sampling_recall_ppm
    if recall_ppm is None:
        return {}
    return {
        (left, right, name): derived(
            name,
            data.datasets[left].encoding(name),
            data.datasets[right].encoding(name),
            threshold_ppm,
            recall_ppm,
        )
        for left, right in combinations(range(len(data.datasets)), 2)
        for name, threshold_ppm in sorted(order.thresholds_ppm.items())
        if name not in data.datasets[left].blocks
    }


def require_no_flood(data: RunData, order: RunOrder) -> None:
    """BadInput where a threshold would let more pairs pass than can be solved."""
    for left, right in combinations(data.datasets, 2):
        for name, threshold_ppm in sorted(order.thresholds_ppm.items()):
            sides = left.encoding(name), right.encoding(name)
            blocks = (left.blocks[name], right.blocks[name]) if name in left.blocks else None
            flood.require_no_flood(name, *sides, threshold_ppm, blocks=blocks)


def candidates(
    data: RunData, charter: Charter, order: RunOrder, found: Iterable[Candidates]
) -> Candidates:
    """The pairs of all units and of the NIK leg, each once, in the solver's order."""
    parts = list(found)
    if charter.nik_field is not None:
        sides = combinations(range(len(data.sizes)), 2)
        parts += [_tokens(data, charter, left, right, order) for left, right in sides]
    return gather(parts)


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
    return duplicates_within(concatenate(parts), data.sizes)


def duplicate_handles(same: Groups, dataset: int, data: RunData) -> list[list[str]]:
    """The handles, in hexadecimal, of each person's rows in the dataset of this number."""
    here = same.dataset == dataset
    handles = data.handles[dataset]
    people: dict[int, list[str]] = {}
    for group, row in zip(same.group[here].tolist(), same.row[here].tolist(), strict=True):
        people.setdefault(group, []).append(handles[row].tobytes().hex())
    return list(people.values())


def groups(
    pairs: Candidates, data: RunData, charter: Charter, domain: str, same: Groups | None
) -> Groups:
    """The groups of one ID domain, from its own evidence; `same` is what `duplicates` found."""
    return solve_domain(pairs, _members(charter, domain), data.sizes, same)


def result(charter: Charter, data: RunData, solved: dict[str, Groups]) -> str:
    """One digest for all domains; independent of salts, ids and machines."""
    digests = {
        domain: result_digest(each, data.row_handles(_members(charter, domain)))
        for domain, each in solved.items()
    }
    return sha256(canonical_json({"type": "padan/result", "domains": digests}))


def facts(
    run: str, pairs: int, charter: Charter, data: RunData, solved: dict[str, Groups]
) -> RunFacts:
    """The counts on which a release is decided, without the canaries."""
    domains = {}
    for domain, each in solved.items():
        counts = {
            data.names[i]: membership_without_canaries(
                charter, data.sizes[i], int(np.count_nonzero(each.dataset == i))
            )
            for i in _members(charter, domain)
        }
        planted = charter.encoding.canaries.pairs
        domains[domain] = DomainFacts(groups=max(0, each.count - planted), datasets=counts)
    return RunFacts(run=run, candidates=pairs, domains=domains)


def _of_all_pairs(data: RunData, charter: Charter, order: RunOrder) -> set[str]:
    """The encodings by which every row meets every other."""
    if charter.matching.sampling_recall_ppm is not None:
        return set()
    return order.thresholds_ppm.keys() - data.datasets[0].blocks.keys()


def _tokens(data: RunData, charter: Charter, left: int, right: int, order: RunOrder) -> Candidates:
    return match_tokens(
        data.datasets[left],
        data.datasets[right],
        left_dataset=left,
        right_dataset=right,
        encodings=_all_encodings(charter),
        floor_ppm=order.nik_floor_ppm,
    ).candidates


def _all_encodings(charter: Charter) -> list[str]:
    """The NIK leg's floor: an encoding without a threshold is there for nothing else."""
    return sorted(each.name for each in charter.encoding.encodings)


def _members(charter: Charter, domain: str) -> list[int]:
    return [charter.dataset_ids.index(dataset) for dataset in charter.domain(domain).datasets]
