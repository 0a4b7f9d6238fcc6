"""reference/cli.md has every command of the three programs, and every option a meaning."""

from __future__ import annotations

import importlib
import re
import runpy
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from tests.support.programme import ROOT

MADE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))  # also opens scripts/ to imports
pages = importlib.import_module("cli_pages")
PAGES = {
    "en": (MADE["FOLDER"] / "reference/cli.md").read_text(encoding="utf-8"),
    "id": (MADE["FOLDER"] / "id/reference/cli.md").read_text(encoding="utf-8"),
}
PROGRAMS = {app.info.name: typer.main.get_command(app) for app in pages.PROGRAMS}


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(f"{path} {name}", inner)


ALL = [each for name, command in PROGRAMS.items() for each in _commands(name, command)]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_command_is_on_the_page_once(page: str) -> None:
    listed = re.findall(r"^##+ (padan-.+)$", page, re.MULTILINE)
    assert listed == [path for path, _ in ALL]
    assert {path.split()[0] for path in listed} == {
        "padan-encoder",
        "padan-linkage",
        "padan-policy",
    }


def test_every_command_and_every_option_says_what_it_is_for() -> None:
    silent = [path for path, command in ALL if not command.help]
    silent += [
        f"{path}: {parameter.name}"
        for path, command in ALL
        for parameter in command.params
        if not parameter.help
    ]
    assert silent == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_is_the_same_on_every_terminal(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_LANG", language)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("PADAN_HOME", "/elsewhere")
    assert {each: pages.commands(each) for each in PAGES} == PAGES


def test_a_changed_option_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    def another(app: Any) -> Any:
        command = PROGRAMS[app.info.name]
        monkeypatch.setattr(command.params[0], "default", "elsewhere")
        return command

    assert pages.commands("en") == PAGES["en"]
    monkeypatch.setattr(typer.main, "get_command", another)
    assert pages.commands("en") != PAGES["en"]
