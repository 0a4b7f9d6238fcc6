"""`padan-policy request|inspect|approve|withdraw-approval`: request a release and decide on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer
from rich.table import Table

from policy.approval import Asked, look_at, open_ask, verdict_on, withdrawal_of
from policy.approval.asked import FORMS
from policy.base.dates import at_second, long_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.output import CARRIED, Output
from policy.base.words import Words
from policy.charter import Bilingual
from policy.crypto.envelope import Envelope
from policy.formats.ask import MAX_ASK_BYTES
from policy.gates.decision import GateOutcome
from policy.members.home import Unlocked
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import output_option
from policy.wire.orders import request_release
from policy.wire.session import Session

AskedProject = Annotated[str | None, typer.Argument(help="Id proyek / project id")]
AskedRelease = Annotated[str | None, typer.Argument(help="Nama rilis / name of the release")]
AskFile = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="Permintaan yang dibawa; tanpa jaringan / request that was carried here; offline",
    ),
]
AnswerFile = Annotated[
    Output | None,
    output_option("--out", help="Berkas jawaban, dengan --file / file of the answer", form=CARRIED),
]


Waiting = TypeVar("Waiting")


def register(app: typer.Typer) -> None:
    for command in (request, inspect, approve, withdraw_approval):
        app.command()(command)


def request(
    project: ProjectId,
    release: ReleaseId,
    run: Annotated[str, typer.Option(help="Pemadanan / the run")],
    domain: Annotated[list[str], typer.Option(help="Domain ID / ID domain")],
) -> None:
    """Minta rilis ID padanan / request a release of match IDs."""
    session = Session(console.unlocked(), project)
    session.sync()
    request_release(session, release, run, domain)
    words = Words(f"Permintaan {release} tercatat.", f"Request {release} is in the log.")
    console.step_result({"release": release}, words, session.repeated)


def inspect(
    project: AskedProject = None, release: AskedRelease = None, file: AskFile = None
) -> None:
    """Tunjukkan apa yang diminta, aturan demi aturan / show the request, rule by rule."""
    _, asked = _asked(project, release, file)
    asked.require_staged()
    print_asked(asked)


def approve(
    project: AskedProject = None,
    release: AskedRelease = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="Menolak / refuse it")] = False,
    file: AskFile = None,
    out: AnswerFile = None,
) -> None:
    """Setujui atau tolak berkas rilis / approve or refuse the staged files."""
    require_out(file, out)
    session, asked = _asked(project, release, file)
    verdict: Literal["approve", "refuse"] = "refuse" if refuse else "approve"
    if asked.has_said(verdict) and out is None:
        words = said(
            asked.release,
            Words("ditolak", "refused") if refuse else Words("disetujui", "approved"),
            out,
        )
        console.step_result({"release": asked.release, "verdict": verdict}, words, repeated=True)
        return
    envelope = verdict_on(session, asked, verdict, int(time.time()))
    if file is not None and not console.options.json:
        print_asked(asked)
    hand_over(session, envelope, out)
    console.result(
        {"release": asked.release, "verdict": verdict, **({"file": str(out)} if out else {})},
        said(
            asked.release,
            Words("ditolak", "refused") if refuse else Words("disetujui", "approved"),
            out,
        ),
    )


def withdraw_approval(
    project: AskedProject = None,
    release: AskedRelease = None,
    file: AskFile = None,
    out: AnswerFile = None,
) -> None:
    """Tarik persetujuan sebelum diputuskan / withdraw an approval before the decision."""
    require_out(file, out)
    session, asked = _asked(project, release, file)
    envelope = withdrawal_of(session, asked, int(time.time()))
    hand_over(session, envelope, out)
    console.result(
        {"release": asked.release, "withdrawn": True, **({"file": str(out)} if out else {})},
        said(asked.release, Words("persetujuan ditarik", "approval withdrawn"), out),
    )


def print_asked(asked: Asked) -> None:
    """Prints requester, deadline and findings; or everything as JSON."""
    shown, staged = asked.shown, asked.require_staged()
    if console.options.json:
        told = _outcome_json(asked.outcome, shown)
        console.result({"release": asked.release, "state": asked.state, **told})
        return
    charter, who = asked.charter, asked.record.requester
    until = long_moment(at_second(staged.expires))
    for label, text in (
        (Words("Proyek", "Project"), _both(charter.title)),
        (Words("Tujuan", "Purpose"), _both(charter.purpose.text)),
        (Words("Pemohon", "Asked by"), _same(f"{who.name} ({who.agency})")),
        (Words("Domain", "Domains"), _same(", ".join(asked.record.domains))),
        (Words("Berlaku sampai", "Valid until"), until),
    ):
        console.out.print(f"{label}: {text}", markup=False)
    files = Table(*(str(each) for each in _FILE_HEADS))
    for each in staged.files:
        files.add_row(each.recipient, each.dataset, each.domain, str(FORMS[each.form]))
    console.out.print(files)
    if shown is not None:
        print_outcome(shown)
    if asked.outcome is None and shown is not None:
        console.out.print(str(_NO_COUNTS), markup=False)


_NO_COUNTS = Words(
    "Aturan tentang hitungan tidak ditunjukkan: Anda tidak membuka hitungan rilis ini.",
    "Rules about counts are not shown: you do not open the counts of this release.",
)
_FILE_HEADS = (
    Words("penerima", "recipient"),
    Words("sumber data", "dataset"),
    Words("domain", "domain"),
    Words("isi", "what it tells"),
)


def print_outcome(outcome: GateOutcome) -> None:
    """Prints the findings as a table, or as JSON."""
    if console.options.json:
        console.result(_outcome_json(outcome, outcome))
        return
    heads = (Words("aturan", "rule"), Words("temuan", "finding"), Words("dasar", "basis"))
    table = Table("", *map(str, heads))
    for finding in outcome.findings:
        table.add_row(
            "[green]✓[/]" if finding.passed else "[red]✗[/]",
            str(finding.rule.title),
            str(finding.reason),
            finding.rule.citation,
        )
    console.out.print(table)


def _outcome_json(outcome: GateOutcome | None, shown: GateOutcome | None) -> dict[str, object]:
    """The findings as JSON, with a verdict only if every rule is answered."""
    if shown is None:
        return {}
    verdict = {} if outcome is None else {"verdict": outcome.verdict}
    return {**verdict, "rules": [finding.as_json() for finding in shown.findings]}


def _asked(project: str | None, release: str | None, file: Path | None) -> tuple[Session, Asked]:
    missing = Words("Sebut proyek dan rilisnya.", "Name the project and the release.")
    return at_hand(project, release, file, missing, opened=open_ask, looked_at=look_at)


def at_hand(
    project: str | None,
    name: str | None,
    file: Path | None,
    missing: Words,
    *,
    opened: Callable[[Unlocked, bytes, int], tuple[Session, Waiting]],
    looked_at: Callable[[Session, str, int], Waiting],
) -> tuple[Session, Waiting]:
    """What waits for a decision, from the service, or from a carried file without any network."""
    now = int(time.time())
    if file is not None:
        return opened(console.unlocked(), read_file(file, MAX_ASK_BYTES), now)
    if project is None or name is None:
        raise BadInput(
            PolicyCode.OPTION_RELEASE,
            missing,
            Words("Atau berkasnya: --file ask.padan.", "Or the file: --file ask.padan."),
        )
    session = Session(console.unlocked(), project)
    return session, looked_at(session, name, now)


def require_out(file: Path | None, out: Output | None) -> None:
    if (file is None) != (out is None):
        raise BadInput(
            PolicyCode.OPTION_OUT,
            Words("--file dan --out dipakai bersama.", "--file and --out belong together."),
            Words(
                "Contoh: --file ask.padan --out answer.padan.",
                "For example: --file ask.padan --out answer.padan.",
            ),
        )


def hand_over(session: Session, envelope: Envelope, out: Output | None) -> None:
    if out is None:
        session.send(envelope)
    else:
        out.write(envelope.canonical())


def said(release: str, what: Words, out: Output | None) -> Words:
    if out is None:
        return Words(f"{release}: {what.id}.", f"{release}: {what.en}.")
    return Words(
        f"{release}: {what.id} dalam {out}; bawa ke komputer yang terhubung dan jalankan"
        f" 'padan-policy submit'.",
        f"{release}: {what.en} in {out}; take it to a connected computer and run"
        f" 'padan-policy submit'.",
    )


def _both(text: Bilingual) -> Words:
    return Words(text.id, text.en)


def _same(text: str) -> Words:
    return Words(text, text)
