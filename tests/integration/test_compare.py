"""`padan-linkage compare`: exactly the threshold that was written, or an error in words."""

from __future__ import annotations

import base64
import csv
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linkage_service.matching.similarity import dice_pairs_from
from tests.support.programme import Answer, command, expect


def written(path: Path, clks: list[bytes]) -> Path:
    path.write_text(json.dumps({"clks": [base64.b64encode(clk).decode() for clk in clks]}))
    return path


def compared(folder: Path, left: list[bytes], right: list[bytes], threshold: str) -> Answer:
    files = written(folder / "left.json", left), written(folder / "right.json", right)
    out = str(folder / "pairs.csv")
    (folder / "pairs.csv").unlink(missing_ok=True)
    words = ("--threshold", threshold, "--out", out)
    return command("padan-linkage", "--json", "compare", *map(str, files), *words)


def pairs(folder: Path) -> list[tuple[int, int]]:
    with (folder / "pairs.csv").open(newline="") as file:
        return [(int(row["left"]), int(row["right"])) for row in csv.DictReader(file)]


TWO_THIRDS = [b"\xe0"], [b"\xc1"]  # 3 and 3 bits, 2 in common
DISJOINT = [b"\xf0"], [b"\x0f"]
# 1,000 and 1,001 bits, 1,000 in common: 2000 / 2001 = 0.99950024987...
NEARLY = [b"\xff" * 125 + b"\x00"], [b"\xff" * 125 + b"\x80"]


@pytest.mark.parametrize(
    ("sides", "threshold", "found"),
    [
        (TWO_THIRDS, "0.6666666", True),
        (TWO_THIRDS, "0.66666666666666666666666666666", True),
        (TWO_THIRDS, "0.66666666666666666666666666667", False),
        (TWO_THIRDS, "0.6666667", False),
        (TWO_THIRDS, "1e-7", True),
        (TWO_THIRDS, ".5", True),
        (TWO_THIRDS, "1e-999", True),
        (DISJOINT, "1e-7", False),
        (DISJOINT, "0.0000001", False),
        (DISJOINT, "1e-999", False),
        (NEARLY, "0.9995", True),
        (NEARLY, "0.9995002498", True),
        (NEARLY, "0.9995002499", False),
        (NEARLY, "1", False),
        (([b"\xc1"], [b"\xc1"]), "1", True),
        (([b"\xc1"], [b"\xc1"]), "1.000", True),
        (([b"\x00"], [b"\x00"]), "1e-9", False),
    ],
)
def test_a_threshold_is_what_was_written(
    tmp_path: Path, sides: tuple[list[bytes], list[bytes]], threshold: str, found: bool
) -> None:
    answer = compared(tmp_path, *sides, threshold)
    assert answer.code == 0, answer.err
    assert pairs(tmp_path) == [(0, 0)] * found


@pytest.mark.parametrize(
    "threshold",
    [
        "0",
        "0.0",
        "-0.5",
        "1.0000001",
        "2",
        "nan",
        "inf",
        "0,85",
        "85%",
        "",
        "abc",
        "1e",
        "0x1",
        "1_0e-1",
        "1e-99999999",
        "0." + "3" * 1000,
        "٠.٥",
    ],
)
def test_other_thresholds_are_refused_in_words(tmp_path: Path, threshold: str) -> None:
    expect(compared(tmp_path, *TWO_THIRDS, threshold), "matching.threshold")
    assert not (tmp_path / "pairs.csv").exists()


def test_clks_of_different_lengths_are_refused(tmp_path: Path) -> None:
    """125 and 128 bytes are as many words of 64 bits."""
    answer = compared(tmp_path, [b"\xff" * 125], [b"\xff" * 125 + bytes(3)], "0.8")
    problem = expect(answer, "matching.filters-differ").problem
    assert "1,000" in problem.en
    assert "1.024" in problem.id


DEEP = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP + "]" * DEEP,
        '{"clks":' * DEEP + "1" + "}" * DEEP,
        '{"clks": ["AAAA"], "more": ' + "[" * DEEP + "]" * DEEP + "}",
        '{"clks": {"AAAA": 1}}',
        '{"clks": "AAAA"}',
        '{"clks": [["AAAA"]]}',
        '{"clks": [1]}',
        '{"clks": []}',
        '{"clks": [""]}',
        '["AAAA"]',
        "1" * 10_000,
        "",
        json.dumps({"clks": [base64.b64encode(bytes(8193)).decode()]}),
    ],
)
def test_what_is_no_file_of_clks_is_refused(tmp_path: Path, text: str) -> None:
    left, right = tmp_path / "left.json", written(tmp_path / "right.json", [b"\x01\x02\x03"])
    left.write_text(text)
    out = str(tmp_path / "pairs.csv")
    for files in ((left, right), (right, left)):
        words = (*map(str, files), "--threshold", "0.8", "--out", out)
        expect(command("padan-linkage", "--json", "compare", *words), "clk.json")


FILTERS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=12)
THRESHOLDS = st.one_of(
    st.fractions(min_value=0, max_value=1).filter(bool),
    st.builds(Fraction, st.integers(1, 10**40), st.just(10**40)),
    # Where coefficients lie: exactly at one, and a hair above and below.
    st.builds(
        lambda common, bits, hair: min(Fraction(1), Fraction(2 * common, bits) + hair),
        st.integers(1, 40),
        st.integers(80, 128),
        st.sampled_from([Fraction(0), Fraction(1, 10**30), Fraction(-1, 10**30)]),
    ),
)


@settings(max_examples=150, deadline=None)
@given(FILTERS, FILTERS, THRESHOLDS)
def test_the_pairs_are_those_of_whole_numbers(
    left: list[int], right: list[int], threshold: Fraction
) -> None:
    found = dice_pairs_from(words(left), words(right), threshold)
    wanted = {
        (at, other)
        for at, a in enumerate(left)
        for other, b in enumerate(right)
        if (a & b) and 2 * (a & b).bit_count() >= threshold * (a.bit_count() + b.bit_count())
    }
    rows = zip(found.left_row.tolist(), found.right_row.tolist(), strict=True)
    assert set(rows) == wanted
    assert len(found) == len(wanted)


def words(filters: list[int]) -> NDArray[np.uint64]:
    return np.array(filters, np.uint64)[:, np.newaxis]
