"""Nobody learns from one list's contrary codes who lacks a NIK; coarser frames would tell."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from policy.charter import Charter, parse_charter
from policy.formats.arrays.bundle_rows import RowLayout
from tests.benchmarks.quality.methods import default_charter
from tests.benchmarks.quality.sources import Source, read_source, write

RESIDENTS = 12_000
CHANCE = (0.45, 0.55)
Numbers = NDArray[np.float64]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A legacy list, one of six of which has no NIK; each person once, as after `prepare`."""
    folder = tmp_path_factory.mktemp("list")
    write(folder, RESIDENTS, 5, ("dtks",), {}, 0)
    source = read_source(folder, "dtks")
    _, first = np.unique(source.person, return_index=True)
    columns = {name: [cells[row] for row in first] for name, cells in source.columns.items()}
    return Source(source.name, columns, [source.written_names[row] for row in first], first)


def sent(charter: Charter, source: Source) -> tuple[RowLayout, NDArray[np.uint8]]:
    """All that the service receives of the list; the same in every run."""
    random = np.random.default_rng(5)
    encoder = RowEncoder(charter, ProjectKeys(random.bytes(32), charter.terms_digest()))
    columns = [source.columns[name] for name in identifiers(charter)]
    handles = [random.bytes(16) for _ in range(source.rows)]
    rows = encoder.encode_columns(handles, columns)
    return encoder.layout, rows


def auc(score: Numbers, lacks: NDArray[np.bool_]) -> float:
    """The probability that a row that lacks a NIK has the higher score."""
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive = int(lacks.sum())
    wins = ranks[lacks].sum() - positive * (positive + 1) / 2
    return float(wins / (positive * (len(lacks) - positive)))


def by_partners(layout: RowLayout, rows: NDArray[np.uint8]) -> Numbers:
    """Rows of one frame have equal marks for what they know. Who shares the mark of the date, sex
    or name with others and not that of the NIK lacks one; who shares that has one."""
    score = np.zeros(len(rows))
    for codes in layout.contrary(rows).values():
        for number in range(codes.shape[1]):
            code = np.ascontiguousarray(codes[:, number]).copy()
            # Opposite sexes and names have opposite marks.
            marks = [code[:, at : at + 2].copy().view("<u2").ravel() for at in (0, 5, 12, 14)]
            marks[2:] = [np.minimum(mark, ~mark) for mark in marks[2:]]
            nik, *others = marks
            one_frame = [others[a].astype(np.uint32) << 16 | others[b] for a, b in _TWO_OF_THREE]
            for mark in one_frame:
                both = mark.astype(np.uint64) << np.uint64(16) | nik
                score += np.minimum(_sharing(mark), 3) - 2 * np.minimum(_sharing(both), 3)
    return score


_TWO_OF_THREE = ((0, 1), (0, 2), (1, 2))


def _sharing(mark: NDArray[np.unsignedinteger]) -> Numbers:
    """With how many other rows each row shares its mark."""
    _, inverse, counts = np.unique(mark, return_inverse=True, return_counts=True)
    return counts[inverse].astype(float) - 1


def by_ridge(rows: NDArray[np.uint8], lacks: NDArray[np.bool_]) -> tuple[Numbers, slice]:
    """A linear model of all bits of a row, taught on one half of the list, asked about the rest."""
    bits = np.unpackbits(rows[:, 16:], axis=1).astype(np.float32) - np.float32(0.5)
    half = len(bits) // 2
    known, asked = bits[:half], bits[half:]
    gram = known @ known.T
    gram[np.diag_indices(half)] += np.float32(bits.shape[1] / 4)
    weights = known.T @ np.linalg.solve(gram, lacks[:half].astype(np.float32))
    return np.asarray(asked @ weights, float), slice(half, None)


def found_out(charter: Charter, source: Source) -> list[float]:
    layout, rows = sent(charter, source)
    lacks = ~source.has("nik")
    assert 400 < lacks.sum() < source.rows / 2
    ridge, asked = by_ridge(rows, lacks)
    return [auc(by_partners(layout, rows), lacks), auc(ridge, lacks[asked])]


def test_who_lacks_a_nik_is_not_told_by_all_that_the_service_has_of_a_list(
    listed: Source,
) -> None:
    for value in found_out(default_charter(), listed):
        assert CHANCE[0] <= value <= CHANCE[1]


@pytest.mark.parametrize(
    "encoding", ["kk", "alamat"], ids=["by the card alone", "by the neighbourhood alone"]
)
def test_codes_under_coarser_frames_would_tell(encoding: str, listed: Source) -> None:
    tree = json.loads(default_charter().canonical())
    for each in tree["encoding"]["encodings"]:
        if each["name"] == encoding:
            each["contrary"] = [[]]
            # What splits a salt makes its frames finer.
            each.pop("split", None)
            each.pop("group_max", None)
    charter = parse_charter(json.dumps(tree).encode())
    assert max(found_out(charter, listed)) > 0.7
