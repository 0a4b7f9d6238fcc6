"""`padan-encoder encode|upload|withdraw|delta`: send rows, and later changes, to the service."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from encoder.cli.consent import Yes, asking
from encoder.cli.objections import (
    EveryRow,
    RowNumbers,
    Suppress,
    say_left_out,
    say_shared,
    shared_as_json,
)
from policy.base.words import Words, joined
from policy.terminal import console
from policy.terminal.arguments import ProjectId

DatasetIds = Annotated[
    list[str] | None,
    typer.Argument(help="Sumber data; semua bila kosong / datasets; all if none is named"),
]


def register(app: typer.Typer) -> None:
    for command in (encode, upload, withdraw, delta):
        app.command()(command)


def encode(project: ProjectId, dataset: DatasetIds = None) -> None:
    """Sandikan dan segel baris yang dibekukan / encode and seal the frozen rows."""
    from encoder.steps.sending import canary_plan, encode_rows_of
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    session.sync()
    workspace = Workspace(session)
    plan = canary_plan(workspace)
    for name in dataset or workspace.own_datasets():
        prepared = workspace.latest(name)
        if workspace.bundle(name, prepared.generation).complete():
            console.say(Words(f"{name} sudah disandikan.", f"{name} is encoded already."))
            continue
        total = prepared.rows_to_send()
        bar, advance = console.progress(Words(f"menyandikan {name}", f"encoding {name}"), total)
        with bar:
            manifest = encode_rows_of(workspace, plan, name, prepared, advance)
        console.result(
            {"dataset": name, "rows": manifest.sent, "chunks": manifest.chunks},
            Words(
                f"{name}: {manifest.sent} baris disandikan dan disegel.",
                f"{name}: {manifest.sent} rows encoded and sealed.",
            ),
        )


def upload(project: ProjectId, dataset: DatasetIds = None) -> None:
    """Kirim bundel; dapat dilanjutkan bila terputus / send the bundles; can be resumed.

    Diberikan lagi, perintah ini mengirim lagi apa yang hilang dari layanan
    / given again, it sends what the service has lost.
    """
    from encoder.steps.bundle import upload_bundle
    from encoder.steps.send_again import SENT_AGAIN, send_again
    from encoder.steps.sending import encoded_bundle
    from encoder.steps.workspace import Workspace, standing
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    state = session.sync()
    workspace = Workspace(session)
    bar, advance = console.progress(Words("memeriksa layanan", "asking the service"), None)
    with bar:
        lost = send_again(session, advance)
    if lost.seals or lost.documents:
        console.say(SENT_AGAIN)
    for name in dataset or workspace.own_datasets():
        generation = workspace.latest(name).generation
        if name in state.bundles() and generation == standing(state, name):
            console.say(Words(f"{name} sudah diterima.", f"{name} is accepted already."))
            continue
        folder = encoded_bundle(workspace, name)
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
    ids: Annotated[Path, typer.Option(help="Id baris, satu sebaris / record ids, one in a line")],
    row_numbers: RowNumbers = False,
    every_row: EveryRow = False,
) -> None:
    """Tarik baris yang sudah dikirim (UU PDP 10, 41) / withdraw uploaded rows (UU PDP 10, 41)."""
    from encoder.steps.id_lists import ListMeaning
    from encoder.steps.withdraw import withdraw_rows
    from policy.wire.session import Session

    meaning = ListMeaning(row_numbers, every_row)
    found = withdraw_rows(Session(console.unlocked(), project), dataset, ids, meaning)
    say_shared(found.shared)
    dropped = Words("", "")
    if found.delta_dropped:
        dropped = Words(
            " Delta yang belum dikirim harus disiapkan lagi.",
            " The delta that was not sent yet has to be prepared again.",
        )
    console.result(
        {
            "dataset": dataset,
            "withdrawn": found.people,
            "rows": found.rows,
            "shared": shared_as_json(found.shared),
            "unknown_ids": found.unknown,
            "delta_dropped": found.delta_dropped,
        },
        Words(
            f"{dataset}: {found.rows} baris ditarik, {found.people} orang keluar dari layanan;"
            f" {found.unknown} id tidak ada di sumber ini.{dropped.id}",
            f"{dataset}: {found.rows} rows withdrawn, {found.people} people leave the service;"
            f" {found.unknown} ids are not in this dataset.{dropped.en}",
        ),
    )


def delta(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    file: Annotated[Path, typer.Argument(help="Sumbernya sekarang / the source as it is now")],
    mapping: Annotated[
        Path | None, typer.Option(help="Pemetaan, bila berubah / mapping, if it changed")
    ] = None,
    suppress: Suppress = None,
    yes: Yes = False,
    row_numbers: RowNumbers = False,
    every_row: EveryRow = False,
) -> None:
    """Siapkan perubahan sesudah dikirim / prepare what changed since the upload."""
    from encoder.source.file_notes import note_json
    from encoder.steps.delta import freeze_delta
    from encoder.steps.id_lists import ListMeaning
    from encoder.steps.suppressed import shared_of
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    session.sync()
    bar, advance = console.progress(Words(f"membandingkan {dataset}", f"comparing {dataset}"), None)
    with bar:
        prepared, unknown = freeze_delta(
            Workspace(session),
            dataset,
            file,
            mapping,
            suppress,
            advance,
            ListMeaning(row_numbers, every_row),
            asking(bar, yes=yes),
        )
    usage = prepared.usage()
    found, changes, shared = prepared.reconciliation(), prepared.changes(), shared_of(prepared)
    if suppress is not None:
        say_left_out(found.refused.get("suppressed", 0), unknown, dataset)
        say_shared(shared)
    refused = sum(found.refused.values())
    console.result(
        {
            "dataset": dataset,
            "rows_in": found.rows_in,
            "people": found.people,
            "collapsed": found.collapsed,
            "refused": found.refused,
            "unknown_ids": unknown,
            "usage": usage.model_dump(mode="json"),
            "notes": list(map(note_json, prepared.notes())),
            "shared": shared_as_json(shared),
            **asdict(changes),
            "handle_root": prepared.commitment().handle_root,
        },
        joined(
            Words(
                f"{dataset}: {found.rows_in} baris masuk = {found.people} orang + {found.collapsed}"
                f" baris ganda + {refused} ditolak.",
                f"{dataset}: {found.rows_in} rows in = {found.people} people + {found.collapsed}"
                f" duplicates + {refused} refused.",
            ),
            Words(
                f"{changes.added} orang baru, {changes.changed} berubah, {changes.withdrawn} tidak"
                f" ada lagi, {changes.unchanged} tetap.",
                f"{changes.added} people are new, {changes.changed} changed, {changes.withdrawn}"
                f" are no longer there, {changes.unchanged} stay.",
            ),
            *(note.words for note in prepared.notes()),
            *usage.told(prepared.lines()),
        ),
    )
