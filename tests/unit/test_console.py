"""Progress bars, with and without a known end."""

from __future__ import annotations

import pytest
from rich.console import Console

from policy.base.words import Words
from policy.terminal import console


@pytest.mark.parametrize("total", [None, 3])
def test_a_bar_draws_itself_on_a_terminal(
    total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Console(force_terminal=True, width=80, record=True)
    monkeypatch.setattr(console, "err", screen)
    monkeypatch.setattr(console.options, "json", False)
    monkeypatch.setenv("PADAN_PROGRESS", "1")
    bar, advance = console.progress(Words("menghitung", "counting"), total)
    with bar:
        advance(3)
    assert "3" in screen.export_text()
