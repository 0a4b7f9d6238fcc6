"""Doubts about rows that were read: each is said, also to those who agreed beforehand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from encoder.cli import preparing
from encoder.cli.answers import Answers
from encoder.cli.consent import asking
from encoder.quality.counts import CodebookCounts
from encoder.source.cell_usage import Usage, UsageTable
from encoder.steps.consent import NeedsConsent, ask_about, refuse
from encoder.store.prepared import Reconciliation
from policy.base.words import Words
from policy.terminal import console

# Codes mapped as Kemendagri's, of which most can be BPS's alone.
OTHER_BOOK = CodebookCounts(
    "kelurahan", 0, 0, 0, said_kemendagri=60, codes=60, villages=60, bps_form=50
)
ROWS = 10


def few_niks() -> UsageTable:
    usage = Usage({"nik": "nik"}, ROWS)
    doubts = [(at, "NIK_FORMAT") for at in range(3, ROWS)]
    usage.add("nik", ["3199014501900001"] * 3 + [""] * 7, doubts, range(1, ROWS + 1))
    return usage.table()


def ask(accept: Any, usage: UsageTable) -> None:
    ask_about("gizi", Reconciliation(ROWS, ROWS, 0, {}), usage, accept, OTHER_BOOK)


def test_who_agreed_beforehand_reads_each_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    """The first doubt asks for --yes, which would otherwise answer the second one unread."""
    bar, _ = console.progress(Words("gizi", "gizi"), None)
    with pytest.raises(NeedsConsent) as first:
        ask(refuse, few_niks())
    assert first.value.code == "prepare.few-niks"
    assert "--yes" in first.value.hint.en
    ask(asking(bar, yes=True), few_niks())
    said = capsys.readouterr().err
    assert "NIK" in said
    assert "BPS" in said


def test_go_says_what_to_write_if_the_codes_are_of_another_book(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def freeze(*_: object, accept: Any) -> None:
        ask(accept, Usage({}, ROWS).table())

    file, mapping = Path("keluarga.csv"), Path("map.yaml")
    session: Any = SimpleNamespace(project_id="gizi-2026")
    monkeypatch.setattr(preparing, "freeze_dataset", freeze)
    monkeypatch.setattr(preparing, "Workspace", lambda _: None)
    monkeypatch.setattr(preparing.Preparing, "_source", lambda _: (file, mapping))
    with pytest.raises(NeedsConsent) as asked:
        preparing.Preparing(session, "gizi", Answers({}, {})).prepare()
    assert "codebook: bps" in asked.value.hint.id
    assert "codebook: bps" in asked.value.hint.en
    assert "padan-encoder prepare gizi-2026 gizi keluarga.csv" in asked.value.hint.en
