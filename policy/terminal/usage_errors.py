"""What is wrong with a command line, in our words: options, arguments, names of commands.

typer (and click, on which older ones build) tells its errors apart by class; the names of
the classes and their attributes are the same in both.
"""

from __future__ import annotations

import re
from typing import Any

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadUsage
from policy.base.words import Words

# `UsageError` of typer or of click: only its subclass is a public name of both.
UsageProblem: Any = typer.BadParameter.__base__

_NO_COMMAND = re.compile(r"No such command '(?P<name>.*?)'\.?(?: Did you mean (?P<near>.*)\?)?$")
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<names>.*)\)$")
_TAKES_NONE = re.compile(r"Option '(?P<name>.*)' does not take a value\.$")


def usage_error(problem: Any, ctx: Any) -> BadUsage | None:
    """Our error for typer's; None where typer only shows the help of a group."""
    if type(problem).__name__ == "NoArgsIsHelpError":
        return None
    see = f"{(problem.ctx or ctx).command_path} --help"
    return BadUsage(PolicyCode.USAGE, _problem(problem), Words(f"Lihat '{see}'.", f"See '{see}'."))


def _problem(problem: Any) -> Words:
    kind = type(problem).__name__
    if kind == "NoSuchOption":
        return _no_option(problem)
    if kind == "MissingParameter":
        return _missing(problem)
    if kind == "BadParameter":
        return _bad_value(problem)
    if kind == "BadOptionUsage":
        return _bad_option(problem)
    if kind == "BadArgumentUsage":
        return Words(
            "Banyaknya argumen tidak sesuai.", "The number of arguments does not fit the command."
        )
    return _other(problem.message)


def _no_option(problem: Any) -> Words:
    name = problem.option_name
    near = ", ".join(sorted(problem.possibilities or ()))
    return Words(
        f"Opsi '{name}' tidak ada." + (f" Mungkin maksud Anda: {near}." if near else ""),
        f"No such option: '{name}'." + (f" Did you mean: {near}?" if near else ""),
    )


def _missing(problem: Any) -> Words:
    name = _name(problem)
    if getattr(problem.param, "param_type_name", None) == "argument":
        return Words(f"Argumen {name} belum diisi.", f"Missing argument {name}.")
    return Words(f"Opsi {name} wajib diisi.", f"Missing option {name}.")


def _bad_value(problem: Any) -> Words:
    name, form = _name(problem), _form(problem)
    return Words(
        f"Isian untuk {name} tidak sesuai" + (f"; yang diminta: {form}." if form else "."),
        f"The value for {name} is not valid" + (f"; expected: {form}." if form else "."),
    )


def _bad_option(problem: Any) -> Words:
    name = problem.option_name
    if _TAKES_NONE.match(problem.message):
        return Words(f"Opsi '{name}' tidak memakai isian.", f"Option '{name}' takes no value.")
    return Words(f"Opsi '{name}' memerlukan isian.", f"Option '{name}' needs a value.")


def _other(message: str) -> Words:
    if found := _NO_COMMAND.match(message):
        name, near = found["name"], found["near"]
        return Words(
            f"Perintah '{name}' tidak ada." + (f" Mungkin maksud Anda: {near}." if near else ""),
            f"No such command: '{name}'." + (f" Did you mean: {near}?" if near else ""),
        )
    if found := _EXTRA.match(message):
        names = found["names"]
        return Words(f"Argumen berlebih: {names}", f"Unexpected extra arguments: {names}")
    if message == "Missing command.":
        return Words("Nama perintah belum diisi.", "The name of a command is missing.")
    return Words("Baris perintah tidak sesuai.", "The command line is not valid.")


def _name(problem: Any) -> str:
    if problem.param is None:
        hint = problem.param_hint or ""
        return hint if isinstance(hint, str) else ", ".join(hint)
    if problem.param.param_type_name == "option":
        return f"'{max(problem.param.opts, key=len)}'"
    return f"'{problem.param.metavar or problem.param.name}'"


def _form(problem: Any) -> str:
    """What the parameter takes, such as `<float>`, as its help shows it."""
    parameter = problem.param
    describe = getattr(parameter, "display_type", None)
    if describe is not None and problem.ctx is not None:
        low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
        limits = [f">= {low}" if low is not None else "", f"<= {high}" if high is not None else ""]
        return " ".join(filter(None, [describe(problem.ctx), *limits]))
    kind = getattr(parameter, "type", None)
    return f"<{kind.name}>" if kind is not None else ""
