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
_PART, _PARTS_AT_ONCE = 8 * 1024 * 1024, 4
_BLOCK = 1024 * 1024
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

    def drafts(self, scratch: Path) -> Path:
        """Where a file is written that `create_from` takes; `scratch` is a folder of the caller."""
        ...

    def create_from(self, name: str, draft: Path) -> bool:
        """As `create`, from a file in `drafts`, which is read in parts; False if it existed."""
        ...

    def replace_from(self, name: str, draft: Path) -> None:
        """As `replace`, from a file in `drafts`."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Delete objects, many in one request where the store can; absent ones are no error."""
        ...

    def tidy(self, before: float) -> int:
        """Remove what was left half-written before this time (Unix seconds); returns how many."""
        ...


def read(store: Store, name: str) -> bytes:
    return bytes(obstore.get(store.reader, name).bytes())


def read_blocks(store: Store, name: str) -> Iterator[bytes]:
    """The object in blocks of about a MiB, which are read one after another."""
    for block in obstore.get(store.reader, name).stream(min_chunk_size=_BLOCK):
        yield bytes(block)


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
                if not self._linked(temporary, name, folders):
                    existed.add(name)
            for folder in folders:
                _sync(folder)
        return existed

    def replace(self, name: str, data: bytes) -> None:
        with ExitStack() as stack:
            self.replace_from(name, self._written(data, stack))

    def drafts(self, scratch: Path) -> Path:
        return self.folder / WRITING  # a name is given within one file system

    def create_from(self, name: str, draft: Path) -> bool:
        folders = set[Path]()
        _sync(draft)
        created = self._linked(draft, name, folders)
        for folder in folders:
            _sync(folder)
        return created

    def replace_from(self, name: str, draft: Path) -> None:
        path = self.folder / name
        _sync(draft)
        folders = _make(path.parent, self.folder)
        draft.replace(path)
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

    def _linked(self, temporary: Path, name: str, folders: set[Path]) -> bool:
        """Give a written file its name; False if the name exists. `folders` are then to sync."""
        path = self.folder / name
        folders |= _make(path.parent, self.folder)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        return True

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

    def drafts(self, scratch: Path) -> Path:
        return scratch

    def create_from(self, name: str, draft: Path) -> bool:
        if draft.stat().st_size <= _ONE_REQUEST:
            return self._created(name, draft.read_bytes())
        if find(self, name) is not None:
            return False
        self.replace_from(name, draft)
        return True

    def replace_from(self, name: str, draft: Path) -> None:
        parts = draft.stat().st_size > _ONE_REQUEST
        obstore.put(
            self.reader,
            name,
            draft,
            use_multipart=parts,
            chunk_size=_PART,
            max_concurrency=_PARTS_AT_ONCE,
        )

    def remove(self, names: Iterable[str]) -> None:
        paths = list(names)
        if paths:
            obstore.delete(self.reader, paths)

    def tidy(self, before: float) -> int:
        """Nothing: what is left of uploads in parts, the bucket's own lifecycle rule removes."""
        return 0
