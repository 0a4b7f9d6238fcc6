"""After rows came, changed and went, the second run equals a full one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    RowHandles,
    carry_over,
    fresh_parts,
    gather,
    link,
    match_tile,
    match_tokens,
    moved,
    plan_tiles,
    result_digest,
)

THRESHOLDS = {"clk": 600_000, "shadow": 700_000}
FLOOR = 300_000


@dataclass(frozen=True)
class Side:
    """One dataset at one time, in handle order."""

    dataset: EncodedDataset
    handles: NDArray[np.uint8]


def side(name: str, rows: dict[bytes, bytes]) -> Side:
    """`rows` by handle: 16 bytes of token, then two encodings of 8 bytes."""
    ordered = sorted(rows)
    sent = np.frombuffer(b"".join(rows[h] for h in ordered), np.uint8).reshape(-1, 32)
    clk, shadow = (np.ascontiguousarray(sent[:, at : at + 8]).view(np.uint64) for at in (16, 24))
    dataset = EncodedDataset(name, {"clk": clk, "shadow": shadow}, sent[:, :16].copy())
    return Side(dataset, np.frombuffer(b"".join(ordered), np.uint8).reshape(-1, 16))


def random_rows(random: np.random.Generator, count: int) -> dict[bytes, bytes]:
    """Few different tokens and near-equal filters, so that much matches."""
    rows = {}
    for _ in range(count):
        token = bytes(15) + bytes([random.integers(0, 20)])
        bits = random.random((2, 64)) < random.choice([0.4, 0.6])
        rows[random.bytes(16)] = token + np.packbits(bits, axis=1).tobytes()
    return rows


def later(random: np.random.Generator, rows: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Some rows withdrawn, some changed (a new handle, another content), some added."""
    kept = {handle: row for handle, row in rows.items() if random.random() < 0.7}
    return {**kept, **random_rows(random, int(random.integers(0, 8)))} or random_rows(random, 1)


def search(left: EncodedDataset, right: EncodedDataset) -> list[Candidates]:
    """What tiles find between two datasets, as datasets 0 and 1."""
    tiles = plan_tiles([left.rows, right.rows], tile_rows=7)
    return [match_tile(left, right, tile, THRESHOLDS) for tile in tiles]


def searched(sides: list[Side]) -> list[Candidates]:
    sizes = [each.dataset.rows for each in sides]
    datasets = [each.dataset for each in sides]
    return [
        match_tile(datasets[tile.left_dataset], datasets[tile.right_dataset], tile, THRESHOLDS)
        for tile in plan_tiles(sizes, tile_rows=7)
    ]


def token_matches(sides: list[Side]) -> list[Candidates]:
    """The NIK leg, in which a token of more than three rows is crowded."""
    return [
        match_tokens(
            sides[left].dataset,
            sides[right].dataset,
            left_dataset=left,
            right_dataset=right,
            encodings=sorted(THRESHOLDS),
            floor_ppm=FLOOR,
            most_rows=3,
        ).candidates
        for left, right in combinations(range(len(sides)), 2)
    ]


def digest(sides: list[Side], candidates: Candidates) -> str:
    groups = link([each.dataset for each in sides], [candidates])
    handles = [RowHandles(n, s.dataset.name, s.handles) for n, s in enumerate(sides)]
    return result_digest(groups, handles)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.integers(2, 4))
def test_a_second_run_with_fewer_comparisons_equals_a_full_one(seed: int, parties: int) -> None:
    random = np.random.default_rng(seed)
    before_rows = [random_rows(random, int(random.integers(1, 20))) for _ in range(parties)]
    before = [side(f"d{n}", rows) for n, rows in enumerate(before_rows)]
    now = [side(f"d{n}", later(random, rows)) for n, rows in enumerate(before_rows)]
    earlier = gather(searched(before))

    moves = [moved(old.handles, new.handles) for old, new in zip(before, now, strict=True)]
    found = [carry_over(earlier, moves)]
    compared = 0
    for part in fresh_parts(moves):
        left = now[part.left_dataset].dataset.take(part.left_rows)
        right = now[part.right_dataset].dataset.take(part.right_rows)
        compared += left.rows * right.rows
        found += [part.placed(each) for each in search(left, right)]

    full = gather([*searched(now), *token_matches(now)])
    again = gather([*found, *token_matches(now)])
    for mine, wanted in zip(again.columns(), full.columns(), strict=True):
        assert mine.tolist() == wanted.tolist()
    assert digest(now, again) == digest(now, full)
    assert compared == sum(
        now[a].dataset.rows * now[b].dataset.rows - len(moves[a].kept) * len(moves[b].kept)
        for a, b in combinations(range(parties), 2)
    )
