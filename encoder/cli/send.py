"""`padan-encoder encode|upload`: from frozen rows to an accepted bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy import console
from policy.words import Words

ProjectId = Annotated[str, typer.Argument(help="Id proyek / project id")]
DatasetIds = Annotated[
    list[str] | None, typer.Argument(help="Sumber data; semua bila kosong / all if none")
]


def register(app: typer.Typer) -> None:
    for command in (encode, upload, withdraw):
        app.command()(command)


def encode(project: ProjectId, dataset: DatasetIds = None) -> None:
    """Sandikan dan segel baris yang dibekukan / encode and seal the frozen rows."""
    from encoder.bundle import encode_dataset
    from encoder.ceremony import agreed_keys
    from encoder.workspace import Workspace
    from policy.client import Session

    session = Session(console.unlocked(), project)
    session.sync()
    workspace = Workspace(session)
    keys = agreed_keys(workspace)
    for name in dataset or workspace.own_datasets():
        folder, prepared = workspace.bundle(name), workspace.prepared(name)
        if folder.complete():
            console.say(Words(f"{name} sudah disandikan.", f"{name} is encoded already."))
            continue
        total = prepared.commitment().count
        bar, advance = console.progress(Words(f"menyandikan {name}", f"encoding {name}"), total)
        with bar:
            manifest = encode_dataset(session, keys, name, prepared, folder, advance)
        console.result(
            {"dataset": name, "rows": manifest.count, "chunks": manifest.chunks},
            Words(
                f"{name}: {manifest.count} baris disandikan dan disegel.",
                f"{name}: {manifest.count} rows encoded and sealed.",
            ),
        )


def upload(project: ProjectId, dataset: DatasetIds = None) -> None:
    """Kirim bundel; dapat dilanjutkan bila terputus / send the bundles; resumable."""
    from encoder.bundle import upload_bundle
    from encoder.workspace import Workspace
    from policy.client import Session
    from policy.errors import NotYet

    session = Session(console.unlocked(), project)
    state = session.sync()
    workspace = Workspace(session)
    for name in dataset or workspace.own_datasets():
        if name in state.bundles():
            console.say(Words(f"{name} sudah diterima.", f"{name} is accepted already."))
            continue
        folder = workspace.bundle(name)
        if not folder.complete():
            raise NotYet(
                "encode.missing",
                Words(f"{name} belum disandikan.", f"{name} is not encoded yet."),
                Words("Jalankan 'padan-encoder encode'.", "Run 'padan-encoder encode'."),
            )
        chunks = folder.stored().chunks
        bar, advance = console.progress(Words(f"mengirim {name}", f"sending {name}"), chunks)
        with bar:
            digest = upload_bundle(session, folder, advance)
        console.result(
            {"dataset": name, "bundle": digest},
            Words(f"{name}: diterima layanan.", f"{name}: accepted by the service."),
        )


def withdraw(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    ids: Annotated[Path, typer.Option(help="Id lokal, satu sebaris / own record ids, one a line")],
) -> None:
    """Tarik baris yang sudah dikirim (UU PDP 40, 41) / withdraw rows after upload."""
    from encoder.withdrawal import withdraw_rows
    from policy.client import Session

    count, unknown = withdraw_rows(Session(console.unlocked(), project), dataset, ids)
    console.result(
        {"dataset": dataset, "withdrawn": count, "unknown_ids": unknown},
        Words(
            f"{dataset}: {count} baris ditarik; {unknown} id tidak ada di sumber ini.",
            f"{dataset}: {count} rows withdrawn; {unknown} ids are not in this dataset.",
        ),
    )
