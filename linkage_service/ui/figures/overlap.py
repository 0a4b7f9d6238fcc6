"""How many people are in which lists at once: an UpSet plot of an ID domain.

Which numbers are shown, `shown_overlaps` decides for all domains together. Some people of a
combination may be canaries, which the service cannot tell apart; without them a combination has to
be large enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from linkage_service.ui.figures.shown_overlaps import (
    CountRange,
    DomainCounts,
    ShownOverlaps,
    shown_overlaps,
)
from policy.base.words import Words, number
from policy.charter import Charter
from policy.charter.source_names import domain_title, source_title
from policy.charts.page import Block, Cell, Figure, Notes, ReportTable
from policy.charts.upset import Combination, UpsetPlot
from policy.gates.pooling import CellFloor
from policy.project.canary_counts import Planted
from policy.project.naming import joined

_HEADS = (Words("Ada di", "Found in"), Words("Orang", "People"))
_TOO_FEW = Words(
    "tumpang tindih tidak ditampilkan: terlalu sedikit orang, atau membocorkan yang terlalu"
    " sedikit.",
    "the overlap is not shown: too few people, or it would tell a count of too few.",
)
_ABOUT = Words(
    "Tiap tiang satu gabungan daftar; titik di bawahnya menyebut daftarnya. Batang di kiri: orang"
    " yang padan di daftar itu.",
    "Each column is one combination of lists; the dots below name them. Bars at the left: matched"
    " people of that list.",
)
_HIDDEN = Words(
    "* disembunyikan: terlalu sedikit orang, atau membocorkan yang terlalu sedikit.",
    "* hidden: too few people, or it would tell a count of too few.",
)
_RANGES = Words(
    "Angka yang akan membocorkannya ditulis sebagai rentang.",
    "Numbers that would tell it are written as ranges.",
)


def overlaps_of_run(
    charter: Charter,
    stored: Mapping[str, Sequence[Mapping[str, Any]]],
    canaries: Mapping[str, Planted],
    totals: Mapping[str, frozenset[str]],
    released: Collection[str] = (),
) -> Mapping[str, tuple[DomainCounts, ShownOverlaps]]:
    """What is shown of each domain whose combinations a run has stored.

    `totals` are the lists of each domain whose matched rows could be shown; `released` are domains
    that a release has given out.
    """
    counted = []
    for domain, combinations in stored.items():
        if combinations:
            datasets = tuple(charter.domain(domain).datasets)
            planted = {each: canaries[each].matched.get(domain, 0) for each in datasets}
            people = {frozenset(each["lists"]): int(each["people"]) for each in combinations}
            own, known = totals[domain], domain in released
            counted.append(DomainCounts(domain, datasets, people, planted, own, known))
    shown = shown_overlaps(counted, CellFloor.of(charter.release))
    return {each.domain: (each, shown[each.domain]) for each in counted}


def overlap_block(charter: Charter, counted: DomainCounts, shown: ShownOverlaps) -> Block:
    """The plot, or the sentence that it is not shown."""
    code, of = f"overlap-{counted.domain}", domain_title(charter, counted.domain)
    if all(people is None for people in shown.people.values()):
        return Notes(code, (Words(f"{of.id}: {_TOO_FEW.id}", f"{of.en}: {_TOO_FEW.en}"),))
    place = {name: at for at, name in enumerate(counted.lists)}
    plot = UpsetPlot(
        code,
        Words(f"Siapa ada di daftar mana saja: {of.id}", f"Who is in which lists: {of.en}"),
        _about(counted, shown),
        tuple(source_title(charter, each) for each in counted.lists),
        tuple(counted.total(each) if each in shown.totals else None for each in counted.lists),
        tuple(
            _combination(frozenset(place[each] for each in lists), people)
            for lists, people in shown.people.items()
        ),
    )
    by_size = sorted(shown.people.items(), key=lambda each: -_least(each[1]))
    rows: list[tuple[Cell, ...]] = [
        (
            joined([source_title(charter, each) for each in counted.lists if each in lists], " + "),
            _cell(people),
        )
        for lists, people in by_size
    ]
    return Figure(plot.title, plot.about, plot, ReportTable(code, plot.title, _HEADS, tuple(rows)))


def _combination(lists: frozenset[int], people: int | CountRange | None) -> Combination:
    if isinstance(people, CountRange):
        return Combination(lists, people.low, people.high)
    return Combination(lists, people)


def _least(people: int | CountRange | None) -> int:
    return people.low if isinstance(people, CountRange) else people or 0


def _cell(people: int | CountRange | None) -> Cell:
    if not isinstance(people, CountRange):
        return people
    low, high = number(people.low), number(people.high)
    return Words(f"{low.id}–{high.id}", f"{low.en}–{high.en}")


def _about(counted: DomainCounts, shown: ShownOverlaps) -> Words:
    told, most = [_ABOUT], max(map(counted.unknown, shown.people))
    canaries = number(most)
    if most:
        told.append(
            Words(
                f"Di tiap gabungan paling banyak {canaries.id} adalah baris uji (kenari).",
                f"In each combination at most {canaries.en} are test rows (canaries).",
            )
        )
    if None in shown.people.values():
        told.append(_HIDDEN)
    if any(isinstance(people, CountRange) for people in shown.people.values()):
        told.append(_RANGES)
    return joined(told, " ")
