"""Where blobs are kept: a folder of this machine, or a bucket of S3 or a compatible store.

Both read, list and delete through obstore. A folder is written here: obstore does not sync what it
writes. A name is either absent or has a whole content, also after a crash.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore

# Half-written files; nothing lists or reads it. A crash may leave some, which `tidy` removes.
WRITING = ".writing"
_ONE_REQUEST = 16 * 1024 * 1024  # larger objects travel in parts
_LIST = 1000
IDENTITY = "padan-store.json"


@dataclass(frozen=True)
class Stored:
    """One stored object. `mark` changes whenever its content is written."""

    name: str
    size: int
    mark: str
    changed: datetime


class Store(Protocol):
    """Objects by name. Everything but `create` may raise FileNotFoundError, OSError or obstore's
    BaseError."""

    @property
    def reader(self) -> Any:
        """The store as obstore reads it."""
        ...

    def is_here(self) -> bool:
        """Whether the store exists, full or empty."""
        ...

    def create(self, objects: Mapping[str, bytes]) -> set[str]:
        """Write objects that do not exist yet, durably; returns the names that existed."""
        ...

    def replace(self, name: str, data: bytes) -> None:
        """Write an object, durably, whatever it was before."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Delete objects, many in one request where the store can; absent ones are no error."""
        ...

    def tidy(self, before: float) -> int:
        """Remove what was left half-written before this time (Unix seconds); returns how many."""
        ...


def read(store: Store, name: str) -> bytes:
    return bytes(obstore.get(store.reader, name).bytes())


def find(store: Store, name: str) -> Stored | None:
    try:
        return _stored(obstore.head(store.reader, name))
    except FileNotFoundError:
        return None


def listed(store: Store, folder: str) -> Iterator[Stored]:
    """The objects in a folder and its folders; everything if the name is empty."""
    for page in obstore.list(store.reader, prefix=folder or None, chunk_size=_LIST):
        yield from (_stored(each) for each in page if not each["path"].startswith(WRITING))


def _stored(meta: Mapping[str, Any]) -> Stored:
    return Stored(meta["path"], meta["size"], meta["e_tag"] or "", meta["last_modified"])


@dataclass(frozen=True)
class FolderStore:
    """Files in a folder. It is made by `made` alone: a lost mount is not written to."""

    folder: Path
    reader: Any

    @classmethod
    def made(cls, folder: Path) -> FolderStore:
        """The store in a folder, which is made if it is missing."""
        (folder / WRITING).mkdir(parents=True, exist_ok=True)
        _sync(folder)
        return cls.at(folder)

    @classmethod
    def at(cls, folder: Path) -> FolderStore:
        """The store in a folder that exists."""
        return cls(folder, LocalStore(folder))

    def is_here(self) -> bool:
        return (self.folder / WRITING).is_dir()

    def create(self, objects: Mapping[str, bytes]) -> set[str]:
        existed, folders = set[str](), set[Path]()
        for name, data in objects.items():
            path, temporary = self.folder / name, self._written(data)
            try:
                folders |= _make(path.parent, self.folder)
                os.link(temporary, path)
            except FileExistsError:
                existed.add(name)
            finally:
                temporary.unlink()
        for folder in folders:
            _sync(folder)
        return existed

    def replace(self, name: str, data: bytes) -> None:
        path, temporary = self.folder / name, self._written(data)
        try:
            folders = _make(path.parent, self.folder)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        for folder in folders:
            _sync(folder)

    def remove(self, names: Iterable[str]) -> None:
        paths = [self.folder / name for name in names]
        for path in paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths}:
            if folder.is_dir():
                _sync(folder)

    def tidy(self, before: float) -> int:
        left = [p for p in (self.folder / WRITING).iterdir() if p.stat().st_mtime < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _written(self, data: bytes) -> Path:
        """A synced file with this content in the folder of half-written files."""
        descriptor, name = tempfile.mkstemp(dir=self.folder / WRITING)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)


def _make(folder: Path, root: Path) -> set[Path]:
    """Make a folder below the root; returns it and each folder in which one was made."""
    changed, at = {folder}, folder
    while not at.exists() and at != root:
        at = at.parent
        changed.add(at)
    folder.mkdir(parents=True, exist_ok=True)
    return changed


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class BucketStore:
    """Objects of a bucket, through obstore, which retries and signs."""

    reader: Any

    def is_here(self) -> bool:
        return find(self, IDENTITY) is not None

    def create(self, objects: Mapping[str, bytes]) -> set[str]:
        return {name for name, data in objects.items() if not self._created(name, data)}

    def _created(self, name: str, data: bytes) -> bool:
        if len(data) > _ONE_REQUEST:
            # Parts cannot be made conditional; whoever writes a name writes the same bytes.
            if find(self, name) is not None:
                return False
            obstore.put(self.reader, name, data, use_multipart=True)
            return True
        try:
            obstore.put(self.reader, name, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        return True

    def replace(self, name: str, data: bytes) -> None:
        obstore.put(self.reader, name, data, use_multipart=len(data) > _ONE_REQUEST)

    def remove(self, names: Iterable[str]) -> None:
        paths = list(names)
        if paths:
            obstore.delete(self.reader, paths)

    def tidy(self, before: float) -> int:
        """Nothing: what is left of uploads in parts, the bucket's own lifecycle rule removes."""
        return 0
