"""`padan-policy charter`: write, check and sign the agreement."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.files import read_file
from policy.base.output import Form, Output
from policy.base.words import Words, number
from policy.charter import Charter, load_charter
from policy.charter.allowances import HEADS, Allowance, allowances, explained
from policy.charter.canary_odds import promise
from policy.charter.gaps import Gap, gaps
from policy.gates.cases import draft_case
from policy.gates.rules import GATES, Finding
from policy.project.recipients import recipients
from policy.statements import CharterBody
from policy.terminal import console
from policy.terminal.commands import Commands, output_argument
from policy.wire.session import Session
from policy.witnessing.quorum import Quorum, quorum

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
    allowed = _allowed(charter)
    more = {"allowances": [each.as_json() for each in allowed]}
    _show(charter, path, more)
    if not console.options.json:
        _print_allowances(charter, allowed)


@app.command()
def lint(path: Annotated[Path, typer.Argument(help="Piagam YAML / charter YAML")]) -> None:
    """Apa yang kurang, dan apa yang diizinkan / what is missing and what it allows."""
    from policy.starter import to_fill_in

    charter, left = load_charter(path), to_fill_in(read_file(path))
    found = gaps(charter)
    blocking = sum(gap.blocking for gap in found)
    asked, withstood = _asked_today(charter), _quorum(charter)
    promises = [promise(charter, dataset) for dataset in charter.dataset_ids]
    if console.options.json:
        rules = [finding.as_json() for finding in asked]
        listed = [gap.as_json() for gap in found]
        allowed = [each.as_json() for each in _allowed(charter)]
        witnesses = {
            "agencies": withstood.agencies,
            "quorum": withstood.needed,
            "withstands": withstood.withstands,
            "away": withstood.away,
            "least": withstood.least,
        }
        console.result(
            {
                "blocking": blocking,
                "to_fill_in": [{"line": line, "text": text} for line, text in left],
                "gaps": listed,
                "rules": rules,
                "witnesses": witnesses,
                "allowances": allowed,
                "canaries": [{"id": each.id, "en": each.en} for each in promises],
            }
        )
    else:
        _print_gaps(found)
        _print_left(path, left)
        _print_rules(asked)
        _print_quorum(withstood)
        _print_allowances(charter, _allowed(charter))
        for each in promises:
            console.out.print(str(each))
    if blocking:
        raise _incomplete(path, [gap.field for gap in found if gap.blocking])


def _print_left(path: Path, left: Sequence[tuple[int, str]]) -> None:
    """The lines of a starter's charter that people still have to fill in."""
    if left:
        count = len(left)
        said = Words(
            f"{count} baris masih bertanda ISI: isilah, lalu hapus tandanya.",
            f"{count} lines are still marked FILL IN: fill them in, then delete the mark.",
        )
        console.out.print(str(said))
    for line, text in left:
        console.out.print(f"  {path.name}:{line}  {text}", markup=False)


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


def _show(charter: Charter, path: Path, more: Mapping[str, object] | None = None) -> None:
    console.result(
        {
            "project": charter.project,
            "epoch": charter.epoch,
            "digest": charter.digest(),
            "terms": charter.terms_digest(),
            "assessed": charter.assessed_digest(),
            **(more or {}),
        },
        Words(
            f"{path}: proyek {charter.project}, periode kunci {charter.epoch}, sidik"
            f" {charter.digest()}\n"
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


def _asked_today(charter: Charter) -> list[Finding]:
    """The run gate's findings on this charter today; none if no roster is pinned.

    A draft is not judged by what the log must contain first (signatures, a probe report, orders).
    """
    home = console.home()
    if not home.has_joined:
        return []
    case = draft_case(charter, home.roster(), int(time.time()))
    return [rule.check(case) for rule in GATES[charter.law].run if not rule.needs_log]


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


def _allowed(charter: Charter) -> tuple[Allowance, ...]:
    """What the charter allows; parties of one agency in the roster are one recipient."""
    home, groups = console.home(), charter.recipients()
    if home.has_joined:
        known = {member.id for member in home.roster().members}
        if known >= set(charter.party_ids):
            groups = recipients(charter, home.roster())
    return allowances(charter, groups)


def _print_allowances(charter: Charter, allowed: tuple[Allowance, ...]) -> None:
    table = Table(*(str(head) for head in HEADS))
    for each in allowed:
        before, released = each.bits_before_stages, each.bits_of_releases
        bits = (before, released, each.bits_of_counts, each.bits_of_refusals)
        counts = (each.lists, each.domains, *bits, each.smallest_cell)
        table.add_row("+".join(each.recipient), *(str(number(count)) for count in counts))
    console.out.print(table)
    console.out.print(str(explained(charter)), markup=False)


def _quorum(charter: Charter) -> Quorum:
    """The quorum by the pinned roster; without one, each witness is one agency."""
    home, witnesses = console.home(), charter.witnesses
    if home.has_joined:
        return quorum(charter, home.roster())
    return Quorum(len(set(witnesses.members)), witnesses.quorum, witnesses.faulty)


def _print_quorum(found: Quorum) -> None:
    lying, away = max(found.withstands, 0), max(found.away, 0)
    console.say(
        Words(
            f"Saksi: {found.agencies} instansi, kuorum {found.needed}; tahan {lying} instansi yang"
            f" berbohong, {away} boleh absen.",
            f"Witnesses: {found.agencies} agencies, quorum {found.needed}; {lying} may lie, and"
            f" {away} may be away.",
        )
    )
    if not found.holds:
        console.say(
            Words(
                f"Kuorum ini dapat memberi dua riwayat yang berbeda; perlu {found.least}.",
                f"Two histories could both pass this quorum; it takes {found.least}.",
            )
        )


def _incomplete(path: Path, fields: list[str]) -> Refused:
    names = ", ".join(fields)
    lint = console.command_line("padan-policy", "charter", "lint", path)
    return Refused(
        PolicyCode.CHARTER_INCOMPLETE,
        Words(f"{path}: bagian yang belum diisi: {names}.", f"{path}: parts not filled: {names}."),
        Words(
            f"Untuk melihat apa yang ditulis: {lint}",
            f"To see what to write: {lint}",
        ),
    )
