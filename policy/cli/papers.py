"""`padan-policy papers`: papers for officials, drafted from charter and log."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy.base.dates import read_day, read_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.output import PAPER, Form, Output
from policy.base.words import Words, current_language
from policy.terminal import console
from policy.terminal.commands import Commands, output_option

if TYPE_CHECKING:
    from policy.papers.minutes import Meeting
    from policy.papers.paper import Paper
    from policy.papers.reading import Reading

CATALOGUE = Form((*PAPER.endings, ".jsonld"))

app = Commands(
    help="Rancangan naskah resmi dari piagam dan log"
    " / drafts of official papers from charter and log",
    no_args_is_help=True,
)

ProjectId = Annotated[
    str | None,
    typer.Argument(
        help="Id proyek; kosong bila memakai --evidence / project id; leave out with --evidence"
    ),
]
Evidence = Annotated[
    Path | None, typer.Option(help="Bundel bukti, luring / evidence bundle, offline")
]
OutFile = Annotated[
    Output,
    output_option(help="Berkas .html, .md, atau .json / a .html, .md or .json file", form=PAPER),
]
CatalogueFile = Annotated[
    Output,
    output_option(
        help="Berkas .html, .md, .json, atau .jsonld / a .html, .md, .json or .jsonld file",
        form=CATALOGUE,
    ),
]


# What an official record (berita acara) needs in addition to charter and log.
Kop = Annotated[
    Path | None,
    typer.Option(
        help="Kop surat: teks UTF-8, PNG, atau JPEG / letterhead: UTF-8 text, PNG or JPEG"
    ),
]
Number = Annotated[str, typer.Option(help="Nomor naskah / number of the record")]
Place = Annotated[str, typer.Option(help="Tempat, misalnya Jakarta / place")]
Day = Annotated[
    str | None,
    typer.Option(
        help="Hari berita acara, 2026-11-25; tanpa ini hari ini"
        " / day of the official record, 2026-11-25; without it, today"
    ),
]
Posts = Annotated[
    list[str] | None,
    typer.Option(
        help="ANGGOTA=JABATAN penanda tangan, dapat diulang"
        " / MEMBER=POST of the person who signs; repeatable"
    ),
]
WitnessPosts = Annotated[
    list[str] | None,
    typer.Option(
        help="Jabatan dan instansi saksi, dapat diulang / post and agency of a witness; repeatable"
    ),
]


@app.command()
def dpia(
    out: OutFile,
    project: ProjectId = None,
    evidence: Evidence = None,
    charter: Annotated[
        Path | None,
        typer.Option(help="Piagam YAML sebelum ditandatangani / charter YAML before it is signed"),
    ] = None,
) -> None:
    """Rancangan penilaian dampak (UU PDP 34) / draft impact assessment."""
    from policy.papers.dpia import dpia

    _write(out, dpia(reading_of(project, evidence, charter), _now()))


@app.command("processing-record")
def processing_record(out: OutFile, project: ProjectId = None, evidence: Evidence = None) -> None:
    """Rekaman pemrosesan (UU PDP 31) / record of processing."""
    from policy.papers.processing_record import processing_record

    _write(out, processing_record(reading_of(project, evidence), _now()))


@app.command()
def handover(
    out: OutFile,
    release: Annotated[str, typer.Option(help="Nama rilis / name of the release")],
    project: ProjectId = None,
    evidence: Evidence = None,
    kop: Kop = None,
    number: Number = "",
    place: Place = "",
    day: Day = None,
    post: Posts = None,
    witness: WitnessPosts = None,
) -> None:
    """Berita Acara Serah Terima sebuah rilis / record of a handover."""
    from policy.papers.handover import handover

    meeting = _meeting(kop, number, place, day, post, witness)
    _write(out, handover(reading_of(project, evidence), _now(), release, meeting))


@app.command()
def destruction(
    out: OutFile,
    project: ProjectId = None,
    evidence: Evidence = None,
    owner: Annotated[
        str | None,
        typer.Option(
            help="Anggota yang memusnahkan; semua bila kosong / member who destroyed; all if empty"
        ),
    ] = None,
    kop: Kop = None,
    number: Number = "",
    place: Place = "",
    day: Day = None,
    post: Posts = None,
    witness: WitnessPosts = None,
) -> None:
    """Berita Acara Pemusnahan (UU PDP 44) / record of destruction."""
    from policy.papers.destruction import destruction

    meeting = _meeting(kop, number, place, day, post, witness)
    _write(out, destruction(reading_of(project, evidence), _now(), owner, meeting))


@app.command("usage-report")
def usage_report(
    out: OutFile,
    project: ProjectId = None,
    evidence: Evidence = None,
    semester: Annotated[
        str | None,
        typer.Option(
            help="TAHUN-1 atau TAHUN-2; tanpa ini semester ini"
            " / YEAR-1 or YEAR-2; without it, the present one"
        ),
    ] = None,
) -> None:
    """Laporan semester (Permendagri 102/2019) / semester report."""
    from policy.papers.usage_report import Semester, usage_report

    now = _now()
    wanted = Semester.parse(semester) if semester else Semester.of(now)
    _write(out, usage_report(reading_of(project, evidence), now, wanted))


@app.command()
def catalogue(out: CatalogueFile, project: ProjectId = None, evidence: Evidence = None) -> None:
    """Entri katalog Satu Data; .jsonld menulis DCAT / catalogue entry; .jsonld writes DCAT."""
    from policy.papers.catalogue import catalogue, dcat

    reading = reading_of(project, evidence)
    if out.suffix != ".jsonld":
        _write(out, catalogue(reading, _now()))
        return
    text = json.dumps(dcat(reading), ensure_ascii=False, indent=2) + "\n"
    out.write(text.encode())
    _written(out, "catalogue", 0)


@app.command()
def metadata(out: OutFile, project: ProjectId = None, evidence: Evidence = None) -> None:
    """Metadata MS-Keg dan MS-Var (BPS 5/2020) / BPS metadata of activity and variables."""
    from policy.papers.metadata import metadata

    _write(out, metadata(reading_of(project, evidence), _now()))


@app.command()
def breach(
    out: OutFile,
    discovered: Annotated[
        str,
        typer.Option(
            help="Waktu ditemukan, 2026-11-25T08:00+07:00"
            " / time of discovery, 2026-11-25T08:00+07:00"
        ),
    ],
    project: ProjectId = None,
    evidence: Evidence = None,
    dataset: Annotated[
        list[str] | None,
        typer.Option(
            help="Daftar yang terdampak; semua bila kosong"
            " / datasets that are affected; all if empty"
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Hari pertama kebocoran, 2026-11-01 / first day of the breach, 2026-11-01"
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Hari terakhirnya, 2026-11-25 / its last day, 2026-11-25")
    ] = None,
) -> None:
    """Pemberitahuan kegagalan pelindungan (UU PDP 46), 3 x 24 jam / notice of a breach."""
    from policy.papers.breach import Incident, breach

    incident = Incident(read_moment(discovered), tuple(dataset or ()), _day(since), _day(until))
    _write(out, breach(reading_of(project, evidence), _now(), incident))


def _meeting(
    kop: Path | None,
    number: str,
    place: str,
    day: str | None,
    posts: list[str] | None,
    witnesses: list[str] | None,
) -> Meeting:
    """The meeting of a record; raises BadInput for an invalid letterhead, day or post."""
    from policy.papers.letterhead import read_letterhead
    from policy.papers.minutes import Meeting

    named = [post.partition("=") for post in posts or ()]
    if not all(member and post.strip() for member, _, post in named):
        raise BadInput(
            PolicyCode.PAPERS_POST_FORM,
            Words("Jabatan ditulis ANGGOTA=JABATAN.", "A post is written MEMBER=POST."),
            Words("Contoh: --post dinsos='Kepala Dinas Sosial'.", "For example: --post bps=Head."),
        )
    return Meeting(
        letterhead=read_letterhead(kop) if kop else None,
        number=number,
        place=place,
        day=_day(day),
        posts={member: post.strip() for member, _, post in named},
        witnesses=tuple(witnesses or ()),
    )


def reading_of(project: str | None, evidence: Path | None, charter: Path | None = None) -> Reading:
    """The log from the bundle, or from this member's copy, updated if the service answers."""
    from policy.charter import load_charter
    from policy.papers.reading import read_draft, read_evidence, read_replay

    if sum(each is not None for each in (project, evidence, charter)) != 1:
        raise BadInput(
            PolicyCode.PAPERS_SOURCE,
            Words("Sebut satu sumber naskah.", "Name one source of the paper."),
            Words(
                "Proyek dari folder rumah ini, --evidence, atau untuk dpia --charter.",
                "A project of this home folder, --evidence, or --charter for a dpia.",
            ),
        )
    if evidence is not None:
        return read_evidence(evidence)
    if charter is not None:
        return read_draft(load_charter(charter), console.home().roster())
    from policy.wire.session import Session

    assert project is not None
    session = Session(console.unlocked(), project)
    console.bring_up_to_date(session)
    return read_replay(session.replay, session.replica().cosigned_sizes())


def _write(out: Output, paper: Paper) -> None:
    from policy.papers.paper import confirmations
    from policy.papers.render import writer_for

    out.write(writer_for(out.path)(paper, current_language()).encode())
    _written(out, paper.kind, len(confirmations(paper)))


def _written(out: Output, kind: str, marked: int) -> None:
    console.result(
        {"file": str(out), "paper": kind, "to_confirm": marked},
        Words(
            f"{out} ditulis: rancangan, {marked} hal dipastikan ahli hukum sebelum ditandatangani.",
            f"{out} written: a draft; a lawyer confirms {marked} things before it is signed.",
        ),
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _day(text: str | None) -> date | None:
    return None if text is None else read_day(text)
