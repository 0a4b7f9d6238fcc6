"""docs/explanation/map.md names every room, and only files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs" / "explanation" / "map.md").read_text(encoding="utf-8")
PACKAGES = ("encoder", "linkage_service", "policy")
_NO_ROOM = {"__init__.py", "__main__.py", "error_codes.py", "py.typed", "__pycache__"}
_DATA = {"schemas", "templates"}


def section(package: str) -> str:
    return MAP.split(f"\n## {package}\n")[1].split("\n## ")[0]


def rooms_named(package: str) -> set[str]:
    heads = [line.split("|")[1] for line in section(package).splitlines() if line.startswith("| `")]
    return {name for head in heads for name in re.findall(r"`(\w+)`", head)}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_names_every_room(package: str) -> None:
    there = {p.stem for p in (ROOT / package).iterdir() if p.name not in _NO_ROOM | _DATA}
    assert rooms_named(package) == there


def test_every_file_of_a_life_exists() -> None:
    named = re.findall(r"`((?:encoder|linkage_service|policy)/[\w/.]+)`", MAP)
    assert len(named) > 40
    assert [name for name in named if not (ROOT / name).exists()] == []
