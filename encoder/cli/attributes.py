"""`padan-encoder share|open-attributes`: columns that agencies send each other under match IDs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from encoder.cli.source_options import MappingPath, SourcePath
from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.output import CARRIED, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId, TransferName
from policy.terminal.commands import output_option


def register(app: typer.Typer) -> None:
    app.command("share")(share_attributes)
    app.command("open-attributes")(open_received)


def share_attributes(
    project: ProjectId,
    transfer: TransferName,
    source: SourcePath = None,
    mapping: MappingPath = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            help="KOLOM=JUDUL, bila lain di berkas / COLUMN=HEADER, if the file has another"
        ),
    ] = None,
    despite_changes: Annotated[
        bool,
        typer.Option(
            "--despite-changes",
            help="Baris yang berubah dikirim tanpa isi / send changed rows without values",
        ),
    ] = False,
    out: Annotated[
        Output | None,
        output_option("--out", help="Berkas untuk dibawa / a file to be carried", form=CARRIED),
    ] = None,
) -> None:
    """Segel dan kirim kolom yang disetujui / seal and send the approved columns."""
    from encoder.released.attributes.share import SourceOptions, share
    from policy.wire.session import Session

    options = SourceOptions(source, mapping, _headers(header or []), despite_changes)
    sent = share(Session(console.unlocked(), project), transfer, options, out)
    asked = sent.record.request.body
    told = {"transfer": transfer, "rows": sent.rows, "empty": sent.empty, "unlike": sent.unlike}
    rows = Words("", "")
    if sent.rows is not None:
        rows = Words(
            f" {sent.rows} baris, {sent.empty} tanpa isi.",
            f" {sent.rows} rows, {sent.empty} without values.",
        )
    where = Words(f"dalam {out}", f"in {out}") if out else Words("dikirim", "sent")
    console.result(
        {**told, **({"file": str(out)} if out else {})},
        Words(
            f"{transfer}: {', '.join(asked.columns)} untuk {asked.recipient} {where.id}.{rows.id}",
            f"{transfer}: {', '.join(asked.columns)} for {asked.recipient} {where.en}.{rows.en}",
        ),
    )


def open_received(
    project: ProjectId,
    transfer: TransferName,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="Berkas yang dibawa ke sini / the file that was carried here"),
    ] = None,
) -> None:
    """Buka atribut yang dikirim kepada Anda / open attributes that were sent to you."""
    from encoder.released.attributes.open import open_attributes
    from policy.wire.session import Session

    opened = open_attributes(Session(console.unlocked(), project), transfer, file)
    asked = opened.record.request.body
    console.result(
        {
            "transfer": transfer,
            "dataset": opened.record.recipient_dataset,
            "columns": list(asked.columns),
            "rows": opened.rows,
            "filled": opened.filled,
        },
        Words(
            f"{transfer}: {', '.join(asked.columns)} untuk {opened.rows} baris"
            f" {opened.record.recipient_dataset}; {opened.filled} berisi.",
            f"{transfer}: {', '.join(asked.columns)} for {opened.rows} rows of"
            f" {opened.record.recipient_dataset}; {opened.filled} with values.",
        ),
    )


def _headers(options: list[str]) -> dict[str, str]:
    """The header in the file by column; raises BadInput."""
    named = {}
    for option in options:
        column, equals, header = option.partition("=")
        if not column or not equals or not header:
            raise BadInput(
                EncoderCode.ATTRIBUTES_HEADER,
                Words("Judul kolom ditulis KOLOM=JUDUL.", "A header is written COLUMN=HEADER."),
                Words("Contoh: desil=DESIL_NASIONAL.", "For example: desil=DESIL_NASIONAL."),
            )
        named[column] = header
    return named
