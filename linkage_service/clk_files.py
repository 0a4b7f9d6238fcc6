"""CLK files of clkhash and anonlink-client: two matched one to one, or the duplicates of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.candidates import Candidates
from linkage_service.matching.clusters import Clusters, clusters_of
from linkage_service.matching.encodings import pack_words
from linkage_service.matching.flood import MOST_CANDIDATES, expected_flood
from linkage_service.matching.link import gather
from linkage_service.matching.searching import searched
from linkage_service.matching.similarity import MILLION, dice_pairs_from
from linkage_service.matching.solver import SOLVERS, Linkage, greedy_solve
from linkage_service.matching.tiles import Tile
from linkage_service.matching.within import tiles_within, upper
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.json_text import parse_json
from policy.base.words import Words, number
from policy.formats.clk_json import read_clks

MOST_BYTES = 1 << 32
MOST_CLK_BYTES = 1 << 13
TILE_ROWS = 4_000
_LONGEST_THRESHOLD = 60
_DECIMAL = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)

Clks = NDArray[np.uint8]


def parse_threshold(text: str) -> Fraction:
    """A threshold exactly as written, above 0 and at most 1; raises BadInput for any other."""
    written = text.strip()
    if len(written) > _LONGEST_THRESHOLD or not _DECIMAL.fullmatch(written):
        raise bad_threshold()
    threshold = Fraction(written)
    if not 0 < threshold <= 1:
        raise bad_threshold()
    return threshold


def match_files(left: Path, right: Path, threshold: Fraction) -> list[tuple[int, int]]:
    """Pairs of rows (from 0), equal to those of anonlink's greedy solver."""
    clks, others = _read(left), _read(right)
    if clks.shape[1] != others.shape[1]:
        # After packing into words, filters of different lengths might have equal lengths.
        raise different_lengths(8 * clks.shape[1], 8 * others.shape[1])
    ours, theirs = pack_words(clks), pack_words(others)
    require_no_flood(ours, theirs, threshold)
    found = dice_pairs_from(ours, theirs, threshold)
    groups = greedy_solve(found, [len(ours), len(theirs)])
    rows: dict[int, dict[int, int]] = {}
    for dataset, row, group in zip(
        groups.dataset.tolist(), groups.row.tolist(), groups.group.tolist(), strict=True
    ):
        rows.setdefault(group, {})[dataset] = row
    return sorted((pair[0], pair[1]) for pair in rows.values())


def find_duplicates(
    path: Path, threshold: Fraction, linkage: Linkage, progress: Callable[[int, int], None]
) -> Clusters:
    """Groups of rows (from 0) of one file that are one person, no row with itself."""
    words = pack_words(_read(path))
    found = pairs_within(words, threshold, progress)
    return clusters_of(SOLVERS[linkage](found, [len(words)]), found, len(words))


def pairs_within(
    words: NDArray[np.uint64], threshold: Fraction, progress: Callable[[int, int], None]
) -> Candidates:
    """Each pair of rows of one side once, lower row left, no row with itself; most similar first.

    `words` is uint64 (rows, words). `progress` receives the comparisons done and their total.
    """
    require_no_flood(words, words, threshold)

    def search(tile: Tile) -> Candidates:
        left = words[tile.left_start : tile.left_stop]
        right = words[tile.right_start : tile.right_stop]
        found = dice_pairs_from(left, right, threshold)
        return upper(found.placed(0, 0, tile.left_start, tile.right_start))

    return gather(searched(search, tiles_within(0, len(words), TILE_ROWS), progress))


def _read(path: Path) -> Clks:
    data = read_file(path, limit=MOST_BYTES)
    try:
        clks = read_clks(parse_json(data))
    except ValueError:
        raise _bad(path) from None
    except MemoryError:
        raise _out_of_memory(path) from None
    if not clks or not 0 < len(clks[0]) <= MOST_CLK_BYTES:
        raise _bad(path)
    return np.frombuffer(b"".join(clks), np.uint8).reshape(len(clks), -1)


def require_no_flood(
    left: NDArray[np.uint64], right: NDArray[np.uint64], threshold: Fraction
) -> None:
    """Raises BadInput if a threshold passes more pairs than can be solved."""
    floor_ppm = threshold.numerator * MILLION // threshold.denominator
    flood = expected_flood(left, right, floor_ppm, MOST_CANDIDATES)
    if flood is None:
        return
    pairs, most = number(round(flood.pairs)), number(MOST_CANDIDATES)
    advised = f"{flood.advised_ppm / MILLION:.3f}"
    raise BadInput(
        ServiceCode.MATCHING_FLOOD,
        Words(
            f"Ambang itu akan meloloskan sekitar {pairs.id} pasangan; paling banyak {most.id}.",
            f"That threshold would let some {pairs.en} pairs pass; at most {most.en} may.",
        ),
        Words(
            f"Naikkan ambang menjadi sekitar {advised}.", f"Raise the threshold to about {advised}."
        ),
    )


def bad_threshold() -> BadInput:
    """The error for a threshold that is not above 0 and at most 1."""
    return BadInput(
        ServiceCode.MATCHING_THRESHOLD,
        Words(
            "Ambang harus angka desimal lebih dari 0 dan paling banyak 1.",
            "A threshold must be a decimal number above 0 and at most 1.",
        ),
        Words(
            "Tulis dengan titik, misalnya --threshold 0.85.",
            "Write it with a point, for example --threshold 0.85.",
        ),
    )


def different_lengths(left_bits: int, right_bits: int) -> BadInput:
    """The error for CLKs of two lengths, which packing into words might hide."""
    left, right = number(left_bits), number(right_bits)
    return BadInput(
        ServiceCode.MATCHING_FILTERS_DIFFER,
        Words(
            f"Panjang CLK kedua berkas berbeda: {left.id} dan {right.id} bit.",
            f"The CLKs of the two files differ in length: {left.en} and {right.en} bits.",
        ),
        Words(
            "Buat ulang kedua berkas dengan skema yang sama.",
            "Make both files again with the same schema.",
        ),
    )


def _out_of_memory(path: Path) -> BadInput:
    return BadInput(
        ServiceCode.FILE_TOO_LARGE,
        Words(
            f"Memori mesin ini tidak cukup untuk berkas {path}.",
            f"The memory of this machine is too small for the file {path}.",
        ),
        Words(
            "Bagi berkas itu, atau pakai mesin dengan memori lebih besar.",
            "Divide the file, or use a machine with more memory.",
        ),
    )


def _bad(path: Path) -> BadInput:
    return BadInput(
        ServiceCode.CLK_JSON,
        Words(f"{path}: bukan CLK dalam JSON clkhash.", f"{path}: no CLKs in clkhash's JSON."),
        Words(
            'Bentuknya {"clks": [...]}: base64, semua sama panjang, paling panjang 65.536 bit.',
            'Its form is {"clks": [...]}: base64, all of one length, at most 65,536 bits.',
        ),
    )
