"""Help, usage errors and errors of the three programs come in the chosen language."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from policy.base import words
from policy.base.words import current_language, file_language, languages, option_lang, read_choice
from policy.terminal.commands import application
from policy.terminal.spoken import in_both
from tests.support.programme import Answer, app, command

SCRIPTS = ("padan-encoder", "padan-linkage", "padan-policy")
LOCALE = ("PADAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(words, "_chosen", None)
    monkeypatch.setenv("COLUMNS", "200")


def _commands(script: str) -> Iterator[tuple[str, Any]]:
    def below(name: str, node: Any) -> Iterator[tuple[str, Any]]:
        yield name, node
        for key, child in getattr(node, "commands", {}).items():
            yield from below(f"{name} {key}", child)

    yield from below(script, get_command(app(script)))


def _help_texts(script: str) -> Iterator[tuple[str, str]]:
    for name, node in _commands(script):
        yield name, node.help or ""
        for each in node.params:
            yield f"{name} {each.name}", each.help or ""


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_help_text_has_both_parts(script: str) -> None:
    wrong = []
    for name, text in _help_texts(script):
        try:
            both = in_both(text)
        except ValueError:
            wrong.append((name, text))
        else:
            assert both.id, name
            assert both.en, name
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["Hanya Indonesia", "Satu / one / and a third", "Satu / one.\n\nDua tanpa pasangan.", ""],
)
def test_a_help_text_without_exactly_two_parts_is_found(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        in_both(text)


def _help(root: Any, language: str, parts: list[str]) -> str:
    shown = io.StringIO()
    with redirect_stdout(shown):
        root.main(["--lang", language, *parts, "--help"], standalone_mode=False)
    return shown.getvalue()


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_of_every_command_is_in_one_language(script: str) -> None:
    root = get_command(app(script))
    for name, _node in _commands(script):
        english, indonesian = (_help(root, each, name.split()[1:]) for each in ("en", "id"))
        assert "Usage: " in english, name
        assert "Show this help." in english, name
        assert "Pemakaian: " in indonesian, name
        assert "Tampilkan bantuan ini." in indonesian, name
        assert " / " not in english, name
        assert " / " not in indonesian, name
        for label in ("─ Opsi ─", "─ Argumen ─", "─ Perintah ─", "[wajib]", "[bawaan:"):
            assert label not in english, name
        for label in ("─ Options ─", "─ Arguments ─", "─ Commands ─", "[required]", "[default:"):
            assert label not in indonesian, name


def test_help_in_both_languages_shows_both() -> None:
    shown = command("padan-encoder", "--lang", "both", "inspect", "--help").out
    assert "Kenali sumber dan usulkan pemetaan / recognise a source" in shown


USAGE = [
    (("inspect", "--foo"), "Opsi '--foo' tidak ada.", "No such option: '--foo'."),
    (("--foo",), "Opsi '--foo' tidak ada.", "No such option: '--foo'."),
    (("inspect",), "Argumen 'file' belum diisi.", "Missing argument 'file'."),
    (("check", "x"), "Opsi '--mapping' wajib diisi.", "Missing option '--mapping'."),
    (
        ("check", "--mapping"),
        "Opsi '--mapping' memerlukan isian.",
        "Option '--mapping' needs a value.",
    ),
    (("inspect", "x", "--force=1"), "tidak memakai isian.", "takes no value."),
    (
        ("synth", "--persons", "0"),
        "Isian untuk '--persons' tidak sesuai",
        "The value for '--persons'",
    ),
    (("refused", "a", "b", "c"), "Argumen berlebih: ", "Unexpected extra arguments: "),
    (
        ("inspct",),
        "Perintah 'inspct' tidak ada. Mungkin",
        "No such command: 'inspct'. Did you mean",
    ),
    (("--json",), "Nama perintah belum diisi.", "The name of a command is missing."),
]


def _said(answer: Answer) -> str:
    assert answer.code == 2
    assert answer.out == ""
    return answer.err


@pytest.mark.parametrize(("arguments", "indonesian", "english"), USAGE)
def test_usage_errors_are_in_the_chosen_language(
    arguments: tuple[str, ...], indonesian: str, english: str
) -> None:
    if arguments == ("--json",):
        told = json.loads(_said(command("padan-encoder", *arguments)))["error"]
        assert (told["problem"]["id"], told["problem"]["en"]) == (indonesian, english)
        return
    told_id = _said(command("padan-encoder", "--lang", "id", *arguments))
    told_en = _said(command("padan-encoder", "--lang", "en", *arguments))
    told_both = _said(command("padan-encoder", "--lang", "both", *arguments))
    assert indonesian in told_id
    assert english not in told_id
    assert english in told_en
    assert indonesian not in told_en
    assert indonesian in told_both
    assert english in told_both
    assert "galat:" in told_id
    assert "error:" not in told_id


@pytest.mark.parametrize(
    ("settings", "option", "wanted"),
    [
        ({}, (), "id"),
        ({"LANG": "id_ID.UTF-8"}, (), "id"),
        ({"LANG": "C"}, (), "id"),
        ({"LANG": "en_GB.UTF-8"}, (), "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "id_ID.UTF-8"}, (), "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "en_US.UTF-8"}, (), "en"),
        ({"LANG": "en_GB.UTF-8", "PADAN_LANG": "id"}, (), "id"),
        ({"PADAN_LANG": "en"}, (), "en"),
        ({"PADAN_LANG": "both"}, (), "id en"),
        ({"PADAN_LANG": "both", "LANG": "en_GB"}, (), "en id"),
        ({"PADAN_LANG": "en"}, ("--lang", "id"), "id"),
        ({"PADAN_LANG": "id"}, ("--lang=en",), "en"),
    ],
)
def test_the_real_scripts_follow_option_then_variable_then_locale(
    settings: dict[str, str], option: tuple[str, ...], wanted: str, tmp_path: Path
) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in LOCALE}
    root = str(Path(__file__).parents[2])
    ended = subprocess.run(
        [sys.executable, "-m", "policy", *option, "--home", str(tmp_path), "witness", "p", "--foo"],
        env={**environment, **settings, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    labels = [line.split(":")[0] for line in ended.stderr.splitlines() if line[:1] != " "]
    assert labels == [{"id": "galat", "en": "error"}[each] for each in wanted.split()]


def test_an_option_behind_two_dashes_chooses_no_language() -> None:
    assert option_lang(["inspect", "--", "--lang", "en"]) is None
    assert option_lang(["--lang"]) is None
    assert option_lang(["--lang", "fr"]) is None
    assert option_lang(["inspect", "--lang", "en"]) == "en"
    assert read_choice("BOTH") == "both"


def test_one_language_unless_both_were_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert languages() == ("id",)
    monkeypatch.setattr(words, "_chosen", "both")
    assert languages() == ("id", "en")
    assert current_language() == "id"


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (("--lang", "en"), None, "en"),
        (("--lang", "both"), None, "id"),
        ((), "en", "id"),
        (("--lang", "en"), "id", "en"),
        (("--lang", "id"), "en", "id"),
    ],
)
def test_lists_follow_the_option_and_not_the_environment(
    arguments: tuple[str, ...],
    environment: str | None,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Programs read lists by their heads: a machine's environment does not change these."""
    if environment:
        monkeypatch.setenv("PADAN_LANG", environment)
    found: list[str] = []
    made = application("padan-test", "Uji / test")
    made.command("told")(lambda: found.append(file_language()))
    made.command("other")(lambda: None)
    monkeypatch.setattr("policy.base.words._chosen", None)
    get_command(made)([*arguments, "told"], standalone_mode=False)
    assert found == [expected]
