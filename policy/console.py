"""What the three command lines share: options, language, errors, passphrases, output.

Results go to standard output (text, or JSON with --json). Everything else goes to
standard error. Errors are printed in the chosen language first, then in the other.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from policy.errors import BadInput, PadanError
from policy.files import read_file
from policy.home import Home, Unlocked
from policy.words import Language, Words, choose_language, current_language

if TYPE_CHECKING:
    from policy.client import Session

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


@dataclass
class Options:
    """The options that stand before every command."""

    home: Path = Path("padan-home")
    passphrase_file: Path | None = None
    json: bool = False


options = Options()


def application(name: str, help_text: str) -> typer.Typer:
    """A command line with Padan's common options."""
    app = typer.Typer(name=name, help=help_text, no_args_is_help=True, add_completion=False)

    @app.callback()
    def common(
        home: Annotated[
            Path, typer.Option(envvar="PADAN_HOME", help="Folder rumah / home folder")
        ] = Path("padan-home"),
        passphrase_file: Annotated[
            Path | None,
            typer.Option(
                envvar="PADAN_PASSPHRASE_FILE",
                help="Berkas frasa sandi; tanpa ini ditanyakan / passphrase file, else asked for",
            ),
        ] = None,
        lang: Annotated[str | None, typer.Option(envvar="PADAN_LANG", help="id | en")] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="Keluaran JSON / JSON output")
        ] = False,
    ) -> None:
        options.home, options.passphrase_file, options.json = home, passphrase_file, as_json
        if lang is not None:
            choose_language(_language(lang))

    return app


def run(app: typer.Typer) -> None:
    """Run a command line; errors that Padan raises become messages and exit codes."""
    try:
        app()
    except PadanError as error:
        report(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        err.print(str(Words("dihentikan", "interrupted")))
        sys.exit(130)


def report(error: PadanError) -> None:
    """Print an error to standard error, in both languages, or as JSON."""
    if options.json:
        sys.stderr.write(json.dumps({"error": error.as_json()}, ensure_ascii=False) + "\n")
        return
    first = current_language()
    second: Language = "en" if first == "id" else "id"
    for language, style in ((first, "bold red"), (second, "red")):
        label = "galat" if language == "id" else "error"
        hint = "saran" if language == "id" else "hint"
        err.print(f"[{style}]{label}:[/] ", end="")
        err.print(f"{error.problem.in_language(language)} [{error.code}]", markup=False)
        err.print(f"  {hint}: {error.hint.in_language(language)}", markup=False)


def home() -> Home:
    return Home(options.home)


def unlocked() -> Unlocked:
    """The home folder with its keys open; asks for the passphrase if no file is named."""
    opened = home()
    opened.member()
    return opened.unlock(passphrase())


def passphrase(*, confirm: bool = False) -> bytes:
    """From the passphrase file, else typed. Never from an argument or the environment."""
    if options.passphrase_file is not None:
        text = read_file(options.passphrase_file, limit=4096).strip()
    else:
        text = getpass(str(Words("Frasa sandi: ", "Passphrase: "))).encode()
        if confirm and getpass(str(Words("Sekali lagi: ", "Once more: "))).encode() != text:
            text = b""
    if len(text) < 8:
        raise BadInput(
            "passphrase.short",
            Words(
                "Frasa sandi kosong, tidak sama, atau kurang dari 8 bita.",
                "The passphrase is empty, not repeated, or shorter than 8 bytes.",
            ),
            Words("Pakai beberapa kata acak.", "Use several random words."),
        )
    return text


def say(words: Words) -> None:
    """A line about progress, for people: standard error."""
    err.print(str(words), markup=False)


def bring_up_to_date(session: Session) -> None:
    """The log as the service has it now, else this member's own copy, and that is said."""
    if not session.sync_or_recall():
        size = session.replay.size
        say(
            Words(
                f"Layanan tidak dapat dihubungi; dipakai salinan sendiri, {size} entri.",
                f"The service cannot be reached; your own copy is used, {size} entries.",
            )
        )


def result(value: dict[str, Any], words: Words | None = None) -> None:
    """What a command found: JSON with --json, else the sentence on standard output."""
    if options.json:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n")
    elif words is not None:
        out.print(str(words), markup=False)


def progress(label: Words, total: int | None) -> tuple[Progress, Callable[[int], None]]:
    """A bar on standard error; the second value advances it."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}" + ("" if total is None else "/{task.total:,.0f}")),
        TimeRemainingColumn(),
        console=err,
        disable=options.json or (not sys.stderr.isatty() and not os.environ.get("PADAN_PROGRESS")),
    )
    task = bar.add_task(str(label), total=total)
    return bar, lambda step: bar.advance(task, step)


def _language(text: str) -> Language:
    if text[:2].lower() in ("id", "en"):
        return "id" if text[:2].lower() == "id" else "en"
    raise BadInput(
        "option.lang",
        Words("Bahasa yang ada: id, en.", "The languages are: id, en."),
        Words("Pakai --lang id atau --lang en.", "Use --lang id or --lang en."),
    )
