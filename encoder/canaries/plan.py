"""All that an agency knows of a project's canaries, once it holds the keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from encoder.canaries.alike import rows_alike
from encoder.canaries.check import Expected
from encoder.canaries.fate import Fates, fates
from encoder.canaries.fields import Slots
from encoder.canaries.town import canaries_of, draw_town
from encoder.canaries.versions import rows_in
from encoder.terms import RowEncoder
from policy.ceremony import ProjectKeys
from policy.charter import CanariesAlike, Charter
from policy.inputs import rows_of
from policy.pairs.layout import HANDLE_BYTES
from policy.planted import MATCHED, VERIFY, commitment_of, seen_in
from policy.project import Project
from policy.statements import CanaryCell, CanaryCounts, DatasetCommitment


@dataclass(frozen=True)
class CanaryPlan:
    """Canaries of every dataset, by slot, and their fates. `lists` is what was committed."""

    charter: Charter
    keys: ProjectKeys = field(repr=False)
    lists: Mapping[str, DatasetCommitment]

    @classmethod
    def of(cls, project: Project, keys: ProjectKeys) -> CanaryPlan:
        """Once all agencies have committed."""
        names = project.charter.dataset_ids
        return cls(project.charter, keys, {name: commitment_of(project, name) for name in names})

    @cached_property
    def rows(self) -> dict[str, list[tuple[str, ...]]]:
        """Normalised fields of every slot of every dataset."""
        charter, terms = self.charter, self.charter.encoding.canaries
        if isinstance(terms, CanariesAlike):
            return {
                name: rows_alike(charter, terms, self.keys, name) for name in charter.dataset_ids
            }
        secret = self.keys.subkey("canary", "town")
        town = draw_town(charter, terms, secret, self.lists)
        return {
            name: rows_in(charter, town, secret, name, committed)
            for name, committed in self.lists.items()
        }

    def slots(self, dataset: str) -> Slots:
        """What fills the slots of a dataset."""
        rows = self.rows[dataset]
        if isinstance(self.charter.encoding.canaries, CanariesAlike):
            return Slots(rows)
        key = self.keys.subkey("canary", f"own/{dataset}")
        own = [sha256(key + slot.to_bytes(4, "big")).digest() for slot in range(len(rows))]
        return Slots(rows, [each[:HANDLE_BYTES] for each in own])

    @cached_property
    def encoder(self) -> RowEncoder:
        return RowEncoder(self.charter, self.keys)

    @cached_property
    def fates(self) -> dict[str, Fates]:
        """By ID domain."""
        return fates(self.charter, self.encoder, {name: self.slots(name) for name in self.rows})

    def expected(self, dataset: str, domain: str, strangers: int = 0) -> Expected:
        """What an honest run puts into a file of members of this dataset, beside strangers."""
        number, fate = self.charter.dataset_ids.index(dataset), self.fates[domain]
        matched = frozenset(slot for which, slot in fate.groups if which == number)
        must = frozenset(slot for which, slot in fate.sure if which == number)
        return Expected(len(self.rows[dataset]), must, matched - must, strangers)

    def counts(self, dataset: str) -> CanaryCounts | None:
        """What the manifest tells the service; None of canaries that are alike everywhere."""
        if isinstance(self.charter.encoding.canaries, CanariesAlike):
            return None
        charter, number = self.charter, self.charter.dataset_ids.index(dataset)
        here = [each.id for each in charter.domains if dataset in each.datasets]
        mine = {
            domain: {row for row in self.fates[domain].groups if row[0] == number}
            for domain in here
        }
        verify = {domain: len(mine[domain] & self.fates[domain].verify) for domain in here}
        cells: Counter[tuple[tuple[str, tuple[str, ...]], ...]] = Counter()
        for slot in range(canaries_of(self.lists[dataset])):
            seen = ((domain, self._seen(dataset, domain, (number, slot))) for domain in here)
            cells[tuple((domain, told) for domain, told in seen if told)] += 1
        del cells[()]
        return CanaryCounts(
            matched={domain: len(rows) for domain, rows in mine.items()},
            verify={domain: rows for domain, rows in verify.items() if rows},
            groups={domain: len(set(self.fates[domain].groups.values())) for domain in here},
            cells=tuple(
                CanaryCell(seen=dict(seen), rows=rows) for seen, rows in sorted(cells.items())
            ),
        )

    def _seen(self, dataset: str, domain: str, row: tuple[int, int]) -> tuple[str, ...]:
        """What the owner of the dataset can tell of a canary in a domain."""
        fate, names = self.fates[domain], self.charter.dataset_ids
        group = fate.groups.get(row)
        if group is None:
            return ()
        told = {MATCHED, *(names[number] for number, _ in group)}
        told |= {VERIFY} if row in fate.verify else set()
        return tuple(each for each in seen_in(self.charter, dataset, domain) if each in told)


def strangers_to(project: Project, dataset: str, domain: str) -> int:
    """How many rows of other datasets of the domain there are for a canary to be like."""
    others = set(project.charter.domain(domain).datasets) - {dataset}
    return sum(rows_of(project, name) for name in others)
