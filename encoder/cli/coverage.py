"""`padan-encoder coverage`: how much of one's own list other sources confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from encoder.cli.source_options import MappingPath, SourcePath
from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.output import Form, Output
from policy.base.words import Words, file_language, number
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE

if TYPE_CHECKING:
    from encoder.released.coverage.of_release import BothDirections
    from encoder.steps.workspace import Workspace

COVERAGE = Form((".html", ".pdf", ".json", *TABLE.endings), only=True, repeatable=True)


def register(app: typer.Typer) -> None:
    app.command()(coverage)


def coverage(
    project: ProjectId,
    release: ReleaseId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    out: Annotated[
        Output,
        output_option(
            help="Berkas .html, .pdf, .xlsx, .csv, atau .json"
            " / a .html, .pdf, .xlsx, .csv or .json file",
            form=COVERAGE,
        ),
    ],
    source: SourcePath = None,
    mapping: MappingPath = None,
    despite_changes: Annotated[
        bool,
        typer.Option(
            "--despite-changes",
            help="Hitung baris yang masih ada / count the rows that are there",
        ),
    ] = False,
    recount: Annotated[
        bool,
        typer.Option(
            "--recount",
            help="Hitung lagi, bila bedanya cukup besar / count again, if the change is large",
        ),
    ] = False,
    reverse: Annotated[
        list[Path] | None,
        typer.Option(
            help="Hitungan dari pemilik sumber lain: siapa di sana yang tidak ada di daftar Anda;"
            " disimpan, dapat diulang / counts from the owner of another source: people there who"
            " are not on your list; kept, repeatable"
        ),
    ] = None,
    missing_on: Annotated[
        str | None,
        typer.Option(
            metavar="DATASET",
            help="Tulis, bertanda tangan, orang di daftar Anda yang tidak ada di daftar itu, untuk"
            " diberikan kepada pemiliknya (.json) / write, signed, people of your list who are not"
            " on that list, to give to its owner (.json)",
        ),
    ] = None,
) -> None:
    """Cakupan daftar Anda: jumlah tanpa sel kecil / coverage of your list, without small cells."""
    from encoder.released.coverage.handed import take_reverse
    from encoder.released.coverage.of_release import coverage_of
    from encoder.released.lists.of_release import AskedTable
    from encoder.steps.workspace import Workspace
    from policy.terminal.report_files import require_writable
    from policy.wire.session import Session

    if missing_on is not None and out.suffix != ".json":
        raise _not_json(out)
    require_writable(out)
    asked = AskedTable(release, dataset, source, mapping, despite_changes=despite_changes)
    session = Session(console.unlocked(), project)
    session.recall()
    workspace = Workspace(session)
    for path in reverse or ():
        take_reverse(workspace, path, release, dataset)
    both = coverage_of(workspace, asked, recount=recount)
    if missing_on is not None:
        _give(workspace, both, missing_on, out)
        return
    both.write(out, file_language())
    _tell(both, out)


def _not_json(out: Output) -> BadInput:
    return BadInput(
        EncoderCode.COVERAGE_GIVEN_AS,
        Words(
            f"{out}: hitungan untuk instansi lain ditulis sebagai .json bertanda tangan.",
            f"{out}: counts for another agency are written as signed .json.",
        ),
        Words("Beri nama berakhiran .json.", "Give a name that ends in .json."),
    )


def _give(workspace: Workspace, both: BothDirections, on_list: str, out: Output) -> None:
    """Write what may be given about people who are not on the other list."""
    from encoder.released.coverage.handed import reverse_to_give

    handed = reverse_to_give(workspace, both.coverage, on_list)
    out.write(handed.envelope.canonical() + b"\n")
    counts, people = handed.counts, number(handed.counts.people)
    areas = f"{len(counts.districts)} kecamatan, {len(counts.areas)} kelurahan"
    console.result(
        {
            "file": str(out),
            "on_list": on_list,
            "domain": counts.domain,
            "people": counts.people,
            "districts": len(counts.districts),
            "areas": len(counts.areas),
        },
        Words(
            f"{out}: {people.id} orang {counts.dataset} tidak dikonfirmasi di {on_list}; {areas}."
            " Hanya jumlah; berikan kepada pemilik daftar itu.",
            f"{out}: {people.en} people of {counts.dataset} are not confirmed on {on_list};"
            f" {areas}. Counts alone; give it to that list's owner.",
        ),
    )


def _tell(both: BothDirections, out: Output) -> None:
    from policy.base.dates import long_day, read_day
    from policy.gates.reverse_coverage import given_for

    found = both.coverage
    pooled = sum(each.pooled for each in found.areas)
    people, day = number(found.people), long_day(read_day(found.counted_on))
    sources, back = len(found.shown), len(given_for(found, both.reverse))
    more = Words("", "")
    if back:
        more = Words(
            f" Arah sebaliknya: {back} sumber.", f" The other direction: {back} of the sources."
        )
    areas = f"{len(found.districts)} kecamatan, {len(found.areas)} kelurahan"
    console.result(
        {
            "file": str(out),
            "people": found.people,
            "counted_on": found.counted_on,
            "sources": [each.model_dump(mode="json") for each in found.sources],
            "districts": len(found.districts),
            "areas": len(found.areas),
            "pooled_areas": pooled,
            "reverse": [
                {"domain": each.domain, "dataset": each.dataset, "people": each.people}
                for each in both.reverse
            ],
        },
        Words(
            f"{out}: {people.id} orang, {sources} sumber, {areas}; dihitung {day.id}.{more.id}",
            f"{out}: {people.en} people, {sources} sources, {areas}; counted on {day.en}.{more.en}",
        ),
    )
