"""Words and files that misled a person who saw the product for the first time."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest
from rich.console import Console

from policy.base.errors import NotYet, Unreachable
from policy.base.words import Words
from policy.crypto.vault import Vault
from policy.starter.one_page import Around, one_page
from policy.terminal import console
from policy.terminal.report_text import print_page
from policy.terminal.watching import Watching
from tests.support.republic import charter_from, charter_tree

AWAITED = NotYet("joining.awaited", Words("Belum: a.", "Not yet: a."), Words("Ingat.", "Remind."))
AWAY = Unreachable("wire.away", Words("Tidak ada.", "No answer."), Words("Tunggu.", "Wait."))


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What both outputs show, in English."""
    shown = io.StringIO()
    for name in ("err", "out"):
        monkeypatch.setattr(console, name, Console(file=shown, width=400))
    monkeypatch.setenv("PADAN_LANG", "en")
    monkeypatch.setattr(console.options, "json", False)
    return shown


@pytest.mark.parametrize(("error", "label"), [(AWAITED, "waiting:"), (AWAY, "error:")])
def test_whoever_waits_for_others_reads_no_error(
    screen: io.StringIO, error: NotYet | Unreachable, label: str
) -> None:
    said = iter([False, True])

    def take_turns() -> bool:
        if next(said):
            return True
        raise error

    Watching(True, 0.01, sleep=lambda _: None).repeat(take_turns)
    assert screen.getvalue().startswith(label)


def test_without_watching_the_same_is_an_error() -> None:
    def take_turns() -> bool:
        raise AWAITED

    with pytest.raises(NotYet):
        Watching(False, 0.01).repeat(take_turns)


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_a_folder_of_keys_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        Vault(tmp_path / "keystore", bytes(32)).put("epoch", b"secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keystore").stat().st_mode) == 0o700


def test_the_page_to_sign_names_lists_by_their_titles(screen: io.StringIO) -> None:
    """Its tables name them so; a source such as DTKS is another word for the reader."""
    tree = charter_tree()
    for each in tree["datasets"]:
        if each["id"] == "dtks":
            each["title"] = {"id": "Penerima bantuan", "en": "Welfare recipients"}
    charter = charter_from(tree)
    print_page(one_page(charter, Around({}, frozenset())))
    lines = [each for each in screen.getvalue().splitlines() if " learns " in each]
    assert any("Welfare recipients" in each for each in lines)
    assert not any("DTKS" in each for each in lines)
