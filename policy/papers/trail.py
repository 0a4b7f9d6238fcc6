"""The log as a record: each entry in words that an official can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from policy.base.dates import at_second
from policy.base.words import Words
from policy.papers.paper import Code, Datum, Missing
from policy.project import Entry, Project, ReleasedFile, sealed_of
from policy.project.canary_counts import canaries_in
from policy.retention import THINGS
from policy.statements import (
    BundleManifest,
    CharterBody,
    Committed,
    Decided,
    Delta,
    Destroyed,
    HandedOver,
    Hold,
    HoldLifted,
    Processing,
    Received,
    ReleaseRequest,
    Rerun,
    RunFinished,
    RunOrder,
    Staged,
    TransferReceived,
    TransferRequest,
    TransferSent,
    TransferVote,
)

_NO_TIME = Missing(Words("tidak memuat waktu", "carries no time"))


@dataclass(frozen=True)
class Event:
    """One statement of the log, in words."""

    entry: Entry
    at: datetime | None
    what: Words
    sort: Processing
    about: tuple[Datum, ...]
    purpose: str
    charter: str

    @property
    def index(self) -> int:
        return self.entry.index

    @property
    def actor(self) -> str:
        return self.entry.statement.sender

    @property
    def when(self) -> Datum:
        return self.at if self.at is not None else _NO_TIME


def events(project: Project) -> Iterator[Event]:
    """All statements of the log, in order."""
    versions = {e.statement.binding.charter: e.body for e in project.of(CharterBody)}
    for entry in project.entries:
        binding, body = entry.statement.binding, entry.body
        signed = versions.get(binding.charter)
        said = getattr(body, "at", None)
        yield Event(
            entry=entry,
            at=at_second(said) if isinstance(said, int) else None,
            what=body.outcome,
            sort=body.PROCESSING,
            about=_about(entry),
            purpose=signed.purpose.code if signed else "",
            charter=f"{signed.version}" if signed else "",
        )


def concerning(project: Project, dataset: str) -> Iterator[Event]:
    """The events about the rows of one dataset, or about IDs made from them."""
    return (event for event in events(project) if dataset in _touched(project, event.entry))


def _touched(project: Project, entry: Entry) -> Iterable[str]:
    """The datasets that a statement is about; all for destruction, holds and handovers."""
    body = entry.body
    if isinstance(body, Committed):
        return body.datasets
    if isinstance(body, RunFinished):
        return body.bundles
    if isinstance(body, Rerun):
        return _touched(project, project.entry(body.finished))
    if isinstance(body, Decided):
        return _touched(project, project.entry(body.stage))
    if isinstance(body, Staged):
        return _of_domains(project, (file.domain for file in body.files))
    if isinstance(body, Received):
        return _of_domains(project, (body.domain,))
    if isinstance(body, TransferRequest):
        return _of_domains(project, (body.domain,))
    if isinstance(body, TransferVote | TransferSent | TransferReceived):
        return _touched(project, project.transfer(body.transfer).request)
    if isinstance(body, RunOrder | ReleaseRequest):
        return _of_domains(project, body.domains)
    if isinstance(body, Destroyed | Hold | HoldLifted | HandedOver):
        return project.charter.dataset_ids
    dataset = getattr(body, "dataset", None)
    return (dataset,) if isinstance(dataset, str) else ()


def _of_domains(project: Project, domains: Iterable[str]) -> set[str]:
    return {dataset for name in domains for dataset in project.charter.domain(name).datasets}


def _about(entry: Entry) -> tuple[Datum, ...]:
    """The datasets, run and release that a statement names, or the kind of thing destroyed."""
    binding, body = entry.statement.binding, entry.body
    if isinstance(body, Destroyed):
        return (THINGS[body.what],)
    if isinstance(body, HandedOver):
        return (Code(body.to),)
    if isinstance(body, Committed):
        return tuple(map(Code, sorted(body.datasets)))
    release = getattr(body, "release", "")
    named = (getattr(body, "dataset", ""), getattr(body, "domain", ""), release, binding.run)
    columns = body.columns if isinstance(body, TransferRequest) else ()
    known = dict.fromkeys(name for name in (*named, *columns) if isinstance(name, str) and name)
    return tuple(map(Code, known))


@dataclass(frozen=True)
class Batch:
    """The history of one dataset in a project: uploads, runs, and released files.

    `uploads` are the accepted statements of its bundle and deltas.
    """

    dataset: str
    owner: str
    uploads: tuple[Entry, ...]
    runs: tuple[Entry[RunFinished], ...]
    releases: tuple[ReleasedFile, ...]


def batch(project: Project, dataset: str) -> Batch:
    """Where a dataset's rows have been, by the log."""
    uploads = (e for e in project.accepted() if sealed_of(e).dataset == dataset)
    runs = (e for e in project.of(RunFinished) if dataset in e.body.bundles)
    return Batch(
        dataset=dataset,
        owner=project.charter.dataset(dataset).owner,
        uploads=tuple(uploads),
        runs=tuple(runs),
        releases=tuple(_released_with(project, dataset)),
    )


def people_in(project: Project, upload: Entry) -> int:
    """How many people's rows an upload holds. Canaries do not count, because they are not people.

    Canaries are sent once, with the bundle of the whole dataset.
    """
    rows = sealed_of(upload)
    planted = canaries_in(project, rows.dataset) if isinstance(rows, BundleManifest) else 0
    return rows.sent - planted


def people_of(project: Project, uploads: Iterable[Entry]) -> int:
    """How many people the uploads describe; a changed row is of a person sent before."""
    return sum(
        rows.added if isinstance(rows, Delta) else people_in(project, upload)
        for upload in uploads
        for rows in (sealed_of(upload),)
    )


def _released_with(project: Project, dataset: str) -> Iterator[ReleasedFile]:
    """Every released file of a domain with this dataset: all of them contain its IDs."""
    for decision in project.released():
        for each in project.release(decision.body.release).released_files:
            if dataset in project.charter.domain(each.file.domain).datasets:
                yield each
