"""`padan-encoder list`: one's own people by name and address, with what others say of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from encoder.cli.source_options import MappingPath, SourcePath
from encoder.released.lists.choices import Into, ListChoices, ListedPeople, Split
from policy.base.output import Output
from policy.base.words import Words, file_language, number
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile


def register(app: typer.Typer) -> None:
    app.command("list")(list_people)


def list_people(
    project: ProjectId,
    release: ReleaseId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    out: Annotated[
        Output,
        output_option(
            help="Berkas .xlsx, .csv, .parquet / an .xlsx, .csv or .parquet file", form=TABLE
        ),
    ],
    people: Annotated[
        list[ListedPeople] | None,
        typer.Option(
            help="Siapa: found (ditemukan), to-check (perlu dicek), not-found (belum ditemukan);"
            " tanpa ini .xlsx memuat semua, yang lain found / who: found, to-check, not-found;"
            " without it, an .xlsx has all and others have found"
        ),
    ] = None,
    split: Annotated[
        Split,
        typer.Option(
            help="Bagi menurut kelurahan atau RW / divide by kelurahan or RW",
        ),
    ] = Split.NONE,
    into: Annotated[
        Into | None,
        typer.Option(
            help="Tiap bagian satu lembar (sheets) atau satu berkas dalam folder (files)"
            " / each part is a sheet, or a file in a folder"
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Kolom sumber yang ikut ditulis / source columns to write as well"),
    ] = None,
    ids: Annotated[
        bool, typer.Option("--ids", help="Tulis juga ID padanan / write match IDs too")
    ] = False,
    source: SourcePath = None,
    mapping: MappingPath = None,
    despite_changes: Annotated[
        bool,
        typer.Option(
            "--despite-changes",
            help="Tulis baris yang masih ada; yang berubah ditandai / write the rows that are"
            " there, mark those that changed",
        ),
    ] = False,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Tulis daftar by name by address Anda / write your own list by name and address."""
    from encoder.released.lists.by_name import by_name_list
    from encoder.released.lists.list_files import write_list
    from encoder.released.lists.of_release import AskedTable, guide_of, table_of
    from encoder.released.lists.told import listed_facts, told_facts
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    table_file = TableFile.named(out, csv_for)
    choices = ListChoices.of(
        out.suffix, people or (), split, into, ids=ids, language=file_language()
    )
    session = Session(console.unlocked(), project)
    session.recall()
    workspace = Workspace(session)
    asked = AskedTable(release, dataset, source, mapping, tuple(column or ()), despite_changes)
    table = table_of(workspace, asked, everybody=choices.everybody)
    choices = choices.within(graded=table.graded)
    bar, advance = console.progress(Words(f"membaca {dataset}", f"reading {dataset}"), None)
    with (
        bar,
        by_name_list(table, choices, marks_changes=despite_changes, advance=advance) as listed,
    ):
        entered = table_file.entered_in(workspace.register("people"))
        files = write_list(listed, entered, guide_of(workspace, table, asked))
    facts = listed_facts(listed, graded=table.graded)
    console.result(
        {"file": str(files[0]), "files": [str(each) for each in files], **facts},
        Words(
            f"{_where(files).id}: {told_facts(facts).id}",
            f"{_where(files).en}: {told_facts(facts).en}",
        ),
    )


def _where(files: Sequence[Path]) -> Words:
    if len(files) == 1:
        return Words(str(files[0]), str(files[0]))
    told, folder = number(len(files)), files[0].parent
    return Words(f"{told.id} berkas di {folder}", f"{told.en} files in {folder}")
