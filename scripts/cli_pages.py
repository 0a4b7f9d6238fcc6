"""reference/cli.md: every command of the three programs, from their own definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer.main

import encoder.cli
import linkage_service.cli
import policy.cli
from policy.base.words import Language, Words
from policy.terminal.spoken import in_both

PROGRAMS = (encoder.cli.app, linkage_service.cli.app, policy.cli.app)

_KINDS: dict[Any, str] = {
    str: "TEXT",
    Path: "PATH",
    int: "INTEGER",
    float: "NUMBER",
    datetime: "DATE",
}

_INTRODUCTION = Words(
    """# Perintah

Halaman ini dibuat dari kode. Pilihan bersama ditulis sebelum perintahnya:
`padan-policy --json status`. Status keluar dan kode galat: [galat](errors.md).""",
    """# Commands

This page is made from the code. Common options come before the command:
`padan-policy --json status`. Exit statuses and error codes: [errors](errors.md).""",
)
_HEAD = Words(
    "| argumen atau pilihan | bawaan | arti |", "| argument or option | default | meaning |"
)
_REPEATABLE = Words("(berulang)", "(repeatable)")
_REQUIRED = Words("wajib", "required")


def commands(language: Language) -> str:
    """reference/cli.md"""
    lines = [_INTRODUCTION.in_language(language)]
    for program in PROGRAMS:
        command = typer.main.get_command(program)
        lines += _command((program.info.name or "",), command, language)
    return "\n".join(lines) + "\n"


def _command(path: tuple[str, ...], command: Any, language: Language) -> Iterator[str]:
    """A command and those below it, in the order in which the program lists them."""
    depth = 2 if len(path) == 1 else 3
    yield ""
    yield f"{'#' * depth} {' '.join(path)}"
    yield ""
    yield said(command.help).in_language(language).strip()
    shown = [each for each in command.params if not _is_left_out(each)]
    if shown:
        yield ""
        yield _HEAD.in_language(language)
        yield "|---|---|---|"
        yield from (_parameter(each, language) for each in shown)
    for name, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from _command((*path, name), inner, language)


def said(help_text: str | Words | None) -> Words:
    """In both languages, whichever was chosen for this process."""
    words = help_text if isinstance(help_text, Words) else in_both(help_text or "")
    return Words(
        *(re.sub(r"^[a-z](?=[a-z]* )", lambda m: m[0].upper(), w) for w in (words.id, words.en))
    )


def _is_left_out(parameter: Any) -> bool:
    return parameter.name == "help" or bool(getattr(parameter, "hidden", False))


def _parameter(parameter: Any, language: Language) -> str:
    meaning = " ".join(said(parameter.help).in_language(language).split())
    if parameter.envvar:
        meaning += f" (`{parameter.envvar}`)"
    if parameter.multiple or parameter.nargs == -1:
        meaning += f" {_REPEATABLE.in_language(language)}"
    return f"| {_spelled(parameter)} | {_default(parameter, language)} | {_cell(meaning)} |"


def _spelled(parameter: Any) -> str:
    """`--name TYPE` as a person writes it, `NAME` for an argument."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    return f"`{names}`" if parameter.is_flag else f"`{names} {_value(parameter)}`"


def _value(parameter: Any) -> str:
    """The kind of value, or the values to choose from."""
    kind = _kind(parameter.type_descriptor.annotation)
    if parameter.metavar:
        return str(parameter.metavar)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "\\|".join(str(each.value) for each in kind)
    bounds = [each for each in (parameter.min, parameter.max) if each is not None]
    low, high = ("" if each is None else each for each in (parameter.min, parameter.max))
    return _KINDS.get(kind, "VALUE") + (f" {low}..{high}" if bounds else "")


def _kind(annotation: Any) -> Any:
    """The type of one value: without None, and of a list that of its items."""
    inner = [each for each in get_args(annotation) if each is not type(None)]
    return _kind(inner[0]) if inner else annotation


def _default(parameter: Any, language: Language) -> str:
    if parameter.required:
        return _REQUIRED.in_language(language)
    default = parameter.default
    if default is None or default is False or default == "" or callable(default):
        return ""
    if isinstance(default, Enum):
        default = default.value
    return f"`{_cell(str(default))}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
