"""What the service promises of its own code: its clock is given, and tests use public names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READS_A_CLOCK = re.compile(r"\b(time\.time|datetime\.(now|utcnow|today)|date\.today)\b")


def sources(folder: str) -> dict[str, str]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def private_names(source: str, package: str = "linkage_service") -> Iterator[str]:
    """Names with an underscore that a module takes from a package, or from what it imported."""
    tree, imported = ast.parse(source), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            imported |= {each.asname or each.name for each in node.names}
            yield from (each.name for each in node.names if each.name.startswith("_"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr):
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id in imported:
                yield f"{owner.id}.{node.attr}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(rf"{package}[\w.]*\._[a-z]\w*", node.value)


def test_the_service_reads_the_clock_that_it_was_given() -> None:
    assert [path for path, source in sources("linkage_service").items() if reads(source)] == []
    assert reads((ROOT / "policy" / "base" / "clocks.py").read_text()), "the one default clock"


def reads(source: str) -> bool:
    return READS_A_CLOCK.search(source) is not None


def test_the_service_has_no_global_state() -> None:
    def rebinds(source: str) -> bool:
        return any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(source)))

    # Ray itself has one connection a process, which its users share.
    of_ray = "linkage_service/engines/ray.py"
    found = [path for path, source in sources("linkage_service").items() if rebinds(source)]
    assert found == [of_ray]
    assert rebinds("def launch(service):\n    global _service\n    _service = service")


def test_tests_use_public_names_of_the_service() -> None:
    found = {path: list(private_names(source)) for path, source in sources("tests").items()}
    found.pop(str(Path(__file__).relative_to(ROOT)))
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from linkage_service import runs\nservice = runs._running()",
        "from linkage_service.release.staging import _require_nothing_new",
        "program = 'linkage_service.retention._remove'",
    ],
)
def test_private_names_are_found(source: str) -> None:
    assert len(list(private_names(source))) == 1


# Addresses in pages of the service, and in parts of the frame that it shows.
ADDRESS = re.compile(r'\b(?:href|action|src|data-job)="([^"]*)"|set \w+ = ("/[^"]*")')
BEHIND_A_PREFIX = re.compile(
    r"\{\{ (root|here_address|base|step\.address|up_next\.address) \}\}|#|data:"
)


def bare_addresses(template: str) -> list[str]:
    """Those that a path prefix in front of the service would break."""
    found = (attribute or variable for attribute, variable in ADDRESS.findall(template))
    return [each for each in found if not BEHIND_A_PREFIX.match(each)]


def test_pages_of_the_service_name_addresses_behind_the_prefix() -> None:
    folders = [ROOT / "linkage_service" / room / "templates" for room in ("ui", "people")]
    shown = [path for folder in folders for path in sorted(folder.glob("*.html"))]
    shared = ROOT / "policy" / "terminal" / "local_page" / "templates"
    shown += [shared / f"{name}.html" for name in ("error", "parts")]
    assert {path.name: bare for path in shown if (bare := bare_addresses(path.read_text()))} == {}
    assert bare_addresses('<form action="/keluar">') == ["/keluar"]
    assert bare_addresses('{% set base = "/proyek/" ~ id %}') == ['"/proyek/"']
