"""Who took which step of the ceremony and when, and which datasets came in, by the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policy.base.words import Words
from policy.project import Project
from policy.statements import Accepted, Body, Committed, Confirmed, Revealed

_CEREMONY: tuple[type[Body], ...] = (Committed, Revealed, Confirmed)
CEREMONY_HEADS = (
    Words("Piagam", "Charter"),
    Words("Baris dikunci", "Rows committed"),
    Words("Rahasia dibagi", "Shares revealed"),
    Words("Kunci dicocokkan", "Keys confirmed"),
)


@dataclass(frozen=True)
class PartySteps:
    """When a party took each step of the ceremony (Unix seconds).

    None: not yet. 0: done, but the statement says no time.
    """

    party: str
    done: tuple[int | None, ...]


@dataclass(frozen=True)
class UploadedDataset:
    """A dataset: its rows and times (Unix seconds) as far as they are in the log."""

    id: str
    owner: str
    rows: int | None
    sent: int | None
    checked: int | None
    deltas: int
    withdrawals: int


def ceremony(project: Project) -> tuple[PartySteps, ...]:
    """Every party and its steps."""
    signed = project.signed_by()
    said = [project.by_sender(kind) for kind in _CEREMONY]
    return tuple(
        PartySteps(
            party,
            (
                0 if party in signed else None,
                *(bodies[party].at if party in bodies else None for bodies in said),
            ),
        )
        for party in project.charter.party_ids
    )


def uploads(project: Project) -> tuple[UploadedDataset, ...]:
    """Every dataset of the charter, with the rows of its last bundle."""
    bundles = project.bundles()
    deltas = Counter(each.dataset for each in project.deltas())
    withdrawals = Counter(each.dataset for each in project.withdrawals())
    checked = {entry.body.bundle: entry.body.at for entry in project.of(Accepted)}
    found = []
    for dataset in project.charter.datasets:
        bundle = bundles.get(dataset.id)
        found.append(
            UploadedDataset(
                dataset.id,
                dataset.owner,
                None if bundle is None else bundle.body.count,
                None if bundle is None else bundle.body.at,
                None if bundle is None else checked.get(bundle.digest),
                deltas[dataset.id],
                withdrawals[dataset.id],
            )
        )
    return tuple(found)
