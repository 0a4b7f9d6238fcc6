"""`padan-policy papers meeting-report|ckan`: what a meeting and a portal read of a project."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from policy.base.environment import CKAN_KEY
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.output import Form, Output
from policy.base.words import Words
from policy.cli.papers import Evidence, ProjectId, reading_of
from policy.terminal import console
from policy.terminal.commands import output_option
from policy.terminal.report_files import REPORT

PACKAGE = Form((".json",), repeatable=True)
_KEY_BYTES = 4096


def register(app: typer.Typer) -> None:
    app.command("meeting-report")(meeting_report)
    app.command()(ckan)


def meeting_report(
    out: Annotated[
        Output,
        output_option(
            help="Berkas .html, .pdf, atau .json / a .html, .pdf or .json file", form=REPORT
        ),
    ],
    project: ProjectId = None,
    evidence: Evidence = None,
    coverage: Annotated[
        list[Path] | None,
        typer.Option(
            help="Cakupan dari penerima, dapat diulang / coverage from a recipient; repeatable"
        ),
    ] = None,
    reverse: Annotated[
        list[Path] | None,
        typer.Option(
            help="Orang sumber yang tidak ada di daftar itu, dari pemilik sumber, dapat diulang"
            " / people of a source who are not on that list, from its owner; repeatable"
        ),
    ] = None,
    calibration: Annotated[
        list[Path] | None,
        typer.Option(
            help="Kalibrasi dari koordinator, dapat diulang"
            " / calibration from the coordinator; repeatable"
        ),
    ] = None,
) -> None:
    """Laporan untuk rapat Forum Satu Data / report for a meeting of Forum Satu Data."""
    from policy.base.files import read_file
    from policy.evidence import read_bundle
    from policy.gates.coverage import parse_coverage
    from policy.gates.reverse_coverage import open_reverse
    from policy.papers.meeting.quality import parse_calibration
    from policy.papers.meeting.report import Given
    from policy.papers.meeting.report import meeting_report as report_of
    from policy.terminal.report_files import require_writable, write_report

    require_writable(out)
    reading = reading_of(project, evidence)
    given = Given(
        coverages=[parse_coverage(read_file(path), path.name) for path in coverage or ()],
        reverse=[
            open_reverse(read_file(path), path.name, reading.project).counts
            for path in reverse or ()
        ],
        calibrations=[parse_calibration(read_file(path), path.name) for path in calibration or ()],
        facts=read_bundle(evidence).facts if evidence else None,
    )
    report = report_of(reading, datetime.now(UTC), given)
    write_report(out, report)
    console.result(
        {"file": str(out), "sections": [each.code for each in report.sections]},
        Words(f"{out} ditulis.", f"{out} written."),
    )


def ckan(
    organisation: Annotated[
        str, typer.Option(help="Organisasi di portal / organisation at the portal")
    ],
    project: ProjectId = None,
    evidence: Evidence = None,
    out: Annotated[
        Output | None,
        output_option(help="Berkas .json untuk portal / a .json file for the portal", form=PACKAGE),
    ] = None,
    portal: Annotated[
        str | None,
        typer.Option(
            help="Alamat portal CKAN, misalnya https://data.go.id / address of a CKAN portal"
        ),
    ] = None,
    api_key_file: Annotated[
        Path | None,
        typer.Option(
            help="Berkas kunci API; tanpa ini PADAN_CKAN_API_KEY"
            " / file of the API key; without it, PADAN_CKAN_API_KEY"
        ),
    ] = None,
) -> None:
    """Entri katalog untuk portal CKAN, ditulis atau dikirim / entry for a CKAN portal."""
    from policy.papers.ckan import package
    from policy.wire.ckan import Portal, require_portal

    if out is None and portal is None:
        raise BadInput(
            PolicyCode.PORTAL_NOWHERE,
            Words("Entri ini tidak ditujukan ke mana pun.", "This entry has no destination."),
            Words("Sebut --out, --portal, atau keduanya.", "Give --out, --portal, or both."),
        )
    where = None if portal is None else require_portal(portal)
    key = "" if where is None else _key(api_key_file)
    entry = package(reading_of(project, evidence), organisation)
    told = {"name": entry["name"]}
    if out is not None:
        out.write((json.dumps(entry, ensure_ascii=False, indent=2) + "\n").encode())
        told["file"] = str(out)
    if where is not None:
        told["done"] = Portal(where, key, console.say).push(entry)
        told["portal"] = where
    done = {"created": Words(" Dibuat di portal.", " Created at the portal.")}
    done["updated"] = Words(" Diperbarui di portal.", " Updated at the portal.")
    after = done.get(told.get("done", ""), Words("", ""))
    console.result(
        dict(told),
        Words(f"Entri {entry['name']}.{after.id}", f"Entry {entry['name']}.{after.en}"),
    )


def _key(file: Path | None) -> str:
    """The API key from a file or the environment; raises BadInput if there is none."""
    from policy.base.files import read_file

    text = os.environ.get(CKAN_KEY, "")
    if file is not None:
        text = read_file(file, _KEY_BYTES).decode("ascii", errors="replace")
    key = text.strip()
    if key and key.isascii() and key.isprintable() and " " not in key:
        return key
    raise BadInput(
        PolicyCode.PORTAL_NO_KEY,
        Words("Kunci API portal tidak ada atau tidak sah.", "There is no valid API key."),
        Words(
            f"Tulis kunci itu ke sebuah berkas dan sebut --api-key-file, atau isi {CKAN_KEY}.",
            f"Write the key to a file and name it by --api-key-file, or set {CKAN_KEY}.",
        ),
    )
