"""`padan-linkage compare`: match two files of CLKs in clkhash's JSON, as anonlink would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy import console
from policy.words import Words


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
    out: Annotated[Path, typer.Option(help="Pasangan baris CSV / pairs of rows as CSV")],
) -> None:
    """Padankan dua berkas CLK tanpa proyek / match two files of CLKs, without a project."""
    from linkage_service.interchange import match_files, parse_threshold
    from policy.files import write_file

    pairs = match_files(left, right, parse_threshold(threshold))
    lines = ["left,right", *(f"{a},{b}" for a, b in pairs)]
    write_file(out, ("\n".join(lines) + "\n").encode())
    console.result(
        {"file": str(out), "pairs": len(pairs)},
        Words(f"{out}: {len(pairs)} pasangan.", f"{out}: {len(pairs)} pairs."),
    )
