"""`padan-encoder open|ids|duplicates`: a run's results for the agency's own records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from policy.base.output import Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId, RunName
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile

if TYPE_CHECKING:
    from encoder.steps.check_release import OpenedFile
    from encoder.steps.workspace import Workspace
    from encoder.store.prepared import PreparedDataset

DatasetId = Annotated[str, typer.Argument(help="Sumber data / dataset")]
OutFile = Annotated[
    Output,
    output_option(help="Berkas .csv, .xlsx, .parquet / a .csv, .xlsx or .parquet file", form=TABLE),
]


def register(app: typer.Typer) -> None:
    app.command("open")(open_release)
    app.command("ids")(export_ids)
    app.command("duplicates")(list_duplicates)


def open_release(project: ProjectId, release: ReleaseId) -> None:
    """Unduh, periksa, dan tanda tangani tanda terima / download and check, and sign receipts."""
    from encoder.steps.open_release import open_all
    from policy.wire.session import Session

    for opened, canaries in open_all(Session(console.unlocked(), project), release):
        file, look = opened.file, Words("", "")
        if opened.to_verify is not None:
            look = Words(
                f", {opened.to_verify} di antaranya perlu diperiksa",
                f", {opened.to_verify} of them to verify",
            )
        console.result(
            {
                "dataset": file.dataset,
                "domain": file.domain,
                "form": file.form,
                "rows": len(opened.rows),
                "to_verify": opened.to_verify,
                "canaries": canaries,
            },
            Words(
                f"{file.dataset} / {file.domain}: {len(opened.rows)} baris ber-ID"
                f" ({file.form}){look.id}; kenari: {canaries}.",
                f"{file.dataset} / {file.domain}: {len(opened.rows)} rows with an ID"
                f" ({file.form}){look.en}; canaries: {canaries}.",
            ),
        )


def export_ids(
    project: ProjectId,
    release: ReleaseId,
    dataset: DatasetId,
    domain: Annotated[str, typer.Option(help="Domain ID / ID domain")],
    out: OutFile,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Tulis id baris dan ID padanan / write record ids with their match IDs."""
    from encoder.steps.lists import write_ids

    table = TableFile.named(out, csv_for)
    workspace, prepared, opened = _opened(project, release, dataset)
    chosen = [each for each in opened if each.file.domain == domain]
    rows = write_ids(prepared, chosen, table.entered_in(workspace.register("ids")))
    console.result(
        {"file": str(out), "rows": rows}, Words(f"{out}: {rows} baris.", f"{out}: {rows} rows.")
    )


def list_duplicates(
    project: ProjectId,
    run: RunName,
    dataset: DatasetId,
    out: OutFile,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Tulis baris sendiri yang ganda / write your own rows that are one person."""
    from encoder.steps.lists import write_duplicates
    from encoder.steps.workspace import Workspace
    from policy.formats.http_api import DUPLICATES
    from policy.wire.session import Session

    table = TableFile.named(out, csv_for)
    session = Session(console.unlocked(), project)
    state = session.sync()
    workspace = Workspace(session)
    workspace.require_own(dataset)
    answer = session.get(f"/projects/{project}/runs/{run}/duplicates/{dataset}")
    people = DUPLICATES.validate_json(answer)
    prepared = workspace.prepared_at(dataset, state.run(run).before_order())
    rows = write_duplicates(prepared, people, table.entered_in(workspace.register("duplicates")))
    console.result(
        {"file": str(out), "people": len(people), "rows": rows},
        Words(
            f"{out}: {len(people)} orang muncul di {rows} baris.",
            f"{out}: {len(people)} people appear in {rows} rows.",
        ),
    )


def _opened(
    project: str, release: str, dataset: str
) -> tuple[Workspace, PreparedDataset, list[OpenedFile]]:
    """The rows of a release, and the opened files in the vault; needs no network."""
    from encoder.steps.open_release import opened_before, prepared_for
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    session.recall()
    workspace = Workspace(session)
    prepared = prepared_for(workspace, release, dataset)
    return workspace, prepared, opened_before(session, release, dataset)
