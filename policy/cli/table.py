"""`padan-policy table`: a release's counts in a form that may be published."""

from __future__ import annotations

import time

import typer
from rich.table import Table as Printed

from policy.approval import look_at
from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words, number
from policy.gates.facts import release_facts
from policy.gates.suppression import PublishedTable, as_json, release_table
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command()(table)


def table(
    project: ProjectId,
    release: ReleaseId,
) -> None:
    """Hitungan yang boleh diumumkan; sel kecil disembunyikan / counts that may be published."""
    session = Session(console.unlocked(), project)
    asked = look_at(session, release, int(time.time()))
    if asked.facts is None:
        raise Refused(
            PolicyCode.TABLE_FACTS,
            Words(
                "Hitungan itu dibuka bagi penyetuju, pejabat PDP, dan auditor.",
                "These counts are opened to approvers, data protection officers and auditors.",
            ),
            Words("Minta tabelnya kepada mereka.", "Ask one of them for the table."),
        )
    found = release_table(asked.charter, release_facts(asked.facts))
    if console.options.json:
        console.result(dict(as_json(found)))
        return
    _print(found)


def _print(found: PublishedTable) -> None:
    heads = (
        Words("domain / sumber", "domain / dataset"),
        Words("padan", "matched"),
        Words("tidak padan", "unmatched"),
        Words("jumlah", "total"),
    )
    printed = Printed(*(str(each) for each in heads))
    for name, cells, total in zip(found.rows, found.cells, found.row_totals, strict=True):
        printed.add_row(name, *(_shown(each) for each in (*cells, total)))
    console.out.print(printed)
    if found.hidden:
        note = Words(
            "* disembunyikan: terlalu kecil, atau dapat dihitung dari yang terlalu kecil",
            "* not shown: too small, or would tell one that is",
        )
        console.out.print(str(note), markup=False)


def _shown(count: int | None) -> str:
    return "*" if count is None else str(number(count))
