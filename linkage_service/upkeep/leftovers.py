"""Deletes what no log names, some days after its party last sent anything.

    uploads     chunks and documents that no bundle, delta or withdrawal names
    releases    files of a stage that a crash left without a log entry, or that was replaced
    writing     half-written files in a folder of blobs

The law has no date for these: they never became part of a project. Under a clock that may be wrong
nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from linkage_service import clock, logs
from linkage_service.intake.named import named_in
from linkage_service.release.files import file_name
from linkage_service.service import Service
from linkage_service.storage import uploads
from linkage_service.storage.stores import Stored
from policy.project import Project
from policy.statements import CharterBody, Destroyed

DAY_SECONDS = 86_400
Kind = Literal["uploads", "releases", "writing"]


@dataclass(frozen=True)
class Leftover:
    """What was deleted, or would be. `project` is empty for half-written files."""

    project: str
    kind: Kind
    blobs: int
    bytes: int


def sweep(service: Service, at: int) -> list[Leftover]:
    """Delete what is left over in every project. A project that fails is logged and tried again."""
    done: list[Leftover] = []
    for project_id in service.ledger.projects():
        try:
            done += _sweep(service, service.ledger.project(project_id), at)
        except Exception as error:
            logs.failed("leftovers.failed", error)
    removed = service.blobs.store.tidy(at - DAY_SECONDS)
    return [*done, *_told("", "writing", removed, 0)]


def left_over(service: Service, project: Project, at: int) -> dict[Kind, list[Stored]]:
    """The blobs of a project that no statement needs and that are old enough to delete."""
    return {
        "uploads": _uploads(service, project, at),
        "releases": _releases(service, project, at - DAY_SECONDS),
    }


def _sweep(service: Service, project: Project, at: int) -> list[Leftover]:
    if not project.of(CharterBody):
        return []
    name = project.charter.project
    clock.require_plausible(project, service.ledger.witnessed(name), at)
    with service.ledger.database.reading() as connection:
        counted = set(uploads.last_sent(connection, name))
    # Chunks that were sent again although a manifest names them wait for nothing.
    _forget(service, name, counted & named_in(project, service.blobs) if counted else ())
    done = []
    for kind, found in left_over(service, project, at).items():
        names = [each.name for each in found]
        if names:
            service.blobs.delete_all(names)
            _forget(service, name, names)
        done += _told(name, kind, len(names), sum(each.size for each in found))
    return done


def _forget(service: Service, project_id: str, names: Iterable[str]) -> None:
    with service.ledger.database.writing(f"padan/uploads/{project_id}") as connection:
        uploads.forget(connection, project_id, names)


def _uploads(service: Service, project: Project, at: int) -> list[Stored]:
    name, blobs = project.charter.project, service.blobs
    if any(each.body.what == "encodings" for each in project.of(Destroyed)):
        return []  # the retention sweep deletes late ones
    folders = [blobs.stored(_in(name, each)) for each in ("chunks", "documents")]
    stored = [each for found in folders for each in found]
    if not stored:
        return []
    named = named_in(project, blobs)
    with service.ledger.database.reading() as connection:
        sent = uploads.last_sent(connection, name)
    before = at - service.settings.upload_days * DAY_SECONDS
    return [each for each in _without(stored, named) if sent.get(each.name, _time(each)) < before]


def _releases(service: Service, project: Project, before: int) -> list[Stored]:
    name = project.charter.project
    needed = {file_name(name, digest) for digest in _files(project)}
    stored = service.blobs.stored(_in(name, "releases"))
    return [each for each in _without(stored, needed) if _time(each) < before]


def _files(project: Project) -> Iterable[str]:
    """The files of stages that wait for a decision or were released."""
    for record in project.releases():
        if record.stage is not None and record.decision is None:
            yield from (file.ciphertext for file in record.stage.body.files)
        yield from (each.file.ciphertext for each in record.released_files)


def _in(project_id: str, folder: str) -> str:
    return f"{project_id}/{folder}"


def _without(stored: Iterable[Stored], names: set[str]) -> list[Stored]:
    return [each for each in stored if each.name not in names]


def _time(stored: Stored) -> int:
    return int(stored.changed.timestamp())


def _told(project: str, kind: Kind, blobs: int, size: int) -> list[Leftover]:
    return [Leftover(project, kind, blobs, size)] if blobs else []
