"""Compares hardened rows by a charter's thresholds and rule, like a run of the service.

The search compares all pairs that block tags allow; it never samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder
from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    Unit,
    blocks_of,
    gather,
    gather_best,
    judge,
    match_tokens,
    match_tokens_within,
    match_unit,
    match_within,
    pack_words,
    plan_blocks,
    plan_tiles,
    plan_within,
)
from linkage_service.matching.flood import require_no_flood
from linkage_service.matching.searching import searched
from padan.error_codes import PadanCode
from padan.frames import Progress
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.formats.arrays.bundle_rows import RowLayout

TILE_ROWS = 4_000


def hardened_pairs(
    sides: Sequence[NDArray[np.uint8]], charter: Charter, progress: Progress
) -> Candidates:
    """The charter's matches and uncertain pairs, in its order; a single side within itself."""
    if not all(map(len, sides)):
        return gather(())
    datasets = encoded_datasets(sides, charter)
    thresholds = dict(charter.matching.thresholds_ppm)
    review = charter.matching.review_ppm
    lowest = {name: min(ppm, review.get(name, ppm)) for name, ppm in thresholds.items()}
    _require_no_flood(datasets, lowest)
    found = chain(_by_tokens(datasets, charter), _by_encodings(datasets, lowest, progress))
    most = charter.matching.top_k
    if most is None:
        return judge(gather(found), datasets, charter, thresholds)
    return gather_best((judge(each, datasets, charter, thresholds) for each in found), most)


def _by_encodings(
    datasets: Sequence[EncodedDataset], lowest_ppm: dict[str, int], progress: Progress
) -> Iterator[Candidates]:
    if len(datasets) == 1:
        dataset = datasets[0]
        within = plan_within(0, dataset, lowest_ppm, TILE_ROWS)
        return searched(lambda unit: match_within(dataset, unit, lowest_ppm), within, progress)

    def search(unit: Unit) -> Candidates:
        left, right = datasets[unit.left_dataset], datasets[unit.right_dataset]
        return match_unit(left, right, unit, lowest_ppm, {})

    return searched(search, _units(datasets, lowest_ppm), progress)


def _units(datasets: Sequence[EncodedDataset], lowest_ppm: dict[str, int]) -> list[Unit]:
    units: list[Unit] = []
    tagged = sorted(lowest_ppm.keys() & datasets[0].blocks.keys())
    for left, right in combinations(range(len(datasets)), 2):
        for name in tagged:
            both = datasets[left].blocks[name], datasets[right].blocks[name]
            units += plan_blocks(left, right, name, both, TILE_ROWS**2)
    if lowest_ppm.keys() - set(tagged):
        units += plan_tiles([dataset.rows for dataset in datasets], TILE_ROWS)
    return units


def _by_tokens(datasets: Sequence[EncodedDataset], charter: Charter) -> Iterator[Candidates]:
    if charter.nik_field is None:
        return
    names = sorted(each.name for each in charter.encoding.encodings)
    floor = charter.matching.nik_floor_ppm
    if len(datasets) == 1:
        yield match_tokens_within(datasets[0], 0, encodings=names, floor_ppm=floor)
    for left, right in combinations(range(len(datasets)), 2):
        yield match_tokens(
            datasets[left],
            datasets[right],
            left_dataset=left,
            right_dataset=right,
            encodings=names,
            floor_ppm=floor,
        )


def _require_no_flood(datasets: Sequence[EncodedDataset], lowest_ppm: dict[str, int]) -> None:
    sides = list(combinations(datasets, 2)) or [(datasets[0], datasets[0])]
    for left, right in sides:
        for name, ppm in lowest_ppm.items():
            blocks = (left.blocks[name], right.blocks[name]) if name in left.blocks else None
            require_no_flood(name, left.encoding(name), right.encoding(name), ppm, blocks=blocks)


def encoded_datasets(sides: Sequence[NDArray[np.uint8]], charter: Charter) -> list[EncodedDataset]:
    """Rows for the matcher; raises BadInput (`compare.terms`) for rows of another layout."""
    # Shapes do not depend on the keys.
    encoder = RowEncoder(charter, ProjectKeys(bytes(32), charter.terms_digest()))
    return [_dataset(number, side, encoder.layout) for number, side in enumerate(sides)]


def _dataset(number: int, rows: NDArray[np.uint8], layout: RowLayout) -> EncodedDataset:
    if rows.shape[1] != layout.row_bytes:
        raise _other_terms(number)
    tokens, tags = layout.tokens(rows), layout.tags(rows)
    return EncodedDataset(
        str(number),
        {name: pack_words(bits) for name, bits in layout.encodings(rows).items()},
        layout.handles(rows) if tokens is None else tokens,
        {
            shape.name: blocks_of(tags[shape.name].astype(np.uint32), 1 << shape.tag_bits)
            for shape in layout.shapes
            if shape.tag_bits
        },
        layout.contrary(rows),
    )


def _other_terms(number: int) -> BadInput:
    return BadInput(
        PadanCode.COMPARE_TERMS,
        Words(
            f"Tabel ke-{number} (dihitung dari 0) tidak disandikan menurut piagam ini.",
            f"Table {number} (counted from 0) was not encoded by this charter.",
        ),
        Words(
            "Sandikan ulang dengan encode_hardened dan piagam yang sama.",
            "Encode it again by encode_hardened with the same charter.",
        ),
    )
