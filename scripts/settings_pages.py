"""docs/reference/settings.md: every setting and every variable, as the code describes them."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer.main
from cli_pages import PROGRAMS, said

import linkage_service.settings
import policy.base.environment
from linkage_service.settings import EngineSettings, Meaning, Settings

ROOT = Path(__file__).parents[1]
PACKAGES = ("policy", "encoder", "linkage_service", "padan")
_HOME = Path("/HOME")

_INTRODUCTION = """# Setelan dan variabel · Settings and variables

Halaman ini dibuat dari kode. Setelan diberikan lewat pilihan `padan-linkage serve`
([perintah](cli.md)); `HOME` adalah folder rumah. Pilihan mengalahkan variabel lingkungan.

This page is made from the code. Settings come from the options of `padan-linkage serve`
([commands](cli.md)); `HOME` is the home folder. An option overrides a variable."""


def settings() -> str:
    """docs/reference/settings.md"""
    lines = [_INTRODUCTION, "", "## Layanan pemadanan · Linkage service", ""]
    lines += _fields(Settings.under(_HOME))
    lines += ["", "## Mesin pemadanan · Matching engine", ""]
    lines += _fields(EngineSettings())
    lines += ["", "## Variabel lingkungan · Environment variables", ""]
    lines += ["| variable | programs | arti · meaning |", "|---|---|---|"]
    variables = described()
    for name in sorted(variables):
        programs, meaning = variables[name]
        lines.append(f"| `{name}` | {programs} | {meaning} |")
    lines += [
        "",
        "Nama yang ditulis sebagai `env:NAMA` di tempat berkas menyebut variabel dengan URL basis"
        " data. Proxy sistem (`HTTPS_PROXY`, `NO_PROXY`) dipakai untuk mencapai layanan.",
        "",
        "A name written as `env:NAME` in place of a file means a variable with the URL of a"
        " database. The system's proxy (`HTTPS_PROXY`, `NO_PROXY`) is used to reach the service.",
    ]
    return "\n".join(lines) + "\n"


def _fields(instance: Any) -> Iterator[str]:
    yield "| setting | type | unit | default | arti | meaning |"
    yield "|---|---|---|---|---|---|"
    hints = get_type_hints(type(instance), include_extras=True)
    for field in dataclasses.fields(instance):
        kind, meaning = get_args(hints[field.name])
        assert isinstance(meaning, Meaning)
        words = meaning.words
        yield (
            f"| `{field.name}` | {_kind(kind)} | {meaning.unit}"
            f" | {_default(getattr(instance, field.name))} | {words.id} | {words.en} |"
        )


def _kind(kind: Any) -> str:
    if hasattr(kind, "__name__") and not get_args(kind):
        return f"`{kind.__name__}`"
    inner = [repr(each) if isinstance(each, str) else each.__name__ for each in get_args(kind)]
    return " or ".join(f"`{each}`" for each in inner).replace("`NoneType`", "nothing")


def _default(value: Any) -> str:
    if value is None or value == "" or dataclasses.is_dataclass(value):
        return ""
    return f"`{str(value).replace(str(_HOME), 'HOME')}`"


def described() -> dict[str, tuple[str, str]]:
    """Every variable: the programs that read it, and its meaning in both languages."""
    every = "semua · all"
    found = {}
    for programs, table in (
        (every, policy.base.environment.VARIABLES),
        ("`padan-linkage`", linkage_service.settings.VARIABLES),
    ):
        for name, words in table.items():
            found[name] = programs, f"{words.id} / {words.en}"
    for program in PROGRAMS:
        command = typer.main.get_command(program)
        for parameter in _parameters(command):
            if parameter.envvar and parameter.envvar not in found:
                programs = every if parameter in command.params else f"`{program.info.name}`"
                found[parameter.envvar] = (
                    programs,
                    f"{said(parameter.help)} (`{parameter.opts[0]}`)",
                )
    return found


def _parameters(command: Any) -> Iterator[Any]:
    yield from command.params
    for inner in getattr(command, "commands", {}).values():
        yield from _parameters(inner)


def read_in_code(root: Path = ROOT, packages: tuple[str, ...] = PACKAGES) -> set[str]:
    """The names of variables that the code reads by `os.environ`, where they are spelled out."""
    return {
        node.value
        for package in packages
        for file in (root / package).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("os.environ.get", "os.getenv")
        for node in call.args[:1]
        if isinstance(node, ast.Constant)
    }
