"""`padan-encoder coverage`: how much of one's own list other sources confirmed."""

from __future__ import annotations

from typing import Annotated

import typer

from encoder.cli.source_options import MappingPath, SourcePath
from policy.base.output import Form, Output
from policy.base.words import Words, number
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE

COVERAGE = Form((".html", ".pdf", ".json", *TABLE.endings), only=True, repeatable=True)


def register(app: typer.Typer) -> None:
    app.command()(coverage)


def coverage(
    project: ProjectId,
    release: ReleaseId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    out: Annotated[
        Output,
        output_option(
            help="Berkas .html, .pdf, .xlsx, .csv, atau .json"
            " / a .html, .pdf, .xlsx, .csv or .json file",
            form=COVERAGE,
        ),
    ],
    source: SourcePath = None,
    mapping: MappingPath = None,
    despite_changes: Annotated[
        bool,
        typer.Option(
            "--despite-changes",
            help="Hitung baris yang masih ada / count the rows that are there",
        ),
    ] = False,
    recount: Annotated[
        bool,
        typer.Option(
            "--recount",
            help="Hitung lagi, bila bedanya cukup besar / count again, if the change is large",
        ),
    ] = False,
) -> None:
    """Cakupan daftar Anda: jumlah tanpa sel kecil / coverage of your list, without small cells."""
    from encoder.released.coverage.of_release import coverage_of, write_coverage
    from encoder.released.lists.of_release import AskedTable
    from encoder.steps.workspace import Workspace
    from policy.base.dates import long_day, read_day
    from policy.terminal.report_files import require_writable
    from policy.wire.session import Session

    require_writable(out)
    asked = AskedTable(release, dataset, source, mapping, despite_changes=despite_changes)
    session = Session(console.unlocked(), project)
    session.recall()
    found = coverage_of(Workspace(session), asked, recount=recount)
    write_coverage(found, out)
    pooled = sum(each.pooled for each in found.areas)
    people, day = number(found.people), long_day(read_day(found.counted_on))
    sources = len(found.shown)
    areas = f"{len(found.districts)} kecamatan, {len(found.areas)} kelurahan"
    console.result(
        {
            "file": str(out),
            "people": found.people,
            "counted_on": found.counted_on,
            "sources": [each.model_dump(mode="json") for each in found.sources],
            "districts": len(found.districts),
            "areas": len(found.areas),
            "pooled_areas": pooled,
        },
        Words(
            f"{out}: {people.id} orang, {sources} sumber, {areas}; dihitung {day.id}.",
            f"{out}: {people.en} people, {sources} sources, {areas}; counted on {day.en}.",
        ),
    )
