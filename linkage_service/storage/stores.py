"""Where blobs are kept: a folder of this machine, or a bucket of S3 or a compatible store.

Both read, list and delete through obstore. A folder is written here: obstore does not sync what it
writes. A name is either absent or has a whole content, also after a crash.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
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
        with ExitStack() as stack:
            # All are written before the first is synced: the disk then works on all of them.
            written = {name: self._written(data, stack) for name, data in objects.items()}
            for temporary in written.values():
                _sync(temporary)
            for name, temporary in written.items():
                path = self.folder / name
                folders |= _make(path.parent, self.folder)
                try:
                    os.link(temporary, path)
                except FileExistsError:
                    existed.add(name)
            for folder in folders:
                _sync(folder)
        return existed

    def replace(self, name: str, data: bytes) -> None:
        path = self.folder / name
        with ExitStack() as stack:
            temporary = self._written(data, stack)
            _sync(temporary)
            folders = _make(path.parent, self.folder)
            temporary.replace(path)
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

    def _written(self, data: bytes, stack: ExitStack) -> Path:
        """A file with this content in the folder of half-written files, removed at the end."""
        descriptor, name = tempfile.mkstemp(dir=self.folder / WRITING)
        stack.callback(Path(name).unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
        return Path(name)


def _make(folder: Path, root: Path) -> set[Path]:
    """Make a folder below the root; returns it and each folder in which one was made."""
    changed, at = {folder}, folder
    while not at.exists() and at != root:
        at = at.parent
        changed.add(at)
    folder.mkdir(parents=True, exist_ok=True)
    return changed


def _sync(path: Path) -> None:
    """Wait until a file's content, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
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
            # Parts cannot be made conditional; two writers of a name write the same bytes.
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
