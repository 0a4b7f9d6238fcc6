"""Candidate pairs to groups of rows of one person, and groups to pairs."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any, Literal

import numpy as np

from linkage_service.matching.solver import SOLVERS
from linkage_service.matching.solver import Linkage as Solver
from padan.error_codes import PadanCode
from padan.frames import Frame, Values, numbers, opened, require_columns, table, texts
from padan.pairs import ENDS, candidates, sizes_of
from policy.base.errors import BadInput
from policy.base.words import Words

Linkage = Literal["complete", "connected"]


def link(pairs: Any, *, linkage: Linkage = "complete", uncertain: bool = False) -> Any:
    """Groups of rows of one person, from the table of `compare`.

    Columns: `group` (Int64, from 0), `dataset`, `row` (Int64), and `record_id` (String) if the
    pairs have ids; one row for every grouped record.

    `complete` linkage is the greedy rule of the service and of anonlink: pairs are taken in the
    order of the table's rows, most similar first as `compare` returned them, and every two records
    of a group are a pair. Between two tables it is one to one. `connected` joins all records that a
    chain of pairs joins: within one table it finds more duplicates, but a single wrong pair joins
    two people.

    Pairs that `compare` marked as not `certain` are ignored unless `uncertain`.
    Raises BadInput: `frame.columns`, `frame.numbers`, `pairs.*`, `link.linkage`.
    """
    frame = opened(pairs)
    if "certain" in frame.columns and not uncertain:
        frame = frame.filter(frame["certain"])
    found = candidates(frame)
    if linkage not in list(Solver):
        raise _unknown(linkage)
    groups = SOLVERS[Solver(linkage)](found, sizes_of(found))
    columns: dict[str, Values] = {
        "group": groups.group,
        "dataset": groups.dataset,
        "row": groups.row,
    }
    if "left_id" in frame.columns and "right_id" in frame.columns:
        known = _ids(frame)
        records = zip(groups.dataset.tolist(), groups.row.tolist(), strict=True)
        columns["record_id"] = [known[record] for record in records]
    return table(columns, frame.implementation)


def pairs_of(groups: Any) -> Any:
    """Every two rows of one group: `left_dataset`, `left_row`, `right_dataset`, `right_row`, and
    `left_id`, `right_id` where the groups have `record_id`.

    `groups` is the table of `link`.
    """
    frame = opened(groups)
    require_columns(frame, "group", "dataset", "row")
    group, dataset, row = (numbers(frame, name) for name in ("group", "dataset", "row"))
    order = np.lexsort((row, dataset, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    members = np.split(order, starts[1:]) if len(order) else []
    two = [pair for each in members for pair in combinations(each.tolist(), 2)]
    at = np.array(two, np.int64).reshape(-1, 2)
    sides = [column[at[:, side]] for side in (0, 1) for column in (dataset, row)]
    columns: dict[str, Values] = dict(zip(ENDS, sides, strict=True))
    if "record_id" in frame.columns:
        ids = texts(frame, "record_id")
        for name, side in (("left_id", 0), ("right_id", 1)):
            columns[name] = [ids[record] for record in at[:, side].tolist()]
    return table(columns, frame.implementation)


def true_pairs(*frames: Any, person: str = "person", record_id: str = "record_id") -> Any:
    """Pairs of rows with the same `person`, for `score`: of two tables and more those between
    tables, of one table those within it.

    Columns as those of `pairs_of`. Rows without a person are in no pair.
    Raises BadInput (`frame.columns`).
    """
    opened_frames = [opened(each) for each in frames]
    people: dict[str, list[tuple[int, int]]] = {}
    ids = [texts(each, record_id) for each in opened_frames]
    for number, frame in enumerate(opened_frames):
        for row, who in enumerate(texts(frame, person)):
            if who:
                people.setdefault(who, []).append((number, row))
    alone = len(opened_frames) == 1
    two = [
        pair
        for records in people.values()
        for pair in combinations(records, 2)
        if alone or pair[0][0] != pair[1][0]
    ]
    flat = np.array([list(chain(*pair)) for pair in two], np.int64).reshape(-1, 4)
    columns: dict[str, Values] = {name: flat[:, at] for at, name in enumerate(ENDS)}
    columns["left_id"] = [ids[dataset][row] for (dataset, row), _ in two]
    columns["right_id"] = [ids[dataset][row] for _, (dataset, row) in two]
    return table(columns, opened_frames[0].implementation)


def _ids(frame: Frame) -> dict[tuple[int, int], str]:
    known: dict[tuple[int, int], str] = {}
    for side in ("left", "right"):
        records = zip(
            numbers(frame, f"{side}_dataset").tolist(),
            numbers(frame, f"{side}_row").tolist(),
            strict=True,
        )
        known.update(zip(records, texts(frame, f"{side}_id"), strict=True))
    return known


def _unknown(linkage: str) -> BadInput:
    return BadInput(
        PadanCode.LINK_LINKAGE,
        Words(f"Cara '{linkage}' tidak dikenal.", f"There is no linkage '{linkage}'."),
        Words("Pilih complete atau connected.", "Choose complete or connected."),
    )
