"""Every project in one line: what lists of projects are sorted, searched and counted by.

A line is computed again only if the project's log has grown, a cosignature has changed, the day is
another one, or a release or transfer has expired. So a list of many projects costs one query for
what changed, and the stages of the projects on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from linkage_service.people import Staff
from linkage_service.people.entitled import may_see
from linkage_service.service import Service
from linkage_service.storage.heads import log_states
from linkage_service.ui.due_things import DueThings, due_things
from linkage_service.ui.stages import Stage, stage_in
from policy.charter import Charter
from policy.gates.rules.case import day_of
from policy.members.roster import Roster
from policy.project import Project
from policy.statements import CharterBody, Ended

ENDED = 11  # the number after the last step


@dataclass(frozen=True)
class ListedProject:
    """One project as lists know it. `since`: for how long the first one is awaited."""

    charter: Charter
    roster: Roster
    step: int
    is_awaited: bool
    since: int
    awaits_service: bool
    due: tuple[DueThings, ...]

    @property
    def id(self) -> str:
        return self.charter.project

    @property
    def overdue(self) -> int:
        """How many things should have been destroyed by now."""
        return sum(len(each.things) for each in self.due if each.first.state == "overdue")

    def fits(self, text: str, step: int | None) -> bool:
        """Whether a title or the id has this text, and the project is at this step."""
        title = self.charter.title
        names = (title.id, title.en, self.id)
        found = not text or any(text.casefold() in each.casefold() for each in names)
        return found and (step is None or step == self.step)


@dataclass(frozen=True)
class _Kept:
    """A line and what it was computed from: it is good until `until` (Unix seconds)."""

    version: tuple[int, int]
    day: object
    until: int
    line: ListedProject | None


@dataclass
class ProjectLines:
    """The lines of one service's projects, as this process has computed them."""

    _kept: dict[str, _Kept] = field(default_factory=dict)

    def of(self, service: Service, person: Staff) -> list[ListedProject]:
        """Those that this person may look at; who waits longest comes first."""
        now = service.clock()
        with service.ledger.database.reading() as connection:
            states = log_states(connection)
        lines = (self._line(service, name, version, now) for name, version in states.items())
        known = (each for each in lines if each is not None)
        seen = (each for each in known if may_see(person, each.charter, each.roster))
        return sorted(seen, key=lambda each: (not each.is_awaited, each.since, each.id))

    def _line(
        self, service: Service, name: str, version: tuple[int, int], now: int
    ) -> ListedProject | None:
        kept, day = self._kept.get(name), day_of(now)
        if kept is None or kept.version != version or kept.day != day or now > kept.until:
            project = service.ledger.project(name)
            line, until = None, now
            if project.of(CharterBody):
                line, until = _line_of(stage_in(service, project, now), now), _until(project, now)
            kept = self._kept[name] = _Kept(version, day, until, line)
        return kept.line


def _line_of(stage: Stage, now: int) -> ListedProject:
    project, turn = stage.project, stage.turn
    return ListedProject(
        charter=project.charter,
        roster=project.roster,
        step=ENDED if project.of(Ended) else stage.current,
        is_awaited=turn is not None,
        since=now if turn is None or turn.since is None else turn.since,
        awaits_service=_awaits_service(stage),
        due=tuple(due_things(project, day_of(now))),
    )


def _awaits_service(stage: Stage) -> bool:
    """Whether a coordinator is awaited first."""
    if stage.turn is None:
        return False
    roster = stage.project.roster
    who = [roster.member(name) for name in stage.turn.who if roster.has_member(name)]
    return any(member.has("coordinator") or member.has("service") for member in who)


def _until(project: Project, now: int) -> int:
    """When the next release or transfer expires by itself; far away if none does."""
    ends = [each.stage.body.expires for each in project.releases() if each.stage is not None]
    ends += [(each.sent or each.request).body.expires for each in project.transfers()]
    return min((at for at in ends if at >= now), default=2**62)
