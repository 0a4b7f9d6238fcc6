"""The commands that pages of the documentation give, and whether the programs know them.

A block of shell lines is one person's: `<!-- person: bps -->` above it says whose. Such blocks are
run by tests; every block, and every command in running text, is held against the real programs.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadUsage, PadanError
from policy.base.words import Words
from policy.terminal.usage_errors import UsageProblem
from tests.support.programme import command_line

PROGRAMS = ("padan-encoder", "padan-linkage", "padan-policy")
_BLOCK = re.compile(
    r"^([ \t]*)(?:<!-- person: (?P<person>[\w-]+) -->\s*?\n[ \t]*)?```(?:sh|powershell|bash)\n"
    r"(?P<text>.*?)^[ \t]*```",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(r"`((?:[\w./~-]*/)?padan-(?:encoder|linkage|policy)\b[^`]*)`")
_ENDS = {"&&", "||", "|", ";", ">", ">>", "<", "&", "(", ")"}
# What may stand before a program: variables, another user, a container.
_BEFORE = re.compile(
    r"[A-Z_]+=.*|sudo|-u|padan|env|as_padan|docker|compose|exec|run|--rm|--entrypoint|api|&"
)
# A word that stands for what a person writes there: PROJECT, `WORDS YOU HEARD`, an ellipsis.
_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9_-]*(?: [A-Z]+)*|.*….*|\.\.\.")


@dataclass(frozen=True)
class Block:
    """Lines that one person gives; without a person, they are read and not run."""

    person: str | None
    text: str

    def commands(self) -> list[tuple[str, ...]]:
        """The Padan commands in it, each from its program's name to its end."""
        return [words for line in _lines(self.text) for words in _commands(line)]

    def other_lines(self) -> list[str]:
        """Lines that are no Padan command."""
        return [each for each in _lines(self.text) if not list(_commands(each))]


def blocks(page: str) -> list[Block]:
    """Every block of shell lines of a page, in order."""
    return [Block(each["person"], each["text"]) for each in _BLOCK.finditer(page)]


def inline(page: str) -> list[tuple[str, ...]]:
    """Every command with arguments in the running text of a page."""
    prose = _BLOCK.sub("", page)
    found = (" ".join(each[1].split()) for each in _INLINE.finditer(prose))
    return [words for each in found for words in _commands(each) if len(words) > 1]


def _lines(text: str) -> Iterator[str]:
    joined = re.sub(r"[\\`]\n\s*", " ", text)  # a line that goes on, in sh and in PowerShell
    for line in joined.splitlines():
        if line.strip() and not line.strip().startswith("#"):
            yield line.strip()


def _commands(line: str) -> Iterator[tuple[str, ...]]:
    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    try:
        words = list(reader)
    except ValueError:  # an apostrophe in words that are no command
        return
    segment: list[str] = []
    for word in [*words, ";"]:
        if word not in _ENDS:
            segment.append(word)
        elif segment:
            yield from _command(segment)
            segment = []


def _command(words: list[str]) -> Iterator[tuple[str, ...]]:
    """The Padan command in words between `&&` and `|`; none if another program comes first."""
    first = next((n for n, each in enumerate(words) if _program(each)), None)
    if first is None or not all(_BEFORE.fullmatch(each) for each in words[:first]):
        return
    rest = words[first + 1 :]
    if "--entrypoint" in words[:first]:
        rest = rest[1:]  # the service of the containers
    yield _program(words[first]), *rest


def _program(word: str) -> str:
    name = re.split(r"[/\\]", word)[-1].removesuffix(".exe")
    return name if name in PROGRAMS else ""


def misfit(words: tuple[str, ...], *, whole: bool = True) -> str:
    """Why the real program would not take this command; empty if it would.

    With `whole`, all that is required must be there; in running text, parts may be left out.
    """
    try:
        command, own = _resolved(words)
    except PadanError as error:
        return error.problem.en
    if not whole or _is_group(command) or {"--help", "--version"} & {*own}:
        return ""
    # A placeholder fits if a name, a number or a day at its place would.
    said = [_why_not(command, own, fill) for fill in (None, "1", "2026-12-31")]
    return "" if "" in said else said[0]


def _resolved(words: tuple[str, ...]) -> tuple[Any, list[str]]:
    """The command and its own words; raises BadUsage for an unknown command or option."""
    command, left = command_line(words[0]), list(words[1:])
    while True:
        own, left = _own_words(command, left)
        if not _is_group(command) or not left or _PLACEHOLDER.fullmatch(left[0]):
            return command, own
        name, *left = left
        found = command.commands.get(name)
        if found is None:
            raise _unknown(Words(f"tidak ada perintah {name}", f"no command {name}"))
        command = found


def _is_group(command: Any) -> bool:
    return hasattr(command, "commands")


def _own_words(command: Any, words: list[str]) -> tuple[list[str], list[str]]:
    """The words of this command, and those of the command below it."""
    known = {name: each for each in command.params for name in (*each.opts, *each.secondary_opts)}
    own, left = [], list(words)
    while left:
        word = left[0]
        name, _, given = word.partition("=")
        if not word.startswith("-") or word == "-":
            if _is_group(command):
                return own, left
        elif name not in known and name != "--help":
            raise _unknown(Words(f"tidak ada pilihan {name}", f"no option {name}"))
        elif left[1:] and not given and name != "--help" and not known[name].is_flag:
            own.append(left.pop(0))
        own.append(left.pop(0))
    return own, []


def _unknown(words: Words) -> BadUsage:
    return BadUsage(PolicyCode.USAGE, words, words)


def _why_not(command: Any, own: list[str], fill: str | None) -> str:
    """Parse the words as the program does; why it would not take them, or nothing."""
    filled = [fill if fill and _PLACEHOLDER.fullmatch(each) else each for each in own]
    try:
        with nobody_there():
            command.make_context(command.name, filled)
    except PadanError as error:
        return error.problem.en
    except UsageProblem as error:
        return str(error.format_message())
    except typer.Exit:  # it would ask for the rest
        return ""
    return ""


@contextmanager
def nobody_there() -> Iterator[None]:
    """What a command asks for has no answer, and what it prints is not shown."""
    before = sys.stdin
    sys.stdin = io.StringIO()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        sys.stdin = before


# Pages whose blocks are read and not run here: the test that gives these commands, or why none can.
ELSEWHERE = {
    "approve-a-release.md": "tests/integration/test_carried_approvals.py",
    "behind-a-gateway.md": "tests/integration/test_gateways.py",
    "bring-agencies-together.md": "tests/integration/test_joining.py",
    "change-the-roster.md": "tests/integration/test_roster_commands.py",
    "come-from-anonlink.md": "tests/integration/test_compare.py",
    "confirm-a-result.md": "tests/integration/test_rerun.py",
    "find-duplicates.md": "tests/integration/test_dedupe.py",
    "first-linkage.md": "tests/integration/test_first_linkage.py",
    "go.md": "tests/integration/test_go.py",
    "install.md": "tests/integration/test_wheelhouse.py",
    "link-your-own-files.md": "tests/integration/test_febrl4.py",
    "monitor-the-service.md": "tests/integration/test_observing.py",
    "restore-the-service.md": "tests/integration/test_service_backup.py",
    "run-in-containers.md": "tests/unit/test_deploy.py",
    "run-on-a-cluster.md": "tests/integration/test_engine_ray.py",
    "run-the-service.md": "tests/integration/test_doctor.py",
    "share-attributes.md": "tests/integration/test_attributes.py",
    "sign-in.md": "tests/integration/test_people_command.py",
    "storage-and-keys.md": "tests/integration/test_stores.py",
    "upgrade-the-service.md": "tests/integration/test_migrations.py",
    "use-the-local-page.md": "tests/browser/test_officer_page.py",
    "use-the-service-pages.md": "tests/browser/test_service_pages.py",
    "when-data-change.md": "tests/integration/test_delta.py",
    "when-someone-objects.md": "tests/integration/test_objections.py",
    "write-a-charter.md": "tests/integration/test_charter_guided.py",
}
