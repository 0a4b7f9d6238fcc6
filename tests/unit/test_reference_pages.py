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


def test_every_public_name_of_the_python_api_is_on_its_page() -> None:
    """Those that the page lists, and no others."""
    import padan

    listed = runpy.run_path(str(ROOT / "scripts" / "python_pages.py"))["names_on_the_page"]()
    assert listed == set(padan.__all__)
