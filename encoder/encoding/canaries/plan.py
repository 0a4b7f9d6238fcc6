"""Everything an agency knows about a project's canaries once it holds the keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

from encoder.encoding.canaries.alike import rows_alike
from encoder.encoding.canaries.check import Expected
from encoder.encoding.canaries.fate import Fates, fates
from encoder.encoding.canaries.fields import Slots
from encoder.encoding.canaries.town import canaries_of, draw_town
from encoder.encoding.canaries.versions import rows_in
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder
from policy.base.canonical import canonical_json
from policy.charter import CanariesAlike, CanariesLikeTheList, Charter
from policy.formats.bundle_row import HANDLE_BYTES
from policy.project import Project
from policy.project.canary_counts import (
    MATCHED,
    VERIFY,
    Recipients,
    commitment_of,
    recipient_of,
    seen_in,
)
from policy.project.recipients import recipients
from policy.project.row_counts import rows_of
from policy.statements import CanaryCell, CanaryCounts, DatasetCommitment

Rows = dict[str, list[tuple[str, ...]]]
# What the owner sees of a canary: in which domains, and what there.
Cell = tuple[tuple[str, tuple[str, ...]], ...]
# The number of towns drawn to choose from; fewer if they are large, and so nearly the same.
_MOST_TOWNS, _ROWS_LOOKED_AT = 8, 8_000


@dataclass(frozen=True)
class CanaryPlan:
    """Canaries of every dataset, by slot, and their fates.

    `lists` are the committed shapes, `groups` the parties that count as one recipient.
    """

    charter: Charter
    keys: ProjectKeys = field(repr=False)
    lists: Mapping[str, DatasetCommitment]
    groups: Recipients

    @classmethod
    def of(cls, project: Project, keys: ProjectKeys) -> CanaryPlan:
        """The plan of a project; needs the commitments of all agencies."""
        names = project.charter.dataset_ids
        lists = {name: commitment_of(project, name) for name in names}
        groups = recipients(project.charter, project.roster)
        return cls(project.charter, keys, lists, groups)

    @cached_property
    def rows(self) -> Rows:
        """Normalised fields of every slot of every dataset."""
        terms = self.charter.encoding.canaries
        if isinstance(terms, CanariesAlike):
            return {
                name: rows_alike(self.charter, terms, self.keys, name)
                for name in self.charter.dataset_ids
            }
        return self._drawn[0]

    @cached_property
    def fates(self) -> dict[str, Fates]:
        """The fates by ID domain, for canaries similar to the list."""
        return self._drawn[1]

    @cached_property
    def _drawn(self) -> tuple[Rows, dict[str, Fates]]:
        """The most ordinary of several towns.

        The service learns how many canaries have each fate. The closer these numbers are to those
        of any other town, the less they reveal about the rows with that fate.
        """
        rows_of_all = sum(map(canaries_of, self.lists.values()))
        towns = max(1, min(_MOST_TOWNS, _ROWS_LOOKED_AT // rows_of_all))
        drawn = [self._draw(number) for number in range(towns)]
        counts = [self._fated(fate) for _, fate in drawn]
        # Exact fractions: every machine chooses the same town.
        every: Counter[tuple[str, Cell]] = Counter()
        for each in counts:
            every.update(each)
        mean = {cell: Fraction(rows, towns) for cell, rows in every.items()}
        odd = [sum((c[cell] - m) ** 2 / (m + 1) for cell, m in mean.items()) for c in counts]
        return drawn[odd.index(min(odd))]

    def sample(self) -> bytes:
        """Bytes that are equal if agencies draw the same canaries; empty for canaries `alike`."""
        if isinstance(self.charter.encoding.canaries, CanariesAlike):
            return b""
        rows = {name: [list(row) for row in of] for name, of in self._town_rows(0).items()}
        drawn = {"type": "padan/canaries", "towns": [_MOST_TOWNS, _ROWS_LOOKED_AT], "rows": rows}
        return canonical_json(drawn)

    def _draw(self, number: int) -> tuple[Rows, dict[str, Fates]]:
        rows = self._town_rows(number)
        slots = {name: Slots(of, self._own(name, len(of))) for name, of in rows.items()}
        return rows, fates(self.charter, self.encoder, slots)

    def _town_rows(self, number: int) -> Rows:
        terms = self.charter.encoding.canaries
        assert isinstance(terms, CanariesLikeTheList)
        secret = self.keys.subkey("canary", f"town/{number}")
        town = draw_town(self.charter, terms, secret, self.lists)
        return {
            name: rows_in(self.charter, town, secret, name, committed)
            for name, committed in self.lists.items()
        }

    def _fated(self, fate: Mapping[str, Fates]) -> Counter[tuple[str, Cell]]:
        """How many canaries of each dataset have each fate, as their owner sees it."""
        counts: Counter[tuple[str, Cell]] = Counter()
        for number, name in enumerate(self.charter.dataset_ids):
            for slot in range(canaries_of(self.lists[name])):
                counts[name, self._cell(fate, name, (number, slot))] += 1
        return counts

    def slots(self, dataset: str) -> Slots:
        """The contents of a dataset's slots."""
        rows = self.rows[dataset]
        if isinstance(self.charter.encoding.canaries, CanariesAlike):
            return Slots(rows)
        return Slots(rows, self._own(dataset, len(rows)))

    def _own(self, dataset: str, slots: int) -> list[bytes]:
        key = self.keys.subkey("canary", f"own/{dataset}")
        own = (sha256(key + slot.to_bytes(4, "big")).digest() for slot in range(slots))
        return [each[:HANDLE_BYTES] for each in own]

    @cached_property
    def encoder(self) -> RowEncoder:
        return RowEncoder(self.charter, self.keys)

    def expected(self, dataset: str, domain: str, strangers: int = 0) -> Expected:
        """The canaries in an honest file for members of this dataset, given `strangers` rows."""
        number, fate = self.charter.dataset_ids.index(dataset), self.fates[domain]
        matched = frozenset(slot for which, slot in fate.groups if which == number)
        must = frozenset(slot for which, slot in fate.sure if which == number)
        return Expected(len(self.rows[dataset]), must, matched - must, strangers)

    def counts(self, dataset: str) -> CanaryCounts | None:
        """The manifest's counts for the service; None for canaries that are `alike`."""
        if isinstance(self.charter.encoding.canaries, CanariesAlike):
            return None
        charter, number = self.charter, self.charter.dataset_ids.index(dataset)
        here = [each.id for each in charter.domains if dataset in each.datasets]
        mine = {
            domain: {row for row in self.fates[domain].groups if row[0] == number}
            for domain in here
        }
        verify = {domain: len(mine[domain] & self.fates[domain].verify) for domain in here}
        cells = Counter(
            self._cell(self.fates, dataset, (number, slot))
            for slot in range(canaries_of(self.lists[dataset]))
        )
        del cells[()]
        return CanaryCounts(
            matched={domain: len(rows) for domain, rows in mine.items()},
            verify={domain: rows for domain, rows in verify.items() if rows},
            groups={domain: len(set(self.fates[domain].groups.values())) for domain in here},
            cells=tuple(
                CanaryCell(seen=dict(seen), rows=rows) for seen, rows in sorted(cells.items())
            ),
        )

    def _cell(self, fate: Mapping[str, Fates], dataset: str, row: tuple[int, int]) -> Cell:
        """What the dataset's owner sees of a canary, in all domains."""
        here = (each.id for each in self.charter.domains if dataset in each.datasets)
        seen = ((domain, self._seen(fate[domain], dataset, domain, row)) for domain in here)
        return tuple((domain, told) for domain, told in seen if told)

    def _seen(
        self, fate: Fates, dataset: str, domain: str, row: tuple[int, int]
    ) -> tuple[str, ...]:
        """What the owner sees of a canary in one domain."""
        names = self.charter.dataset_ids
        group = fate.groups.get(row)
        if group is None:
            return ()
        told = {MATCHED, *(names[number] for number, _ in group)}
        told |= {VERIFY} if row in fate.verify else set()
        mine = recipient_of(self.charter, self.groups, dataset)
        return tuple(each for each in seen_in(self.charter, mine, dataset, domain) if each in told)


def strangers_to(project: Project, dataset: str, domain: str) -> int:
    """How many rows of the domain's other datasets a canary could resemble."""
    others = set(project.charter.domain(domain).datasets) - {dataset}
    return sum(rows_of(project, name) for name in others)
