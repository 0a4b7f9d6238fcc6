"""`padan-encoder programme`: who is eligible by a programme's rules, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from encoder.cli.source_options import MappingPath, SourcePath
from policy.base.output import Form, Output
from policy.base.words import Words, file_language, joined
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import Commands, output_option
from policy.terminal.table_files import TABLE, CsvFor, CsvForOption, TableFile

if TYPE_CHECKING:
    from datetime import date

    from encoder.released.programmes.rules import Programme
    from encoder.released.programmes.sheets import ProgrammeList

YAML = Form((".yaml", ".yml"), only=True)
programme_app = Commands(
    help="Daftar program menurut aturan / programme lists by rules", no_args_is_help=True
)

Rules = Annotated[
    Path,
    typer.Argument(
        metavar="RULES",
        help="Berkas aturan YAML, atau nama contoh / rule file in YAML, or an example's name",
    ),
]
OutTable = Annotated[
    Output,
    output_option(
        help="Berkas .xlsx (satu lembar tiap hasil), .csv, .parquet"
        " / a .xlsx (a sheet for each outcome), .csv or .parquet file",
        form=TABLE,
    ),
]
Present = Annotated[
    Path | None,
    typer.Option(
        help="Daftar penerima sekarang (id, NIK, atau KK) / present list (ids, NIK or KK)"
    ),
]
NobodyPresent = Annotated[
    bool,
    typer.Option(
        "--nobody-present",
        help="Program baru: belum ada penerima / new programme: nobody receives it yet",
    ),
]
Seed = Annotated[
    str | None,
    typer.Option(help="Benih undian, misalnya undian terbuka / lottery seed, as drawn in public"),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date",
        help="Tanggal penghitungan usia; tanpa ini tanggal aturan, lalu hari ini"
        " / day on which ages count; else the rules' day, else today",
    ),
]


def register(app: typer.Typer) -> None:
    app.add_typer(programme_app, name="programme")


@programme_app.command("list")
def list_examples() -> None:
    """Tampilkan contoh aturan / show the example rules."""
    from encoder.released.programmes.examples import example, example_names

    for name in example_names():
        rules = example(name)
        title = rules.title.words()
        console.result(
            {
                "programme": rules.id,
                "title": {"id": title.id, "en": title.en},
                "unit": rules.unit,
                "quota": rules.quota,
                "example": rules.example,
                "rules": rules.digest(),
            },
            Words(f"{rules.id:16} {title.id}", f"{rules.id:16} {title.en}"),
        )


@programme_app.command("example")
def copy_example(
    name: Annotated[str, typer.Argument(help="Nama contoh / name of the example")],
    out: Annotated[Output, output_option(help="Berkas aturan / rule file", form=YAML)],
) -> None:
    """Salin sebuah contoh untuk diubah / copy an example to change it."""
    from encoder.released.programmes.examples import example_bytes

    written = out.write(example_bytes(name))
    console.result({"programme": name, "file": str(out)}, written)


@programme_app.command("check")
def check_rules(rules: Rules) -> None:
    """Periksa berkas aturan dan jelaskan isinya / check a rule file and explain it."""
    from encoder.released.programmes.explain import explain

    programme = _programme(rules)
    lines = explain(programme)
    console.result(
        {
            "programme": programme.id,
            "version": programme.version,
            "example": programme.example,
            "rules": programme.digest(),
            "lines": [{"id": line.id, "en": line.en} for line in lines],
        },
        joined(*lines),
    )


@programme_app.command("apply")
def apply_rules(
    project: ProjectId,
    release: ReleaseId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    rules: Rules,
    out: OutTable,
    present: Present = None,
    nobody_present: NobodyPresent = False,
    seed: Seed = None,
    day: Day = None,
    source: SourcePath = None,
    mapping: MappingPath = None,
    despite_changes: Annotated[
        bool,
        typer.Option(
            "--despite-changes",
            help="Pakai baris yang masih ada; yang berubah ditinjau / use the rows that are there;"
            " those that changed are reviewed",
        ),
    ] = False,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Buat daftar program dari sebuah rilis / make the lists of a programme from a release."""
    from encoder.released.programmes.from_release import list_of_release
    from encoder.released.programmes.present import PresentChoice
    from encoder.steps.workspace import Workspace
    from policy.wire.session import Session

    table = TableFile.named(out, csv_for)
    programme = _programme(rules)
    session = Session(console.unlocked(), project)
    session.recall()
    workspace = Workspace(session)
    bar, advance = console.progress(Words("Menilai baris", "Judging rows"), None)
    with bar:
        found = list_of_release(
            workspace,
            release,
            dataset,
            programme,
            PresentChoice(present, nobody=nobody_present),
            day=_day(programme, day),
            seed=seed,
            source=source,
            mapping=mapping,
            despite_changes=despite_changes,
            language=file_language(),
            advance=advance,
        )
    _write(found, table.entered_in(workspace.register("programme")))


@programme_app.command("try")
def try_rules(
    file: Annotated[Path, typer.Argument(help="Tabel / table")],
    rules: Rules,
    out: OutTable,
    present: Present = None,
    nobody_present: NobodyPresent = False,
    seed: Seed = None,
    day: Day = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Pemetaan kolom YAML / column mapping")
    ] = None,
    csv_for: CsvForOption = CsvFor.programs,
) -> None:
    """Buat daftar program dari satu tabel, tanpa proyek / from one table, without a project."""
    from encoder.released.programmes.from_table import list_of_file
    from encoder.released.programmes.present import PresentChoice
    from encoder.source.mapping import load_mapping

    table = TableFile.named(out, csv_for)
    programme = _programme(rules)
    used = None if mapping is None else load_mapping(mapping)
    bar, advance = console.progress(Words("Menilai baris", "Judging rows"), None)
    with bar:
        found = list_of_file(
            file,
            programme,
            PresentChoice(present, nobody=nobody_present),
            day=_day(programme, day),
            seed=seed,
            mapping=used,
            advance=advance,
        )
    _write(found, table)


def _programme(rules: Path) -> Programme:
    """The rules in a file, or those of an example of this name."""
    from encoder.released.programmes.examples import example, example_names
    from encoder.released.programmes.reading import load_programme

    if not rules.exists() and str(rules) in example_names():
        return example(str(rules))
    return load_programme(rules)


def _day(programme: Programme, given: str | None) -> date:
    """The day on which ages count."""
    from datetime import datetime

    from policy.base.dates import WIB, read_day

    if given is not None:
        return read_day(given)
    return programme.day or datetime.now(WIB).date()


def _write(found: ProgrammeList, table: TableFile) -> tuple[Path, ...]:
    """Write the lists and tell the counts; returns the files."""
    files = replace(found, language=file_language()).write(table)
    told = {"file": str(table), "files": [str(each) for each in files], **found.counts()}
    console.result(told, joined(*found.summary(str(table))))
    return files
