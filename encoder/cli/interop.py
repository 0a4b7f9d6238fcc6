"""`padan-encoder hash`: CLKs in the JSON of clkhash and anonlink-client."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy.base.output import Form, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.commands import output_option

if TYPE_CHECKING:
    from encoder.encoding.csv_to_clks import Header


class YesNo(StrEnum):
    """As anonlink-client takes it: `--check-header false`."""

    true = "true"
    false = "false"


_HEADERS: dict[YesNo, Header] = {YesNo.true: "checked", YesNo.false: "ignored"}
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
    check_header: Annotated[
        YesNo,
        typer.Option(
            "--check-header",
            case_sensitive=False,
            help="false: judul kolom dilewati tanpa diperiksa / false: skip the header unchecked",
        ),
    ] = YesNo.true,
    no_header: Annotated[
        bool,
        typer.Option(
            "--no-header",
            help="Baris pertama sudah data / the first line is a row",
        ),
    ] = False,
) -> None:
    """Seperti 'anonlink hash': CLK polos tanpa proyek / like 'anonlink hash': plain CLKs."""
    from encoder.encoding.csv_to_clks import hash_csv

    header: Header = "none" if no_header else _HEADERS[check_header]
    rows = hash_csv(file, schema, secret_file, out, keep_spaces=keep_spaces, header=header)
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
