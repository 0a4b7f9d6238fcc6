"""`padan-policy request|inspect|approve`: ask for a release, look at it, decide on it."""

from __future__ import annotations

import time
from typing import Annotated, Literal

import typer
from rich.table import Table

from policy import console
from policy.cases import release_case
from policy.client import Session
from policy.decision import Outcome, release_gate
from policy.errors import NotYet
from policy.facts import OpenedFacts
from policy.project import body_of
from policy.statements import Approval, ReleaseRequest, Staged
from policy.words import Words

ProjectId = Annotated[str, typer.Argument(help="Id proyek / project id")]
ReleaseId = Annotated[str, typer.Argument(help="Nama rilis / name of the release")]


def register(app: typer.Typer) -> None:
    for command in (request, inspect, approve):
        app.command()(command)


def request(
    project: ProjectId,
    release: ReleaseId,
    run: Annotated[str, typer.Option(help="Pemadanan / the run")],
    domain: Annotated[list[str], typer.Option(help="Domain ID / ID domain")],
) -> None:
    """Minta rilis ID padanan / ask for the release of match IDs (spends budget)."""
    session = Session(console.unlocked(), project)
    session.sync()
    session.say(
        ReleaseRequest(at=int(time.time()), release=release, domains=tuple(domain)), run=run
    )
    console.result(
        {"release": release},
        Words(f"Permintaan {release} tercatat.", f"Request {release} is in the log."),
    )


def inspect(project: ProjectId, release: ReleaseId) -> None:
    """Tunjukkan apa yang diminta, aturan demi aturan / show what is asked, rule by rule."""
    session = Session(console.unlocked(), project)
    _, facts = _staged(session, release)
    print_outcome(_outcome(session, release, facts))


def approve(
    project: ProjectId,
    release: ReleaseId,
    refuse: Annotated[bool, typer.Option("--refuse", help="Menolak / refuse instead")] = False,
) -> None:
    """Tanda tangani keputusan atas berkas yang ditahapkan / sign over the staged files."""
    session = Session(console.unlocked(), project)
    stage, facts = _staged(session, release)
    staged = body_of(session.project.entry(stage), Staged)
    verdict: Literal["approve", "refuse"] = "refuse" if refuse else "approve"
    session.say(
        Approval(
            at=int(time.time()),
            release=release,
            stage=stage,
            facts=facts.commitment(),
            verdict=verdict,
            expires=staged.expires,
        ),
        run=release,
        manifest=stage,
    )
    console.result(
        {"release": release, "verdict": verdict},
        Words(
            f"{release}: {'ditolak' if refuse else 'disetujui'}.",
            f"{release}: {'refused' if refuse else 'approved'}.",
        ),
    )


def print_outcome(outcome: Outcome) -> None:
    """The findings as a table, or as JSON."""
    if console.options.json:
        console.result(
            {"verdict": outcome.verdict, "rules": [f.as_json() for f in outcome.findings]}
        )
        return
    table = Table("", str(Words("aturan", "rule")), str(Words("temuan", "finding")), "")
    for finding in outcome.findings:
        table.add_row(
            "[green]✓[/]" if finding.passed else "[red]✗[/]",
            str(finding.rule.title),
            str(finding.reason),
            finding.rule.citation,
        )
    console.out.print(table)


def _staged(session: Session, release: str) -> tuple[str, OpenedFacts]:
    """The stage's digest and its facts, opened and checked against the commitment."""
    stage = session.sync().stage(release)
    if stage is None:
        raise NotYet(
            "release.not-staged",
            Words(f"{release} belum ditahapkan.", f"{release} is not staged yet."),
            Words("Tunggu koordinator layanan.", "Wait for the service's coordinator."),
        )
    commitment = body_of(stage, Staged).facts
    return stage.digest, session.open_facts(commitment)


def _outcome(session: Session, release: str, facts: OpenedFacts) -> Outcome:
    case = release_case(session.project, release, facts.facts, int(time.time()))
    return release_gate(case)
