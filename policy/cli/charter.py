"""`padan-policy charter`: write, check and sign the agreement."""

from __future__ import annotations

import json
import time
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from policy import console
from policy.cases import draft_case
from policy.charter import Charter, load_charter
from policy.charter.gaps import Gap, gaps
from policy.client import Session
from policy.commands import Commands, output_argument
from policy.errors import Refused
from policy.output import Form, Output
from policy.rules import GATES, Finding
from policy.statements import CharterBody
from policy.words import Words

CHARTER = Form((".yaml", ".yml"), repeatable=True)

app = Commands(help="Piagam proyek / the project's charter", no_args_is_help=True)


@app.command()
def new(
    out: Annotated[Output, output_argument(help="Berkas YAML baru / new YAML file", form=CHARTER)],
) -> None:
    """Tulis templat piagam berkomentar / write a commented charter template."""
    template = resources.files("policy") / "templates" / "charter.yaml"
    console.result({"file": str(out)}, out.write(template.read_bytes()))


@app.command()
def check(path: Annotated[Path, typer.Argument(help="Piagam YAML / charter YAML")]) -> None:
    """Periksa piagam / check a charter."""
    charter = load_charter(path)
    _show(charter, path)


@app.command()
def lint(path: Annotated[Path, typer.Argument(help="Piagam YAML / charter YAML")]) -> None:
    """Apa yang kurang, dan siapa memintanya / what is missing, and which duty asks for it."""
    charter = load_charter(path)
    found = gaps(charter)
    blocking = sum(gap.blocking for gap in found)
    asked = _asked_today(charter)
    if console.options.json:
        rules = [finding.as_json() for finding in asked]
        listed = [gap.as_json() for gap in found]
        console.result({"blocking": blocking, "gaps": listed, "rules": rules})
    else:
        _print_gaps(found)
        _print_rules(asked)
    if blocking:
        raise _incomplete(path, [gap.field for gap in found if gap.blocking])


@app.command()
def sign(path: Annotated[Path, typer.Argument(help="Piagam YAML / charter YAML")]) -> None:
    """Tanda tangani dan ajukan ke layanan / sign and submit to the service."""
    charter = load_charter(path)
    blocking = [gap.field for gap in gaps(charter) if gap.blocking]
    if blocking:
        raise _incomplete(path, blocking)
    session = Session(console.unlocked(), charter.project)
    session.open_with(CharterBody.model_validate(charter.model_dump()))
    _show(charter, path)


@app.command()
def schema() -> None:
    """JSON Schema piagam / the charter's JSON Schema."""
    console.out.print(
        json.dumps(Charter.model_json_schema(), indent=2, ensure_ascii=False), markup=False
    )


def _show(charter: Charter, path: Path) -> None:
    console.result(
        {
            "project": charter.project,
            "epoch": charter.epoch,
            "digest": charter.digest(),
            "terms": charter.terms_digest(),
            "assessed": charter.assessed_digest(),
        },
        Words(
            f"{path}: proyek {charter.project}, zaman {charter.epoch}, sidik {charter.digest()}\n"
            f"dpia.scope: terms {charter.terms_digest()}, charter {charter.assessed_digest()}",
            f"{path}: project {charter.project}, epoch {charter.epoch}, digest {charter.digest()}\n"
            f"dpia.scope: terms {charter.terms_digest()}, charter {charter.assessed_digest()}",
        ),
    )


def _print_gaps(found: tuple[Gap, ...]) -> None:
    if not found:
        console.out.print(str(Words("Piagam lengkap.", "The charter is complete.")))
        return
    table = Table(
        "",
        str(Words("bagian", "part")),
        str(Words("apa yang kurang, dan apa yang ditulis", "what is missing, and what to write")),
        str(Words("diminta oleh", "asked for by")),
    )
    for gap in found:
        mark = "[red]✗[/]" if gap.blocking else "[yellow]![/]"
        table.add_row(mark, gap.field, f"{gap.problem} {gap.remedy}", gap.duty)
    console.out.print(table)


_NEEDS_A_LOG = frozenset({"run.privacy", "run.budget", "run.parameters"})


def _asked_today(charter: Charter) -> list[Finding]:
    """What the run gate finds of this charter today; nothing where no roster is pinned.

    What the log must hold first (signatures, a probe report, orders) is not asked of a draft.
    """
    home = console.home()
    if not home.has_joined:
        return []
    case = draft_case(charter, home.roster(), int(time.time()))
    asked = [rule for rule in GATES[charter.law].run if rule.RULE.id not in _NEEDS_A_LOG]
    return [rule.check(case) for rule in asked]


def _print_rules(asked: list[Finding]) -> None:
    if not asked:
        note = Words(
            "Setelah 'padan-policy join', gerbang pemadanan juga ditanya tentang hari ini.",
            "After 'padan-policy join' the run gate is asked about today as well.",
        )
        console.say(note)
    for finding in asked:
        mark = "✓" if finding.passed else "✗"
        console.out.print(f"{mark} {finding.rule.title}: {finding.reason}", markup=False)


def _incomplete(path: Path, fields: list[str]) -> Refused:
    names = ", ".join(fields)
    lint = console.command_line("padan-policy", "charter", "lint", path)
    return Refused(
        "charter.incomplete",
        Words(f"{path}: bagian yang belum diisi: {names}.", f"{path}: parts not filled: {names}."),
        Words(
            f"Untuk melihat apa yang ditulis: {lint}",
            f"To see what to write: {lint}",
        ),
    )
