"""reference/settings.md: every setting and every variable, as the code describes them."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import typer.main
from cli_pages import PROGRAMS, said

import linkage_service.settings
import policy.base.environment
from linkage_service.settings import (
    EngineSettings,
    LimitSettings,
    Meaning,
    PeopleSettings,
    Settings,
)
from policy.base.words import Language, Words

ROOT = Path(__file__).parents[1]
PACKAGES = ("policy", "encoder", "linkage_service", "padan")
_HOME = Path("/HOME")

_INTRODUCTION = Words(
    """# Setelan dan variabel

Halaman ini dibuat dari kode. Setelan diberikan lewat pilihan `padan-linkage serve`
([perintah](cli.md)); `HOME` adalah folder rumah. Pilihan mengalahkan variabel lingkungan.""",
    """# Settings and variables

This page is made from the code. Settings come from the options of `padan-linkage serve`
([commands](cli.md)); `HOME` is the home folder. An option overrides a variable.""",
)
_SERVICE = Words("## Layanan pemadanan", "## Linkage service")
_ENGINE = Words("## Mesin pemadanan", "## Matching engine")
_PEOPLE = Words("## Orang yang masuk", "## People who sign in")
_LIMITS = Words(
    "## Batas pemanggil\n\nBerlaku untuk setiap proses: N proses pada satu basis data membiarkan N"
    " kali lebih banyak. Batas untuk semuanya ditaruh di proksi.",
    "## Limits of callers\n\nThey hold for each process: N processes on one database let N times as"
    " many through. A limit for all of them belongs into the proxy.",
)
_ENVIRONMENT = Words(
    "## Variabel lingkungan\n\n| variabel | program | arti |",
    "## Environment variables\n\n| variable | programs | meaning |",
)
_FIELDS = Words(
    "| setelan | tipe | satuan | bawaan | arti |", "| setting | type | unit | default | meaning |"
)
_ELSEWHERE = Words(
    "Nama yang ditulis sebagai `env:NAME` di tempat berkas menyebut variabel dengan URL basis"
    " data. Proxy sistem (`HTTPS_PROXY`, `NO_PROXY`) dipakai untuk mencapai layanan.",
    "A name written as `env:NAME` in place of a file means a variable with the URL of a"
    " database. The system's proxy (`HTTPS_PROXY`, `NO_PROXY`) is used to reach the service.",
)
_EVERY = Words("semua", "all")
_OR = Words(" atau ", " or ")
_NOTHING = Words("kosong", "nothing")


def settings(language: Language) -> str:
    """reference/settings.md"""
    lines = [_INTRODUCTION.in_language(language), "", _SERVICE.in_language(language), ""]
    lines += _fields(Settings.under(_HOME), language)
    lines += ["", _ENGINE.in_language(language), ""]
    lines += _fields(EngineSettings(), language)
    lines += ["", _PEOPLE.in_language(language), ""]
    lines += _fields(PeopleSettings(), language)
    lines += ["", _LIMITS.in_language(language), ""]
    lines += _fields(LimitSettings(), language)
    lines += ["", _ENVIRONMENT.in_language(language), "|---|---|---|"]
    variables = described()
    for name in sorted(variables):
        programs, meaning = (each.in_language(language) for each in variables[name])
        lines.append(f"| `{name}` | {programs} | {meaning} |")
    lines += ["", _ELSEWHERE.in_language(language)]
    return "\n".join(lines) + "\n"


def _fields(instance: Any, language: Language) -> Iterator[str]:
    yield _FIELDS.in_language(language)
    yield "|---|---|---|---|---|"
    hints = get_type_hints(type(instance), include_extras=True)
    for field in dataclasses.fields(instance):
        kind, meaning = get_args(hints[field.name])
        assert isinstance(meaning, Meaning)
        unit = meaning.unit.split(" · ")[0 if language == "id" else -1]
        words = meaning.words.in_language(language)
        yield (
            f"| `{field.name}` | {_kind(kind, language)} | {unit}"
            f" | {_default(getattr(instance, field.name))} | {words} |"
        )


def _kind(kind: Any, language: Language) -> str:
    if hasattr(kind, "__name__") and not get_args(kind):
        return f"`{kind.__name__}`"
    if get_origin(kind) is tuple:
        return f"`{get_args(kind)[0].__name__}…`"
    inner = [repr(each) if isinstance(each, str) else each.__name__ for each in get_args(kind)]
    nothing = _NOTHING.in_language(language)
    return _OR.in_language(language).join(
        nothing if each == "NoneType" else f"`{each}`" for each in inner
    )


def _default(value: Any) -> str:
    if value is None or value in ("", ()) or dataclasses.is_dataclass(value):
        return ""
    return f"`{str(value).replace(str(_HOME), 'HOME')}`"


def described() -> dict[str, tuple[Words, Words]]:
    """Every variable: the programs that read it, and its meaning."""
    found = {}
    for programs, table in (
        (_EVERY, policy.base.environment.VARIABLES),
        (_program("padan-linkage"), linkage_service.settings.VARIABLES),
    ):
        for name, words in table.items():
            found[name] = programs, words
    for program in PROGRAMS:
        command = typer.main.get_command(program)
        for parameter in _parameters(command):
            if parameter.envvar and parameter.envvar not in found:
                by_all = parameter in command.params
                meaning, option = said(parameter.help), f" (`{parameter.opts[0]}`)"
                found[parameter.envvar] = (
                    _EVERY if by_all else _program(program.info.name or ""),
                    Words(meaning.id + option, meaning.en + option),
                )
    return found


def _program(name: str) -> Words:
    return Words(f"`{name}`", f"`{name}`")


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
