"""What the matcher refuses, in both languages, and what it stores."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import linkage_service.matching as matching
from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    Groups,
    RowHandles,
    Tile,
    concatenate,
    dice_pairs,
    from_bytes,
    greedy_solve,
    link,
    match_tile,
    match_tokens,
    no_candidates,
    pack_words,
    plan_tiles,
    result_digest,
)
from policy.base.errors import BadInput

WORDS = np.arange(12, dtype=np.uint64).reshape(6, 2)
TOKENS = np.arange(96, dtype=np.uint8).reshape(6, 16)
DATASET = EncodedDataset("dinsos", {"clk": WORDS}, TOKENS)
HANDLES = RowHandles(0, "dinsos", TOKENS)
GROUPS = Groups(
    np.arange(2, dtype=np.uint16), np.arange(2, dtype=np.uint32), np.zeros(2, np.uint32)
)


def join(**changed: object) -> object:
    terms = {"left_dataset": 0, "right_dataset": 1, "encodings": ["clk"], "floor_ppm": 1} | changed
    return match_tokens(DATASET, DATASET, **terms)  # type: ignore[arg-type]


REFUSALS: dict[str, tuple[str, Callable[[], object]]] = {
    "no encodings": ("matching.no-encoding", lambda: EncodedDataset("d", {}, TOKENS)),
    "no rows": ("matching.rows", lambda: EncodedDataset("d", {"clk": WORDS[:0]}, TOKENS[:0])),
    "fewer encodings than tokens": (
        "matching.rows-differ",
        lambda: EncodedDataset("d", {"clk": WORDS[:5]}, TOKENS),
    ),
    "signed words": (
        "matching.shape",
        lambda: EncodedDataset("d", {"clk": WORDS.astype(np.int64)}, TOKENS),  # type: ignore[dict-item]
    ),
    "no words": ("matching.shape", lambda: EncodedDataset("d", {"clk": WORDS[:, :0]}, TOKENS)),
    "short tokens": (
        "matching.shape",
        lambda: EncodedDataset("d", {"clk": WORDS}, TOKENS[:, :8]),
    ),
    "filters that are not bytes": ("matching.shape", lambda: pack_words(WORDS)),  # type: ignore[arg-type]
    "filters of no bytes": ("matching.shape", lambda: pack_words(TOKENS[:, :0])),
    "filters of two lengths": (
        "matching.filters-differ",
        lambda: dice_pairs(WORDS, WORDS[:, :1], 800_000),
    ),
    "a threshold above one": ("matching.threshold", lambda: dice_pairs(WORDS, WORDS, 1_000_001)),
    "a negative threshold": ("matching.threshold", lambda: dice_pairs(WORDS, WORDS, -1)),
    "an unknown encoding": (
        "matching.no-encoding",
        lambda: match_tile(DATASET, DATASET, Tile(0, 1, 0, 6, 0, 6), {"other": 1}),
    ),
    "no thresholds": (
        "matching.threshold",
        lambda: match_tile(DATASET, DATASET, Tile(0, 1, 0, 6, 0, 6), {}),
    ),
    "a tile outside": (
        "matching.tile",
        lambda: match_tile(DATASET, DATASET, Tile(0, 1, 0, 6, 0, 7), {"clk": 1}),
    ),
    "tiles without rows": ("matching.tile", lambda: plan_tiles([6, 6], 0)),
    "no floor": ("matching.floor", lambda: join(floor_ppm=0)),
    "a floor in no encoding": ("matching.floor", lambda: join(encodings=[])),
    "handles of 8 bytes": ("matching.handles", lambda: RowHandles(0, "d", TOKENS[:, :8])),
    "no handles for a dataset": ("matching.handles", lambda: result_digest(GROUPS, [HANDLES])),
    "too few handles": (
        "matching.handles",
        lambda: result_digest(GROUPS, [HANDLES, RowHandles(1, "bps", TOKENS[:1])]),
    ),
    "two datasets of one name": (
        "matching.handles",
        lambda: result_digest(GROUPS, [HANDLES, replace(HANDLES, dataset=1)]),
    ),
    "one handle twice": (
        "matching.handles",
        lambda: result_digest(
            replace(GROUPS, dataset=np.zeros(2, np.uint16)), [RowHandles(0, "d", TOKENS[[0, 0]])]
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_wrong_input_is_refused(case: str) -> None:
    code, action = REFUSALS[case]
    with pytest.raises(BadInput) as refusal:
        action()
    assert refusal.value.code == code
    for words in (refusal.value.problem, refusal.value.hint):
        assert words.id
        assert words.en
        assert words.id != words.en


@pytest.mark.parametrize(("dataset", "row"), [(2, 0), (1, 6)])
def test_the_solver_refuses_records_that_are_not_there(dataset: int, row: int) -> None:
    found = dice_pairs(WORDS[:1], WORDS[:1], 0).placed(0, dataset, 0, row)
    with pytest.raises(ValueError, match="not there"):
        greedy_solve(found, [6, 6])


def test_candidates_come_back_from_bytes_as_they_were() -> None:
    found = dice_pairs(WORDS, WORDS, 0).placed(4, 65_535, 2**32 - 10, 7)
    for candidates in (found, no_candidates()):
        stored = candidates.to_bytes()
        again = from_bytes(stored)
        assert again.to_bytes() == stored
        assert len(concatenate([again, again]).unique()) == len(candidates)


def test_damaged_candidates_are_refused() -> None:
    stored = dice_pairs(WORDS, WORDS, 0).to_bytes()
    not_a_number = stored[:24] + np.float64("nan").tobytes() + stored[32:]
    damaged = [stored[:cut] for cut in (0, 10, 24, len(stored) - 1)]
    for wrong in (*damaged, stored + b"\0", b"X" + stored[1:], not_a_number):
        with pytest.raises(BadInput) as refusal:
            from_bytes(wrong)
        assert refusal.value.code == "matching.candidates-malformed"


def test_columns_of_different_lengths_are_no_candidates() -> None:
    columns = no_candidates().columns()
    with pytest.raises(ValueError, match="right_row"):
        Candidates(*columns[:4], np.zeros(1, np.uint32))


def test_arrays_mapped_from_a_file_will_do() -> None:
    """Read-only memory, and slices that are not contiguous."""
    read_only = WORDS.copy()
    read_only.flags.writeable = False
    expected = dice_pairs(WORDS, WORDS, 500_000)
    assert dice_pairs(read_only, read_only, 500_000).to_bytes() == expected.to_bytes()
    wide = np.repeat(WORDS, 2, axis=1)[:, ::2]
    assert dice_pairs(wide, wide, 500_000).to_bytes() == expected.to_bytes()


def drawn(label: str, *shape: int) -> NDArray[np.uint8]:
    """Bytes that look random and are the same in every version of numpy."""
    size = int(np.prod(shape))
    stream = hashlib.shake_256(label.encode()).digest(size)
    return np.frombuffer(stream, np.uint8).reshape(shape)


def test_the_whole_way() -> None:
    """A golden digest: the next release and the next machine must reach it too."""
    people = drawn("people", 40, 512) < 102
    datasets, handles = [], []
    for number, name in enumerate(("bps", "dinsos", "dukcapil")):
        rows = np.argsort(drawn(f"rows {name}", 40), kind="stable")[: 30 + number]
        noise = drawn(f"noise {name}", len(rows), 512) < 6
        clk = pack_words(np.packbits(people[rows] ^ noise, axis=1))
        tokens = np.repeat(rows.astype(np.uint8)[:, None], 16, axis=1)
        tokens[::3] = drawn(f"no NIK {name}", *tokens[::3].shape)
        datasets.append(EncodedDataset(name, {"clk": clk}, tokens))
        handles.append(RowHandles(number, name, drawn(f"handles {name}", len(rows), 16)))
    tiles = plan_tiles([dataset.rows for dataset in datasets], 7)
    found = [
        match_tile(datasets[t.left_dataset], datasets[t.right_dataset], t, {"clk": 850_000})
        for t in tiles
    ]
    for left, right in ((0, 1), (0, 2), (1, 2)):
        leg = match_tokens(
            datasets[left],
            datasets[right],
            left_dataset=left,
            right_dataset=right,
            encodings=["clk"],
            floor_ppm=700_000,
        )
        found.append(leg)
    assert sum(tile.comparisons for tile in tiles) == 30 * 31 + 30 * 32 + 31 * 32
    groups = link(datasets, found)
    assert groups.count == GOLDEN_GROUPS
    assert result_digest(groups, handles) == GOLDEN_DIGEST
    pair = link(datasets, found, members=[0, 2])
    assert set(pair.dataset.tolist()) == {0, 2}


GOLDEN_GROUPS = 37
GOLDEN_DIGEST = "ec010441cba2604b4cd255739d53f4021d897391313b23627e405bd252ce8af4"


def test_the_public_face() -> None:
    assert sorted(matching.__all__) == matching.__all__
    assert all(getattr(matching, name).__doc__ for name in matching.__all__)


def test_the_oracle_is_not_imported() -> None:
    code = (
        "import sys, linkage_service.matching, padan.compat.anonlink\n"
        "assert not {'anonlink', 'bitarray', 'fastapi', 'sqlalchemy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
