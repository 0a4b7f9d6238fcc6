"""`padan-policy counts`: how a run went for the member's own lists, in bands."""

from __future__ import annotations

import typer
from rich.table import Table

from policy.base.words import Words
from policy.formats.http_api import COARSE_COUNTS
from policy.gates.bands import in_words
from policy.terminal import console
from policy.terminal.arguments import ProjectId, RunName
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command()(counts)


def counts(
    project: ProjectId,
    run: RunName,
) -> None:
    """Hasil pemadanan bagi sumber sendiri, secara kasar / a run's outcome for one's own lists."""
    session = Session(console.unlocked(), project)
    session.sync()
    answer = session.get(f"/projects/{project}/runs/{run}/counts")
    found = COARSE_COUNTS.validate_json(answer)
    if console.options.json:
        console.result({"counts": [each.model_dump(mode="json") for each in found]})
        return
    heads = (
        Words("domain", "domain"),
        Words("sumber data", "dataset"),
        Words("padan", "matched"),
        Words("tidak padan", "unmatched"),
    )
    table = Table(*(str(each) for each in heads))
    for each in found:
        bands = (str(in_words(band)) for band in (each.matched, each.unmatched))
        table.add_row(each.domain, each.dataset, *bands)
    console.out.print(table)
