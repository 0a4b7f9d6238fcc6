"""The digest of a result, independent of who computed it and of the order of the rows."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.solver import Groups
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.formats.bundle_row import HANDLE_BYTES

VERSION = b"padan result digest, version 1\n"


@dataclass(frozen=True, eq=False)
class RowHandles:
    """The handles of one dataset: uint8 (rows, 16), row `i` as in the matching.

    `dataset` is the dataset's number in the groups, `name` its name for all
    operators. A handle appears once in a dataset.
    """

    dataset: int
    name: str
    handles: NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = self.handles.shape
        if self.handles.dtype != np.uint8 or len(shape) != 2 or shape[1] != HANDLE_BYTES:
            raise _unusable(self.name)


def result_digest(groups: Groups, datasets: Sequence[RowHandles]) -> str:
    """SHA-256, in hexadecimal, of the groups as sets of (dataset name, handle).

    Row numbers, dataset numbers and their order do not affect the digest. Hashed are,
    with little-endian numbers: the version line; the number of datasets (u16) and,
    sorted by name, each name (u16 length, UTF-8) and its number of rows (u64); the
    number of groups (u64) and of records (u64); the sizes of the groups (u32
    each); each record as the place of its dataset in that sorted list (u16) and
    its handle (16 bytes). Records are sorted inside a group, groups by their first
    record. Raises BadInput for a handle or name used twice, and for a group's dataset
    that is not among `datasets`.
    """
    by_name = sorted(datasets, key=lambda dataset: dataset.name.encode())
    members, sizes = _canonical_members(groups, by_name)
    digest = hashlib.sha256(VERSION)
    digest.update(struct.pack("<H", len(by_name)))
    for dataset in by_name:
        name = dataset.name.encode()
        digest.update(struct.pack("<H", len(name)) + name)
        digest.update(struct.pack("<Q", dataset.handles.shape[0]))
    digest.update(struct.pack("<QQ", sizes.shape[0], members.shape[0]))
    digest.update(sizes.astype("<u4").tobytes())
    digest.update(members.tobytes())
    return digest.hexdigest()


def _canonical_members(
    groups: Groups, by_name: Sequence[RowHandles]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Members as 18 bytes each (place of the dataset, handle), and sizes of the groups."""
    members = np.empty((groups.row.shape[0], 2 + HANDLE_BYTES), np.uint8)
    place = _places(groups, by_name)
    members[:, :2] = place.astype("<u2").reshape(-1, 1).view(np.uint8)
    for number, dataset in enumerate(by_name):
        chosen = place == number
        rows = groups.row[chosen]
        if rows.max(initial=0) >= dataset.handles.shape[0] and rows.shape[0]:
            raise _unusable(dataset.name)
        members[chosen, 2:] = dataset.handles[rows]
    order = _sorted_by(place, members[:, 2:])
    members = members[order]
    if np.any(np.all(members[1:] == members[:-1], axis=1)):
        raise _unusable(_names(by_name))
    # Groups are in the order of their first members.
    _, first, label = np.unique(groups.group[order], return_index=True, return_inverse=True)
    order = np.argsort(first[label], kind="stable")
    return members[order], np.bincount(label)[np.argsort(first)]


def _places(groups: Groups, by_name: Sequence[RowHandles]) -> NDArray[np.int64]:
    """For each member, the place of its dataset in the sorted list."""
    place_of = np.full(2**16, -1, np.int64)
    for number, dataset in enumerate(by_name):
        if place_of[dataset.dataset] >= 0:
            raise _unusable(dataset.name)
        place_of[dataset.dataset] = number
    place = place_of[groups.dataset]
    if np.any(place < 0) or len({dataset.name for dataset in by_name}) != len(by_name):
        raise _unusable(_names(by_name))
    return place


def _names(datasets: Sequence[RowHandles]) -> str:
    return ", ".join(dataset.name for dataset in datasets)


def _sorted_by(first: NDArray[np.int64], handles: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Order by a number, then by the 16 bytes read from the left."""
    halves = np.ascontiguousarray(handles).view(">u8").astype(np.uint64)
    return np.lexsort((halves[:, 1], halves[:, 0], first))


def _unusable(name: str) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_HANDLES,
        Words(
            f"Pegangan baris untuk {name} hilang, ganda, atau salah bentuk.",
            f"The row handles of {name} are missing, doubled or of the wrong shape.",
        ),
        Words(
            "Minta lembaga itu menyiapkan dan mengunggah ulang datasetnya.",
            "Ask the agency to prepare and upload its dataset again.",
        ),
    )
