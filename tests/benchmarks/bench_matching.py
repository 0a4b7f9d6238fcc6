"""The exact search beside anonlink's: on CLKs like those of five Indonesian fields, on CLKs of
synthetic residents, and on hardened encodings. One core, but for the last figure.

    PADAN_BENCH_SEARCH_ROWS=20000    as many rows on each side
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anonlink.similarities
import llvmlite.binding
import numpy as np
from bitarray import bitarray
from numpy.typing import NDArray

from encoder.encoding.clk import ClkEncoder
from linkage_service.matching import dice_pairs, pack_words
from linkage_service.matching.similarity import dice_parts
from tests.benchmarks.bench_clk import SCHEMA, SECRET, records
from tests.benchmarks.figures import Figure, faster, seconds
from tests.support.memory import peak_bytes

BITS = 1024
ALWAYS = 0.178  # share of the bits that nearly everybody sets: common bigrams
VALUE = 0.0755  # share of the bits that one value of a field sets
VOCABULARIES = (3000, 1000, 400, 366, 60)  # values of the five fields, Zipf distributed
ROWS = int(os.environ.get("PADAN_BENCH_SEARCH_ROWS", "12000"))
PEER = "anonlink 0.15.3 dice_coefficient_accelerated"
MANY = 20_000
_WANTED = ("avx512vpopcntdq", "avx512f", "avx2", "neon")

Filters = NDArray[np.uint8]


def run() -> list[Figure]:
    return [
        *(search(f"five fields, {processor()}", five_fields(), at) for at in (80, 85, 90)),
        *(search("synthetic residents", residents(), at) for at in (80, 85, 90)),
        search("hardened, half of the bits set", hardened(), 60),
        on_two_cores(five_fields(), 85),
        *where_half_of_the_pairs_pass(),
    ]


def search(name: str, sides: tuple[Filters, Filters], percent: int) -> Figure:
    words = pack_words(sides[0]), pack_words(sides[1])
    filters = as_bitarrays(sides[0]), as_bitarrays(sides[1])
    found = dice_pairs(*words, percent * 10_000)
    sims, rows = anonlink.similarities.dice_coefficient_accelerated(filters, percent / 100)
    assert found.similarity.tolist() == sims.tolist()
    assert found.left_row.tolist() == rows[0].tolist()
    times = seconds(
        {
            "ours": lambda: dice_pairs(*words, percent * 10_000),
            "peer": lambda: anonlink.similarities.dice_coefficient_accelerated(
                filters, percent / 100
            ),
        },
        rounds=3,
    )
    rates = {who: len(words[0]) * len(words[1]) / time / 1e6 for who, time in times.items()}
    what = f"exact search, {name}, Dice >= {percent / 100}"
    return faster(what, "M comparisons/s, one core", PEER, rates)


def on_two_cores(sides: tuple[Filters, Filters], percent: int) -> Figure:
    """The same tiles by one thread and by two; the kernel runs without the GIL."""
    left, right = pack_words(sides[0]), pack_words(sides[1])
    parts = np.array_split(left, 8)

    def all_tiles(threads: int) -> Callable[[], object]:
        def work() -> object:
            with ThreadPoolExecutor(threads) as pool:
                return list(pool.map(lambda part: dice_pairs(part, right, percent * 10_000), parts))

        return work

    times = seconds({"ours": all_tiles(2), "peer": all_tiles(1)}, rounds=3)
    rates = {who: len(left) * len(right) / time / 1e6 for who, time in times.items()}
    what = f"exact search on two cores, Dice >= {percent / 100}"
    return faster(what, "M comparisons/s", "the same on one core", rates)


def where_half_of_the_pairs_pass() -> list[Figure]:
    """200 million pairs to a file, in a process of its own: its peak memory is its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_matching"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    pairs, took, peak_kib = json.loads(done.stdout)
    what = f"{MANY:,} x {MANY:,}, half of the pairs pass, results to a file"
    return [
        Figure(what, pairs / took / 1e6, "M pairs/s, one core"),
        Figure("  its peak memory", peak_kib / 1024, "MiB"),
    ]


def half_of_the_pairs() -> tuple[int, float, int]:
    """Pairs, seconds, and the greatest size of this process in KiB."""
    random = np.random.default_rng(6)
    left, right = (random.integers(0, 2**64, (MANY, 16), np.uint64) for _ in range(2))
    started, pairs = time.perf_counter(), 0
    with tempfile.TemporaryFile() as file:
        for part in dice_parts(left, right, 500_000):
            file.write(part.to_bytes())
            pairs += len(part)
    took = time.perf_counter() - started
    return pairs, took, peak_bytes() // 1024


def processor() -> str:
    """Its name, and the widest of the instructions that matter here."""
    features = llvmlite.binding.get_host_cpu_features()
    widest = next((each for each in _WANTED if features.get(each)), platform.machine())
    return f"{llvmlite.binding.get_host_cpu_name()} ({widest})"


def five_fields() -> tuple[Filters, Filters]:
    """About 440 of 1024 bits set; two strangers have Dice .58 on average, .76 in one of 1000."""
    return with_matches(clks(ROWS, seed=1), clks(ROWS, seed=2))


def residents() -> tuple[Filters, Filters]:
    """Plain CLKs (padan-id-1) of two lists of synthetic people."""
    clk = ClkEncoder(json.loads(Path(SCHEMA).read_text(encoding="utf-8")), SECRET)
    sides = []
    for seed in (1, 2):
        columns = zip(*records(ROWS, seed)[:ROWS], strict=True)
        sides.append(clk.encode(dict(zip(clk.identifiers, columns, strict=True))))
    return with_matches(sides[0].copy(), sides[1].copy())


def hardened() -> tuple[Filters, Filters]:
    """What compound-1 looks like to whoever compares: strangers differ in half of the bits."""
    random = np.random.default_rng(5)
    left, right = (random.integers(0, 256, (ROWS, BITS // 8), np.uint8) for _ in range(2))
    return with_matches(left, right)


def with_matches(left: Filters, right: Filters) -> tuple[Filters, Filters]:
    """One in twenty of the right side is a noisy copy of somebody on the left."""
    some = len(right) // 20
    right[:some] = left[:some] ^ noise(some, 0.03)
    return left, right


def clks(rows: int, seed: int) -> Filters:
    law, random = np.random.default_rng(0), np.random.default_rng(seed)
    bits = (law.random(BITS) < ALWAYS) & (random.random((rows, BITS)) < 0.97)
    for vocabulary in VOCABULARIES:
        share = VALUE * law.uniform(0.6, 1.4, (vocabulary, 1))
        values = law.random((vocabulary, BITS)) < share
        zipf = 1 / np.arange(1, vocabulary + 1)
        bits |= values[random.choice(vocabulary, rows, p=zipf / zipf.sum())]
    return np.packbits(bits, axis=1)


def noise(rows: int, share: float) -> Filters:
    return np.packbits(np.random.default_rng(3).random((rows, BITS)) < share, axis=1)


def as_bitarrays(filters: Filters) -> list[bitarray]:
    found = []
    for row in filters:
        filter_ = bitarray()
        filter_.frombytes(row.tobytes())
        found.append(filter_)
    return found


if __name__ == "__main__":
    print(json.dumps(half_of_the_pairs()))
