"""`padan-linkage compare`: match two files of CLKs in clkhash's JSON, as anonlink would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.base.output import Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile


def register(app: typer.Typer) -> None:
    app.command()(compare)


def compare(
    left: Annotated[Path, typer.Argument(help="CLK pihak pertama / first party's CLKs (JSON)")],
    right: Annotated[Path, typer.Argument(help="CLK pihak kedua / second party's CLKs (JSON)")],
    threshold: Annotated[
        str,
        typer.Option(
            help="Koefisien Dice, di atas 0 sampai 1 / Dice coefficient, above 0 and up to 1"
        ),
    ],
    out: Annotated[
        Output,
        output_option(help="Pasangan baris .csv, .xlsx, .parquet / pairs of rows", form=TABLE),
    ],
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Padankan dua berkas CLK tanpa proyek / match two files of CLKs, without a project."""
    from linkage_service.clk_files import match_files, parse_threshold

    if left.resolve() == right.resolve():
        console.say(
            Words(
                "Kedua berkas sama: pasangan terbaik setiap baris adalah dirinya. Baris ganda"
                " dicari oleh 'padan-linkage dedupe'.",
                "Both files are the same: each row's best partner is itself. Use 'padan-linkage"
                " dedupe' to find duplicates.",
            )
        )
    table = TableFile.named(out, csv_for)
    pairs = match_files(left, right, parse_threshold(threshold))
    table.require_room(len(pairs))
    table.write(["left", "right"], pairs)
    console.result(
        {"file": str(out), "pairs": len(pairs)},
        Words(f"{out}: {len(pairs)} pasangan.", f"{out}: {len(pairs)} pairs."),
    )
