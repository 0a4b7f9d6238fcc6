"""What each member keeps, until when, and whether it is destroyed.

    service-key      the HPKE key of the epoch; without it no copy of an encoding opens
    encodings        the bundles, as the agencies sealed them
    candidates       results of runs: tiles, groups, calibration, duplicates
    staged-files     the files sealed to recipients, also those of attributes that it relays
    openings         the exact counts behind the log's commitments
    prepared-rows    a party's prepared rows in clear, and its own copy of the bundle
    keys             a party's project keys and handle key
    handle-map       which of a party's records a handle belongs to
    opened-releases  match IDs and row secrets that a party received
    lists            the files that a party wrote from them
    attributes       values that other agencies filed under its match IDs

A thing is scheduled once the log shows that it exists. `objects` are the digests in the log that
say which things exist. If more are added (another release), an earlier attestation does not cover
them.
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
    TransferSent,
)

# Days that an agency has to destroy and attest: the 3 x 24 hours that UU PDP art. 41(1) gives for
# restricting processing. This is our choice; art. 43 and 44 name no days.
GRACE_DAYS = 3

State = Literal["kept", "due", "overdue", "held", "destroyed"]


@dataclass(frozen=True)
class Item:
    """One kind of thing of one member. `due` is the first day on which it must be gone.

    `deadline` is the last day for its attestation: due and grace, or later if a hold came in
    between. `attested` is the statement that covers all `objects`.
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
        """Whether it was attested by its deadline."""
        return self.attested_on is not None and self.attested_on <= self.deadline


def schedule(project: Project, today: date) -> tuple[Item, ...]:
    """Everything that the log shows to be kept, the service's items first."""
    return tuple(_items(project, today))


def item_of(project: Project, owner: str, what: Thing, today: date) -> Item | None:
    """One item of the schedule; None if the log does not show that the thing exists."""
    return next(
        (i for i in _items(project, today) if (i.owner, i.what) == (owner, what)),
        None,
    )


def due_day(charter: Charter, what: Thing) -> date:
    """The day after the last day on which the charter allows keeping it."""
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
    """The first attestation that covers all objects."""
    for entry in project.of(Destroyed):
        body = entry.body
        said = (entry.statement.sender, body.what)
        if said == (owner, what) and set(objects) <= set(body.objects):
            return entry
    return None


# -- what exists, by digests in the log -------------------------------------------------------


def _released_files(project: Project, recipient: str) -> Iterator[str]:
    """The plaintext digests of the files that were released to a member."""
    for decision in project.released():
        stage = project.entry(decision.body.stage, Staged)
        yield from (f.plaintext for f in stage.body.files if f.recipient == recipient)


def _listed(project: Project, party: str) -> Iterator[str]:
    """The sources of lists: released files, and duplicates that a run found."""
    yield from _released_files(project, party)
    if project.charter.matching.cardinality == "one-to-many":
        yield from (entry.digest for entry in project.of(RunFinished))


def _attributed(project: Project, party: str) -> Iterator[str]:
    """What was sent to the party. A charter that lists no columns only gives a date."""
    if project.charter.attributes:
        for sent in project.of(TransferSent):
            if project.transfer(sent.body.transfer).request.body.recipient == party:
                yield sent.body.plaintext
    elif project.charter.retention.attributes_until is not None:
        yield from _released_files(project, party)


def _handle_roots(project: Project, party: str) -> Iterator[str]:
    """The roots of the commitments made before the keys, and of the deltas that replaced them."""
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
    "staged-files": lambda project: [
        *(e.digest for e in project.of(Staged)),
        *(e.digest for e in project.of(TransferSent)),
    ],
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
