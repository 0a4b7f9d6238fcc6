"""Logs that may have been longer: of a service that was restored from a backup.

Such a log takes no statement until members have given back what it lacks (`give_back`), because
another statement in the place of a lost one would be a fork for all who saw the lost one. A log
waits because of one of these:

    the coordinator restored a backup (`padan-linkage restore`)
    this home remembers a larger head than the database has (`NewestHeads`)
    a member has shown a larger head, signed by this service

It waits no longer once it is as long as every head that was shown, and all witnesses of its charter
have shown theirs. After a day a quorum of them is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.leaves import log_size
from linkage_service.storage.records.tables import awaited, shown
from policy.base.errors import NotYet, PadanError
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.log import parse_checkpoint, parse_note
from policy.project import Project
from policy.statements import CharterBody
from policy.witnessing.quorum import is_witnessed

_PATIENCE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class NewestHeads:
    """The newest head of each log that this process signed, outside the database.

    So a database that alone was put back to an earlier day is noticed when the service starts.
    """

    folder: Path

    def keep(self, project_id: str, note: str) -> None:
        write_file(self._path(project_id), note.encode())

    def size(self, project_id: str) -> int:
        """The remembered size; 0 if none is, or if the file cannot be read."""
        try:
            note = read_file(self._path(project_id)).decode()
            return parse_checkpoint(parse_note(note).text).size
        except (PadanError, ValueError, OSError):
            return 0

    def projects(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.txt"))

    def _path(self, project_id: str) -> Path:
        return self.folder / f"{project_id}.txt"


def wait_for(connection: Connection, project_id: str, size: int, now: int) -> None:
    """Wait until the log has this size at least, and witnesses have shown their heads."""
    known = connection.execute(select(awaited.c.size).filter_by(project=project_id)).scalar()
    if known is None:
        connection.execute(delete(shown).where(shown.c.project == project_id))
        connection.execute(awaited.insert().values(project=project_id, size=size, since=now))
    elif size > known:
        connection.execute(awaited.update().filter_by(project=project_id).values(size=size))


def note_shown(connection: Connection, project_id: str, member: str, size: int) -> None:
    """A member has shown how large the newest head is that it knows."""
    key = {"project": project_id, "member": member}
    known = connection.execute(select(shown.c.size).filter_by(**key)).scalar()
    if known is None:
        connection.execute(shown.insert().values(**key, size=size))
    elif size > known:
        connection.execute(shown.update().filter_by(**key).values(size=size))


def is_awaited(connection: Connection, project_id: str) -> bool:
    query = select(awaited.c.project).filter_by(project=project_id)
    return connection.execute(query).first() is not None


def end_wait(connection: Connection, project: Project, project_id: str, now: int) -> bool:
    """End the wait if nothing is missing any more; returns whether it ended, or there was none."""
    query = select(awaited.c.size, awaited.c.since).filter_by(project=project_id)
    row = connection.execute(query).first()
    if row is None:
        return True
    have, sizes = log_size(connection, project_id), _shown(connection, project_id)
    if have < max([row.size, *sizes.values()]) or not project.of(CharterBody):
        return False
    late = now >= row.since + _PATIENCE_SECONDS
    if _missing(project, sizes) and not (late and is_witnessed(project, sizes)):
        return False
    for table in (awaited, shown):
        connection.execute(delete(table).where(table.c.project == project_id))
    return True


def require_whole(connection: Connection, project: Project, project_id: str) -> None:
    """Checks that this log waits for no member's copy; raises NotYet."""
    waiting = awaited_log(connection, project, project_id)
    if waiting is None:
        return
    why = waiting.why
    raise NotYet(
        ServiceCode.SERVICE_LOG_AWAITED,
        Words(
            f"Layanan ini dipulihkan dari cadangan, dan lognya mungkin belum utuh: {why.id}.",
            f"This service was restored from a backup, and its log may not be whole: {why.en}.",
        ),
        Words(
            f"Setiap saksi menjalankan 'padan-policy give-back {project_id}', lalu ulangi.",
            f"Every witness runs 'padan-policy give-back {project_id}', then try again.",
        ),
    )


@dataclass(frozen=True)
class AwaitedLog:
    """A log that waits: its entries, those that are known of, and who has shown a copy or not."""

    project: str
    entries: int
    known: int
    shown: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def why(self) -> Words:
        if self.entries < self.known:
            return Words(
                f"{self.entries} dari {self.known} entri", f"{self.entries} of {self.known} entries"
            )
        names = ", ".join(self.missing) or "-"
        return Words(f"menunggu salinan {names}", f"it awaits the copies of {names}")

    @property
    def words(self) -> Words:
        """What the log has, and who has given back."""
        shown, missing = ", ".join(self.shown) or "-", ", ".join(self.missing) or "-"
        return Words(
            f"{self.entries} dari {self.known} entri; salinan sudah ditunjukkan: {shown};"
            f" belum: {missing}",
            f"{self.entries} of {self.known} entries; copies shown by: {shown};"
            f" not yet by: {missing}",
        )


def awaited_log(connection: Connection, project: Project, project_id: str) -> AwaitedLog | None:
    """What this log waits for; None if it does not wait."""
    query = select(awaited.c.size).filter_by(project=project_id)
    size = connection.execute(query).scalar()
    if size is None:
        return None
    have, sizes = log_size(connection, project_id), _shown(connection, project_id)
    missing = tuple(_missing(project, sizes)) if project.of(CharterBody) else ()
    known = max([have, size, *sizes.values()])
    return AwaitedLog(project_id, have, known, tuple(sorted(sizes)), missing)


def awaited_projects(connection: Connection) -> list[str]:
    """The ids of projects whose logs wait."""
    return list(connection.execute(select(awaited.c.project).order_by(awaited.c.project)).scalars())


def _shown(connection: Connection, project_id: str) -> dict[str, int]:
    query = select(shown.c.member, shown.c.size).filter_by(project=project_id)
    return {row.member: row.size for row in connection.execute(query)}


def _missing(project: Project, sizes: Iterable[str]) -> list[str]:
    return sorted(set(project.charter.witnesses.members) - set(sizes))
