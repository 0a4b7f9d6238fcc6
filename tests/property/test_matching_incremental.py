"""After rows came, changed and went, a run that goes on from an earlier one equals a full one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    Moves,
    blocks_of,
    carry_over,
    from_bytes,
    handle_keys,
    moved,
)
from linkage_service.runs import outcome, plans
from linkage_service.runs.solve import RunInputs, solve
from policy.charter import Charter
from policy.statements import RunOrder
from tests.support.republic import charter_from, charter_tree

NAMES = ("regsosek", "dtks", "carik")
THRESHOLDS = {"clk": 600_000, "shadow": 700_000}
FLOOR_PPM = 300_000
TILE_ROWS = 7


def charter(
    cardinality: str, graded: bool = False, order: str = "similarity", top_k: int | None = None
) -> Charter:
    tree = charter_tree()
    encoding = tree["encoding"]["encodings"][0]
    tree["encoding"]["profile"] = "compound-1"
    tree["encoding"]["encodings"] = [
        {**encoding, "name": name, "salt": [salt], "rounds": 3}
        for name, salt in (("clk", "nama"), ("shadow", "kk"))
    ]
    tree["matching"] = {
        "thresholds_ppm": THRESHOLDS,
        "nik_floor_ppm": FLOOR_PPM,
        "cardinality": cardinality,
        "alone_ppm": {"shadow": 760_000},
        "review_ppm": {"clk": 540_000, "shadow": 720_000} if graded else {},
        "order": order,
        "top_k": top_k,
    }
    tree["release"]["grades"] = graded
    for domain in tree["domains"]:
        domain["learn"] = domain["datasets"]
    return charter_from(tree)


def ordered(charter: Charter) -> RunOrder:
    return RunOrder(
        at=0,
        purpose="uji",
        domains=tuple(domain.id for domain in charter.domains),
        thresholds_ppm=THRESHOLDS,
        nik_floor_ppm=FLOOR_PPM,
    )


Rows = dict[bytes, bytes]  # by handle: 16 bytes of token, two encodings of 8 bytes, a tag


def run_data(people: list[Rows], tagged: bool) -> RunData:
    datasets, handles = [], []
    for name, rows in zip(NAMES, people, strict=True):
        by_handle = sorted(rows)
        sent = np.frombuffer(b"".join(rows[h] for h in by_handle), np.uint8).reshape(-1, 33)
        clk, shadow = (
            np.ascontiguousarray(sent[:, at : at + 8]).view(np.uint64) for at in (16, 24)
        )
        tags = {"shadow": blocks_of(sent[:, 32].astype(np.uint32), 4)} if tagged else {}
        encodings = {"clk": clk, "shadow": shadow}
        datasets.append(EncodedDataset(name, encodings, sent[:, :16].copy(), tags))
        handles.append(np.frombuffer(b"".join(by_handle), np.uint8).reshape(-1, 16))
    return RunData(NAMES, datasets, handles)


def random_rows(random: np.random.Generator, count: int) -> Rows:
    """Few different tokens and near-equal filters, so that much matches."""
    rows = {}
    for _ in range(count):
        token = bytes(15) + bytes([random.integers(0, 20)])
        bits = random.random((2, 64)) < random.choice([0.4, 0.6])
        tag = bytes([random.integers(0, 4)])
        # A zero at the end of a handle is as good as any other byte.
        handle = random.bytes(15) + bytes([random.integers(0, 2)])
        rows[handle] = token + np.packbits(bits, axis=1).tobytes() + tag
    return rows


def later(random: np.random.Generator, rows: Rows) -> Rows:
    """Some rows withdrawn, some changed (a new handle, another content), some added."""
    kept = {handle: row for handle, row in rows.items() if random.random() < 0.7}
    return {**kept, **random_rows(random, int(random.integers(0, 8)))} or random_rows(random, 1)


def found_by(plan: plans.SearchPlan) -> list[Candidates]:
    return [plan.placed(from_bytes(plan.job.result(unit))) for unit in plan.units]


def digest(data: RunData, charter: Charter, found: list[Candidates]) -> str:
    order = ordered(charter)
    domains = solve(RunInputs(charter, order, data, recipients=()), found).domains
    return outcome.result(charter, data, order, domains.groups, domains.verify)


def moves(before: RunData, now: RunData) -> list[Moves]:
    return [
        moved(handle_keys(old), handle_keys(new))
        for old, new in zip(before.handles, now.handles, strict=True)
    ]


@settings(max_examples=60)
@given(
    st.integers(0, 2**32),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from(["one-to-one", "one-to-many"]),
    st.booleans(),
    st.sampled_from(["similarity", "household"]),
    st.sampled_from([None, 1, 2]),
)
def test_after_any_changes_the_result_is_that_of_a_full_run(
    seed: int,
    changes: int,
    tagged: bool,
    cardinality: str,
    graded: bool,
    preferred: str,
    top_k: int | None,
) -> None:
    random = np.random.default_rng(seed)
    agreed = charter(cardinality, graded, preferred, top_k)
    order = ordered(agreed)
    people = [random_rows(random, int(random.integers(1, 20))) for _ in NAMES]
    before = run_data(people, tagged)
    searched = found_by(plans.whole(before, agreed, order, TILE_ROWS))
    for _ in range(changes):
        people = [later(random, rows) for rows in people]
    now = run_data(people, tagged)

    since = moves(before, now)
    plan = plans.of_new_rows(now, agreed, order, TILE_ROWS, since)
    carried = [carry_over(each, since) for each in searched]
    full = found_by(plans.whole(now, agreed, order, TILE_ROWS))
    assert digest(now, agreed, [*found_by(plan), *carried]) == digest(now, agreed, full)
    if not tagged:
        new = [len(each.new) for each in since]
        assert sum(unit.comparisons for unit in plan.units) == sum(
            new[a] * now.sizes[b] + now.sizes[a] * new[b]
            for a, b in combinations(range(len(NAMES)), 2)
        )
