"""Rebuilds the end of a log from members' copies, after a backup was restored.

The proof is the service's own signature: a page counts only with a head of its end that this
service signed. Up to that head, every statement is judged by law, and every cosigned head must be
one of this log. Ed25519 is deterministic: the heads in between are signed again with the same
bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.awaited import end_wait, is_awaited, note_shown, wait_for
from linkage_service.storage.heads import keep_cosignature
from linkage_service.storage.leaves import leaves_from
from linkage_service.storage.ledger import Append, Ledger
from linkage_service.storage.log_pages import LogEnd
from policy.base.canonical import unb64
from policy.base.errors import Refused, Unverified
from policy.base.words import Words
from policy.formats.log_page import LogPage
from policy.log import (
    COSIGNATURE,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
)
from policy.members.entitled import may_read
from policy.members.roster import Member, Roster
from policy.project import Entry, Project
from policy.statements import CharterBody, parse_statement
from policy.wire.replica import forked, log_origin, read_cosigned_times, roster_of


def see(ledger: Ledger, project_id: str, member: Member, size: int, end: LogEnd) -> None:
    """A member's request says how much of the log it knows; that counts only while one waits."""
    if size > end.size or not end.waits:
        return
    with ledger.appending(project_id) as append:
        note_shown(append.connection, project_id, member.id, size)
        end_wait(append.connection, append.project, project_id, ledger.clock())


def show(ledger: Ledger, project_id: str, member: Member, note: str) -> int:
    """A member shows its newest head, signed by this service; returns the size of the log here.

    If the log here is smaller, it takes no statement until it was given back. Raises Unverified
    for a head that this service did not sign, or of another log.
    """
    head = _own_head(ledger, project_id, note)
    with ledger.appending(project_id) as append:
        connection, have = append.connection, append.replay.size
        if have:
            _require_reader(append.project, member)
        if head.size > have:
            wait_for(connection, project_id, head.size, ledger.clock())
        else:
            append.replay.check(head)
        if is_awaited(connection, project_id):
            note_shown(connection, project_id, member.id, head.size)
            end_wait(connection, append.project, project_id, ledger.clock())
    return have


def give_back(
    ledger: Ledger, project_id: str, member: Member, start: int, page: LogPage
) -> tuple[int, list[Entry]]:
    """Take a page of a member's copy, which begins at `start`; returns the size and new entries.

    Raises Refused, NotYet or WrongKey if the law forbids a statement, and Unverified for a page
    that is not of this log.
    """
    leaves = [unb64(entry) for entry in page.entries]
    head = _own_head(ledger, project_id, page.checkpoint)
    with ledger.appending(project_id) as append:
        have = append.replay.size
        known, fresh = leaves[: max(0, have - start)], leaves[max(0, have - start) :]
        if start > have or head.size != start + len(leaves):
            raise _other_page(have)
        if known != leaves_from(append.connection, project_id, start, start + len(known)):
            raise forked()
        try:
            _append(append, fresh, (*page.cosigned, page.checkpoint), head)
        except BaseException:
            append.state.spoil()  # by cosigned heads too, that are not in the database
            raise
        _require_reader(append.project, member)
        note_shown(append.connection, project_id, member.id, head.size)
        end_wait(append.connection, append.project, project_id, ledger.clock())
        return append.replay.size, append.project.entries[have:]


def _append(append: Append, fresh: Sequence[bytes], notes: Iterable[str], head: Checkpoint) -> None:
    state, project_id = append.state, append.project_id
    state.begin(fresh)
    rosters = append.project.rosters.extended(fresh, append.replay.size)
    notes = [note for note in dict.fromkeys(notes) if _size(note) <= head.size]
    read = [
        (note, roster, *read_cosigned_times(note, roster, log_origin(project_id)))
        for note, roster in ((note, roster_of(note, rosters)) for note in notes)
    ]
    state.read(notes, rosters)
    for leaf in fresh:
        append.lawful(parse_statement(leaf))
    append.replay.check(head)
    for note, roster, checkpoint, times in read:
        append.replay.check(checkpoint)
        for name, line in _lines(note, roster, times):
            keep_cosignature(append.connection, project_id, checkpoint.size, name, line)


def _size(note: str) -> int:
    """The size that a checkpoint's note states, not yet verified."""
    return parse_checkpoint(parse_note(note).text).size


def _lines(note: str, roster: Roster, names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The verified cosignature lines of a note, by witness."""
    parsed = parse_note(note)
    for name in names:
        key = VerifierKey.of(name, roster.member(name).log_public(), COSIGNATURE)
        for signature in parsed.by(key):
            yield name, signature.line()


def _own_head(ledger: Ledger, project_id: str, note: str) -> Checkpoint:
    """A head that this service signed, under any of its rosters; raises Unverified."""
    wrong: Unverified | None = None
    for roster in ledger.me.home.rosters():
        key = roster.service().log_public()
        try:
            return open_checkpoint(note, log_origin(project_id), key)
        except Unverified as error:
            wrong = error
    raise wrong or forked()


def _require_reader(project: Project, member: Member) -> None:
    roster, charters = project.roster, project.proposals() if project.of(CharterBody) else ()
    if not roster.has_member(member.id) or not any(
        may_read(each, roster, roster.member(member.id)) for each in charters
    ):
        raise Refused(
            ServiceCode.SERVICE_NOT_ENTITLED,
            Words("Piagam tidak memberi Anda akses ini.", "The charter does not entitle you."),
            Words("Periksa peran Anda di piagam.", "Check your role in the charter."),
        )


def _other_page(have: int) -> Refused:
    return Refused(
        ServiceCode.SERVICE_GIVEN_BACK,
        Words(
            f"Salinan ini tidak menyambung log layanan, yang memuat {have} entri.",
            f"This copy does not continue the service's log, which has {have} entries.",
        ),
        Words("Jalankan lagi 'padan-policy give-back'.", "Run 'padan-policy give-back' again."),
    )
