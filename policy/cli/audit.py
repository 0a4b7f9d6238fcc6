"""`padan-policy evidence|verify`: download the evidence, verify it anywhere."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from policy.base.canonical import sha256
from policy.base.dates import read_day
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet, Unverified
from policy.base.files import read_file
from policy.base.output import HTML, ZIP, Form, Output
from policy.base.words import Words, current_language
from policy.evidence import (
    EXIT_INCOMPLETE,
    NO_FILE_CAN_PROVE,
    STANDING_SIGNS,
    CheckFinding,
    ReportOrigin,
    Standing,
    VerificationReport,
    read_bundle,
    report_page,
    verify_bundle,
)
from policy.evidence.archive import MAX_FILE_BYTES
from policy.formats.opened_leaves import parse_opened
from policy.log import parse_note
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option
from policy.wire.log_copy import LogCopy
from policy.wire.session import Session

_COLOURS: dict[Standing, str] = {
    "proved": "green",
    "attested": "green",
    "asserted": "yellow",
    "not-shown": "yellow",
    "failed": "red",
}


CHECKPOINT = Form((".txt",), repeatable=True)


class Audience(StrEnum):
    """The intended reader of a bundle."""

    auditor = "auditor"
    party = "party"


def register(app: typer.Typer) -> None:
    for command in (evidence, checkpoint, verify):
        app.command()(command)


def evidence(
    project: ProjectId,
    out: Annotated[Output, output_option(help="Berkas zip / zip file", form=ZIP)],
    audience: Annotated[
        Audience,
        typer.Option(
            help="auditor: dengan fakta terbuka; party: tanpa"
            " / auditor: with opened facts; party: without"
        ),
    ] = Audience.auditor,
) -> None:
    """Unduh bundel bukti / download the evidence bundle."""
    session = Session(console.unlocked(), project)
    session.sync()
    bundle = session.get(f"/projects/{project}/evidence", {"audience": audience.value})
    console.result({"file": str(out)}, out.write(bundle))


def checkpoint(
    project: ProjectId,
    out: Annotated[Output, output_option(help="Berkas keluaran / output file", form=CHECKPOINT)],
) -> None:
    """Salin titik periksa yang diingat folder ini / copy the checkpoint kept here."""
    kept = LogCopy(console.home().project_folder(project) / "log").read()
    if not kept.checkpoint:
        raise NotYet(
            PolicyCode.CHECKPOINT_NONE,
            Words(
                f"Folder ini belum mengenal log {project}.",
                f"This folder does not know the log of {project} yet.",
            ),
            Words(
                f"Jalankan 'padan-policy witness {project}' dahulu.",
                f"Run 'padan-policy witness {project}' first.",
            ),
        )
    console.result({"file": str(out)}, out.write(kept.checkpoint.encode()))


def verify(
    bundle: Annotated[Path, typer.Argument(help="Bundel bukti / evidence bundle")],
    roster_digest: Annotated[
        str | None,
        typer.Option(
            help="Sidik roster dari jalur lain / digest of the roster, received by another way"
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Titik periksa Anda / your own checkpoint")
    ] = None,
    html: Annotated[
        Output | None,
        output_option(help="Laporan untuk diarsipkan / report to be filed", form=HTML),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Jatuh tempo dinilai per tanggal ini / due as of this day; without it, today"
        ),
    ] = None,
    leaves: Annotated[
        list[Path] | None,
        typer.Option(help="Baris yang dibuka instansi / rows an agency opened (open-leaves)"),
    ] = None,
) -> None:
    """Verifikasi luring; keluar 0, 7 gagal, 9 belum lengkap / verify offline; exits 0, 7, 9."""
    own = None if checkpoint is None else _own_checkpoint(checkpoint)
    if roster_digest is not None:
        roster_digest = _digest(roster_digest)
    day = read_day(as_of) if as_of else datetime.now(UTC).date()
    found = read_bundle(bundle)
    label = Words("memeriksa entri", "verifying entries")
    bar, advance = console.progress(label, len(found.leaves))
    with bar:
        opened = [parse_opened(read_file(path)) for path in leaves or ()]
        report = verify_bundle(found, roster_digest, own, advance, day, opened)
    if html is not None:
        source = ReportOrigin(
            name=bundle.name,
            digest=sha256(read_file(bundle, MAX_FILE_BYTES)),
            pinned=roster_digest is not None,
            own_checkpoint=own is not None,
            made_at=int(time.time()),
        )
        console.say(html.write(report_page(report, source, current_language()).encode()))
    _print(report)
    raise typer.Exit(report.exit_code)


def _own_checkpoint(path: Path) -> str:
    """The checkpoint in a file; raises BadInput for any other file, which proves nothing."""
    note = read_file(path).decode(errors="replace")
    try:
        parse_note(note)
    except Unverified:
        raise BadInput(
            PolicyCode.CHECKPOINT_MALFORMED,
            Words(f"{path} bukan titik periksa.", f"{path} is not a checkpoint."),
            Words(
                "Pakai berkas dari 'padan-policy checkpoint'.",
                "Give the file that 'padan-policy checkpoint' wrote.",
            ),
        ) from None
    return note


def _digest(given: str) -> str:
    """A digest as people copy it from a letter, with blanks or capitals; raises BadInput."""
    digest = "".join(given.split()).lower()
    if re.fullmatch(r"[0-9a-f]{64}", digest) is None:
        raise BadInput(
            PolicyCode.OPTION_DIGEST,
            Words("Sidik roster terdiri atas 64 angka heksadesimal.", "A digest is 64 hex digits."),
            Words("Salin lagi dari suratnya, utuh.", "Copy it from the letter again, all of it."),
        )
    return digest


def _sign(standing: Standing) -> str:
    return f"[{_COLOURS[standing]}]{STANDING_SIGNS[standing]}[/]"


def _told(finding: CheckFinding) -> str:
    """A finding with its mark, and with its name if it failed."""
    name = f" [{finding.id}]" if finding.standing == "failed" else ""
    return f"{_sign(finding.standing)} {escape(f'{finding.detail}{name}')}"


def _print(report: VerificationReport) -> None:
    if console.options.json:
        console.result(report.as_json())
        return
    console.out.print(str(Words("Tidak ada berkas yang dapat membuktikan:", "No file can prove:")))
    for each in NO_FILE_CAN_PROVE:
        console.out.print(f"- {each}", markup=False)
    table = Table(
        "",
        Column(str(Words("pemeriksaan", "check")), ratio=2),
        Column(str(Words("kedudukan", "standing")), ratio=2),
        Column(str(Words("temuan", "findings")), ratio=5),
        expand=True,
    )
    for check in report.checks:
        standing = f"{_sign(check.standing)} {check.mark}"
        details = "\n".join(map(_told, check.findings))
        table.add_row(str(check.number), str(check.title), standing, details)
    console.out.print(table)
    console.out.print(str(report.verdict), markup=False, style="bold")
    if report.exit_code == EXIT_INCOMPLETE and not report.unshown_deadlines:
        console.say(
            Words(
                "Beri --roster-digest dari surat kedua otoritas dan --checkpoint milik sendiri.",
                "Give --roster-digest from the authorities' letter and --checkpoint of your own.",
            )
        )
