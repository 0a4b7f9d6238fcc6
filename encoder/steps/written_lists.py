"""The register of lists written by this home folder: path, content, whether still there.

    projects/PROJECT/written.json       path, SHA-256, kind and time of each list
    projects/PROJECT/written.jsonl      what was added since, an entry a line; the last one counts

Lists are written outside of the home folder, wherever the agency chooses. Destroying them at
their date requires this register. A list that was changed or moved since may not be deleted
here: the register reports it, and a person must handle it.

A list is entered twice: with the name of its temporary file, before a row is in that; and with its
digest, before that file gets its name. So a process that is killed at any moment leaves no list and
no part of one that the register does not know.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal

from filelock import FileLock
from pydantic import TypeAdapter

from policy.base.canonical import HexDigest, Model, canonical_json
from policy.base.files import read_file, shred_file, write_file

Kind = Literal["people", "ids", "duplicates", "programme", "review"]
Standing = Literal["unchanged", "changed", "unfinished", "gone"]


class WrittenList(Model):
    """One list, in its state when written.

    `sha256` is None before it was complete. `temporary` is the file that became the list; it, and
    files named after it, are there only if the writing was interrupted.
    """

    path: str
    sha256: HexDigest | None
    kind: Kind
    at: int
    temporary: str | None = None

    def standing(self) -> Standing:
        path = Path(self.path)
        if self.sha256 is not None and path.is_file():
            return "unchanged" if _digest(path) == self.sha256 else "changed"
        return "unfinished" if self.parts() else "gone"

    def parts(self) -> list[Path]:
        """What an interrupted writing left."""
        if self.temporary is None:
            return []
        name = Path(self.temporary)
        return sorted(name.parent.glob(f"{name.name}*"))


_Register = TypeAdapter(tuple[WrittenList, ...])


@dataclass
class ListRegister:
    """Enters the lists of one command; see `policy.base.output.Register`."""

    folder: Path
    kind: Kind

    @cached_property
    def _before(self) -> dict[str, str | None]:
        """The digests of the lists that were there before this command, by path."""
        return {each.path: each.sha256 for each in written(self.folder)}

    def begins(self, path: Path, temporary: Path) -> None:
        self._add(path, self._before.get(str(path.resolve())), temporary)

    def ends(self, path: Path, temporary: Path) -> None:
        self._add(path, _digest(temporary), temporary)

    def _add(self, path: Path, sha256: str | None, temporary: Path) -> None:
        entry = WrittenList(
            path=str(path.resolve()),
            sha256=sha256,
            kind=self.kind,
            at=int(time.time()),
            temporary=str(temporary.resolve()),
        )
        _append(self.folder, [entry])


def remember(folder: Path, outs: Iterable[Path], kind: Kind, at: int) -> None:
    """Enter lists that a person wrote or brought; they replace entries with the same paths."""
    entries = [
        WrittenList(path=str(out.resolve()), sha256=_digest(out), kind=kind, at=at) for out in outs
    ]
    _append(folder, entries)


def written(folder: Path) -> tuple[WrittenList, ...]:
    """All lists of a project that are not known to be destroyed."""
    path = _path(folder)
    kept = _Register.validate_json(read_file(path)) if path.exists() else ()
    by_path = {each.path: each for each in (*kept, *_added(folder))}
    return tuple(by_path.values())


def destroy_unchanged(folder: Path) -> int:
    """Overwrite and delete the unchanged lists and parts of lists; returns how many files."""
    return sum(_destroy(each) for each in written(folder))


def forget_gone(folder: Path) -> None:
    """Remove entries whose list no longer exists."""
    with _alone(folder):
        left = [each for each in written(folder) if each.standing() != "gone"]
        if left:
            listed = canonical_json([each.model_dump(mode="json") for each in left])
            write_file(_path(folder), listed, private=True)
        else:
            _path(folder).unlink(missing_ok=True)
        _journal(folder).unlink(missing_ok=True)


def _destroy(entry: WrittenList) -> int:
    count = 0
    for part in entry.parts():
        for file in [part] if part.is_file() else sorted(part.rglob("*")):
            count += file.is_file() and shred_file(file)
        shutil.rmtree(part, ignore_errors=True)
    if entry.standing() == "unchanged":
        count += shred_file(Path(entry.path))
    return count


def _append(folder: Path, entries: Iterable[WrittenList]) -> None:
    """Add entries to the journal; they are on the disk at the end."""
    lines = b"".join(canonical_json(each.model_dump(mode="json")) + b"\n" for each in entries)
    with _alone(folder):
        journal = _journal(folder)
        journal.touch(0o600)
        with journal.open("r+b") as file:
            file.seek(_complete(file))
            file.truncate()
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())


def _added(folder: Path) -> Iterator[WrittenList]:
    """The entries of the journal, without a last line that was cut off."""
    path = _journal(folder)
    if path.exists():
        for line in read_file(path).splitlines(keepends=True):
            if line.endswith(b"\n"):
                yield WrittenList.model_validate_json(line)


def _complete(journal: BinaryIO) -> int:
    """Where the last complete line ends: for one that was cut off nothing was written yet."""
    end = journal.seek(0, os.SEEK_END)
    if end == 0 or (journal.seek(end - 1), journal.read(1))[1] == b"\n":
        return end
    journal.seek(0)
    return journal.read().rfind(b"\n") + 1


def _alone(folder: Path) -> FileLock:
    """Two commands at once would each write the register without the other's lists."""
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "written.lock")


def _path(folder: Path) -> Path:
    return folder / "written.json"


def _journal(folder: Path) -> Path:
    return folder / "written.jsonl"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
