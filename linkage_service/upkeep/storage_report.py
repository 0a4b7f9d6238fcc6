"""What the storage holds for each project and party, as typed facts; no content is read."""

from __future__ import annotations

from linkage_service.intake.quotas import upload_room
from linkage_service.service import Service
from linkage_service.storage.uploads import waiting_bytes
from linkage_service.upkeep.leftovers import left_over
from policy.base.canonical import Model
from policy.project import Project
from policy.statements import CharterBody

FOLDERS = ("chunks", "documents", "runs", "releases", "transfers")


class Amount(Model):
    """A number of blobs, and their size in bytes."""

    blobs: int
    bytes: int


class PartyUploads(Model):
    """The bytes that wait for a statement of a party, and the most that may."""

    party: str
    waiting: int
    most: int


class ProjectStorage(Model):
    """One project: each folder's blobs, uploads that wait, and what the next sweep deletes."""

    project: str
    in_force: bool
    folders: dict[str, Amount]
    uploads: tuple[PartyUploads, ...]
    left_over: dict[str, Amount]

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.folders.values())


class StorageReport(Model):
    """The whole service."""

    bucket: bool
    projects: tuple[ProjectStorage, ...]
    other_blobs: int  # of projects that the database does not know

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.projects)


def storage_report(service: Service, at: int) -> StorageReport:
    """Measure the storage; raises NotYet if it cannot be reached."""
    known = service.ledger.projects()
    projects = (service.ledger.project(each) for each in known)
    owners = [each.name.split("/")[0] for each in service.blobs.stored("") if "/" in each.name]
    return StorageReport(
        bucket=bool(service.settings.store.url),
        projects=tuple(_project(service, each, at) for each in projects if each.of(CharterBody)),
        other_blobs=sum(owner not in known for owner in owners),
    )


def _project(service: Service, project: Project, at: int) -> ProjectStorage:
    charter, blobs = project.charter, service.blobs
    folders = {each: blobs.stored(f"{charter.project}/{each}") for each in FOLDERS}
    with service.ledger.database.reading() as connection:
        waiting = waiting_bytes(connection, charter.project)
    parties = [
        PartyUploads(party=each, waiting=waiting.get(each, 0), most=upload_room(charter, each))
        for each in charter.party_ids
    ]
    return ProjectStorage(
        project=charter.project,
        in_force=project.in_force,
        folders={name: _amount([b.size for b in found]) for name, found in folders.items()},
        uploads=tuple(parties),
        left_over={
            kind: _amount([each.size for each in found])
            for kind, found in left_over(service, project, at).items()
        },
    )


def _amount(sizes: list[int]) -> Amount:
    return Amount(blobs=len(sizes), bytes=sum(sizes))
