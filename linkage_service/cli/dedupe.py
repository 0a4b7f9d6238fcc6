"""`padan-linkage dedupe`: rows of one file of CLKs that are one person."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy.base.output import Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile

if TYPE_CHECKING:
    from linkage_service.matching.clusters import Clusters


class Grouping(StrEnum):
    """The names of `matching.solver.Linkage`, which takes long to load."""

    COMPLETE = "complete"
    CONNECTED = "connected"


def register(app: typer.Typer) -> None:
    app.command()(dedupe)


def dedupe(
    file: Annotated[Path, typer.Argument(help="CLK satu daftar / the CLKs of one list (JSON)")],
    threshold: Annotated[
        str,
        typer.Option(
            help="Koefisien Dice, di atas 0 sampai 1 / Dice coefficient, above 0 and up to 1"
        ),
    ],
    out: Annotated[
        Output,
        output_option(
            help="Kelompok baris .csv, .xlsx, .parquet / groups of rows .csv, .xlsx, .parquet",
            form=TABLE,
        ),
    ],
    groups: Annotated[
        Grouping,
        typer.Option(
            help="complete: semua baris saling mirip; connected: tersambung lewat rantai"
            " / complete: all rows are similar; connected: a chain of pairs is enough"
        ),
    ] = Grouping.COMPLETE,
    large: Annotated[
        int,
        typer.Option(
            help="Peringatkan di atas sekian baris / warn above this number of rows", min=1
        ),
    ] = 10,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Cari baris ganda dalam satu berkas CLK / find duplicates within one file of CLKs."""
    from linkage_service.clk_files import find_duplicates, parse_threshold
    from linkage_service.matching.solver import Linkage

    table = TableFile.named(out, csv_for)
    exact = parse_threshold(threshold)
    bar, advance = console.progress(Words("membandingkan", "comparing"), None)
    seen = 0

    def progress(done: int, total: int) -> None:
        nonlocal seen
        bar.update(bar.task_ids[0], total=total)
        advance(done - seen)
        seen = done

    with bar:
        found = find_duplicates(file, exact, Linkage(groups), progress)
    table.require_room(len(found.size))
    columns = (found.groups.group, found.groups.row, found.size, found.pairs)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    table.write(["group", "row", "rows_of_group", "pairs_in_group"], rows)
    _tell(found, out, groups, large)


def _tell(found: Clusters, out: Output, linkage: Grouping, large: int) -> None:
    rows, count, many = len(found.size), found.groups.count, found.larger_than(large)
    console.result(
        {
            "file": str(out),
            "linkage": str(linkage),
            "rows": rows,
            "groups": count,
            "largest": found.largest,
            "large_groups": many,
            "groups_with_gaps": found.with_gaps,
        },
        Words(
            f"{out}: {rows} baris dalam {count} kelompok; yang terbesar {found.largest} baris.",
            f"{out}: {rows} rows in {count} groups; the largest has {found.largest} rows.",
        ),
    )
    if found.with_gaps:
        console.say(
            Words(
                f"{found.with_gaps} kelompok tersambung lewat rantai saja: di sana pairs_in_group"
                " kurang dari rows_of_group - 1. Periksa, atau pakai --groups complete.",
                f"{found.with_gaps} groups are joined by a chain only: there pairs_in_group is less"
                " than rows_of_group - 1. Check them, or use --groups complete.",
            )
        )
    if many:
        console.say(
            Words(
                f"Peringatan: {many} kelompok lebih dari {large} baris. Satu orang jarang tercatat"
                " sebanyak itu; naikkan ambang.",
                f"Warning: {many} groups have more than {large} rows. One person is rarely listed"
                " that often; raise the threshold.",
            )
        )
