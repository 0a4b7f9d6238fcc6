"""`padan-encoder prepare|refused|rules`: read, normalise, refuse, freeze."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.output import Form, Output
from policy.base.words import Words, joined, number
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile

if TYPE_CHECKING:
    from encoder.store.prepared import PreparedDataset

SCHEMA = Form((".yaml", ".yml", ".json"), repeatable=True)


def register(app: typer.Typer) -> None:
    for command in (prepare, refused, rules, schema):
        app.command()(command)


def prepare(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data di piagam / dataset of the charter")],
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, Excel, ods, dbf, sav, dta, Parquet, env:VARIABEL_URL"
            " / CSV, Excel, ods, dbf, sav, dta, Parquet, env:URL_VARIABLE"
        ),
    ],
    mapping: Annotated[Path, typer.Option(help="Pemetaan kolom YAML / column mapping")],
    suppress: Suppress = None,
    yes: Yes = False,
    row_numbers: RowNumbers = False,
    every_row: EveryRow = False,
) -> None:
    """Baca, normalkan, dan bekukan baris; belum ada kunci
    / read, normalise and freeze the rows before any key.
    """
    from encoder.source.file_notes import note_json
    from encoder.steps.id_lists import ListMeaning
    from encoder.steps.prepare import freeze_dataset
    from encoder.steps.suppressed import shared_of
    from encoder.steps.workspace import Workspace
    from encoder.store.salt_groups import largest_salt_groups, require_bounded
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    session.sync()
    workspace = Workspace(session)
    bar, advance = console.progress(Words(f"menyiapkan {dataset}", f"preparing {dataset}"), None)
    with bar:
        prepared, unknown = freeze_dataset(
            workspace,
            dataset,
            file,
            mapping,
            suppress,
            advance,
            ListMeaning(row_numbers, every_row),
            asking(bar, yes=yes),
        )
        groups = largest_salt_groups(session.project.charter, prepared)
    found, usage = prepared.reconciliation(), prepared.usage()
    noted = Counter(rule for _, rule in prepared.noted_rows())
    shared = shared_of(prepared)
    if suppress is not None:
        say_left_out(found.refused.get("suppressed", 0), unknown, dataset)
        say_shared(shared)
    console.result(
        {
            "dataset": dataset,
            "rows_in": found.rows_in,
            "people": found.people,
            "collapsed": found.collapsed,
            "refused": found.refused,
            "kept_without_identifier": dict(noted),
            "unknown_ids": unknown,
            "usage": usage.model_dump(mode="json"),
            "notes": list(map(note_json, prepared.notes())),
            "shared": shared_as_json(shared),
            "same_fields": prepared.same_fields(),
            "largest_salt_groups": groups,
            "handle_root": prepared.commitment().handle_root,
        },
        prepared_words(dataset, prepared, groups),
    )
    require_bounded(session.project.charter, groups)


def prepared_words(dataset: str, prepared: PreparedDataset, groups: Mapping[str, int]) -> Words:
    """What became of the rows, as a person reads it before they are committed."""
    from encoder.store.refused import summary
    from encoder.store.salt_groups import told_groups

    found, usage = prepared.reconciliation(), prepared.usage()
    refused = sum(found.refused.values())
    return joined(
        Words(
            f"{dataset}: {found.rows_in} baris masuk = {found.people} orang + {found.collapsed}"
            f" baris ganda + {refused} ditolak.",
            f"{dataset}: {found.rows_in} rows in = {found.people} people + {found.collapsed}"
            f" duplicates + {refused} refused.",
        ),
        *alike(prepared.same_fields()),
        *(note.words for note in prepared.notes()),
        *(each.words(prepared.lines()) for each in summary(prepared).rules),
        *usage.told(prepared.lines()),
        *told_groups(groups),
    )


def alike(rows: int) -> tuple[Words, ...]:
    """A message on rows of people whom no match can tell apart; empty if there are none."""
    if not rows:
        return ()
    count = number(rows)
    return (
        Words(
            f"{count.id} baris tanpa NIK sama kolom penautannya dengan baris orang lain di daftar"
            " ini; padanan tidak dapat membedakan mereka. Lengkapi NIK atau tanggal lahirnya.",
            f"{count.en} rows without a NIK have the same linkage fields as another person's row of"
            " this list; a match cannot tell them apart. Complete their NIK or date of birth.",
        ),
    )


def refused(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data di piagam / dataset of the charter")],
    out: Annotated[
        Output | None,
        output_option(
            help="Berkas .csv, .xlsx, .parquet / a .csv, .xlsx or .parquet file", form=TABLE
        ),
    ] = None,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Baris yang ditolak, menurut nomor dan aturan / rows refused, by number and rule."""
    from encoder.steps.workspace import Workspace
    from encoder.store.refused import HEADER, refused_table, summary
    from policy.wire.session import Session

    table = None if out is None else TableFile.named(out, csv_for)
    session = Session(console.unlocked(), project)
    session.recall()
    prepared = Workspace(session).latest(dataset)
    found = summary(prepared)
    if table is not None:
        table.require_room(found.rows)
        table.write(HEADER, refused_table(prepared))
    console.result(found.as_json(), found.words())


def rules() -> None:
    """Sidik aturan normalisasi untuk piagam / digest of the normalisation rules for the charter."""
    from encoder.normalise import ruleset_digest

    digest = ruleset_digest()
    console.result({"rules_digest": digest}, Words(digest, digest))


def schema(
    name: Annotated[
        str,
        typer.Argument(
            help="Skema: padan-id-1 sampai padan-id-5, febrl4"
            " / schema: padan-id-1 to padan-id-5, febrl4"
        ),
    ],
    out: Annotated[Output, output_option(help="Berkas keluaran / output file", form=SCHEMA)],
    tag_bits: Annotated[
        int,
        typer.Option(min=0, max=16, help="Bit tanda blok per penyandian / bits of each block tag"),
    ] = 0,
    rows: Annotated[
        int,
        typer.Option(
            min=0,
            help="Baris daftar terbesar, untuk tanda blok padan-id-5"
            " / rows of the largest list, for block tags of padan-id-5",
        ),
    ] = 0,
) -> None:
    """Salin penyandian bawaan untuk piagam / copy a shipped linkage schema or encodings."""
    from importlib import resources

    from encoder.encoding.block_tags import with_shared_tags, with_tags

    shipped = {
        Path(file.name).stem: file for file in (resources.files("encoder") / "schemas").iterdir()
    }
    if name not in shipped:
        raise BadInput(
            EncoderCode.SCHEMA_UNKNOWN,
            Words("Skema itu tidak ada.", "There is no such schema."),
            Words(
                f"Yang ada: {', '.join(sorted(shipped))}.",
                f"There are: {', '.join(sorted(shipped))}.",
            ),
        )
    text = shipped[name].read_text(encoding="utf-8")
    if rows:
        text = with_shared_tags(text, rows)
    elif tag_bits:
        text = with_tags(text, tag_bits)
    written = out.write(text.encode())
    console.result({"file": str(out)}, written)
