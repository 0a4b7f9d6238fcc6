"""The next roster of a service: taken once, and appended to every log whose law lets it follow."""

from __future__ import annotations

from contextlib import suppress

from linkage_service.storage.ledger import Ledger
from policy.base.errors import PadanError, Refused
from policy.charter import FIRST_LAW
from policy.law import require_lawful
from policy.members.roster import parse_roster
from policy.members.succession import require_signed_successor
from policy.statements import CharterBody, RosterBody, Statement, parse_statement


def take_roster(ledger: Ledger, data: bytes) -> dict[str, object]:
    """Store the next roster and append it where the law allows it; raises Refused.

    Nothing is stored if a project in force could not continue under it. Projects of the first
    law keep the roster with which they began.
    """
    with ledger.taking_roster:
        roster, envelope = parse_roster(data)
        if roster.digest() != ledger.roster.digest():
            require_signed_successor(ledger.me.home.rosters(), roster, envelope)
            ledger.me.require_keys(roster)
            for project_id in _succeeding(ledger):
                _require_fit(ledger, project_id, parse_statement(data))
            ledger.me.home.learn(data)
        appended, left = hand_on_rosters(ledger)
    return {"version": roster.version, "projects": appended, "left": left}


def hand_on_rosters(ledger: Ledger) -> tuple[list[str], list[str]]:
    """Append to each project the rosters that it lacks.

    Returns the projects that now have the newest roster, and those that stay behind: projects
    of the first law, or not signed by all parties.
    """
    newest = ledger.roster.digest()
    appended: list[str] = []
    left: list[str] = []
    succeeding = _succeeding(ledger)
    for project_id in ledger.projects():
        has_newest = False
        with suppress(PadanError):  # a refused or damaged log delays no other
            if project_id in succeeding:
                _hand_on(ledger, project_id)
            has_newest = ledger.project(project_id).roster_digest == newest
        (appended if has_newest else left).append(project_id)
    return appended, left


def _succeeding(ledger: Ledger) -> list[str]:
    """The projects whose law lets one roster follow another."""
    found = []
    for project_id in ledger.projects():
        with suppress(PadanError):  # opening that project reports its damage
            project = ledger.project(project_id)
            if project.of(CharterBody) and project.charter.law != FIRST_LAW:
                found.append(project_id)
    return found


def _require_fit(ledger: Ledger, project_id: str, statement: Statement) -> None:
    project = ledger.project(project_id)
    try:
        require_lawful(project, statement, ())
    except Refused:
        # No data depend on a charter that not all parties have signed.
        if set(project.signed_by()) == set(project.charter.party_ids):
            raise


def _hand_on(ledger: Ledger, project_id: str) -> None:
    for data in ledger.roster_files():
        with ledger.appending(project_id) as append:
            statement = parse_statement(data)
            body = statement.body
            if isinstance(body, RosterBody) and body.version > append.project.roster.version:
                append.statement(statement)
