"""Command lines whose outputs pass the gate (`policy.base.output`) before a command starts.

A command declares `Output` for a file to write that a person names, `Folder` for a folder to write
files into, and `Path` for a file to read. `Commands` does the rest: it adds `--force` and passes
every output through the gate, with every `Path` of the command as an input.
"""

from __future__ import annotations

import functools
import inspect
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.output import Folder, Form, Gate, Output
from policy.base.words import Choice, Words, choose_language, read_choice
from policy.terminal import console
from policy.terminal.prepared_from import database_file, prepared_from
from policy.terminal.spoken import SpokenCommand, SpokenGroup

_FORCE = Annotated[
    bool, typer.Option("--force", help="Ganti berkas yang sudah ada / replace an existing file")
]


def _show_version(context: typer.Context, asked: bool) -> None:
    if not asked:
        return
    where = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    console.out.print(f"{context.find_root().info_name} {metadata.version('padan')} ({where})")
    raise typer.Exit


class Commands(typer.Typer):
    """A command line, or a part of one, whose commands write through the gate."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        # A trace must not show local variables: they can hold a person's data.
        options.setdefault("cls", SpokenGroup)
        super().__init__(*arguments, pretty_exceptions_show_locals=False, **options)

    def command(self, *arguments: Any, **options: Any) -> Callable[[Any], Any]:
        options.setdefault("cls", SpokenCommand)
        register = super().command(*arguments, **options)

        def take(function: Callable[..., Any]) -> Callable[..., Any]:
            register(gated(function))
            return function

        return take


def application(name: str, help_text: str) -> Commands:
    """A command line with Padan's common options."""
    app = Commands(name=name, help=help_text, no_args_is_help=True, add_completion=False)

    @app.callback()
    def common(
        context: typer.Context,
        home: Annotated[
            Path, typer.Option(envvar="PADAN_HOME", help="Folder rumah / home folder")
        ] = Path("padan-home"),
        passphrase_file: Annotated[
            Path | None,
            typer.Option(
                envvar="PADAN_PASSPHRASE_FILE",
                help="Berkas frasa sandi; tanpa ini ditanyakan"
                " / passphrase file; without it, you are asked",
            ),
        ] = None,
        lang: Annotated[
            str | None,
            typer.Option(envvar="PADAN_LANG", help="Bahasa: id, en, both / language: id, en, both"),
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="Keluaran JSON / JSON output")
        ] = False,
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                callback=_show_version,
                is_eager=True,
                help="Versi Padan dan Python / version of Padan and Python",
            ),
        ] = False,
    ) -> None:
        options = console.options
        options.home, options.passphrase_file, options.json = home, passphrase_file, as_json
        if lang is not None:
            source = context.get_parameter_source("lang")
            by_option = source is None or source.name != "ENVIRONMENT"
            choose_language(_choice(lang), by_option=by_option)

    return app


def output_option(*names: str, help: str, form: Form | None = None) -> Any:
    return typer.Option(*names, help=help, metavar="FILE", parser=_output(form or Form()))


def output_argument(help: str, form: Form | None = None) -> Any:
    return typer.Argument(help=help, metavar="FILE", parser=_output(form or Form()))


def folder_option(help: str) -> Any:
    return typer.Option(help=help, metavar="FOLDER", parser=_folder)


def folder_argument(help: str) -> Any:
    return typer.Argument(help=help, metavar="FOLDER", parser=_folder)


def gated(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with `--force`, if it has outputs; they pass the gate before it starts."""
    signature = inspect.signature(function, eval_str=True)
    parameters = list(signature.parameters.values())
    if not any(_writes(each.annotation) for each in parameters):
        return function

    @functools.wraps(function)
    def with_gate(*, force: bool = False, **values: Any) -> Any:
        return function(**admitted(values, force=force))

    asked = inspect.Parameter(
        "force", inspect.Parameter.KEYWORD_ONLY, annotation=_FORCE, default=False
    )
    del with_gate.__wrapped__  # typer would read the signature without --force
    with_gate.__signature__ = signature.replace(parameters=[*parameters, asked])  # type: ignore[attr-defined]
    with_gate.__annotations__ = {each.name: each.annotation for each in [*parameters, asked]}
    return with_gate


def admitted(values: Mapping[str, Any], *, force: bool) -> dict[str, Any]:
    """A command's arguments, with its outputs as admitted by the gate."""
    gate = Gate(
        inputs=tuple(_inputs(values)),
        prepared=prepared_from(console.options.home),
        homes=(console.options.home, Path("padan-home")),
        force=force,
        ask=_ask if somebody_is_there() else None,
    )
    through: dict[str, Any] = dict(values)
    for name, value in values.items():
        if isinstance(value, Output):
            through[name] = gate.admit(value)
        elif isinstance(value, Folder):
            through[name] = gate.admit_folder(value)
    return through


def change_in_place(path: Path) -> Output:
    """A file that the command reads and rewrites, such as a roster to sign."""
    home = console.options.home
    gate = Gate(prepared=prepared_from(home), homes=(home, Path("padan-home")))
    return gate.admit_in_place(path)


def _inputs(values: Mapping[str, Any]) -> Iterator[Path]:
    if console.options.passphrase_file is not None:
        yield console.options.passphrase_file
    for name, value in values.items():
        for path in value if isinstance(value, list | tuple) else (value,):
            if isinstance(path, Path):
                yield from _files_of(name, path)


def _files_of(name: str, path: Path) -> Iterable[Path]:
    if name == "charter":
        from policy.charter.load import files_of_charter

        return (path, *files_of_charter(path))
    database = database_file(str(path))
    return (path,) if database is None else (database,)


def _output(form: Form) -> Callable[[str], Output]:
    def read(text: str) -> Output:
        if not text or text.endswith(tuple(filter(None, (os.sep, os.altsep)))):
            raise BadInput(
                PolicyCode.OUT_NOT_A_FILE,
                Words(f"'{text}' bukan nama berkas.", f"'{text}' does not name a file."),
                Words("Sebut nama berkas.", "Give the name of a file."),
            )
        return Output(Path(text), form)

    return read


def _folder(text: str) -> Folder:
    return Folder(Path(str(text)))  # a default is a Folder already


def _writes(annotation: Any) -> bool:
    if annotation in (Output, Folder):
        return True
    return any(_writes(each) for each in getattr(annotation, "__args__", ()))


def _ask(question: Words) -> bool:
    return typer.confirm(str(question), err=True)


def somebody_is_there() -> bool:
    """Whether a person can answer a question: at a terminal, and without --json."""
    return not console.options.json and sys.stdin.isatty() and sys.stderr.isatty()


def _choice(text: str) -> Choice:
    choice = read_choice(text)
    if choice is not None:
        return choice
    raise BadInput(
        PolicyCode.OPTION_LANG,
        Words("Bahasa yang ada: id, en, both.", "The languages are: id, en, both."),
        Words("Pakai --lang id atau --lang en.", "Use --lang id or --lang en."),
    )
