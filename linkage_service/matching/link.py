"""The whole matching as functions: tile results in, groups out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.ordering import in_order, is_in_order, merged
from linkage_service.matching.solver import Groups, greedy_solve
from linkage_service.matching.within import as_one, expanded


def gather(results: Iterable[Candidates]) -> Candidates:
    """All results of tiles and of the NIK leg as one: each pair once, in the solver's order.

    The order of the results does not matter. A pair that tokens found
    too keeps its larger similarity, the one above 1.
    """
    return merged(results)


def solve_domain(
    candidates: Candidates,
    members: Sequence[int],
    dataset_sizes: Sequence[int],
    duplicates: Groups | None = None,
) -> Groups:
    """Groups among some of the datasets, from the evidence between those alone.

    `members` are the numbers of the datasets of one ID domain, `dataset_sizes` the
    rows of all datasets of the run. A domain of two is solved from that pair's
    candidates: evidence from a third dataset changes nothing. Without
    `duplicates` a group has at most one row of each dataset (one to one), taken by
    similarity. With those of `duplicates_within`, the rows of a duplicate are one record for
    the solver, and the groups contain all of these rows (one to many).
    """
    member = np.zeros(2**16, np.bool_)
    member[list(members)] = True
    inside = member[candidates.left_dataset] & member[candidates.right_dataset]
    evidence = candidates if np.all(inside) else candidates.take(inside)
    if duplicates is not None:
        groups = greedy_solve(as_one(evidence, duplicates), dataset_sizes)
        return expanded(groups, duplicates)
    # The result of `gather` is sorted already, and sorting is most of the time.
    if not is_in_order(evidence):
        evidence = in_order(evidence)
    return greedy_solve(evidence, dataset_sizes)


def link(
    datasets: Sequence[EncodedDataset],
    results: Iterable[Candidates],
    members: Sequence[int] | None = None,
) -> Groups:
    """Solve one domain from the results of all tiles and of the NIK leg.

    Without `members` the domain is all datasets.
    """
    everyone = range(len(datasets))
    sizes = [dataset.rows for dataset in datasets]
    return solve_domain(gather(results), everyone if members is None else members, sizes)
