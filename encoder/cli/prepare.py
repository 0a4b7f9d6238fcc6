"""`padan-encoder prepare|refused|rules`: read, normalise, refuse, freeze."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from policy import console
from policy.arguments import ProjectId
from policy.errors import BadInput
from policy.words import Words


def register(app: typer.Typer) -> None:
    for command in (prepare, refused, rules, schema):
        app.command()(command)


def prepare(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data di piagam / dataset of the charter")],
    file: Annotated[
        Path,
        typer.Argument(help="CSV, Excel, Parquet, env:NAMA_VARIABEL_URL / or env:URL_VARIABLE"),
    ],
    mapping: Annotated[Path, typer.Option(help="Pemetaan kolom YAML / column mapping")],
    suppress: Annotated[
        Path | None,
        typer.Option(help="Id lokal yang tidak disertakan (UU PDP 40, 41) / ids to leave out"),
    ] = None,
) -> None:
    """Baca, normalkan, dan bekukan baris; belum ada kunci / freeze the rows, before any key."""
    from encoder.freeze import freeze_dataset
    from encoder.workspace import Workspace
    from policy.client import Session

    session = Session(console.unlocked(), project)
    session.sync()
    workspace = Workspace(session)
    bar, advance = console.progress(Words(f"menyiapkan {dataset}", f"preparing {dataset}"), None)
    with bar:
        prepared, unknown = freeze_dataset(workspace, dataset, file, mapping, suppress, advance)
    found = prepared.reconciliation()
    refused = sum(found.refused.values())
    noted = Counter(rule for _, rule in prepared.noted_rows())
    if unknown:
        console.say(
            Words(
                f"{unknown} id di daftar itu tidak ada di {dataset}: periksa, supaya tidak ada yang"
                " terlewat.",
                f"{unknown} ids of that list are not in {dataset}: check them, lest somebody be"
                " missed.",
            )
        )
    console.result(
        {
            "dataset": dataset,
            "rows_in": found.rows_in,
            "people": found.people,
            "collapsed": found.collapsed,
            "refused": found.refused,
            "kept_without_identifier": dict(noted),
            "unknown_ids": unknown,
            "handle_root": prepared.commitment().handle_root,
        },
        Words(
            f"{dataset}: {found.rows_in} baris masuk = {found.people} orang + {found.collapsed}"
            f" baris kembar + {refused} ditolak.",
            f"{dataset}: {found.rows_in} rows in = {found.people} people + {found.collapsed}"
            f" duplicates + {refused} refused.",
        ),
    )


def refused(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data di piagam / dataset of the charter")],
    out: Annotated[Path | None, typer.Option(help="Berkas CSV keluaran / CSV output")] = None,
) -> None:
    """Baris yang ditolak, menurut nomor dan aturan / rows refused, by number and rule."""
    from encoder.refused import refused_lines, summary
    from encoder.workspace import Workspace
    from policy.client import Session
    from policy.files import write_stream

    session = Session(console.unlocked(), project)
    session.recall()
    prepared = Workspace(session).latest(dataset)
    found = summary(prepared)
    if out is not None:
        write_stream(out, refused_lines(prepared), private=True)
    console.result(found.as_json(), found.words())


def rules() -> None:
    """Sidik aturan normalisasi untuk piagam / digest of the normalisation rules."""
    from encoder.normalise import ruleset_digest

    digest = ruleset_digest()
    console.result({"rules_digest": digest}, Words(digest, digest))


def schema(
    name: Annotated[str, typer.Argument(help="padan-id-3 | padan-id-2 | padan-id-1 | febrl4")],
    out: Annotated[Path, typer.Option(help="Berkas keluaran / output file")],
    tag_bits: Annotated[
        int,
        typer.Option(min=0, max=16, help="Bit tanda blok per penyandian / of each block tag"),
    ] = 0,
) -> None:
    """Salin penyandian bawaan untuk piagam / copy a shipped linkage schema or encodings."""
    from importlib import resources

    from encoder.tags import with_tags
    from policy.files import write_file

    shipped = {
        Path(file.name).stem: file for file in (resources.files("encoder") / "schemas").iterdir()
    }
    if name not in shipped:
        raise BadInput(
            "schema.unknown",
            Words("Skema itu tidak ada.", "There is no such schema."),
            Words(
                f"Yang ada: {', '.join(sorted(shipped))}.",
                f"There are: {', '.join(sorted(shipped))}.",
            ),
        )
    text = shipped[name].read_text(encoding="utf-8")
    write_file(out, (with_tags(text, tag_bits) if tag_bits else text).encode())
    console.result({"file": str(out)}, Words(f"{out} ditulis.", f"{out} written."))
