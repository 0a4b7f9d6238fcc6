"""Help and usage errors in the chosen language.

A help text is one string: "Indonesia / English", in each paragraph. It is split where help
is shown. With `--lang both`, help shows the whole string.
"""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from policy.base.words import Words, choose_language, current_language, languages, option_lang
from policy.terminal import console
from policy.terminal.usage_errors import UsageProblem, usage_error

_BETWEEN = re.compile(r"\s/\s")
# A sentence, and not a value such as `auditor:` or `ppks=0.3`.
_STARTS_SMALL = re.compile(r"[a-z]+([\s,;]|$)")
_PARAGRAPHS = re.compile(r"\n\s*\n")

_USAGE = Words("Pemakaian: ", "Usage: ")
_HELP_OPTION = Words("Tampilkan bantuan ini.", "Show this help.")
# What typer prints around the help texts, by the name of its constant in `rich_utils`.
_LABELS = {
    "ARGUMENTS_PANEL_TITLE": Words("Argumen", "Arguments"),
    "OPTIONS_PANEL_TITLE": Words("Opsi", "Options"),
    "COMMANDS_PANEL_TITLE": Words("Perintah", "Commands"),
    "REQUIRED_LONG_STRING": Words("[wajib]", "[required]"),
    "DEFAULT_STRING": Words("[bawaan: {}]", "[default: {}]"),
    "ENVVAR_STRING": Words("[variabel lingkungan: {}]", "[env var: {}]"),
}
_ABORTED = Words("Dibatalkan.", "Aborted.")


def in_both(text: str) -> Words:
    """Both parts of a help text. Raises ValueError if a paragraph has not exactly two."""
    parts = [_BETWEEN.split(" ".join(each.split())) for each in _PARAGRAPHS.split(text.strip())]
    if any(len(each) != 2 for each in parts):
        raise ValueError(text)
    return Words("\n\n".join(each[0] for each in parts), "\n\n".join(each[1] for each in parts))


def spoken(text: str) -> str:
    """A help text in the chosen language."""
    if len(languages()) > 1:
        return text
    said = str(in_both(text))
    return said[0].upper() + said[1:] if _STARTS_SMALL.match(said) else said


class _Spoken:
    """What commands and groups share, over typer's class of either."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        with _in_our_words(ctx):
            return super().parse_args(ctx, args)  # type: ignore[misc]

    def invoke(self, ctx: Any) -> Any:
        with _in_our_words(ctx):
            return super().invoke(ctx)  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        if current_language() == "id":
            pieces = pieces.replace("[OPTIONS]", "[OPSI]")
            pieces = pieces.replace("COMMAND [ARGS]", "PERINTAH [ARG]")
        formatter.write_usage(ctx.command_path, pieces, prefix=str(_USAGE))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = str(_HELP_OPTION)
        return option


class SpokenCommand(_Spoken, TyperCommand):
    """A command whose help and usage errors are in the chosen language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        with _labels():
            TyperCommand.format_help(_in_language(self), ctx, formatter)


class SpokenGroup(_Spoken, TyperGroup):
    """A group of commands whose help and usage errors are in the chosen language."""

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> Any:
        # Help and errors may come before the options are read, so these two are looked up first.
        words = sys.argv[1:] if args is None else args
        console.options.json = "--json" in words
        choice = option_lang(words)
        if choice is not None:
            choose_language(choice)
        return super().main(args, *others, **options)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        shown = _in_language(self)
        shown.commands = {name: _in_language(each) for name, each in self.commands.items()}
        with _labels():
            TyperGroup.format_help(shown, ctx, formatter)


@contextmanager
def _in_our_words(ctx: Any) -> Iterator[None]:
    try:
        yield
    except (typer.Abort, EOFError):
        console.say(_ABORTED)
        raise typer.Exit(1) from None
    except UsageProblem as problem:
        told = usage_error(problem, ctx)
        if told is None:
            raise
        raise told from None


@contextmanager
def _labels() -> Iterator[None]:
    from typer import rich_utils  # a fifth of a command's start, and only help needs it

    before = {name: getattr(rich_utils, name) for name in _LABELS}
    try:
        for name, words in _LABELS.items():
            setattr(rich_utils, name, str(words))
        yield
    finally:
        for name, label in before.items():
            setattr(rich_utils, name, label)


def _in_language(command: Any) -> Any:
    """A copy of a command that shows its help texts in the chosen language."""
    shown = copy.copy(command)
    shown.help = spoken(command.help) if command.help else command.help
    shown.params = [_parameter(each) for each in command.params]
    return shown


def _parameter(parameter: Any) -> Any:
    shown = copy.copy(parameter)
    if getattr(parameter, "help", None):
        shown.help = spoken(parameter.help)
    return shown
