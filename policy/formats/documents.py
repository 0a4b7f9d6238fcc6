"""Documents sent alongside statements, which name them by digest: lists in JSON.

    chunk list     ["<64 hex digits>", ...]: the digests of a bundle's chunks, in order
    handle list    ["<32 hex digits>", ...]: the handles of rows that a delta or withdrawal removes

Both are written as canonical JSON. Readers check the digest, so the form need not be canonical.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from policy.base.canonical import canonical_json
from policy.base.json_text import parse_json
from policy.formats.bundle_row import HANDLE_BYTES

_DIGEST = re.compile(r"[0-9a-f]{64}")


def write_chunk_list(digests: Iterable[str]) -> bytes:
    """A chunk list in canonical JSON, in the given order."""
    return canonical_json(list(digests))


def read_chunk_list(data: bytes) -> list[str]:
    """The digests in a chunk list, in order; raises ValueError if it is not one."""
    listed = _texts(data)
    if not all(map(_DIGEST.fullmatch, listed)):
        raise ValueError("not a list of digests")
    return listed


def write_handle_list(handles: Iterable[bytes]) -> bytes:
    """A handle list in canonical JSON, in the given order."""
    return canonical_json([handle.hex() for handle in handles])


def read_handle_list(data: bytes) -> list[bytes]:
    """The handles in a handle list (16 bytes each); raises ValueError if it is not one."""
    handles = [bytes.fromhex(text) for text in _texts(data)]
    if any(len(handle) != HANDLE_BYTES for handle in handles):
        raise ValueError("not a list of handles")
    return handles


def _texts(data: bytes) -> list[str]:
    listed = parse_json(data)
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise ValueError("not a list of texts")
    return listed
