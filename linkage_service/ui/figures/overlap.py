"""How many people are in which lists at once: an UpSet plot of an ID domain.

All combinations are shown or none: the matched rows of each list are known, so a hidden combination
could be computed from the others. Some people of a combination may be canaries, which the service
cannot tell apart; without them a combination has to be large enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from linkage_service.ui.figures.smallest import is_small
from policy.base.words import Words, number
from policy.charter import Charter
from policy.charter.source_names import domain_title
from policy.charts.page import Block, Cell, Figure, Notes, ReportTable
from policy.charts.upset import Combination, UpsetPlot
from policy.project.canary_counts import Planted
from policy.project.naming import Naming, joined

_HEADS = (Words("Ada di", "Found in"), Words("Orang", "People"))
_TOO_FEW = Words(
    "tumpang tindih tidak ditampilkan, sebab satu gabungan daftar memuat terlalu sedikit orang.",
    "the overlap is not shown, since one combination of lists has too few people.",
)


def overlap_block(
    charter: Charter,
    domain: str,
    stored: Sequence[Mapping[str, Any]],
    canaries: Mapping[str, Planted],
    naming: Naming,
) -> Block:
    """The plot, or the sentence that it is not shown."""
    datasets = charter.domain(domain).datasets
    known = {frozenset(each["lists"]): int(each["people"]) for each in stored}
    counts = {lists: known.get(lists, 0) for lists in _all(datasets)}
    planted = max((canaries[each].groups.get(domain, 0) for each in datasets), default=0)
    code, of = f"overlap-{domain}", domain_title(charter, domain)
    if any(is_small(count, charter, unknown=planted) for count in counts.values()):
        return Notes(code, (Words(f"{of.id}: {_TOO_FEW.id}", f"{of.en}: {_TOO_FEW.en}"),))
    place = {name: at for at, name in enumerate(datasets)}
    plot = UpsetPlot(
        code,
        Words(f"Siapa ada di daftar mana saja: {of.id}", f"Who is in which lists: {of.en}"),
        _about(planted),
        tuple(naming.dataset(each) for each in datasets),
        tuple(sum(n for lists, n in counts.items() if each in lists) for each in datasets),
        tuple(
            Combination(frozenset(place[each] for each in lists), count)
            for lists, count in counts.items()
        ),
    )
    rows: list[tuple[Cell, ...]] = [
        (joined([naming.dataset(each) for each in datasets if each in lists], " + "), count)
        for lists, count in sorted(counts.items(), key=lambda each: -each[1])
    ]
    return Figure(plot.title, plot.about, plot, ReportTable(code, plot.title, _HEADS, tuple(rows)))


def _all(datasets: Sequence[str]) -> list[frozenset[str]]:
    """Every combination of two and more lists."""
    sizes = range(2, len(datasets) + 1)
    return [frozenset(each) for size in sizes for each in combinations(datasets, size)]


def _about(planted: int) -> Words:
    canaries = number(planted)
    more = (
        Words(
            f" Paling banyak {canaries.id} di antaranya adalah baris uji (kenari).",
            f" At most {canaries.en} of them are test rows (canaries).",
        )
        if planted
        else Words("", "")
    )
    return Words(
        "Tiap tiang satu gabungan daftar; titik di bawahnya menyebut daftarnya. Batang di kiri:"
        f" orang yang padan di daftar itu.{more.id}",
        "Each column is one combination of lists; the dots below name them. Bars at the left:"
        f" matched people of that list.{more.en}",
    )
