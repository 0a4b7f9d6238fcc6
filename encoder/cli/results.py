"""`padan-encoder open|list|ids`: use an approved release on one's own records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy import console
from policy.words import Words

if TYPE_CHECKING:
    from encoder.results import OpenedFile
    from encoder.workspace import Workspace

ProjectId = Annotated[str, typer.Argument(help="Id proyek / project id")]
ReleaseId = Annotated[str, typer.Argument(help="Nama rilis / name of the release")]
DatasetId = Annotated[str, typer.Argument(help="Sumber data / dataset")]
OutFile = Annotated[Path, typer.Option(help="Berkas CSV / CSV file")]


def register(app: typer.Typer) -> None:
    app.command("open")(open_release)
    app.command("list")(list_people)
    app.command("ids")(export_ids)


def open_release(project: ProjectId, release: ReleaseId) -> None:
    """Unduh, periksa, dan tanda tangani tanda terima / download, check, sign receipts."""
    from encoder.results import download, open_file, receipt, released_files
    from encoder.workspace import Workspace
    from policy.client import Session

    session = Session(console.unlocked(), project)
    session.sync()
    workspace = Workspace(session)
    decision, files = released_files(session, release)
    session.project.require_covered([decision], session.replica().cosigned_sizes())
    for file in files:
        plaintext = download(session, release, file)
        opened = open_file(session, file, plaintext, workspace.prepared(file.dataset))
        workspace.vault.put(_secret_name(release, file.domain, file.dataset), plaintext)
        if not session.project.has_receipt(release, file):
            session.say(receipt(release, decision, opened), run=release)
        console.result(
            {
                "dataset": file.dataset,
                "domain": file.domain,
                "form": file.form,
                "rows": len(opened.rows),
                "canaries": opened.canaries.verdict,
            },
            Words(
                f"{file.dataset} / {file.domain}: {len(opened.rows)} baris ber-ID"
                f" ({file.form}); kenari: {opened.canaries.verdict}.",
                f"{file.dataset} / {file.domain}: {len(opened.rows)} rows with an ID"
                f" ({file.form}); canaries: {opened.canaries.verdict}.",
            ),
        )


def list_people(
    project: ProjectId,
    release: ReleaseId,
    dataset: DatasetId,
    out: OutFile,
    column: Annotated[
        list[str] | None, typer.Option(help="Kolom sumber yang ikut ditulis / source columns")
    ] = None,
) -> None:
    """Tulis daftar by name by address milik sendiri / write one's own by-name list."""
    from encoder.people import write_people

    workspace, opened = _opened(project, release, dataset)
    rows = write_people(workspace.prepared(dataset), opened, out, tuple(column or ()))
    console.result(
        {"file": str(out), "rows": rows},
        Words(f"{out}: {rows} orang.", f"{out}: {rows} people."),
    )


def export_ids(
    project: ProjectId,
    release: ReleaseId,
    dataset: DatasetId,
    domain: Annotated[str, typer.Option(help="Domain ID / ID domain")],
    out: OutFile,
) -> None:
    """Tulis id lokal dan ID padanan / write local record ids with their match IDs."""
    from encoder.people import write_ids

    workspace, opened = _opened(project, release, dataset)
    chosen = [each for each in opened if each.file.domain == domain]
    rows = write_ids(workspace.prepared(dataset), chosen, out)
    console.result(
        {"file": str(out), "rows": rows}, Words(f"{out}: {rows} baris.", f"{out}: {rows} rows.")
    )


def _opened(project: str, release: str, dataset: str) -> tuple[Workspace, list[OpenedFile]]:
    """What `open` left in the vault; works without the network."""
    from encoder.results import open_file, released_files
    from encoder.workspace import Workspace
    from policy.client import Session

    session = Session(console.unlocked(), project)
    session.recall()
    workspace = Workspace(session)
    _, files = released_files(session, release)
    opened = []
    for file in files:
        if file.dataset == dataset:
            plaintext = workspace.vault.get(_secret_name(release, file.domain, dataset))
            opened.append(open_file(session, file, plaintext, workspace.prepared(dataset)))
    return workspace, opened


def _secret_name(release: str, domain: str, dataset: str) -> str:
    return f"release.{release}.{domain}.{dataset}"
