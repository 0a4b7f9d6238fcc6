"""The report of several lists: nobody subtracts its sections to people of both by two addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from encoder.released.coverage.counting import count
from encoder.released.coverage.protecting import protect
from encoder.released.lists.joined import SourceColumn, Verdict
from encoder.released.lists.place_columns import Place
from policy.base.words import Words
from policy.charter import Domain
from policy.charter.words import Bilingual
from policy.charts.page import Figure, Notes, Section
from policy.gates.coverage import Coverage
from policy.gates.pooling import CellFloor
from policy.gates.reverse_coverage import reverse_of
from policy.papers.meeting.coverage import coverage_sections
from policy.papers.meeting.report import Given, list_sections
from tests.support.coverage import coverage_file, row, told_charter

K = 10
LISTS = ("dtks", "regsosek", "carik")
VILLAGES = (("Tebet", "Manggarai"), ("Tebet", "Bukit Duri"), ("Senen", "Kramat"))
YES, NO = Verdict.CONFIRMED, Verdict.NOT_FOUND
PAIRS = (("dtks", "regsosek"), ("regsosek", "carik"))
CHARTER = told_charter().model_copy(
    update={"domains": tuple(Domain(id="-".join(p), datasets=p, learn=p) for p in PAIRS)}
)


def covered(dataset: str, seed: int) -> Coverage:
    """A list whose every village has enough people of each kind; no two counts are the same."""
    others = {"-".join(p): name for p in PAIRS if dataset in p for name in p if name != dataset}
    sources = [SourceColumn(d, (name,), False, Words(name, name)) for d, name in others.items()]
    rows: list[Any] = []
    for at, (district, village) in enumerate(VILLAGES):
        for kind, verdicts in enumerate(((YES, YES), (YES, NO), (NO, YES), (NO, NO))):
            for _ in range(20 + 7 * at + 3 * kind + seed):
                place = Place(district, village)
                rows.append(row(len(rows) + 1, verdicts[: len(sources)], place))
    counts = protect(count(rows, sources), CellFloor(K, empty_allowed=False), {})
    title = Bilingual(id=dataset, en=dataset)
    return coverage_file(counts, K, dataset=dataset, owner=dataset, title=title)


@pytest.fixture(scope="module")
def files() -> dict[str, Coverage]:
    return {name: covered(name, seed) for seed, name in enumerate(LISTS)}


def told_by_area(sections: Sequence[Section], code: str) -> dict[tuple[str, str], list[Any]]:
    """The counts of one figure by kecamatan and kelurahan; nothing if it is not shown."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Figure) and block.table.code == code:
                return {(r[0].id, r[1].id): list(r[2:]) for r in block.table.rows}  # type: ignore[union-attr]
    return {}


def on_both_by_theirs(sections: Sequence[Section]) -> dict[tuple[str, str], int]:
    """The attack: people of Regsosek less those of them who are not in DTKS, by its own areas."""
    whole = told_by_area(sections, "regsosek-coverage-areas-regsosek-carik")
    missing = told_by_area(sections, "dtks-coverage-missing-dtks-regsosek")
    return {
        area: whole[area][0] + whole[area][1] - missing[area][0]
        for area in whole
        if area in missing
    }


def on_both(found: Coverage) -> dict[tuple[str, str], int]:
    at = [each.domain for each in found.shown].index("dtks-regsosek")
    return {(a.district, a.area): a.sources[at].confirmed for a in found.areas if not a.pooled}


def test_people_on_both_lists_are_told_by_the_areas_of_one(files: dict[str, Coverage]) -> None:
    for names in (("dtks", "regsosek"), LISTS):
        given = Given(coverages=[files[each] for each in names])
        sections = list(list_sections(CHARTER, given))
        assert told_by_area(sections, "dtks-coverage-areas-dtks-regsosek")
        assert told_by_area(sections, "dtks-coverage-missing-dtks-regsosek")
        assert not on_both_by_theirs(sections)
        left = next(each for each in sections if each.code == "regsosek-coverage-areas")
        assert "who has moved" in left.lead.en
    # Where no other section told of them, the areas are there.
    alone = list(list_sections(CHARTER, Given(coverages=[files["regsosek"], files["carik"]])))
    assert told_by_area(alone, "regsosek-coverage-areas-regsosek-carik")


def test_leaving_out_the_shared_source_alone_is_found_out(files: dict[str, Coverage]) -> None:
    """Without one domain's figure, that of another domain has the same people."""
    reverse = reverse_of(files["regsosek"], CHARTER, "dtks")
    first = coverage_sections(files["dtks"], CHARTER, [reverse], "dtks-")
    without = {"dtks-regsosek"}
    second = coverage_sections(files["regsosek"], CHARTER, (), "regsosek-", without)
    found, true = on_both_by_theirs([*first, *second]), on_both(files["regsosek"])
    assert Counter(true).items() <= Counter(found).items()
    assert len(true) > 1


def test_the_second_list_does_not_ask_for_a_file_of_the_first(files: dict[str, Coverage]) -> None:
    given = Given(coverages=[files["dtks"], files["regsosek"]])
    notes = [n for s in list_sections(CHARTER, given) for n in s.blocks if isinstance(n, Notes)]
    first, second = (" ".join(each.en for each in n.sentences) for n in notes)
    assert "counted by the owner of that source (regsosek)" in first
    assert "At dtks and not on the list: see who is not confirmed on that list" in second
    # That of Carik is not in the report.
    assert second.count("--missing-on regsosek") == 1
