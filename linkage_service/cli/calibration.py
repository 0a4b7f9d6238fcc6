"""`padan-linkage calibration`: how right a run's pairs are, estimated without labels."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from policy import console
from policy.arguments import ProjectId, RunName
from policy.client import Session
from policy.commands import output_option
from policy.output import HTML, Output
from policy.words import Words, current_language


def register(app: typer.Typer) -> None:
    app.command()(calibration)


def calibration(
    project: ProjectId,
    run: RunName,
    out: Annotated[
        Output | None,
        output_option(help="Halaman HTML bergrafik / an HTML page with charts", form=HTML),
    ] = None,
) -> None:
    """Taksiran ketepatan dan cakupan / estimated precision and recall."""
    from pydantic import TypeAdapter

    from linkage_service.matching import Calibration
    from linkage_service.matching.calibration_chart import advice, page, said

    session = Session(console.unlocked(), project)
    facts = json.loads(session.get(f"/projects/{project}/runs/{run}/calibration"))
    read = TypeAdapter(Calibration | None)
    named = [
        (f"{each['domain']}: {each['left']}, {each['right']}", read.validate_python(each["facts"]))
        for each in facts["pairs"]
    ]
    if out is not None:
        console.say(out.write(page(named, current_language()).encode()))
    console.result(facts)
    for name, each in named:
        console.say(Words(name, name))
        if each is not None:
            precision, recall = said(each.precision_ppm), said(each.recall_ppm)
            console.say(
                Words(
                    f"Ketepatan pasangan tanpa NIK {precision.id}; cakupan {recall.id}.",
                    f"Precision of pairs without NIK {precision.en}; recall {recall.en}.",
                )
            )
        for words in advice(each):
            console.say(words)
    for each in facts["search"]:
        for words in _searched(each):
            console.say(words)


def _searched(search: dict[str, Any]) -> list[Words]:
    """How an encoding was searched where not all pairs were compared."""
    if search["method"] == "all-pairs":
        return []
    where = f"{search['encoding']}: {search['left']}, {search['right']}"
    estimate = search["estimated_ppm"]
    known = "-" if estimate is None else f"{estimate / 10_000:.2f} %"
    of = f"{search['reached']:,}"
    if search["method"] == "tags":
        return [
            Words(
                f"{where}: dicari per tanda blok; {known} dari {of} pasangan contoh ditemukan.",
                f"{where}: searched by block tags; {known} of {of} sample pairs were found.",
            )
        ]
    expected = f"{search['expected_ppm'] / 10_000:.2f} %"
    return [
        Words(
            f"{where}: dicari lewat {search['tables']} tabel dari {search['width']} bit; harapan"
            f" {expected} tepat di ambang, {known} dari {of} pasangan contoh ditemukan.",
            f"{where}: searched by {search['tables']} tables of {search['width']} bits;"
            f" {expected} expected right at the threshold, {known} of {of} sample pairs found.",
        )
    ]
