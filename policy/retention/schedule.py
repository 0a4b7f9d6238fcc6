"""What each member keeps, until when, and whether it is gone.

    service-key      the HPKE key of the epoch; with it goes every encoding, in all copies
    encodings        the bundles, as the agencies sealed them
    candidates       what runs found: tiles, groups, calibration, duplicates
    staged-files     the files sealed to recipients
    openings         the exact counts behind the log's commitments
    prepared-rows    a party's frozen rows in clear, and its own copy of the bundle
    keys             a party's project keys and handle key
    handle-map       which record of its own a handle means
    opened-releases  match IDs and row secrets that it received
    lists            the files that it wrote from them
    attributes       values that other agencies filed under its match IDs

A thing is scheduled once the log shows that there is some of it. `objects` are the digests in
the log that say of what; if more comes (another release), what was attested before does not
cover it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from policy.charter import Charter
from policy.gates.rules.case import day_of
from policy.project import Entry, Project
from policy.retention.holds import HeldBy, holds
from policy.statements import (
    Accepted,
    Committed,
    Delta,
    Destroyed,
    EpochOpened,
    PartyThing,
    RunFinished,
    RunOrder,
    ServiceThing,
    Staged,
    Thing,
)

# So many days an agency has to destroy and attest: the 3 x 24 hours that UU PDP art. 41(1)
# gives for restricting processing. Our choice; art. 43 and 44 name no days.
GRACE_DAYS = 3

State = Literal["kept", "due", "overdue", "held", "destroyed"]


@dataclass(frozen=True)
class Item:
    """One kind of thing of one member. `due` is the first day on which it may not be there.

    `deadline` is the last day on which its attestation is in time: later than due and grace
    where a hold stood in between. `attested` is the statement that covers all `objects`.
    """

    owner: str
    what: Thing
    due: date
    deadline: date
    state: State
    objects: tuple[str, ...]
    attested: Entry[Destroyed] | None
    hold: HeldBy | None

    @property
    def attested_on(self) -> date | None:
        return day_of(self.attested.body.at) if self.attested else None

    @property
    def in_time(self) -> bool:
        """Whether it is attested, and was so by its deadline."""
        return self.attested_on is not None and self.attested_on <= self.deadline


def schedule(project: Project, today: date) -> tuple[Item, ...]:
    """Everything that the log shows to be kept by someone, the service's first."""
    return tuple(_items(project, today))


def item_of(project: Project, owner: str, what: Thing, today: date) -> Item | None:
    """One of them; None while the log shows nothing of it."""
    return next(
        (i for i in _items(project, today) if (i.owner, i.what) == (owner, what)),
        None,
    )


def due_day(charter: Charter, what: Thing) -> date:
    """The day after the last one on which the charter lets it be kept."""
    terms = charter.retention
    until = {
        "handle-map": terms.maps_until or terms.releases_until,
        "attributes": terms.attributes_until or terms.releases_until,
        "staged-files": terms.releases_until,
        "openings": terms.releases_until,
        "opened-releases": terms.releases_until,
        "lists": terms.releases_until,
    }.get(what, terms.encodings_until)
    return until + timedelta(days=1)


def _items(project: Project, today: date) -> Iterator[Item]:
    placed = holds(project)
    for what in get_args(ServiceThing):
        yield from _item(
            project, project.roster.service().id, what, _SERVICE[what](project), placed, today
        )
    for party in project.charter.party_ids:
        for what in get_args(PartyThing):
            yield from _item(project, party, what, _PARTY[what](project, party), placed, today)


def _item(
    project: Project,
    owner: str,
    what: Thing,
    objects: Iterable[str],
    placed: tuple[HeldBy, ...],
    today: date,
) -> Iterator[Item]:
    kept = tuple(sorted(set(objects)))
    if not kept:
        return
    due = due_day(project.charter, what)
    covering = [hold for hold in placed if hold.covers(owner, what)]
    deadline = _deadline(due, covering)
    attested = _attested(project, owner, what, kept)
    hold = next((each for each in covering if each.in_force(today)), None)
    state: State = "kept"
    if attested:
        state = "destroyed"
    elif hold:
        state = "held"
    elif today > deadline:
        state = "overdue"
    elif today >= due:
        state = "due"
    yield Item(owner, what, due, deadline, state, kept, attested, hold)


def _deadline(due: date, covering: list[HeldBy]) -> date:
    grace = timedelta(days=GRACE_DAYS)
    deadline = due + grace
    for hold in sorted(covering, key=lambda each: each.first):
        if hold.first <= deadline:
            deadline = max(deadline, hold.last + grace)
    return deadline


def _attested(
    project: Project, owner: str, what: Thing, objects: tuple[str, ...]
) -> Entry[Destroyed] | None:
    """The first attestation that covers them all."""
    for entry in project.of(Destroyed):
        body = entry.body
        said = (entry.statement.sender, body.what)
        if said == (owner, what) and set(objects) <= set(body.objects):
            return entry
    return None


# -- of what there is some, by digests that stand in the log ----------------------------------


def _released_files(project: Project, recipient: str) -> Iterator[str]:
    """The plaintexts of the files that were released to a member."""
    for decision in project.released():
        stage = project.entry(decision.body.stage, Staged)
        yield from (f.plaintext for f in stage.body.files if f.recipient == recipient)


def _listed(project: Project, party: str) -> Iterator[str]:
    """What lists are made from: released files, and duplicates that a run found."""
    yield from _released_files(project, party)
    if project.charter.matching.cardinality == "one-to-many":
        yield from (entry.digest for entry in project.of(RunFinished))


def _attributed(project: Project, party: str) -> Iterator[str]:
    """Attributes travel where the charter gives them a date."""
    if project.charter.retention.attributes_until is not None:
        yield from _released_files(project, party)


def _handle_roots(project: Project, party: str) -> Iterator[str]:
    """Of what was committed before the keys, and of what deltas put in its place."""
    for entry in project.of(Committed):
        if entry.sender == party:
            datasets = entry.body.datasets.values()
            yield from (each.handle_root for each in datasets)
    for delta in project.of(Delta):
        if delta.sender == party:
            yield delta.body.handle_root


def _commitments(project: Project, party: str) -> list[str]:
    return [e.digest for e in project.of(Committed) if e.statement.sender == party]


_SERVICE: dict[ServiceThing, Callable[[Project], Iterable[str]]] = {
    "service-key": lambda project: [e.digest for e in project.of(EpochOpened)],
    "encodings": lambda project: [e.body.bundle for e in project.of(Accepted)],
    "candidates": lambda project: [e.digest for e in project.of(RunOrder)],
    "staged-files": lambda project: [e.digest for e in project.of(Staged)],
    "openings": lambda project: [e.body.facts for e in project.of(RunFinished)],
}
_PARTY: dict[PartyThing, Callable[[Project, str], Iterable[str]]] = {
    "prepared-rows": _handle_roots,
    "keys": _commitments,
    "handle-map": _handle_roots,
    "opened-releases": _released_files,
    "lists": _listed,
    "attributes": _attributed,
}
