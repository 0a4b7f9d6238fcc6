"""docs/explanation/map.md names every room and only files that exist; names have one meaning."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
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


def places_of_classes(sources: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Where each public class of a module's top level is defined; `sources` are place and text."""
    found: dict[str, list[str]] = {}
    for place, source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(place)
    return found


def test_one_name_of_a_class_has_one_meaning() -> None:
    files = [path for package in (*PACKAGES, "padan") for path in (ROOT / package).rglob("*.py")]
    found = places_of_classes((str(each), each.read_text("utf-8")) for each in files)
    assert len(found) > 500
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_a_second_class_of_a_name_is_noticed() -> None:
    sources = [("one", "class Finding: ...\nclass _Own: ..."), ("other", "class Finding: ...")]
    assert places_of_classes(sources) == {"Finding": ["one", "other"]}
