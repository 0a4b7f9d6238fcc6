"""Approvals by files: a request goes to an offline machine, and an answer comes back.

    ask.padan      the project's whole log with its checkpoints, and for each decider the facts,
                   sealed by the service to that member alone; any reader of the log may pack
                   and carry it
    answer.padan   the signed statement, byte for byte as in the log

The request is checked completely:

- its log is lawful from the first leaf, extends the log remembered here, and has the root of the
  service's checkpoint;
- its roster is the one pinned here;
- its stage is witnessed, and its facts are those that the stage commits to.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from policy.approval.asked import Asked
from policy.base.canonical import b64, is_identifier, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, PadanError, Refused, Unverified
from policy.base.words import Words
from policy.crypto.envelope import Envelope, parse_envelope
from policy.crypto.sealing import open_seal
from policy.formats.ask import Ask, TransferAsk
from policy.formats.log_page import LogPage
from policy.gates.facts import OpenedFacts
from policy.members.entitled import may_decide
from policy.members.home import Unlocked
from policy.project import Project
from policy.project.recipients import facts_binding, may_open_facts
from policy.statements import ANSWERS, CARRIED, Statement, parse_statement
from policy.wire.session import Session


def pack(session: Session, release: str, members: Iterable[str], at: int) -> Ask:
    """The request for these members, from the service; `at` is in Unix seconds."""
    project = session.sync()
    stage = Asked(project.release(release), session.me.member, at).require_open()
    commitment, base = stage.body.facts, f"/projects/{session.project_id}"
    opening = [m for m in members if not _decides_without(project, commitment, m)]
    sealed = {m: session.get(f"{base}/facts/{commitment}/for/{m}") for m in opening}
    return Ask(
        project=session.project_id,
        release=release,
        roster=project.roster_digest,
        log=whole_log(session),
        facts={member: b64(envelope) for member, envelope in sealed.items()},
    )


def whole_log(session: Session) -> LogPage:
    """The service's log with all times of its witnesses; earlier builds can read this page too."""
    path = f"/projects/{session.project_id}/log"
    page = LogPage.model_validate_json(session.get(path, {"start": "0", "since": "0"}))
    return page.model_copy(update={"seen": None})


def open_ask(me: Unlocked, data: bytes, at: int) -> tuple[Session, Asked]:
    """The requested release, fully checked; stores the log. Raises on anything wrong."""
    try:
        ask = Ask.model_validate_json(data)
    except ValidationError:
        raise malformed() from None
    session = session_of(me, ask)
    project = session.project
    asked = Asked(project.release(ask.release), me.member, at)
    staged = asked.staged
    if not asked.entitled or staged is None:
        raise not_for_you(me.member.id)
    if _decides_without(project, staged.facts, me.member.id):
        return session, asked
    if me.member.id not in ask.facts:
        raise not_for_you(me.member.id)
    facts = _open_facts(me, project, staged.facts, ask.facts[me.member.id])
    return session, Asked(project.release(ask.release), me.member, at, facts)


def session_of(me: Unlocked, ask: Ask | TransferAsk) -> Session:
    """The request's whole log, checked and stored; raises if it or its roster is another one."""
    session = Session(me, ask.project)
    try:
        project = session.learn(ask.log)
    except Unverified as error:
        raise (_other_roster() if error.code == "roster.unknown" else error) from None
    if ask.roster != project.roster_digest:
        raise _other_roster()
    return session


def open_answer(data: bytes) -> tuple[Envelope, Statement]:
    """A statement that may be carried; raises BadInput. Its signature is not checked yet."""
    try:
        envelope, statement = parse_envelope(data), parse_statement(data)
    except PadanError:
        raise _no_answer() from None
    if not isinstance(statement.body, CARRIED) or not is_identifier(statement.binding.project):
        raise _no_answer()
    return envelope, statement


def submit(session: Session, envelope: Envelope, statement: Statement, at: int) -> None:
    """Send a statement that another member signed; raises first if it cannot be of use.

    Given again, it changes nothing.
    """
    project = session.sync()
    session.repeated = project.holds(statement.digest)
    if session.repeated:
        return
    if isinstance(statement.body, ANSWERS):
        Asked(project.release(statement.body.release), session.me.member, at).require_open()
    session.require_lawful(envelope)
    session.send(envelope)


def _decides_without(project: Project, commitment: str, member_id: str) -> bool:
    """Whether the member may decide without opening counts (the requester's agency)."""
    member = project.roster.member(member_id)
    decides = may_decide(project.charter, project.roster, member)
    return decides and not may_open_facts(project, commitment, member)


def _open_facts(me: Unlocked, project: Project, commitment: str, sealed: str) -> OpenedFacts:
    binding = facts_binding(project, commitment, me.member.id)
    service, keys = project.roster.service().signing_public(), me.under(project.roster).keys
    plain = open_seal(parse_envelope(unb64(sealed)), keys.seal, binding, service)
    try:
        facts = OpenedFacts.model_validate_json(plain)
    except ValidationError:
        raise malformed() from None
    facts.require(commitment)
    return facts


def malformed() -> BadInput:
    return BadInput(
        PolicyCode.ASK_MALFORMED,
        Words(
            "Ini bukan berkas permintaan Padan, atau berkasnya rusak.",
            "This is not a Padan request, or the file is damaged.",
        ),
        Words(
            "Minta berkas baru: 'padan-policy package PROYEK RILIS --out ask.padan'.",
            "Ask for a new file: 'padan-policy package PROJECT RELEASE --out ask.padan'.",
        ),
    )


def _other_roster() -> Unverified:
    return Unverified(
        PolicyCode.ASK_ROSTER,
        Words(
            "Permintaan ini dibuat di bawah roster lain daripada yang disimpan di sini.",
            "This request was made under another roster than the one pinned here.",
        ),
        Words(
            "Tanyakan sidik roster kepada kedua otoritas; simpan dengan 'padan-policy join'.",
            "Ask both authorities for the roster's digest; pin it with 'padan-policy join'.",
        ),
    )


def not_for_you(member: str) -> Refused:
    return Refused(
        PolicyCode.ASK_NOT_FOR_YOU,
        Words(f"Permintaan ini bukan untuk '{member}'.", f"This request is not for '{member}'."),
        Words(
            "Minta berkas yang dibuat dengan '--for' id Anda, bila Anda berhak memutuskan.",
            "Ask for one made with '--for' your id, if you are entitled to decide.",
        ),
    )


def _no_answer() -> BadInput:
    return BadInput(
        PolicyCode.ANSWER_MALFORMED,
        Words(
            "Ini bukan berkas jawaban Padan, atau berkasnya rusak.",
            "This is not a Padan answer, or the file is damaged.",
        ),
        Words(
            "Minta pemutus menandatangani lagi: 'padan-policy approve --file ask.padan'.",
            "Have the approver sign again: 'padan-policy approve --file ask.padan'.",
        ),
    )
