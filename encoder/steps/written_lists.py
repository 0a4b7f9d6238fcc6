"""The register of lists written by this home folder: path, content, whether still there.

    projects/PROJECT/written.json    path, SHA-256, kind and time of each list

Lists are written outside of the home folder, wherever the agency chooses. Destroying them at
their date requires this register. A list that was changed or moved since may not be deleted
here: the register reports it, and a person must handle it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import TypeAdapter

from policy.base.canonical import HexDigest, Model, canonical_json
from policy.base.files import read_file, shred_file, write_file

Kind = Literal["people", "ids", "duplicates", "programme", "review"]
Standing = Literal["unchanged", "changed", "gone"]


class WrittenList(Model):
    """One list, in its state when written."""

    path: str
    sha256: HexDigest
    kind: Kind
    at: int

    def standing(self) -> Standing:
        path = Path(self.path)
        if not path.is_file():
            return "gone"
        return "unchanged" if _digest(path) == self.sha256 else "changed"


_Register = TypeAdapter(tuple[WrittenList, ...])


def remember(folder: Path, outs: Iterable[Path], kind: Kind, at: int) -> None:
    """Enter new lists; they replace entries with the same paths."""
    new = {
        str(out.resolve()): WrittenList(
            path=str(out.resolve()), sha256=_digest(out), kind=kind, at=at
        )
        for out in outs
    }
    # Two commands at once would each write the register without the other's lists.
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "written.lock"):
        others = (each for each in written(folder) if each.path not in new)
        _write(folder, [*others, *new.values()])


def written(folder: Path) -> tuple[WrittenList, ...]:
    """All lists of a project that are not known to be destroyed."""
    path = _path(folder)
    return _Register.validate_json(read_file(path)) if path.exists() else ()


def destroy_unchanged(folder: Path) -> int:
    """Overwrite and delete the unchanged lists; returns how many."""
    return sum(
        shred_file(Path(each.path)) for each in written(folder) if each.standing() == "unchanged"
    )


def forget_gone(folder: Path) -> None:
    """Remove entries whose list no longer exists."""
    left = [each for each in written(folder) if each.standing() != "gone"]
    if left:
        _write(folder, left)
    else:
        _path(folder).unlink(missing_ok=True)


def _write(folder: Path, entries: list[WrittenList]) -> None:
    listed = canonical_json([each.model_dump(mode="json") for each in entries])
    write_file(_path(folder), listed, private=True)


def _path(folder: Path) -> Path:
    return folder / "written.json"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
