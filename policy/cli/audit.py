"""`padan-policy evidence|verify`: take the evidence along, verify it anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from policy import console
from policy.client import Session
from policy.evidence import NO_FILE_CAN_PROVE, Report, Standing, read_bundle, verify_bundle
from policy.files import read_file, write_file
from policy.words import Words

_STANDING: dict[Standing, tuple[str, Words]] = {
    "proved": ("green", Words("terbukti", "proved")),
    "attested": ("green", Words("disaksikan dua atau lebih", "attested by two or more")),
    "asserted": ("yellow", Words("pernyataan layanan saja", "asserted by the service alone")),
    "not-shown": ("yellow", Words("belum ditunjukkan", "not shown")),
    "failed": ("red", Words("GAGAL", "FAILED")),
}


def register(app: typer.Typer) -> None:
    for command in (evidence, checkpoint, verify):
        app.command()(command)


def evidence(
    project: Annotated[str, typer.Argument(help="Id proyek / project id")],
    out: Annotated[Path, typer.Option(help="Berkas zip / zip file")],
) -> None:
    """Unduh bundel bukti (auditor) / download the evidence bundle (auditor)."""
    session = Session(console.unlocked(), project)
    session.sync()
    write_file(out, session.get(f"/projects/{project}/evidence"))
    console.result({"file": str(out)}, Words(f"{out} ditulis.", f"{out} written."))


def checkpoint(
    project: Annotated[str, typer.Argument(help="Id proyek / project id")],
    out: Annotated[Path, typer.Option(help="Berkas / file")],
) -> None:
    """Salin titik periksa yang diingat folder ini / copy the remembered checkpoint."""
    remembered = console.home().project_folder(project) / "log" / "checkpoint.txt"
    write_file(out, read_file(remembered))
    console.result({"file": str(out)}, Words(f"{out} ditulis.", f"{out} written."))


def verify(
    bundle: Annotated[Path, typer.Argument(help="Bundel bukti / evidence bundle")],
    roster_digest: Annotated[
        str | None, typer.Option(help="Sidik roster dari jalur lain / digest held out of band")
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Titik periksa sendiri / your own checkpoint")
    ] = None,
) -> None:
    """Verifikasi luring; kode keluar 0, 7 gagal, 9 belum lengkap / verify offline."""
    own = read_file(checkpoint).decode(errors="replace") if checkpoint else None
    report = verify_bundle(read_bundle(bundle), roster_digest, own)
    _print(report)
    raise typer.Exit(report.exit_code)


def _print(report: Report) -> None:
    if console.options.json:
        console.result(
            {
                "project": report.project,
                "entries": report.entries,
                "verdict": {"id": report.verdict.id, "en": report.verdict.en},
                "exit_code": report.exit_code,
                "checks": [
                    {
                        "id": check.id,
                        "standing": check.standing,
                        "title": {"id": check.title.id, "en": check.title.en},
                        "detail": {"id": check.detail.id, "en": check.detail.en},
                    }
                    for check in report.checks
                ],
            }
        )
        return
    console.out.print(str(NO_FILE_CAN_PROVE), markup=False)
    table = Table(
        str(Words("pemeriksaan", "check")),
        str(Words("kedudukan", "standing")),
        str(Words("keterangan", "detail")),
    )
    for check in report.checks:
        colour, standing = _STANDING[check.standing]
        table.add_row(str(check.title), f"[{colour}]{standing}[/]", str(check.detail))
    console.out.print(table)
    console.out.print(str(report.verdict), markup=False, style="bold")
