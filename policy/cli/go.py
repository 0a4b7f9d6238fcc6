"""`padan-policy go`: what waits for this person, and the commands to decide."""

from __future__ import annotations

from contextlib import suppress

import typer

from policy.approval import Asked, look_at
from policy.approval.transfers import AskedTransfer
from policy.base.dates import at_second, long_moment
from policy.base.errors import Unreachable
from policy.base.words import Words, joined
from policy.gates.decision import GateOutcome
from policy.project.naming import offices
from policy.project.turn import Turn
from policy.terminal import console
from policy.terminal.arguments import Heard, ProjectOrInvite
from policy.terminal.comparing import compared_at_terminal
from policy.terminal.events import Events
from policy.terminal.watching import Every, For, Watch, Watching
from policy.wire.arriving import arrive
from policy.wire.due import due, sync_begun
from policy.wire.joining import join_first
from policy.wire.newcomers import Newcomers
from policy.wire.session import Session

# Turns that their members take with commands of this command line.
_OWN = ("charter", "vote", "transfer-vote")
_STOPS = Words(
    "Persetujuan Anda tidak diperlukan di sini; keberatan Anda tetap menghentikan rilis.",
    "Your approval is not needed here; your objection still stops the release.",
)


def register(app: typer.Typer) -> None:
    app.command()(go)


def go(
    project: ProjectOrInvite,
    heard: Heard = None,
    watch: Watch = False,
    every: Every = 30.0,
    seconds: For = None,
) -> None:
    """Tunjukkan apa yang menunggu keputusan Anda, dan perintahnya
    / show what waits for your decision, and the command.
    """
    me, project = arrive(project)
    events = Events(project)
    newcomers = Newcomers(me, project, events, compared_at_terminal, heard)

    def look() -> bool:
        join_first(me, project, compared_at_terminal, heard)
        with suppress(Unreachable):
            newcomers.take_in()
        session = Session(me, project)
        _update(session, events, watch=watch)
        return _tell(session, events)

    Watching(watch, every, seconds).repeat(look)


def _update(session: Session, events: Events, *, watch: bool) -> None:
    """Check the log, and cosign it if this member is a witness; else show the own copy."""
    try:
        sync_begun(session)
    except Unreachable:
        if watch or not session.recall().size:
            raise
        events.copied = console.tell_copy(session)


def _tell(session: Session, events: Events) -> bool:
    """Tell what waits for this person, else who is awaited; returns whether no step is missing."""
    me, turns = session.me.member.id, due(session)
    mine = [e for e in turns if e.step in _OWN and (me in e.who or _may_stop(session, e))]
    for turn in mine:
        if events.is_new(turn.step, turn.about):
            events.asks(turn.step, turn.about, *_question(session, events, turn))
    if not mine:
        events.nothing(turns)
    return not turns


def _may_stop(session: Session, turn: Turn) -> bool:
    """Whether nobody waits for this person's yes to a release, while a no still stops it."""
    if turn.step != "vote":
        return False
    return Asked(session.project.release(turn.about), session.me.member, session.clock()).may_stop


def _question(session: Session, events: Events, turn: Turn) -> tuple[Words, list[str]]:
    """What is asked of this person, in a few lines, and the commands that answer."""
    project, about, at = session.project_id, turn.about, session.clock()
    command = turn.command(project)
    if turn.step == "charter":
        title = session.charter.title
        words = Words(
            f"Piagam {title.id} menunggu tanda tangan Anda.",
            f"The charter {title.en} waits for your signature.",
        )
        digest = session.project.charter_digest
        show = f"padan-policy charter show {project}"
        return words, [show, f"padan-policy charter sign {project} --digest {digest}"]
    if turn.step == "transfer-vote":
        transfer = AskedTransfer(session.project.transfer(about), at)
        said = _with_failing(_with_columns(transfer), transfer.outcome)
        return said, [command, f"{command} --refuse"]
    asked = Asked(session.project.release(about), session.me.member, at)
    if not events.copied:
        asked = look_at(session, about, at)  # with the counts, if this person may open them
    charter, staged = asked.charter, asked.require_staged()
    who = offices(session.project).member(asked.record.requester.id)
    until, domains = long_moment(at_second(staged.expires)), ", ".join(asked.record.domains)
    words = Words(
        f"{who.id} meminta rilis {about} untuk {domains}, dengan tujuan:"
        f" {charter.purpose.text.id.rstrip('.')}. Berlaku sampai {until.id}.",
        f"{who.en} asks for the release {about} of {domains}, for the purpose:"
        f" {charter.purpose.text.en.rstrip('.')}. Valid until {until.en}.",
    )
    look = f"padan-policy inspect {project} {about}"
    said = _with_failing(words, asked.shown)
    if asked.may_stop:
        return joined(said, _STOPS), [look, f"{command} --refuse"]
    return said, [look, command, f"{command} --refuse"]


def _with_columns(asked: AskedTransfer) -> Words:
    """Who asks for the transfer and why, and each column with its data class."""
    lead, permit = asked.explained().lead, asked.permit
    purpose = Words("", "") if permit is None else permit.purpose.words()
    cited = "".join(f"\n  {each}" for each in asked.citations)
    columns = [(f"\n  {c.name} ({c.data_class}): ", c.title) for c in asked.columns]
    return Words(
        f"{lead.id} {purpose.id}{cited}" + "".join(f"{name}{title.id}" for name, title in columns),
        f"{lead.en} {purpose.en}{cited}" + "".join(f"{name}{title.en}" for name, title in columns),
    )


def _with_failing(words: Words, outcome: GateOutcome | None) -> Words:
    """The words, and each rule that fails."""
    failing = [each for each in outcome.findings if not each.passed] if outcome else []
    return Words(
        words.id + "".join(f"\n  ✗ {f.rule.title.id}: {f.reason.id}" for f in failing),
        words.en + "".join(f"\n  ✗ {f.rule.title.en}: {f.reason.en}" for f in failing),
    )
