"""`padan-encoder inspect`: describe a file and propose a mapping. Needs no project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from encoder.cli.agreed import CharterFile, OfProject, agreed_fields
from policy.base.output import Form, Output
from policy.base.words import Words, number
from policy.terminal import console
from policy.terminal.commands import output_option

if TYPE_CHECKING:
    from encoder.steps.inspect import Inspection


MAPPING = Form((".yaml", ".yml"), repeatable=True)


def register(app: typer.Typer) -> None:
    app.command("inspect")(inspect_file)


def inspect_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, Excel, ods, dbf, sav, dta, Parquet, env:VARIABEL_URL"
            " / CSV, Excel, ods, dbf, sav, dta, Parquet, env:URL_VARIABLE"
        ),
    ],
    charter: CharterFile = None,
    project: OfProject = None,
    out: Annotated[
        Output | None,
        output_option(help="Pemetaan YAML yang ditulis / mapping to write", form=MAPPING),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Lembar Excel / Excel sheet")] = None,
    table: Annotated[str | None, typer.Option(help="Tabel atau view / table or view")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Keluaran JSON / JSON output")] = False,
) -> None:
    """Kenali sumber dan usulkan pemetaan / recognise a source and propose its mapping."""
    from encoder.steps.inspect import inspect_source, mapping_yaml

    console.options.json = console.options.json or as_json
    found = inspect_source(file, agreed_fields(charter, project), sheet, table)
    written = mapping_yaml(found)
    if out is not None:
        out.write(written.encode())
    console.result(found.as_json(), described(found, written, out))


def described(found: Inspection, written: str, out: Output | None = None) -> Words:
    """The file, its columns and doubts, and the proposed mapping or where it was written."""
    from encoder.source.lines import lines_of

    lines = [*_about(found)]
    for each in found.payload:
        lines.append(
            Words(
                f"  tidak akan dibaca: {each.column} ({each.reason.id})",
                f"  will not be read: {each.column} ({each.reason.en})",
            )
        )
    lines += [Words(f"  ! {w.id}", f"  ! {w.en}") for w in found.warnings]
    where = lines_of(found.mapping)
    lines += [Words(f"  {w.id}", f"  {w.en}") for w in found.sample.usage.told(where)]
    if out is None:
        lines.append(Words(f"Usulan pemetaan:\n{written}", f"Proposed mapping:\n{written}"))
    else:
        check = console.command_line("padan-encoder", "check", found.source, "--mapping", out)
        rest = console.command_line(found.source, "--mapping", out)
        lines.append(
            Words(
                f"Usulan pemetaan ditulis ke {out}. Periksa setiap barisnya, lalu: {check}\n"
                f"Bila laporannya baik: padan-encoder prepare PROYEK SUMBER {rest}",
                f"The proposed mapping is in {out}. Check every line of it, then: {check}\n"
                f"If its report is good: padan-encoder prepare PROJECT DATASET {rest}",
            )
        )
    return Words("\n".join(w.id for w in lines), "\n".join(w.en for w in lines))


def _about(found: Inspection) -> list[Words]:
    details = [found.format, found.mapping.encoding if found.format == "csv" else None]
    if found.mapping.delimiter is not None:
        details.append(repr(found.mapping.delimiter))
    sheets = found.mapping.sheets
    several = sheets if isinstance(sheets, str) else ", ".join(sheets or ())
    details += [found.mapping.sheet, several, found.mapping.table]
    what = ", ".join(each for each in details if each)
    seen = number(found.sample.rows_seen)
    about = Words(
        f"{found.source}: {what}; {len(found.columns)} kolom, {seen.id} baris dilihat.",
        f"{found.source}: {what}; {len(found.columns)} columns, {seen.en} rows seen.",
    )
    if found.fit is None:
        return [
            about,
            Words(
                "  susunan tidak dikenal; kolom ditebak dari namanya",
                "  no known layout; columns are guessed by their names",
            ),
        ]
    fit = found.fit
    return [
        about,
        Words(
            f"  susunan {fit.layout.id} ({fit.layout.title.id}):"
            f" {fit.fitting} dari {fit.headers} kolom cocok",
            f"  layout {fit.layout.id} ({fit.layout.title.en}):"
            f" {fit.fitting} of {fit.headers} columns fit",
        ),
    ]
