"""Compile what a first run would compile: Python modules, and numba's matching kernels.

Run once at setup, so that nobody waits for it in the middle of a run. What it writes
are caches next to the sources; without them everything works, a little later.
"""

from __future__ import annotations

import compileall
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]


def main() -> None:
    for package in ("policy", "encoder", "linkage_service", "padan"):
        compileall.compile_dir(ROOT / package, quiet=1)
    match_two_small_datasets()
    encode_two_rows()


def encode_two_rows() -> None:
    from encoder.encoding.hardening.contrary import TOKENS, combine_codes, fill_code_blocks
    from encoder.encoding.hardening.votes import (
        block_pattern,
        count_votes,
        fill_blocks,
        gather_tokens,
        mark_first,
        scratch_rows,
        weigh_tokens,
    )

    starts, ones = np.array([0, 2, 4]), np.ones(4, np.int64)
    tokens, salts = np.arange(4, dtype=np.uint64), np.arange(2, dtype=np.uint64)
    counts, shares = np.array([2, 2]), np.ones((3, 2), np.int64)
    first = np.empty(4, np.int64)
    mark_first(counts, np.arange(4), first)
    weigh_tokens(counts, np.arange(4), first, shares, starts.copy(), ones.copy(), ones.copy())
    gather_tokens(
        starts, tokens, ones, np.array([0, 1]), starts[:2].copy(), tokens.copy(), ones.copy()
    )
    fill_blocks(starts, tokens, salts, block_pattern(4), np.empty((4, 4), np.uint64))
    odd = np.array([1, 2, 1, 2])
    votes = np.zeros((4 + scratch_rows(3), 4), np.uint64)
    count_votes(starts, odd, votes, 2, 3, np.empty((2, 2), np.uint64))
    inputs, blocks = np.zeros((2, 9), np.uint64), np.empty((2 * 9, 2), np.uint64)
    fill_code_blocks(salts, inputs, blocks)
    plain, known = np.zeros((2, 16), np.uint8), np.ones((2, 16), np.bool_)
    combine_codes(blocks.view(np.uint8), 9, TOKENS, plain, known, plain.copy())


def match_two_small_datasets() -> None:
    from linkage_service.matching import (
        EncodedDataset,
        gather,
        match_tile,
        match_tokens,
        plan_tiles,
        solve_domain,
    )

    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**63, (40, 16), dtype=np.uint64)
    tokens = rng.integers(0, 256, (40, 16), dtype=np.uint8)
    left, right = (EncodedDataset(name, {"warm": words}, tokens) for name in ("left", "right"))
    tile = plan_tiles([40, 40], 40)[0]
    found = match_tile(left, right, tile, {"warm": 800_000})
    named = match_tokens(
        left, right, left_dataset=0, right_dataset=1, encodings=["warm"], floor_ppm=500_000
    )
    solve_domain(gather([found, named]), [0, 1], [40, 40])


if __name__ == "__main__":
    main()
