"""`padan-encoder changes`: what a later release says otherwise of one's own people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from policy.base.output import Output
from policy.base.words import Words, file_language, joined
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile


def register(app: typer.Typer) -> None:
    app.command("changes")(list_changes)


def list_changes(
    project: ProjectId,
    before: Annotated[
        str,
        typer.Argument(metavar="RELEASE_BEFORE", help="Rilis sebelumnya / the earlier release"),
    ],
    after: Annotated[
        str, typer.Argument(metavar="RELEASE_AFTER", help="Rilis sesudahnya / the later release")
    ],
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    out: Annotated[
        Output,
        output_option(
            help="Berkas .xlsx (satu lembar tiap jenis), .csv, .parquet"
            " / a .xlsx (a sheet for each kind), .csv or .parquet file",
            form=TABLE,
        ),
    ],
    receives: Annotated[
        str | None,
        typer.Option(
            help="Kolom Anda yang menyebut siapa menerima bantuan sekarang (ya/tidak); yang tidak"
            " menerima tidak ditinjau / your column that says who receives aid now (ya/tidak);"
            " others are not reviewed"
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Kolom sumber yang ikut ditulis / source columns to write as well"),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            help="Berkas rilis sesudahnya, bila dipindah / file of the later release, if moved"
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Pemetaannya, bila lain / its mapping, if it is another")
    ] = None,
    source_before: Annotated[
        Path | None,
        typer.Option(
            help="Berkas rilis sebelumnya, bila dipindah / file of the earlier release, if moved"
        ),
    ] = None,
    mapping_before: Annotated[
        Path | None, typer.Option(help="Pemetaannya, bila lain / its mapping, if it is another")
    ] = None,
    despite_changes: Annotated[
        bool,
        typer.Option(
            "--despite-changes",
            help="Pakai baris yang masih ada; yang berubah perlu dicek / use the rows that are"
            " there; those that changed are to check",
        ),
    ] = False,
    born_since: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="Hari edisi sebelumnya: yang baru di daftar dan lahir sesudahnya adalah kelahiran;"
            " tanpa ini, sedikitnya satu triwulan / day of the earlier edition: who is new on the"
            " list and was born after it is a birth; without it, one quarter at least",
        ),
    ] = None,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Tulis apa yang berubah bagi orang Anda di antara dua rilis, dengan alasannya
    / write what changed for your people between two releases, with the reason.
    """
    from encoder.released.changes.change_list import change_list
    from encoder.released.changes.from_releases import (
        AskedChanges,
        objected,
        releases_of,
        rules_changed,
    )
    from encoder.released.changes.sheets import ChangesReport
    from encoder.released.lists.of_release import AskedTable
    from encoder.steps.workspace import Workspace
    from policy.base.dates import read_day
    from policy.wire.session import Session

    table = TableFile.named(out, csv_for)
    session = Session(console.unlocked(), project)
    session.recall()
    workspace = Workspace(session)
    later = AskedTable(after, dataset, source, mapping, tuple(column or ()), despite_changes)
    since = None if born_since is None else read_day(born_since)
    asked = AskedChanges(before, later, receives, source_before, mapping_before, since)
    both = replace(releases_of(workspace, asked), language=file_language())
    leaves = objected(workspace, asked, both.table_after)
    bar, advance = console.progress(Words(f"membandingkan {dataset}", f"comparing {dataset}"), None)
    with bar, change_list(both, leaves, advance) as found:
        report = ChangesReport(
            both,
            found,
            dataset,
            str(session.charter.retention.releases_until),
            rules_changed(workspace, asked),
        )
        file = report.write(table.entered_in(workspace.register("people")))
        facts, said = report.facts(), joined(*report.summary(str(file)))
    console.result({"file": str(file), **facts}, said)
