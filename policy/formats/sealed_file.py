"""A released file as its recipient downloads it: the seal of its key, then its chunks.

    bytes    part
    4        length of the seal in bytes, big-endian
    ...      the seal, an envelope (`policy.crypto.envelope`)
    then for each chunk (`chunk_stream`), at least one:
    4        length of the chunk in bytes, big-endian
    ...      the chunk

The digest of the file is SHA-256 of the parts without their lengths. The log names it as
`ciphertext`.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, Final

from policy.base.canonical import sha256_of
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES

LENGTH_BYTES: Final = 4


@dataclass(frozen=True)
class SealedFile:
    """The seal and the chunks of one released file."""

    seal: bytes
    chunks: Sequence[bytes | memoryview]

    def digest(self) -> str:
        """The file's name in the log and in URLs: SHA-256, hex."""
        return sha256_of((self.seal, *self.chunks))

    def write(self) -> bytes:
        """The file as bytes."""
        return written(self.seal, self.chunks)[0]

    @classmethod
    def read(cls, data: bytes) -> SealedFile:
        """Parse a file; raises ValueError if it is truncated or has no chunk.

        The chunks are views of `data`.
        """
        whole, parts, at = memoryview(data), list[memoryview](), 0
        while at < len(data):
            start = at + LENGTH_BYTES
            at = start + int.from_bytes(data[start - LENGTH_BYTES : start], "big")
            parts.append(whole[start:at])
        if at != len(data) or len(parts) < 2:
            raise ValueError("the sealed file is cut short")
        return cls(bytes(parts[0]), parts[1:])


def read_parts(file: IO[bytes]) -> Iterator[bytes]:
    """The seal and the chunks of a file from its beginning, one after another.

    Raises ValueError if it is truncated, has no chunk, or has a part that is longer than a chunk.
    """
    file.seek(0)
    count = 0
    while length := file.read(LENGTH_BYTES):
        size = int.from_bytes(length, "big")
        part = file.read(size) if size <= SEALED_CHUNK_BYTES else b""
        if len(length) < LENGTH_BYTES or len(part) < size:
            raise ValueError("the sealed file is cut short")
        yield part
        count += 1
    if count < 2:
        raise ValueError("the sealed file is cut short")


def written(seal: bytes, chunks: Iterable[bytes | memoryview]) -> tuple[bytes, str]:
    """The file and its digest, from chunks that are read once and held in the file alone."""
    file = io.BytesIO()
    digest = write_parts(file.write, seal, chunks)
    return file.getvalue(), digest


def write_parts(
    write: Callable[[bytes | memoryview], object],
    seal: bytes,
    chunks: Iterable[bytes | memoryview],
) -> str:
    """Write the file part by part; returns its digest."""
    digest = hashlib.sha256()
    for part in chain([seal], chunks):
        write(len(part).to_bytes(LENGTH_BYTES, "big"))
        write(part)
        digest.update(part)
    return digest.hexdigest()
