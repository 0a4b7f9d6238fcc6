"""A released file (`release_file`) from arrays."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from policy.formats.release_file import GRADED_MAGIC, MAGIC, MATCH_ID, SALT_BYTES

Bytes = NDArray[np.uint8]


def write(
    handles: Bytes, match_ids: Bytes, secrets: Bytes, verify: NDArray[np.bool_] | None
) -> bytes:
    """The bytes of a released file with a new salt.

    Each part is uint8 (rows, bytes); `grades` is bool (rows,). Rows are written in the order of
    their random match IDs, so the order reveals nothing.
    """
    parts = [handles, match_ids, secrets]
    if verify is not None:
        parts.append(verify[:, np.newaxis].astype(np.uint8))
    table = np.concatenate(parts, axis=1)
    order = np.lexsort(table[:, MATCH_ID].T[::-1])
    magic = MAGIC if verify is None else GRADED_MAGIC
    return magic + os.urandom(SALT_BYTES) + table[order].tobytes()
