"""The room of formats names all that is in it, and places that exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import policy.formats

ROOM = Path(policy.formats.__file__).parent
HERE, ELSEWHERE = (policy.formats.__doc__ or "").split("\nElsewhere")


def test_every_module_is_listed() -> None:
    modules = {
        ".".join(path.relative_to(ROOM).with_suffix("").parts)
        for path in ROOM.rglob("*.py")
        if path.name != "__init__.py"
    }
    arrays = set(re.findall(r"`(arrays\.\w+)`", HERE))
    assert modules == {*re.findall(r"^    (\w+) ", HERE, re.MULTILINE), *arrays}


def test_every_place_elsewhere_exists() -> None:
    places = re.findall(r"^    ([a-z_.]+(?:, [a-z_.]+)*)  ", ELSEWHERE, re.MULTILINE)
    modules = [module for place in places for module in place.split(", ")]
    assert len(modules) > 10
    for module in modules:
        assert importlib.util.find_spec(module) is not None, module


def test_every_module_draws_its_layout() -> None:
    for path in ROOM.rglob("*.py"):
        if path.parent.name != "arrays":
            text = path.read_text(encoding="utf-8").split('"""')[1]
            assert re.search(r"^    \S.*  \S", text, re.MULTILINE), path
