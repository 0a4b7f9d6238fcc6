"""Gives handles to rows, column by column, in any process that normalises rows.

    handle = HMAC-SHA256(local key; digest of the normalised fields, nonce, record id)[:16]

A handle exists before any key of the project. The nonce makes handles differ each time the
same file is prepared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from encoder.base.pieces import (
    KEY_BYTES,
    as_list,
    as_numbers,
    as_rows,
    in_buckets,
    join_rows,
    packed,
    unpacked,
)
from encoder.store.identity import Persons, as_fields
from policy.log.drawn_leaves import BETWEEN_FIELDS

_SEALED = b"row digest\0"


def join_fields(fields: Sequence[str]) -> str:
    """One row's normalised fields in their stored form."""
    return BETWEEN_FIELDS.join(fields)


def digests_of(fields: Iterable[str]) -> bytes:
    """Digests of joined fields, 16 bytes per row."""
    return _cut([sha256(each.encode()).digest() for each in fields])


def split_columns(joined: Sequence[str]) -> list[list[str]]:
    """The columns of one or more rows, each joined by `join_fields`."""
    cells = BETWEEN_FIELDS.join(joined).split(BETWEEN_FIELDS)
    width = len(cells) // len(joined)
    return [cells[at::width] for at in range(width)]


@dataclass(frozen=True)
class People:
    """Normalised rows of a source, as the store takes them.

    `digests` (`encoder.store.identity`), `nonces` and `handles` have 16 bytes a row, `grounds` one,
    in the order of the rows. `by_handle` are pieces of the rows by buckets of handles: bucket,
    handles, joined fields; `by_digest` by buckets of the digests by which rows are merged: bucket,
    digests, row numbers (8 bytes each), handles.
    """

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    digests: bytes = field(repr=False)
    grounds: bytes = field(repr=False)
    nonces: bytes = field(repr=False)
    handles: bytes = field(repr=False)
    by_handle: list[tuple[int, bytes, str]] = field(repr=False)
    by_digest: list[tuple[int, bytes, bytes, bytes]] = field(repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        keys = (self.digests, self.grounds, self.nonces, self.handles)
        pieces = (self.by_handle, self.by_digest)
        return _arrived, (self.row_numbers, packed(self.record_ids), *keys, *pieces)


def _arrived(row_numbers: list[int], record_ids: str | list[str], *others: Any) -> People:
    """Rebuild `People` in another process."""
    return People(row_numbers, unpacked(record_ids), *others)


class Handles:
    """Makes handles under one agency's local key."""

    def __init__(self, local_key: bytes) -> None:
        self._keyed = HMAC(local_key, SHA256())

    def of_people(
        self,
        row_numbers: list[int],
        record_ids: list[str],
        rows: Iterable[Sequence[str]],
        tell_apart: Callable[[bytes], Persons] = as_fields,
    ) -> People:
        """The rows' people; `rows` are normalised fields in identifier order."""
        fields = list(map(BETWEEN_FIELDS.join, rows))
        digests = digests_of(fields)
        nonces = os.urandom(KEY_BYTES * len(fields))
        handles = self._of(digests, nonces, record_ids)
        persons = tell_apart(digests)
        return People(
            row_numbers,
            record_ids,
            persons.digests,
            persons.grounds,
            nonces,
            handles,
            _by_handle(handles, fields),
            _by_digest(persons.merging, row_numbers, handles),
        )

    def sealed(self, digests: bytes) -> bytes:
        """MACs of digests, 16 bytes per row; only the local key's holder can compare them."""
        macs = []
        for digest in as_list(digests):
            mac = self._keyed.copy()
            # The input is shorter than a handle's, so that no MAC is a handle.
            mac.update(_SEALED + digest)
            macs.append(mac.finalize())
        return _cut(macs)

    def of_canaries(self, slots: int) -> list[tuple[bytes, bytes]]:
        """(nonce, handle) of each slot, in ascending order of the handles.

        The service takes equally similar pairs in handle order. So all agencies know which of
        two canaries it takes, without knowing their handles.
        """
        nonces = os.urandom(KEY_BYTES * slots)
        handles = self._of(bytes(KEY_BYTES * slots), nonces, ["canary"] * slots)
        planted = zip(as_list(nonces), as_list(handles), strict=True)
        return sorted(planted, key=lambda each: each[1])

    def _of(self, digests: bytes, nonces: bytes, record_ids: list[str]) -> bytes:
        # Digest and nonce have fixed lengths, so the parts cannot run into each other.
        pairs = np.concatenate([as_rows(digests), as_rows(nonces)], axis=1).tobytes()
        starts = range(0, len(pairs), 2 * KEY_BYTES)
        macs: list[bytes] = []
        fresh, append = self._keyed.copy, macs.append
        for start, record_id in zip(starts, map(str.encode, record_ids), strict=True):
            mac = fresh()
            mac.update(pairs[start : start + 2 * KEY_BYTES] + record_id)
            append(mac.finalize())
        return _cut(macs)


def _cut(hashes: list[bytes]) -> bytes:
    """The first 16 bytes of each 32-byte hash, one after the other."""
    return as_rows(b"".join(hashes), 2 * KEY_BYTES)[:, :KEY_BYTES].tobytes()


def _by_handle(handles: bytes, fields: list[str]) -> list[tuple[int, bytes, str]]:
    order, places = in_buckets(handles)
    keys = as_rows(handles)[order]
    sorted_fields = [fields[at] for at in order.tolist()]
    return [(b, keys[here].tobytes(), join_rows(sorted_fields[here])) for b, here in places]


def _by_digest(
    digests: bytes, row_numbers: list[int], handles: bytes
) -> list[tuple[int, bytes, bytes, bytes]]:
    order, places = in_buckets(digests)
    columns = (
        as_rows(digests)[order],
        as_numbers(row_numbers)[order],
        as_rows(handles)[order],
    )
    keys, numbers, theirs = columns
    return [
        (bucket, keys[here].tobytes(), numbers[here].tobytes(), theirs[here].tobytes())
        for bucket, here in places
    ]
