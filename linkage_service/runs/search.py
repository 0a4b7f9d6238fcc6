"""One run's search: the rows present when it was ordered, the units of work, their results.

A run that continues an earlier one stores the results of its own units separately from those of
a full search. If the earlier run's results are lost, the run starts a full search instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

from linkage_service import engines
from linkage_service.engines.scratch import run_folder
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.arrays import RunData, load_datasets
from linkage_service.intake.bundles import Intake
from linkage_service.matching import Candidates, Moves
from linkage_service.runs import carry_over, plans
from linkage_service.runs.tile_results import Found
from linkage_service.settings import Settings
from linkage_service.storage.blobs import Blobs
from linkage_service.storage.ledger import Ledger
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words
from policy.project import Entry, Project
from policy.statements import RunOrder


@dataclass
class RunSearch:
    """The search of one run, by name. The files of its rows stay until `close`."""

    settings: Settings
    ledger: Ledger
    blobs: Blobs
    intake: Intake
    project_id: str
    run: str
    _open: ExitStack = field(init=False, default_factory=ExitStack)

    def close(self) -> None:
        """Delete the files of its rows."""
        self._open.close()

    def begin(self) -> None:
        """Choose tiles and an earlier run; a restart with other settings keeps both choices."""
        blobs = self.blobs
        blobs.put(self._name("tile-rows"), str(self.settings.tile_rows).encode())
        blobs.put(self._name("carried-from"), self._earlier_run().encode())

    # -- read once ------------------------------------------------------------------------

    @cached_property
    def project(self) -> Project:
        return self.ledger.project(self.project_id)

    @cached_property
    def ordered(self) -> Entry[RunOrder]:
        return order_of(self.project, self.run)

    @property
    def order(self) -> RunOrder:
        return self.ordered.body

    @cached_property
    def data(self) -> RunData:
        return load_datasets(self.project, self.intake, self.ordered, self._folder)

    @cached_property
    def _folder(self) -> Path:
        return self._open.enter_context(run_folder(self.settings.scratch))

    @cached_property
    def plan(self) -> plans.SearchPlan:
        """The units to search; the same plan in every step."""
        rows = int(self.blobs.get(self._name("tile-rows")))
        arguments = (self.data, self.project.charter, self.order, rows)
        if not self._carried_from:
            return plans.whole(*arguments)
        return plans.of_new_rows(*arguments, self._moves)

    @cached_property
    def found(self) -> Found:
        """The stored results of this run's own units."""
        return Found(self.blobs, self.project_id, self.run, self._kind)

    @property
    def _kind(self) -> str:
        return f"since-{self._carried_from}" if self._carried_from else "tiles"

    @cached_property
    def _carried_from(self) -> str:
        """The earlier run that this one continues; empty for a full search."""
        name, blobs = self._name("carried-from"), self.blobs
        return blobs.get(name).decode() if blobs.has(name) else ""

    @cached_property
    def _moves(self) -> list[Moves]:
        earlier = order_of(self.project, self._carried_from)
        return carry_over.moves_since(self.project, self.intake, earlier, self.data)

    # -- work -----------------------------------------------------------------------------

    def missing(self) -> set[int]:
        """The units that have no stored result."""
        return set(range(len(self.plan.units))) - self.found.finished()

    def match(
        self, units: Iterable[int], stopping: Callable[[], bool], stored: Callable[[], None]
    ) -> None:
        """Match these units and store their results, until the run is stopped."""
        count = str(len(self.plan.units)).encode()
        self.blobs.put(self._name(f"units-{self._kind}"), count)
        wanted = sorted(units)
        if not wanted:
            return
        plans.require_no_flood(self.data, self.project.charter, self.order)
        settings = self.settings
        with engines.opened(settings.engine, self.plan.job, settings.scratch) as engine:
            for number in wanted:
                engine.submit(number, self.plan.units[number])
            for number, candidates in engine.results(stopping):
                self.found.put(number, candidates)
                stored()

    def results(self, again: Callable[[list[int]], None]) -> Iterator[Candidates]:
        """Every unit's pairs in the run's row numbers; `again` redoes units whose blob is
        damaged."""
        numbers = range(len(self.plan.units))
        damaged = self.found.drop_damaged(numbers)
        if damaged:
            again(damaged)
            damaged = self.found.drop_damaged(damaged)
            if damaged:
                raise _damaged(damaged[0])
        own = (self.plan.placed(self.found.get(number)) for number in numbers)
        return chain(own, self._carried()) if self._carried_from else own

    def _carried(self) -> Iterator[Candidates]:
        found = Found(self.blobs, self.project_id, self._carried_from)
        damaged = found.drop_damaged(sorted(found.finished()))
        if damaged or not found.finished():
            # The next attempt does a full search.
            self.blobs.delete(self._name("carried-from"))
            raise _damaged(damaged[0] if damaged else 0)
        return carry_over.among_those_who_stay(found, self._moves)

    def _earlier_run(self) -> str:
        """An earlier run whose full search can be reused; empty if there is no such run."""
        for run in carry_over.earlier_runs(self.project, self.ordered):
            before = replace(self, run=run.name)
            if before.is_whole() and carry_over.searched_alike(
                self.project, self.intake, run.order, self.ordered, self.data, self._folder
            ):
                return run.name
        return ""

    def is_whole(self) -> bool:
        """Whether this was a full search, and all its results are stored and undamaged."""
        blobs, number = self.blobs, self._name(f"units-{self._kind}")
        if self._carried_from or not blobs.has(number):
            return False
        found = self.found.finished()
        return len(found) == int(blobs.get(number)) > 0 and not self.found.drop_damaged(found)

    def _name(self, what: str) -> str:
        return f"{self.project_id}/runs/{self.run}/{what}"


def order_of(project: Project, run: str) -> Entry[RunOrder]:
    """The order of a run; raises NotYet."""
    record = project.run(run)
    if not record.is_ordered:
        raise NotYet(
            ServiceCode.RUN_NOT_ORDERED,
            Words("Pemadanan ini belum diperintahkan.", "This run has not been ordered."),
            Words(
                "Satu pihak menjalankan 'padan-policy order'.", "A party runs 'padan-policy order'."
            ),
        )
    return record.order


def _damaged(number: int) -> BadInput:
    return BadInput(
        ServiceCode.RUN_TILE_DAMAGED,
        Words(
            f"Hasil petak {number} rusak lagi sesudah dihitung ulang; periksa disk layanan.",
            f"The result of tile {number} is damaged again after it was recomputed; check the"
            " service's disk.",
        ),
        Words(
            "Ganti disk itu, lalu jalankan lagi 'padan-linkage start-run'.",
            "Replace that disk, then run 'padan-linkage start-run' again.",
        ),
    )
