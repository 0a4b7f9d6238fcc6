"""Bodies of requests: how large each route lets them be, and reading them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request

from linkage_service.limits.bodies import too_large
from linkage_service.settings import MAX_BODY_BYTES
from policy.formats.chunk_stream import CHUNKS_AT_ONCE, SEALED_CHUNK_BYTES

_KIB, _MIB = 1024, 1024 * 1024

# By the name of a route's function. Requests of other routes have no body.
MOST_BYTES: Final[Mapping[str, int]] = {
    "append": MAX_BODY_BYTES,
    "cosign": 4 * _KIB,
    "give": MAX_BODY_BYTES,
    "missing": MAX_BODY_BYTES,
    "post_seal": _MIB,
    "put_chunk": SEALED_CHUNK_BYTES,
    "put_chunks": CHUNKS_AT_ONCE * SEALED_CHUNK_BYTES,
    "put_document": MAX_BODY_BYTES,
    "put_part": SEALED_CHUNK_BYTES + _KIB,
    "show": 64 * _KIB,
    "succeed": _MIB,
}


def most_bytes(request: Request) -> int:
    """The bound of the route that this request is for."""
    return MOST_BYTES.get(getattr(request.scope.get("route"), "name", ""), 0)


def require_length(request: Request, most: int) -> None:
    """Check the length that the headers state, if they do; raises BadInput."""
    stated = request.headers.get("content-length", "0")
    if not stated.isdecimal() or int(stated) > most:
        raise too_large(most)


async def read_body(request: Request, most: int) -> bytes:
    """The body of at most this many bytes; raises BadInput."""
    blocks, size = list[bytes](), 0
    async for block in request.stream():
        blocks.append(block)
        size += len(block)
        if size > most:
            raise too_large(most)
    return b"".join(blocks)
