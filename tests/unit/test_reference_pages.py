"""Pages that are made from the code say what the code does."""

from __future__ import annotations

import runpy

import pytest

from tests.support.programme import ROOT

MADE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))


@pytest.mark.parametrize("name", MADE["PAGES"])
def test_a_page_is_as_the_code_makes_it(name: str) -> None:
    """Otherwise run `python scripts/reference.py`."""
    written = (MADE["FOLDER"] / name).read_text(encoding="utf-8")
    assert written == MADE["PAGES"][name]()
