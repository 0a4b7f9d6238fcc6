"""The operator's part in a new project: names of people, invites, and who has joined.

The files are those of the draft, HOME/drafts/PROJECT, as `padan-policy invite` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from policy.base.errors import BadInput
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.charter import load_charter
from policy.joining.folder import JoiningFolder, inviting_folders
from policy.joining.gathering import Gathering
from policy.joining.inviting import invite_everybody, invites_of, planned, require_inviter
from policy.joining.later import following
from policy.joining.plan import PLAN_FILE, Plan, with_names
from policy.joining.spoken_words import spoken
from policy.ui.arrival import new_home
from policy.ui.charters import CHARTER, CharterDesk
from policy.ui.desk import ApproverDesk, no_project

LOCAL_SERVICE = "http://127.0.0.1:8321"


@dataclass(frozen=True)
class InvitedPeople:
    """A project's people, who has joined, and the files of their invites by member id.

    `words` are those of the roster once everybody has joined; `signed` says that it is in force.
    """

    gathering: Gathering
    invites: Mapping[str, bytes]
    words: Words | None
    signed: bool


@dataclass
class Organising:
    """One operator at the desk. `said` are names and address by project, as given last."""

    desk: ApproverDesk
    charters: CharterDesk
    said: dict[str, tuple[Mapping[str, str], str]] = field(default_factory=dict)

    def projects(self) -> list[str]:
        """The projects to which this home has invited, the newest last."""
        return [each.project for each in inviting_folders(self.desk.home)]

    def plan(self, project: str) -> Plan:
        """Who is needed, with the names said last; the address is a proposal until people were
        invited.
        """
        table, (names, url) = self._table(project), self.said.get(project, ({}, ""))
        try:
            return self._planned(project, with_names(table, names), url)
        except BadInput:  # what was said was refused
            return self._planned(project, table, "")

    def invite(
        self, project: str, names: Mapping[str, str], url: str, passphrase: tuple[str, str, bool]
    ) -> Words | None:
        """Give people their names, and invite them; the same again changes nothing.

        `passphrase` is for new keys of the operator: typed, typed again, and whether this
        machine holds it; if it should and does not, the words returned say so.
        """
        self.said[project] = names, url
        home, table = self.desk.home, with_names(self._table(project), names)
        plan = self._planned(project, table, url)
        if home.has_joined:
            place, today = JoiningFolder(home, project), datetime.now(UTC).date()
            plan = following(plan, place.plan(), home.roster(), (), today)
            if not plan.invited(home.roster()):
                return None  # everybody is in the roster
        charter = load_charter(self.charters.folder(project) / CHARTER)
        require_inviter(home, plan.inviter)
        not_kept = None
        if not home.identity_path.exists():
            typed, again, keep = passphrase
            me, not_kept = new_home(home, plan.inviter, typed, again, keep=keep)
            self.desk.enter(me)
        invite_everybody(self.desk.unlocked(), plan, json.loads(charter.canonical()))
        write_file(self.charters.folder(project) / PLAN_FILE, table)
        return not_kept

    def again(self, project: str, member: str) -> None:
        """Invite one person again; the earlier answer no longer counts.

        A person of the roster in force gets new keys in the next one. Raises Refused for those
        whose keys no invite replaces.
        """
        home, place = self.desk.home, JoiningFolder(self.desk.home, project)
        plan, draft = place.plan(), place.charter()
        if plan is None or draft is None or plan.person(member) in (None, plan.inviter):
            raise no_project(project)
        if home.has_joined:
            plan = following(plan, plan, home.roster(), [member], datetime.now(UTC).date())
        invite_everybody(self.desk.unlocked(), plan, draft, [member])

    def invited(self, project: str) -> InvitedPeople:
        place, home = JoiningFolder(self.desk.home, project), self.desk.home
        plan = place.plan()
        if plan is None:
            raise no_project(project)
        gathering = place.gathering()
        roster = None if gathering.missing() else gathering.roster()
        words = None if roster is None else spoken(roster.digest())
        pinned = [each.digest() for each in home.rosters()] if home.has_joined else []
        signed = roster is not None and roster.digest() in pinned
        return InvitedPeople(gathering, invites_of(self.desk.unlocked(), plan), words, signed)

    def _table(self, project: str) -> bytes:
        file = self.charters.folder(project) / PLAN_FILE
        if not file.is_file():
            raise no_project(project)
        return read_file(file)

    def _planned(self, project: str, table: bytes, url: str) -> Plan:
        place = JoiningFolder(self.desk.home, project)
        known, home = place.plan(), self.desk.home
        pinned = home.service().url if home.has_joined else LOCAL_SERVICE
        said = url.strip() or (known.url if known else pinned)
        return planned(place, table, said, datetime.now(UTC).date())
