"""One ID domain as a release shows it: solved, and without the rows removed since its run.

A person who objected after the run appears in no release, and nobody has to wait for another
run. A group left with rows of only one dataset is no longer a match and is removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake.bundles import Intake
from linkage_service.intake.present_rows import handles_gone
from linkage_service.matching import Groups, HandleKeys, handle_keys
from policy.project import Project

# By dataset, uint8 (rows, 16): numbered as the run numbered its rows.
Handles = Mapping[str, NDArray[np.uint8]]


@dataclass(frozen=True, eq=False)
class Solved:
    """One ID domain of a finished run: its groups, and which of these need verification."""

    run: str
    domain: str
    groups: Groups
    verify: NDArray[np.bool_]
    handles: Handles


def rows_left(project: Project, intake: Intake) -> dict[str, HandleKeys]:
    """By dataset, the handles of all rows removed so far in this project."""
    return {name: handles_gone(project, intake, name) for name in project.charter.dataset_ids}


def without(each: Solved, gone: Mapping[str, HandleKeys], names: Sequence[str]) -> Solved:
    """The domain with rows and groups renumbered; `names` are the datasets by number."""
    groups, handles = each.groups, dict(each.handles)
    stay, row = np.ones(len(groups.row), np.bool_), groups.row.copy()
    for number, name in enumerate(names):
        stands = ~np.isin(handle_keys(each.handles[name]), gone[name])
        handles[name] = each.handles[name][stands]
        mine = groups.dataset == number
        stay[mine] = stands[groups.row[mine]]
        row[mine] = (np.cumsum(stands) - 1)[groups.row[mine]]
    if stay.all():
        return replace(each, groups=Groups(groups.dataset, row, groups.group), handles=handles)
    kept = Groups(groups.dataset[stay], row[stay], groups.group[stay])
    pairs = np.unique(np.stack([kept.group, kept.dataset.astype(np.uint32)]), axis=1)
    matched = np.bincount(pairs[0], minlength=groups.count) > 1
    return replace(each, groups=kept.only(matched), verify=each.verify[matched], handles=handles)
