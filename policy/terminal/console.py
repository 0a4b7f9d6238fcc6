"""What the three command lines share: options, language, errors, passphrases, output.

Results go to standard output (text, or JSON with --json). Everything else goes to
standard error. All texts are in the chosen language; with `--lang both`, errors are in both.
"""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from policy.base.dates import at_second, long_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, PadanError, WrongKey
from policy.base.files import read_file
from policy.base.stopping import Stopped, end_on_signals
from policy.base.words import Words, languages
from policy.members.home import Home, Unlocked
from policy.terminal.streams import (
    answering,
    prepare_streams,
    writes_unicode,
)
from policy.terminal.system_errors import system_error

if TYPE_CHECKING:
    from policy.project import Project


class _LogCopy(Protocol):
    """A member's copy of a project's log, as `policy.wire.session.Session` has it."""

    @property
    def project(self) -> Project: ...

    def sync_or_recall(self) -> bool: ...

    def witnessed(self) -> tuple[int, int] | None: ...


class _Answers(Console):
    """Standard output: a full disk becomes an error message, a closed pipe ends the command."""

    def print(self, *objects: Any, **options: Any) -> None:
        with answering():
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class _Messages(Console):
    """Standard error: if nobody reads it, messages are dropped."""

    def print(self, *objects: Any, **options: Any) -> None:
        with suppress(OSError):
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        pass


err = _Messages(stderr=True, highlight=False, soft_wrap=True)
out = _Answers(highlight=False, soft_wrap=True)


@dataclass
class Options:
    """The options before the name of a command."""

    home: Path = Path("padan-home")
    passphrase_file: Path | None = None
    json: bool = False


options = Options()


def run(app: Callable[[], object]) -> NoReturn:
    """Run a command line: errors become messages and exit codes, signals end it."""
    prepare_streams()
    end_on_signals()
    try:
        code = _ended(app)
        # Buffered output may still meet a full disk or a closed pipe.
        flushed = _ended(_flush)
    except Stopped as stopped:
        say(Words("dihentikan", "stopped"))
        stopped.end()
        raise
    sys.exit(code or flushed)


def _ended(step: Callable[[], object]) -> int:
    """Run a step; returns the exit code."""
    try:
        step()
    except PadanError as error:
        report(error)
        return error.exit_code
    except Stopped:
        raise
    except SystemExit as ended:
        if isinstance(ended.code, str):
            say(Words(ended.code, ended.code))
            return 1
        return ended.code or 0
    except KeyboardInterrupt:
        say(Words("dihentikan", "interrupted"))
        return 130
    except (OSError, sqlite3.Error) as error:
        told = system_error(error)
        if told is None:
            raise
        report(told)
        return told.exit_code
    return 0


def _flush() -> None:
    with answering():
        sys.stdout.flush()


def report(error: PadanError, *, waits: bool = False) -> None:
    """Print an error to standard error, in the chosen language, or in both as JSON.

    `waits`: the command goes on by itself, so people read that it waits, and no word of an error.
    """
    if options.json:
        told = json.dumps({"error": error.as_json()}, ensure_ascii=not writes_unicode(sys.stderr))
        with suppress(OSError):
            sys.stderr.write(told + "\n")
        return
    label_words = Words("menunggu", "waiting") if waits else Words("galat", "error")
    styles = ("bold", "none") if waits else ("bold red", "red")
    for language, style in zip(languages(), styles, strict=False):
        label = label_words.in_language(language)
        hint = "saran" if language == "id" else "hint"
        err.print(f"[{style}]{label}:[/] ", end="")
        err.print(f"{error.problem.in_language(language)} [{error.code}]", markup=False)
        err.print(f"  {hint}: {error.hint.in_language(language)}", markup=False)


def home() -> Home:
    """This command's home folder, from --home or its default."""
    return Home(options.home)


def unlocked() -> Unlocked:
    """The home folder with its keys open, by the passphrase file, the keyring, or a typed one."""
    return unlocked_with()[0]


def unlocked_with() -> tuple[Unlocked, bytes]:
    """As `unlocked`, with the passphrase that opened it."""
    from policy.terminal.passphrases import held, keep_as_chosen

    opened = home()
    opened.member()
    if options.passphrase_file is not None:
        given = passphrase()
        return opened.unlock(given), given
    known = held()
    if known is not None:
        with suppress(WrongKey):  # it is of another home: this one's is asked for
            return opened.unlock(known), known
    typed = passphrase()
    me = opened.unlock(typed)
    keep_as_chosen(opened, typed)
    return me, typed


def passphrase(*, confirm: bool = False) -> bytes:
    """The passphrase from the passphrase file, else typed; never from an argument or variable."""
    prompt = Words("Frasa sandi: ", "Passphrase: ")
    return passphrase_of(options.passphrase_file, prompt, confirm=confirm)


def passphrase_of(file: Path | None, prompt: Words, *, confirm: bool = False) -> bytes:
    """A passphrase from this file, else typed, twice if `confirm`; raises BadInput."""
    if file is not None:
        text = read_file(file, limit=4096).strip()
    else:
        text = getpass(str(prompt)).encode()
        if confirm and getpass(str(Words("Sekali lagi: ", "Again: "))).encode() != text:
            text = b""
    return require_passphrase(text)


def require_passphrase(text: bytes) -> bytes:
    """This passphrase; raises BadInput for one that is empty or short."""
    if len(text) < 8:
        raise BadInput(
            PolicyCode.PASSPHRASE_SHORT,
            Words(
                "Frasa sandi kosong, tidak sama, atau kurang dari 8 karakter.",
                "The passphrase is empty, not repeated, or shorter than 8 characters.",
            ),
            Words("Pakai beberapa kata acak.", "Use several random words."),
        )
    return text


def command_line(*words: object) -> str:
    """A command to paste into this system's shell, safe for any file name."""
    texts = [str(each) for each in words]
    return subprocess.list2cmdline(texts) if os.name == "nt" else shlex.join(texts)


def say(words: Words) -> None:
    """Print a line about progress to standard error."""
    err.print(str(words), markup=False)


def bring_up_to_date(session: _LogCopy) -> dict[str, Any]:
    """Update the log from the service; if it does not answer, use the own copy and say so.

    Returns what `--json` tells about it: nothing if the service answered.
    """
    return {} if session.sync_or_recall() else tell_copy(session)


def tell_copy(session: _LogCopy) -> dict[str, Any]:
    """Say that the own copy of the log is used, and until when witnesses saw it; as `--json`."""
    size, seen = session.project.size, session.witnessed()
    entries, at = seen or (0, 0)
    moment = long_moment(at_second(at)) if seen else None
    since = (
        Words(
            f"{entries} entri disaksikan sampai {moment.id}",
            f"witnesses saw {entries} entries until {moment.en}",
        )
        if moment
        else Words("belum ada saksi yang melihatnya", "no witnesses have seen it yet")
    )
    say(
        Words(
            f"Layanan tidak dapat dihubungi; dipakai salinan sendiri, {size} entri; {since.id}."
            " Sesudah itu mungkin ada yang berubah.",
            f"The service cannot be reached; your own copy is used, {size} entries; {since.en}."
            " More may have happened since.",
        )
    )
    witnessed = {"entries": entries, "until": at_second(at).isoformat()} if seen else None
    return {"copy": {"entries": size, "witnessed": witnessed}}


def result(value: dict[str, Any], words: Words | None = None) -> None:
    """Print a command's result: JSON with --json, else the sentence, on standard output."""
    if options.json:
        text = json.dumps(value, ensure_ascii=not writes_unicode(sys.stdout), sort_keys=True)
        with answering():
            sys.stdout.write(text + "\n")
    elif words is not None:
        out.print(str(words), markup=False)


def step_result(value: dict[str, Any], words: Words, repeated: bool) -> None:
    """As `result`, of a step that is done once: says so if it was in the log already."""
    if repeated:
        value = {**value, "again": True}
        words = Words(
            f"{words.id} Sudah tercatat sebelumnya; tidak ada yang berubah.",
            f"{words.en} It was in the log before; nothing has changed.",
        )
    result(value, words)


def progress(label: Words, total: int | None) -> tuple[Progress, Callable[[int], None]]:
    """A progress bar on standard error; the second value advances it."""
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
