"""A blob that is written block by block, and named once its content is known."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

_DIGEST = hashlib.sha256


@dataclass(frozen=True)
class BlobDraft:
    """A file that has room for its digest before its content, as blobs are stored."""

    path: Path
    _file: IO[bytes]
    _digest: Any = field(default_factory=_DIGEST, repr=False)

    def write(self, block: bytes | memoryview) -> None:
        """The next block; raises OSError."""
        self._digest.update(block)
        self._file.write(block)

    def finish(self) -> None:
        """Put the digest of all blocks at the beginning."""
        self._file.seek(0)
        self._file.write(self._digest.digest())
        self._file.flush()


@contextmanager
def draft_in(folder: Path) -> Iterator[BlobDraft]:
    """An empty draft in this folder, which is removed at the end."""
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(_DIGEST().digest_size))
            yield BlobDraft(path, file)
    finally:
        path.unlink(missing_ok=True)


def checked_blocks(stored: Iterator[bytes]) -> Iterator[bytes]:
    """The content of a stored blob without its digest; raises ValueError at a damaged one.

    The last block is yielded only if all of the content fits the digest.
    """
    start, digest, held = b"", _DIGEST(), b""
    for block in stored:
        if len(start) < digest.digest_size:
            start += block
            block, start = start[digest.digest_size :], start[: digest.digest_size]
        if not block:
            continue
        digest.update(block)
        if held:
            yield held
        held = block
    if digest.digest() != start:
        raise ValueError("the content does not fit its digest")
    if held:
        yield held
