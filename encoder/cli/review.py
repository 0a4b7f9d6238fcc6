"""`padan-encoder review`: forms for the field, their answers, and what they measure."""

from __future__ import annotations

import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from encoder.cli.source_options import MappingPath, SourcePath
from policy.base.output import Form, Output
from policy.base.words import Words, file_language, number
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import Commands, output_option

if TYPE_CHECKING:
    from encoder.released.review.one_review import OneReview

WORKBOOK = Form((".xlsx",), only=True, repeatable=True)
FIGURES = Form((".json",), repeatable=True)
DatasetId = Annotated[str, typer.Argument(help="Sumber data / dataset")]


class SheetsByOption(StrEnum):
    """What one sheet of the form holds."""

    none = "none"
    kelurahan = "kelurahan"
    rw = "rw"


app = Commands(
    help="Pemeriksaan lapangan: formulir, jawaban, presisi / field review: forms, answers,"
    " precision",
    no_args_is_help=True,
)


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="review")


@app.command()
def form(
    project: ProjectId,
    release: ReleaseId,
    dataset: DatasetId,
    out: Annotated[Output, output_option(help="Formulir .xlsx / the form, .xlsx", form=WORKBOOK)],
    sheets: Annotated[
        SheetsByOption,
        typer.Option(help="Satu lembar per: none, kelurahan, rw / a sheet for each of these"),
    ] = SheetsByOption.none,
    sample: Annotated[
        int,
        typer.Option(
            min=0,
            help="Sampel acak padanan pasti dari setiap domain"
            " / a random sample of certain matches of each domain",
        ),
    ] = 0,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Benih sampel, dicatat / seed of the sample, recorded"),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Kolom sumber yang ikut ditulis / source columns to write as well"),
    ] = None,
    source: SourcePath = None,
    mapping: MappingPath = None,
) -> None:
    """Tulis formulir untuk diperiksa di lapangan / write a form of rows to check in the field."""
    from encoder.released.review.form_workbook import SheetsBy

    review = _review(project, release, dataset)
    made = review.ask(sample, seed, source, mapping, column or ())
    written = review.write(made, out, SheetsBy(sheets.value), file_language())
    samples = [each.model_dump(mode="json", exclude={"at"}) for each in made.review.samples]
    rows, drawn = number(len(made.rows)), number(made.sampled)
    more = Words("", "")
    if made.changed:
        more = Words(
            f" {made.changed} baris berubah sejak disiapkan dan tidak ditanyakan.",
            f" {made.changed} rows changed since they were prepared and are not asked about.",
        )
    console.result(
        {
            "file": str(out),
            "rows": len(made.rows),
            "sampled": made.sampled,
            "sheets": written,
            "changed": made.changed,
            "samples": samples,
        },
        Words(
            f"{out}: {rows.id} baris, {drawn.id} di antaranya sampel padanan pasti.{more.id}"
            " Isinya data pribadi.",
            f"{out}: {rows.en} rows, {drawn.en} of them a sample of certain matches.{more.en}"
            " It has personal data.",
        ),
    )


@app.command()
def take(
    project: ProjectId,
    release: ReleaseId,
    dataset: DatasetId,
    file: Annotated[
        list[Path], typer.Argument(help="Formulir yang kembali / forms that came back")
    ],
) -> None:
    """Ambil jawaban dari formulir yang kembali / take the answers of returned forms."""
    review = _review(project, release, dataset)
    for path in file:
        taken = review.take(path)
        again = Words("", "")
        if taken.again:
            again = Words(
                " Berkas ini sudah diambil; tidak ada yang berubah.",
                " This file was taken before; nothing changed.",
            )
        console.result(
            {"file": str(path), **asdict(taken)},
            Words(
                f"{path}: {taken.answers} jawaban ({taken.new} baru, {taken.changed} berubah,"
                f" {taken.conflicts} bertentangan dengan jawaban sebelumnya), {taken.empty} baris"
                f" belum dijawab.{again.id}",
                f"{path}: {taken.answers} answers ({taken.new} new, {taken.changed} changed,"
                f" {taken.conflicts} in conflict with an earlier answer), {taken.empty} rows not"
                f" answered yet.{again.en}",
            ),
        )


@app.command()
def figures(
    project: ProjectId,
    release: ReleaseId,
    dataset: DatasetId,
    out: Annotated[
        Output | None,
        output_option(
            help="Angka untuk disetujui: tanpa orang dan tanpa sel kecil"
            " / the counts to approve: without persons and small cells",
            form=FIGURES,
        ),
    ] = None,
) -> None:
    """Presisi terukur menurut strata / measured precision by stratum."""
    review = _review(project, release, dataset)
    domains = review.domains()
    samples = [each.model_dump(mode="json") for each in review.load().samples]
    if out is not None:
        console.say(out.write(review.figures().canonical() + b"\n"))
    console.result({"domains": [each.as_json() for each in domains], "samples": samples})
    for words in (words for each in domains for words in each.sentences()):
        console.say(words)


@app.command()
def say(
    project: ProjectId,
    file: Annotated[Path, typer.Argument(help="Angka yang disetujui / the approved counts")],
) -> None:
    """Catat angka yang disetujui di log / put approved counts into the log."""
    from policy.approval.reviewed import has_said, read_figures
    from policy.statements import Reviewed
    from policy.wire.session import Session

    told = read_figures(file)
    session = Session(console.unlocked(), project)
    session.sync()
    if not has_said(session, told):
        session.say(Reviewed(at=int(time.time()), **dict(told)), run=told.release)
    console.result(
        {"release": told.release, "dataset": told.dataset, "strata": len(told.strata)},
        Words(
            f"Angka pemeriksaan {told.release} ({len(told.strata)} strata) ada di log.",
            f"The figures of {told.release} ({len(told.strata)} strata) are in the log.",
        ),
    )


def _review(project: str, release: str, dataset: str) -> OneReview:
    from encoder.released.review.one_review import OneReview
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    session.recall()
    return OneReview(Workspace(session), release, dataset)
