"""reference/settings.md has every setting, and every variable that the code reads."""

from __future__ import annotations

import dataclasses
import importlib
import runpy
from pathlib import Path

import pytest

from linkage_service.settings import EngineSettings, PeopleSettings, Settings
from tests.support.programme import ROOT

MADE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))  # also opens scripts/ to imports
pages = importlib.import_module("settings_pages")
PAGE = (MADE["FOLDER"] / "reference/settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [Settings, EngineSettings, PeopleSettings])
def test_every_setting_is_on_the_page(
    kind: type[Settings | EngineSettings | PeopleSettings],
) -> None:
    missing = [each.name for each in dataclasses.fields(kind) if f"| `{each.name}` |" not in PAGE]
    assert missing == []


def test_every_number_has_a_unit() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if "| `int`" in line]
    assert len(rows) >= 5
    assert all(row[2].strip() for row in rows)


def test_every_variable_that_the_code_reads_is_described() -> None:
    read = pages.read_in_code()
    assert "PADAN_PROGRESS" in read
    assert read - set(pages.described()) == set()
    assert all(meaning.id != meaning.en for _, meaning in pages.described().values())


def test_a_variable_that_nobody_described_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "up.py").write_text("import os\nX = os.environ.get('PADAN_NEW')\n")
    assert pages.read_in_code(tmp_path, ("made",)) - set(pages.described()) == {"PADAN_NEW"}


def test_a_changed_default_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages.settings("en") == PAGE
    monkeypatch.setattr(pages, "EngineSettings", lambda: EngineSettings(ray_address="local"))
    assert pages.settings("en") != PAGE
