"""Deletes what no log names, some days after its party last sent anything.

    uploads     chunks and documents that no bundle, delta or withdrawal names
    releases    files of a stage that a crash left without a log entry, or that was replaced
    writing     half-written files in a folder of blobs

The law has no date for these: they never became part of a project. What this database never heard
of waits as many days from the first sweep that finds it: after a restored backup, the log may get
the entries that name it back (`policy.cli.give_back`). Under a clock that may be wrong nothing is
deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linkage_service import logs
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
    """The blobs of a project that no statement needs and that have waited long enough."""
    with service.ledger.database.reading() as connection:
        sent = uploads.last_sent(connection, project.charter.project)
    before = at - service.settings.upload_days * DAY_SECONDS
    return {
        kind: [each for each in found if sent.get(each.name, at) < before]
        for kind, found in _unnamed(service, project).items()
    }


def _sweep(service: Service, project: Project, at: int) -> list[Leftover]:
    if not project.of(CharterBody):
        return []
    name = project.charter.project
    service.ledger.require_plausible(name, at)
    unnamed = [each for found in _unnamed(service, project).values() for each in found]
    with service.ledger.database.writing(f"padan/uploads/{name}") as connection:
        uploads.see(connection, name, {each.name: each.size for each in unnamed}, at)
    done = []
    for kind, found in left_over(service, project, at).items():
        names = [each.name for each in found]
        if names:
            service.blobs.delete_all(names)
            with service.ledger.database.writing(f"padan/uploads/{name}") as connection:
                uploads.forget(connection, name, names)
        done += _told(name, kind, len(names), sum(each.size for each in found))
    return done


def _unnamed(service: Service, project: Project) -> dict[Kind, list[Stored]]:
    name, blobs, gone = project.charter.project, service.blobs, _destroyed(project)
    found: dict[Kind, list[Stored]] = {}
    if "encodings" not in gone:  # the retention sweep deletes late ones
        stored = [*blobs.stored(f"{name}/chunks"), *blobs.stored(f"{name}/documents")]
        named = named_in(project, blobs) if stored else set()
        found["uploads"] = [each for each in stored if each.name not in named]
    if "staged-files" not in gone:
        needed = {file_name(name, digest) for digest in _files(project)}
        stored = blobs.stored(f"{name}/releases")
        found["releases"] = [each for each in stored if each.name not in needed]
    return found


def _destroyed(project: Project) -> set[str]:
    return {entry.body.what for entry in project.of(Destroyed)}


def _files(project: Project) -> Iterator[str]:
    """The files of stages that wait for a decision or were released."""
    for record in project.releases():
        if record.stage is not None and record.decision is None:
            yield from (file.ciphertext for file in record.stage.body.files)
        yield from (each.file.ciphertext for each in record.released_files)


def _told(project: str, kind: Kind, blobs: int, size: int) -> list[Leftover]:
    return [Leftover(project, kind, blobs, size)] if blobs else []
