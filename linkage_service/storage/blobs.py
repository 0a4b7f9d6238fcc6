"""Object storage: create-once blobs, named by digest or by step, and checked when they are read.

    PROJECT/chunks/DIGEST, PROJECT/documents/DIGEST    the content; its SHA-256 is the name
    everything else                                    SHA-256 of the content, 32 bytes; the content

A blob that does not fit its digest is damaged: it counts as missing, and writing it again replaces
it. A store that is not there, or another one, is an error and never an empty store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from obstore.exceptions import BaseError

from linkage_service.storage import blob_refusals as refusals
from linkage_service.storage.drafts import BlobDraft, checked_blocks, draft_in
from linkage_service.storage.stores import (
    FolderStore,
    Store,
    Stored,
    find,
    listed,
    read,
    read_blocks,
)

DIGEST_BYTES: Final = 32
_BY_DIGEST: Final = ("chunks", "documents")
_MOST_MARKS: Final = 1_000_000


class BlobReader(Protocol):
    """Reads bytes by name: from a service's blobs, or from a hand-over."""

    def get(self, name: str) -> bytes:
        """The whole blob; raises a PadanError if it is missing or differs from its name."""
        ...


@dataclass(frozen=True)
class Blobs:
    """Blobs in a folder or in a bucket."""

    store: Store
    # Blobs that were found whole, each with the store's mark of that content.
    _whole: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def in_folder(cls, folder: Path) -> Blobs:
        """Blobs of a folder that belongs to no service's database."""
        return cls(FolderStore.made(folder))

    def put(self, name: str, data: bytes) -> None:
        """Write once, durably. An existing blob stays if it is whole."""
        self.put_all({name: data})

    def put_all(self, blobs: Mapping[str, bytes]) -> None:
        """As `put` for each; a crash may leave some of them."""
        stored = {name: framed(name, data) for name, data in blobs.items()}
        with self._writing():
            existed = self.store.create(stored)
        for name in existed:
            if not self.is_whole(name):
                with self._writing():
                    self.store.replace(name, stored[name])

    @contextmanager
    def draft(self, scratch: Path) -> Iterator[BlobDraft]:
        """A blob to write block by block, which `keep` names; without a name it is removed.

        `scratch` is a folder of this machine for a store that is a bucket.
        """
        with self._writing(), draft_in(self.store.drafts(scratch)) as draft:
            yield draft

    def keep(self, name: str, draft: BlobDraft) -> None:
        """As `put`, from a draft. The blob is not one that its own digest names."""
        if _by_digest(name):
            raise ValueError("a blob that its digest names has no digest before its content")
        with self._writing():
            draft.finish()
            created = self.store.create_from(name, draft.path)
        if not created and not self.is_whole(name):
            with self._writing():
                self.store.replace_from(name, draft.path)

    def has(self, name: str) -> bool:
        """Whether there is a blob of that name; it may be damaged."""
        with self._reading():
            return self._found(name) is not None

    def is_whole(self, name: str) -> bool:
        """Whether there is an undamaged blob of that name; reads it unless it is known."""
        with self._reading():
            return self._is_whole(self._found(name), name)

    def missing(self, folder: str, names: Iterable[str]) -> list[str]:
        """Which of these blobs of a folder are absent or damaged, in the given order."""
        stored = {each.name: each for each in self.stored(folder)}
        places = [(name, f"{folder}/{name}") for name in names]
        with self._reading():
            return [name for name, at in places if not self._is_whole(stored.get(at), at)]

    def get(self, name: str) -> bytes:
        """The content; raises NotYet if it is missing or damaged."""
        with self._reading():
            try:
                data = read(self.store, name)
            except FileNotFoundError:
                self._require_here()
                raise refusals.missing() from None
        content = content_of(name, data)
        if content is None:
            self._whole.pop(name, None)
            raise refusals.damaged()
        return content

    def stream(self, name: str) -> Iterator[bytes]:
        """As `get`, in blocks; a damaged blob raises before the first of them.

        It is read twice unless it is known to be whole. Not for a blob that its digest names.
        """
        with self._reading():
            found = self._found(name)
            if found is None:
                raise refusals.missing()
            if not self._is_whole(found, name):
                raise refusals.damaged()
        return self._streamed(name)

    def _streamed(self, name: str) -> Iterator[bytes]:
        with self._reading():
            try:
                yield from checked_blocks(read_blocks(self.store, name))
            except FileNotFoundError:
                raise refusals.missing() from None
            except ValueError:  # it was damaged meanwhile
                self._whole.pop(name, None)
                raise refusals.damaged() from None

    def under(self, folder: str) -> set[str]:
        """The names of the blobs in a folder, without the folder's name."""
        return {each.name.removeprefix(f"{folder}/") for each in self.stored(folder)}

    def stored(self, folder: str) -> list[Stored]:
        """The blobs in a folder, with their sizes in the store in bytes."""
        with self._reading():
            found = list(listed(self.store, folder))
            if not found:
                self._require_here()
        return found

    def delete_under(self, folder: str) -> None:
        """Delete every blob in a folder."""
        self.delete_all(each.name for each in self.stored(folder))

    def delete(self, name: str) -> None:
        self.delete_all([name])

    def delete_all(self, names: Iterable[str]) -> None:
        """Delete these blobs, many in one request where the store can."""
        with self._writing():
            self._require_here()
            self.store.remove(names)

    def _found(self, name: str) -> Stored | None:
        found = find(self.store, name)
        if found is None:
            self._require_here()
        return found

    def _is_whole(self, found: Stored | None, name: str) -> bool:
        if found is None:
            return False
        if found.mark and self._whole.get(name) == found.mark:
            return True
        try:
            whole = _reads_whole(self.store, name)
        except FileNotFoundError:  # deleted meanwhile
            return False
        if whole:
            if len(self._whole) >= _MOST_MARKS:
                self._whole.clear()
            self._whole[name] = found.mark
        return whole

    def _require_here(self) -> None:
        """Check, before something counts as absent, that this is a store at all."""
        if not self.store.is_here():
            raise refusals.store_gone()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turns failures of the store into NotYet, without their messages."""
        try:
            yield
        except (BaseError, OSError):
            raise refusals.store_gone() from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, FileNotFoundError):
            raise refusals.store_gone() from None
        except OSError:
            raise refusals.not_written() from None


def chunk_folder(project: str) -> str:
    return f"{project}/chunks"


def chunk_name(project: str, digest: str) -> str:
    return f"{chunk_folder(project)}/{digest}"


def document_name(project: str, digest: str) -> str:
    return f"{project}/documents/{digest}"


def _by_digest(name: str) -> bool:
    return name.split("/")[-2:-1] in ([each] for each in _BY_DIGEST)


def framed(name: str, data: bytes) -> bytes:
    """A blob as it is stored."""
    return data if _by_digest(name) else hashlib.sha256(data).digest() + data


def content_of(name: str, stored: bytes) -> bytes | None:
    """The content of what is stored under a name; None if it is damaged."""
    if _by_digest(name):
        fits = hashlib.sha256(stored).hexdigest() == name.rsplit("/", 1)[-1]
        return stored if fits else None
    content = memoryview(stored)[DIGEST_BYTES:]
    fits = hashlib.sha256(content).digest() == stored[:DIGEST_BYTES]
    return bytes(content) if fits else None


def _reads_whole(store: Store, name: str) -> bool:
    """Whether a blob fits its digest; holds a block of it at a time."""
    if _by_digest(name):
        return content_of(name, read(store, name)) is not None
    try:
        for _ in checked_blocks(read_blocks(store, name)):
            pass
    except ValueError:
        return False
    return True
