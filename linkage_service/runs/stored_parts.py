"""The parts of a run's result as blobs, with a list of their digests that is stored last.

A part that a power failure cut short, or that a disk or a person changed, differs from the list. It
is found when it is read, and the run's result is computed again from its tiles. Results of earlier
builds have no list: for these only the digest in the log tells.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.blobs import Blobs
from policy.base.canonical import canonical_json, sha256
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words

_LIST = "digests"
# What a run stores of its result; its tiles and choices have other names.
_PREFIXES = (
    "groups-",
    "verify-",
    "overlaps-",
    "joined-",
    "duplicates-",
    "calibration",
    "candidates",
    _LIST,
)


class DamagedResult(BadInput):
    """A stored result that is not as the run left it; `run` is the run's name."""

    run: str = ""


@dataclass(frozen=True)
class StoredParts:
    """The parts of one run of a project."""

    blobs: Blobs
    project: str
    run: str
    _kept: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def put(self, name: str, data: bytes) -> None:
        """Store a part once: solving again gives the same bytes."""
        self.blobs.put(self._path(name), data)
        self._kept[name] = sha256(data)

    def seal(self) -> None:
        """Store the digests of all parts that were put; called last."""
        self.blobs.put(self._path(_LIST), canonical_json(self._kept))

    def has(self, name: str) -> bool:
        return self.blobs.has(self._path(name))

    def get(self, name: str) -> bytes:
        """The bytes of a part; raises DamagedResult if it differs from the list, or is gone."""
        listed = self._listed()
        try:
            data = self.blobs.get(self._path(name))
        except NotYet as error:
            if error.code not in (ServiceCode.BLOB_MISSING, ServiceCode.BLOB_DAMAGED):
                raise
            raise damaged(self.run, name) from None
        if listed is not None and listed.get(name) != sha256(data):
            raise damaged(self.run, name)
        return data

    def are_whole(self) -> bool:
        """Whether the list is there and every part is as it says."""
        try:
            listed = self._listed()
            for name in listed or ():
                self.get(name)
        except DamagedResult:
            return False
        return listed is not None

    def are_damaged(self) -> bool:
        """Whether the list is there, and some part is not as it says."""
        return self.has(_LIST) and not self.are_whole()

    def drop(self) -> None:
        """Delete every part and the list: the next attempt solves again."""
        for name in sorted(self.blobs.under(self._folder), reverse=True):
            if "/" not in name and name.startswith(_PREFIXES):
                self.blobs.delete(self._path(name))
        self._kept.clear()

    def _listed(self) -> dict[str, str] | None:
        if not self.has(_LIST):
            return None
        try:
            listed = json.loads(self.blobs.get(self._path(_LIST)))
        except NotYet as error:
            if error.code != ServiceCode.BLOB_DAMAGED:
                raise
            raise damaged(self.run, _LIST) from None
        except ValueError:
            raise damaged(self.run, _LIST) from None
        if not isinstance(listed, dict):
            raise damaged(self.run, _LIST)
        return listed

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    @property
    def _folder(self) -> str:
        return f"{self.project}/runs/{self.run}"


def damaged(run: str, part: str) -> DamagedResult:
    """The error for a part of this run."""
    error = DamagedResult(
        ServiceCode.RUN_RESULT_DAMAGED,
        Words(
            f"Hasil pemadanan yang tersimpan rusak atau diubah ({part}).",
            f"The stored result of the run is damaged or was changed ({part}).",
        ),
        Words(
            "Periksa disk layanan. 'padan-linkage start-run' menghitung hasil itu lagi dari"
            " petaknya; sesudah selesai, ulangi perintah ini.",
            "Check the service's disk. 'padan-linkage start-run' computes the result again from"
            " its tiles; when it is done, give this command again.",
        ),
    )
    error.run = run
    return error
