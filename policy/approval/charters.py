"""Charters that wait for a party's signature, and the signature itself."""

from __future__ import annotations

import time

from policy.base.canonical import canonical_json
from policy.charter import Charter, parse_charter
from policy.charter.shipped_probes import shipped_for
from policy.joining.folder import JoiningFolder
from policy.project import Project
from policy.statements import CharterBody, Probed
from policy.wire.session import Session


def waiting(session: Session) -> tuple[Charter, ...]:
    """What this party may sign now: proposals in the log; before there are any, the draft.

    The draft is the one that everybody got who was invited.
    """
    project, me = session.project, session.me.member.id
    if project.of(CharterBody):
        return awaiting(project, me)
    tree = JoiningFolder(session.me.home, session.project_id).charter()
    draft = None if tree is None else parse_charter(canonical_json(tree))
    return () if draft is None or me not in draft.party_ids else (draft,)


def awaiting(project: Project, member: str) -> tuple[Charter, ...]:
    """Proposed charters and amendments that this party has not signed, the newest first."""
    if not project.of(CharterBody):
        return ()
    newest: dict[str, Charter] = {}
    least = project.charter.version if project.in_force else 0
    for entry in reversed(project.of(CharterBody)):
        body = entry.body
        signed = {each.statement.sender for each in project.signatures(body.digest())}
        if body.version > least and member in body.party_ids and member not in signed:
            newest.setdefault(body.digest(), body)
    return tuple(newest.values())


def signed_by(project: Project, charter: Charter) -> frozenset[str]:
    """The members that have signed exactly this charter."""
    return frozenset(each.statement.sender for each in project.signatures(charter.digest()))


def sign_charter(session: Session, charter: Charter) -> frozenset[str]:
    """Sign and submit; harmless if this member has signed it. Returns who has signed."""
    session.sync_or_begin()
    if session.me.member.id not in signed_by(session.project, charter):
        session.open_with(CharterBody.model_validate(charter.model_dump()))
    return signed_by(session.project, charter)


def log_shipped_probe(session: Session) -> str | None:
    """Sign the shipped report that the charter in force cites, once for each agency.

    Returns its digest if it was signed now; None if it was signed before, if the charter cites
    another report, or if this member may not sign it.
    """
    project, me = session.project, session.me.member
    if not project.of(CharterBody) or not project.in_force:
        return None
    charter = project.charter
    report = shipped_for(charter)
    if report is None or report.digest() != charter.dpia.probe:
        return None
    if me.id not in (*charter.party_ids, *charter.auditors):
        return None
    said = [e for e in project.of(Probed) if e.body.report.digest() == report.digest()]
    if me.agency in {project.sender_of(each).agency for each in said}:
        return None
    session.say(Probed(at=int(time.time()), report=report))
    return report.digest()
