"""A run's stored results, in addition to the results of its tiles (`tile_results`)."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching import Groups
from linkage_service.runs.outcome import Flags, PairCounts, duplicate_handles
from linkage_service.runs.overlaps import overlaps
from linkage_service.runs.solve import DomainGroups, RunInputs, Solution
from linkage_service.runs.stored_parts import StoredParts, damaged
from linkage_service.storage.blobs import Blobs
from policy.base.canonical import canonical_json, sha256
from policy.base.errors import NotYet, Refused
from policy.base.words import Words


@dataclass(frozen=True)
class Results:
    """The results of one run. Each part is stored once: solving again gives the same bytes."""

    blobs: Blobs
    project: str
    run: str

    @cached_property
    def parts(self) -> StoredParts:
        return StoredParts(self.blobs, self.project, self.run)

    def keep(self, inputs: RunInputs, solution: Solution) -> None:
        """Store groups, duplicates and joined lists; `keep_counted` stores the counts, last of
        all."""
        if solution.duplicates is not None:
            for number, name in enumerate(inputs.data.names):
                people = duplicate_handles(solution.duplicates, number, inputs.data)
                self.keep_duplicates(name, people)
        for domain, groups in solution.domains.groups.items():
            self.keep_domain(domain, groups, solution.domains.verify[domain])
            self.keep_overlaps(domain, overlaps(groups, inputs.data.names))
        for joined in solution.joined:
            self.keep_joined(joined.lists, joined.groups)

    def domains(self, names: Sequence[str]) -> DomainGroups:
        """The stored groups of these ID domains, and the numbers of pairs."""
        groups = {name: self.groups(name) for name in names}
        verify = {name: self.verify(name) for name in names}
        return DomainGroups(groups, verify, self.counted())

    # -- one ID domain --------------------------------------------------------------------

    def keep_domain(self, domain: str, groups: Groups, verify: Flags) -> None:
        self.parts.put(_groups_name(domain), _as_bytes(groups))
        self.parts.put(f"verify-{domain}", verify.tobytes())

    def groups(self, domain: str) -> Groups:
        return _groups(self.run, _groups_name(domain), self.parts.get(_groups_name(domain)))

    def verify(self, domain: str) -> Flags:
        """Which groups need verification, bool by group number."""
        return np.frombuffer(self.parts.get(f"verify-{domain}"), np.bool_)

    def keep_overlaps(self, domain: str, counted: list[dict[str, Any]]) -> None:
        self.parts.put(f"overlaps-{domain}", json.dumps(counted).encode())

    def overlaps(self, domain: str) -> list[dict[str, Any]]:
        """How many groups each combination of lists has; empty for runs of earlier builds."""
        name = f"overlaps-{domain}"
        found: list[dict[str, Any]] = self._loaded(name) if self.parts.has(name) else []
        return found

    # -- own lists of one recipient --------------------------------------------------------

    def keep_joined(self, lists: tuple[str, ...], groups: Groups) -> None:
        """Store which rows of these lists their owner can recognise as one person."""
        self.parts.put(_joined_name(lists), _as_bytes(groups))

    def joined(self, lists: tuple[str, ...]) -> Groups:
        """Raises Refused if these lists did not belong to one recipient when the run was solved."""
        name = _joined_name(lists)
        if not self.parts.has(name):
            raise Refused(
                ServiceCode.RUN_NOT_JOINED,
                Words(
                    "Sejak pemadanan ini, penerima yang dihitung sebagai satu telah berubah.",
                    "Since this run, the recipients that count as one have changed.",
                ),
                Words("Perintahkan pemadanan baru.", "Order a new run."),
            )
        return _groups(self.run, name, self.parts.get(name))

    # -- the whole run --------------------------------------------------------------------

    def keep_counted(self, counted: PairCounts) -> None:
        """Store the numbers of pairs, then the digests of all parts: the result is whole."""
        self.parts.put("candidates", json.dumps(asdict(counted)).encode())
        self.parts.seal()

    def counted(self) -> PairCounts:
        return PairCounts(**self._loaded("candidates"))

    def keep_duplicates(self, dataset: str, people: list[list[str]]) -> None:
        self.parts.put(f"duplicates-{dataset}", json.dumps(people).encode())

    def duplicates(self, dataset: str) -> list[list[str]]:
        """The duplicates in one dataset: for each person the handles (hexadecimal) of its rows."""
        name = f"duplicates-{dataset}"
        if not self.parts.has(name):
            raise NotYet(
                ServiceCode.RUN_NO_DUPLICATES,
                Words(
                    "Baris ganda tidak dicari, atau pemadanan ini belum selesai.",
                    "Duplicates were not looked for, or this run is not done yet.",
                ),
                Words(
                    "Baris ganda dicari bila piagam menetapkan cardinality: one-to-many.",
                    "They are looked for where the charter says cardinality: one-to-many.",
                ),
            )
        found: list[list[str]] = self._loaded(name)
        return found

    def keep_calibration(self, facts: dict[str, Any]) -> None:
        self.parts.put("calibration", json.dumps({"run": self.run, **facts}).encode())

    def calibration(self) -> dict[str, Any]:
        """The run's estimates of its precision and recall, for every two datasets."""
        name = "calibration"
        if not self.parts.has(name):
            raise NotYet(
                ServiceCode.RUN_NOT_CALIBRATED,
                Words("Pemadanan ini belum dikalibrasi.", "This run has not been calibrated yet."),
                Words(
                    "Tunggu sampai 'padan-linkage run-status' berkata selesai.",
                    "Wait until 'padan-linkage run-status' says that it is done.",
                ),
            )
        facts: dict[str, Any] = self._loaded(name)
        return facts

    def _loaded(self, name: str) -> Any:
        try:
            return json.loads(self.parts.get(name))
        except ValueError:
            raise damaged(self.run, name) from None


def _groups_name(domain: str) -> str:
    return f"groups-{domain}.npy"


def _joined_name(lists: tuple[str, ...]) -> str:
    return f"joined-{sha256(canonical_json(list(lists)))}"


def _as_bytes(groups: Groups) -> bytes:
    buffer = io.BytesIO()
    table = np.stack([groups.dataset.astype(np.uint32), groups.row, groups.group])
    np.save(buffer, table, allow_pickle=False)
    return buffer.getvalue()


def _groups(run: str, name: str, stored: bytes) -> Groups:
    """The groups as stored; raises DamagedResult for bytes that are no such table."""
    try:
        table: NDArray[np.uint32] = np.load(io.BytesIO(stored), allow_pickle=False)
    except (ValueError, OSError, EOFError, MemoryError):
        raise damaged(run, name) from None
    if table.dtype != np.uint32 or table.ndim != 2 or table.shape[0] != 3:
        raise damaged(run, name)
    return Groups(table[0].astype(np.uint16), table[1], table[2])
