"""`padan-policy log-probe|exception|end-exception`: probe reports and exceptions in the log."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter.probe_file import read_report
from policy.charter.shipped_probes import shipped_for
from policy.gates.cases import exceptions, run_case
from policy.gates.rules import RULES, rule_named
from policy.project import Entry, Project
from policy.statements import Excepted, ExceptionEnded, Probed
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.wire.session import Session

_RULES = {rule.id.removeprefix("run."): rule for rule in RULES.values() if rule.excepts}


def register(app: typer.Typer) -> None:
    app.command("log-probe")(log_probe)
    app.command("exception")(exception)
    app.command("end-exception")(end_exception)


def log_probe(
    project: ProjectId,
    report: Annotated[
        Path | None,
        typer.Argument(
            help="Laporan 'padan-encoder probe'; tanpa ini yang bawaan Padan"
            " / report of 'padan-encoder probe'; without it, the one shipped with Padan"
        ),
    ] = None,
) -> None:
    """Catat laporan uji serangan / sign a probe report into the log."""
    named = None if report is None else read_report(report)
    session = Session(console.unlocked(), project)
    charter = session.sync().charter
    found = named or shipped_for(charter)
    if found is None:
        raise _none_shipped()
    missed = found.failing(charter.dpia.floors)
    session.say(Probed(at=int(time.time()), report=found))
    failing = ", ".join(missed) if found.enough else "rows"
    console.result(
        {"digest": found.digest(), "passed": not failing, "failing": list(missed)},
        Words(
            f"Laporan {found.digest()} tercatat; batas yang tidak terpenuhi: {failing or 'nihil'}.",
            f"Report {found.digest()} is in the log; floors missed: {failing or 'none'}.",
        ),
    )


def _none_shipped() -> BadInput:
    return BadInput(
        PolicyCode.PROBE_NOT_SHIPPED,
        Words(
            "Padan tidak membawa laporan uji untuk penyandian dan ukuran daftar piagam ini.",
            "Padan ships no probe report for this charter's encodings and sizes of lists.",
        ),
        Words(
            "Buat dengan 'padan-encoder probe PIAGAM --out BERKAS', lalu sebut berkasnya.",
            "Make one with 'padan-encoder probe CHARTER --out FILE', and name the file.",
        ),
    )


def exception(
    project: ProjectId,
    rule: Annotated[
        str, typer.Option(help="Aturan: privacy, separation / rule: privacy, separation")
    ],
    reference: Annotated[str, typer.Option(help="Nomor surat / number of the document")],
    until: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"], help="Berlaku sampai, 2026-11-25 / valid until, 2026-11-25"
        ),
    ],
) -> None:
    """Pejabat PDP mengecualikan satu aturan / a data protection officer waives one rule."""
    if rule not in _RULES:
        raise _no_such_rule()
    if until.date() < datetime.now(UTC).date():
        raise BadInput(
            PolicyCode.OPTION_UNTIL,
            Words(f"{until.date()} sudah lewat.", f"{until.date()} is past."),
            Words("Sebut hari terakhir yang akan datang.", "Name a last day to come."),
        )
    session = Session(console.unlocked(), project)
    session.sync()
    about = _about(session.project, rule)
    session.say(_excepted(rule, about, reference, until.date()))
    names = ", ".join(about)
    console.result(
        {"rule": _RULES[rule].id, "about": list(about), "until": until.date().isoformat()},
        Words(
            f"{_RULES[rule].title.id}: dikecualikan untuk {names} sampai {until.date()}.",
            f"{_RULES[rule].title.en}: waived for {names} until {until.date()}.",
        ),
    )


def end_exception(
    project: ProjectId,
    rule: Annotated[
        str, typer.Option(help="Aturan: privacy, separation / rule: privacy, separation")
    ],
) -> None:
    """Akhiri semua pengecualian atas satu aturan / end all exceptions from one rule."""
    if rule not in _RULES:
        raise _no_such_rule()
    session = Session(console.unlocked(), project)
    standing = [e.digest for e in exceptions(session.sync()) if _excepts(e, rule)]
    if not standing:
        raise BadInput(
            PolicyCode.EXCEPTION_NONE,
            Words("Tidak ada pengecualian atas aturan itu.", "That rule has no exception."),
            Words("Tidak ada yang perlu diakhiri.", "There is nothing to end."),
        )
    for digest in standing:
        session.say(ExceptionEnded(at=int(time.time()), exception=digest))
    console.result(
        {"rule": _RULES[rule].id, "ended": standing},
        Words(
            f"{_RULES[rule].title.id}: {len(standing)} pengecualian diakhiri.",
            f"{_RULES[rule].title.en}: {len(standing)} exceptions ended.",
        ),
    )


def _excepts(entry: Entry[Excepted], rule: str) -> bool:
    return entry.body.rule == _RULES[rule].id


def _about(project: Project, rule: str) -> tuple[str, ...]:
    """What the exception must name so that the rule passes."""
    own = rule_named(project.charter.law, _RULES[rule].id)
    about = own.excepts(run_case(project, int(time.time()))) if own.excepts else ()
    if not about:
        raise BadInput(
            PolicyCode.EXCEPTION_NEEDLESS,
            Words(
                "Pengelola layanan dan pemilik data sudah terpisah.",
                "The service's operators and the data owners are separate already.",
            ),
            Words("Tidak ada yang perlu dikecualikan.", "There is nothing to waive."),
        )
    return about


def _excepted(rule: str, about: tuple[str, ...], reference: str, until: date) -> Excepted:
    now = int(time.time())
    if rule == "privacy":
        return Excepted(at=now, rule="run.privacy", about=about, reference=reference, until=until)
    return Excepted(at=now, rule="run.separation", about=about, reference=reference, until=until)


def _no_such_rule() -> BadInput:
    return BadInput(
        PolicyCode.OPTION_RULE,
        Words(
            "Aturan yang dapat dikecualikan: privacy, separation.",
            "Rules that can be excepted: privacy, separation.",
        ),
        Words("Pilih salah satu.", "Choose one of them."),
    )
