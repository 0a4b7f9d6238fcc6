"""`padan-encoder hash`: CLKs in the JSON of clkhash and anonlink-client."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy import console
from policy.commands import output_option
from policy.output import Form, Output
from policy.words import Words

CLKS = Form((".json",), repeatable=True)


def register(app: typer.Typer) -> None:
    app.command("hash")(hash_file)


def hash_file(
    file: Annotated[Path, typer.Argument(help="Berkas CSV / CSV file")],
    schema: Annotated[
        Path, typer.Option(help="Skema clkhash versi 1-3 / clkhash schema, version 1 to 3")
    ],
    secret_file: Annotated[Path, typer.Option(help="Berkas rahasia bersama / shared secret file")],
    out: Annotated[
        Output, output_option(help="Berkas JSON keluaran / JSON file to write", form=CLKS)
    ],
    keep_spaces: Annotated[
        bool,
        typer.Option(
            "--keep-spaces",
            help="Biarkan spasi di tepi sel, seperti clkhash sejak 0.18.2"
            " / keep white space around cells, as clkhash since 0.18.2",
        ),
    ] = False,
) -> None:
    """Seperti 'anonlink hash': CLK polos tanpa proyek / plain CLKs without a project."""
    from encoder.interchange import hash_csv

    rows = hash_csv(file, schema, secret_file, out, keep_spaces=keep_spaces)
    console.say(
        Words(
            "CLK polos tidak melindungi dari pemegang register; lihat 'padan-encoder probe'.",
            "Plain CLKs give no protection from a holder of a register; see 'padan-encoder probe'.",
        )
    )
    console.result(
        {"file": str(out), "rows": rows},
        Words(f"{out}: {rows} CLK.", f"{out}: {rows} CLKs."),
    )
