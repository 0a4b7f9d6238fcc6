"""`padan-policy charter`: write, check, show and sign the agreement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.files import read_file
from policy.base.output import Output
from policy.base.words import Words, joined
from policy.charter import Charter
from policy.charter.canary_odds import promise
from policy.charter.gaps import Gap, gaps
from policy.cli import charter_new
from policy.cli.charter_shown import (
    allowed,
    asked_today,
    print_allowances,
    print_gaps,
    print_quorum,
    print_rules,
    quorum_of,
)
from policy.cli.charter_source import Sourced, around, charter_of, signatures_known
from policy.starter.one_page import Around, one_page, signed_words
from policy.terminal import console
from policy.terminal.commands import Commands, output_option, somebody_is_there
from policy.terminal.report_files import REPORT, require_writable, write_report
from policy.terminal.report_text import print_page

_SOURCE = typer.Argument(
    metavar="CHARTER",
    help="Piagam YAML, atau id proyek untuk yang ada di log"
    " / charter YAML, or a project's id for the one in its log",
)
Source = Annotated[Path, _SOURCE]

app = Commands(help="Piagam proyek / the project's charter", no_args_is_help=True)
charter_new.register(app)


@app.command()
def check(path: Source) -> None:
    """Periksa piagam, dan siapa yang menandatangani / check a charter, and who has signed it."""
    sourced = charter_of(path)
    charter = sourced.charter
    may = allowed(charter)
    _show(sourced, signatures_known(charter), {"allowances": [each.as_json() for each in may]})
    if not console.options.json:
        print_allowances(charter, may)


@app.command()
def lint(path: Source) -> None:
    """Apa yang kurang, dan apa yang diizinkan / what is missing and what it allows."""
    from policy.starter import to_fill_in

    sourced = charter_of(path)
    charter = sourced.charter
    left = [] if sourced.from_log else to_fill_in(read_file(path))
    stopping = sourced.hindrances()
    found = (*stopping, *(gap for gap in gaps(charter) if not _named(stopping, gap)))
    asked, withstood = asked_today(charter), quorum_of(charter)
    promises = [promise(charter, dataset) for dataset in charter.dataset_ids]
    if console.options.json:
        rules = [finding.as_json() for finding in asked]
        listed = [gap.as_json() for gap in found]
        may = [each.as_json() for each in allowed(charter)]
        witnesses = {
            "agencies": withstood.agencies,
            "quorum": withstood.needed,
            "withstands": withstood.withstands,
            "away": withstood.away,
            "least": withstood.least,
        }
        console.result(
            {
                "blocking": len(stopping),
                "to_fill_in": [{"line": line, "text": text} for line, text in left],
                "gaps": listed,
                "rules": rules,
                "witnesses": witnesses,
                "allowances": may,
                "canaries": [{"id": each.id, "en": each.en} for each in promises],
            }
        )
    else:
        print_gaps(found)
        _print_left(path, left)
        print_rules(asked)
        print_quorum(withstood)
        print_allowances(charter, allowed(charter))
        for each in promises:
            console.out.print(str(each))
    if stopping:
        raise _refused(sourced, stopping)


def _named(found: tuple[Gap, ...], gap: Gap) -> bool:
    """Whether a blocking entry says it already."""
    return any(each.field == gap.field for each in found)


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
def show(
    path: Source,
    out: Annotated[
        Output | None,
        output_option(help="Berkas .html, .pdf, .json / an .html, .pdf or .json file", form=REPORT),
    ] = None,
) -> None:
    """Seluruh piagam sebagai satu halaman / the whole charter as one page to read."""
    if out is not None:
        require_writable(out)
    sourced = charter_of(path)
    known = around(sourced, signatures_known(sourced.charter))
    page = one_page(sourced.charter, known)
    if out is not None:
        write_report(out, page)
    told = {"digest": sourced.charter.digest(), "file": None if out is None else str(out)}
    if out is None and not console.options.json:
        print_page(page)
        return
    from policy.charts.page import as_json

    console.result({**told, "page": as_json(page)}, Words(f"{out} ditulis.", f"{out} written."))


@app.command()
def sign(
    path: Source,
    digest: Annotated[
        str | None,
        typer.Option(
            help="Sidik piagam yang Anda baca, tanpa terminal / digest of the charter that you read"
        ),
    ] = None,
) -> None:
    """Tanda tangani piagam dan ajukan ke layanan / sign the charter and submit it to the service.

    Dengan id proyek, piagam yang menunggu di log ditampilkan lalu ditanyakan
    / with a project's id, the charter that waits in the log is shown, and you are asked.
    """
    from policy.approval.charters import sign_charter
    from policy.wire.session import Session

    sourced = charter_of(path)
    stopping = sourced.hindrances()
    if stopping:
        raise _refused(sourced, stopping)
    if sourced.from_log:
        _require_read(sourced, digest)
    session = Session(console.unlocked(), sourced.charter.project)
    _show(sourced, sign_charter(session, sourced.charter))


def _require_read(sourced: Sourced, digest: str | None) -> None:
    """A charter that nobody carried here is signed only after it was shown, or by its digest."""
    own = sourced.charter.digest()
    if digest == own:
        return
    if digest is None and somebody_is_there():
        print_page(one_page(sourced.charter, Around()))
        if typer.confirm(str(Words("Tanda tangani piagam ini?", "Sign this charter?")), err=True):
            return
    command = console.command_line("padan-policy", "charter", "sign", sourced.name)
    raise NotYet(
        PolicyCode.CHARTER_NOT_SHOWN,
        Words(
            "Piagam di log belum dibaca di sini.", "Nobody has read the charter in the log here."
        ),
        Words(
            f"Baca: padan-policy charter show {sourced.name}. Lalu: {command} --digest SIDIK",
            f"Read: padan-policy charter show {sourced.name}. Then: {command} --digest DIGEST",
        ),
    )


@app.command()
def schema() -> None:
    """JSON Schema piagam / the charter's JSON Schema."""
    console.out.print(
        json.dumps(Charter.model_json_schema(), indent=2, ensure_ascii=False), markup=False
    )


def _show(
    sourced: Sourced, signed: frozenset[str] | None, more: dict[str, object] | None = None
) -> None:
    charter, name = sourced.charter, sourced.name
    lines = [
        Words(
            f"{name}: proyek {charter.project}, periode kunci {charter.epoch}, sidik"
            f" {charter.digest()}\n"
            f"dpia.scope: terms {charter.terms_digest()}, charter {charter.assessed_digest()}",
            f"{name}: project {charter.project}, epoch {charter.epoch}, digest {charter.digest()}\n"
            f"dpia.scope: terms {charter.terms_digest()}, charter {charter.assessed_digest()}",
        )
    ]
    if signed is not None:
        lines.append(signed_words(charter, signed))
    console.result(
        {
            "project": charter.project,
            "epoch": charter.epoch,
            "digest": charter.digest(),
            "terms": charter.terms_digest(),
            "assessed": charter.assessed_digest(),
            "signed": None if signed is None else sorted(signed),
            "missing": None if signed is None else sorted(set(charter.party_ids) - signed),
            **(more or {}),
        },
        joined(*lines),
    )


def _refused(sourced: Sourced, stopping: tuple[Gap, ...]) -> Refused:
    """The refusal: parts that are not filled, or parts for which the charter cannot run."""
    names = ", ".join(gap.field for gap in stopping)
    unfilled = {gap.field for gap in gaps(sourced.charter) if gap.blocking}
    lint = console.command_line("padan-policy", "charter", "lint", sourced.name)
    hint = Words(f"Untuk melihat apa yang ditulis: {lint}", f"To see what to write: {lint}")
    if unfilled:
        return Refused(
            PolicyCode.CHARTER_INCOMPLETE,
            Words(
                f"{sourced.name}: bagian yang belum diisi: {names}.",
                f"{sourced.name}: parts not filled: {names}.",
            ),
            hint,
        )
    first = stopping[0].problem
    return Refused(
        PolicyCode.CHARTER_CANNOT_RUN,
        Words(
            f"{sourced.name}: piagam ini tidak dapat berjalan ({names}). {first.id}",
            f"{sourced.name}: this charter cannot run ({names}). {first.en}",
        ),
        hint,
    )
