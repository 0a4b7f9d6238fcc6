"""Two coverage files of one agency, and an attacker who solves both for who is counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from encoder.released.coverage.counting import count
from encoder.released.coverage.kept import keep
from encoder.released.coverage.protecting import protect
from encoder.released.coverage.together import are_together, fitting
from encoder.released.lists.joined import JoinedRow, Verdict
from encoder.released.lists.place_columns import Place
from policy.base.errors import Refused
from policy.gates.coverage import Coverage
from policy.gates.pooling import CellFloor
from tests.support.coverage import SOURCES, coverage_file, range_of, row

K = 10
FLOOR = CellFloor(K, empty_allowed=False)
YES, NO = Verdict.CONFIRMED, Verdict.NOT_FOUND
VILLAGES = {
    ("Tebet", "Menteng Dalam"): 160,
    ("Tebet", "Manggarai"): 120,
    ("Tebet", "Bukit Duri"): 8,
    ("Senen", "Kramat"): 150,
    ("Senen", "Kwitang"): 90,
    ("Gambir", "Cideng"): 70,
}
# Kecamatan and kelurahan; what the source says in the first file, and in the second (None: the
# person is not on the second list).
Kind = tuple[str, str, Verdict, Verdict | None]
Second = Callable[[Verdict, int], Verdict | None]


def coverage_of(rows: list[JoinedRow], **more: Any) -> Coverage:
    return coverage_file(protect(count(rows, SOURCES[:1]), FLOOR, {}), K, **more)


def people(seed: int, second: Second) -> list[Kind]:
    """The people of both files; `second` is what the second says, by how many were before."""
    draw, found = random.Random(seed), list[Kind]()
    for (district, village), size in VILLAGES.items():
        for at in range(size):
            first = YES if draw.random() < 0.7 else NO
            found.append((district, village, first, second(first, at)))
    return found


def rows_of(kinds: list[Kind], file: int) -> list[JoinedRow]:
    told = [(kind, kind[2] if file == 0 else kind[3]) for kind in kinds]
    return [
        row(at, (verdict,), Place(kind[0], kind[1]))
        for at, (kind, verdict) in enumerate(told)
        if verdict is not None
    ]


def sums(coverage: Coverage, file: int, known: list[Kind]) -> list[tuple[frozenset[Kind], int]]:
    """Every sum that a reader of the file knows."""
    shown = {each.district for each in coverage.districts if not each.pooled}
    named = {(each.district, each.area) for each in coverage.areas if not each.pooled}
    everybody = frozenset(a for a in known if a[2 + file] is not None)
    found = [(everybody, coverage.people)]

    def told(where: Callable[[Kind], bool], yes: int | None, no: int | None) -> None:
        for verdict, number in ((YES, yes), (NO, no)):
            if number is not None:
                inside = frozenset(a for a in known if where(a) and a[2 + file] is verdict)
                found.append((inside, number))

    for source in coverage.shown:
        told(lambda _: True, source.confirmed, source.not_confirmed)
    for each in (*coverage.districts, *coverage.areas):

        def inside(kind: Kind, one: Any = each) -> bool:
            if not one.district:
                return kind[0] not in shown
            if one.pooled:
                return kind[0] == one.district and kind[:2] not in named
            return kind[0] == one.district and one.area in ("", kind[1])

        told(inside, each.sources[0].confirmed, each.sources[0].not_confirmed)
    return found


def found_out(kinds: list[Kind], files: list[tuple[Coverage, int]]) -> int:
    """How many small groups of one village the attacker knows to be small, and not empty."""
    truth = Counter(kinds)
    both = sorted({kind[2:] for kind in kinds}, key=str)
    known = [(*village, *verdicts) for village in VILLAGES for verdicts in both]
    told = [each for coverage, file in files for each in sums(coverage, file, known)]
    small = [frozenset([kind]) for kind in known if 0 < truth[kind] < K]
    assert small, "there is something to find"
    ranges = [range_of(group, told, known) for group in small]  # type: ignore[arg-type]
    return sum(least > 0 and most < K for least, most in ranges)


def contained(first: Verdict, at: int) -> Verdict | None:
    """The second list lacks a few people of each kelurahan, as the attacker knows."""
    return None if at < 3 else first


def gained(first: Verdict, at: int) -> Verdict:
    """In the second release a few more were confirmed, and nobody fewer."""
    return YES if at < 4 else first


CASES: Mapping[str, tuple[Second, dict[str, str]]] = {
    "two lists": (contained, {"dataset": "ppks"}),
    "two releases": (gained, {"release": "rilis-2"}),
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("case", CASES)
def test_two_files_together_tell_of_nobody(case: str, seed: int, tmp_path: Path) -> None:
    second, named = CASES[case]
    kinds = people(seed, second)
    one, two = coverage_of(rows_of(kinds, 0)), coverage_of(rows_of(kinds, 1), **named)
    assert one.areas
    assert two.areas
    # Negative control: each file is safe alone, and both as they are tell of a few persons.
    assert found_out(kinds, [(one, 0)]) == 0
    assert found_out(kinds, [(two, 1)]) == 0
    assert found_out(kinds, [(one, 0), (two, 1)]) > 0
    keep(tmp_path, one)
    if fitting(two, [one]) is None:
        with pytest.raises(Refused, match="nearly"):
            keep(tmp_path, two)
        return
    given = keep(tmp_path, two)
    given.require_protected(FLOOR)
    assert found_out(kinds, [(one, 0), (given, 1)]) == 0


def test_a_later_release_that_differs_enough_is_given(tmp_path: Path) -> None:
    one = coverage_of(rows_of(people(5, gained), 0))
    far = people(5, lambda _, at: YES if at % 2 else NO)
    assert keep(tmp_path, one) == one
    two = coverage_of(rows_of(far, 1), release="rilis-2")
    assert keep(tmp_path, two).shown
    same = one.model_copy(update={"release": "rilis-3"})
    assert keep(tmp_path, same) == same, "equal counts tell nothing more"


def test_the_finest_form_that_fits_is_given() -> None:
    """Two kelurahan that changed by two cost the kelurahan, and not the kecamatan."""
    one = coverage_of(rows_of(people(1, gained), 0))
    areas = list(one.areas)
    districts = [each.district for each in areas]
    wide = next(each for each in districts if districts.count(each) > 1)
    inside = [at for at, each in enumerate(districts) if each == wide][:2]
    for at, change in zip(inside, (2, -2), strict=True):
        (split,) = areas[at].sources
        moved = split.model_copy(update={"confirmed": split.confirmed + change})
        areas[at] = areas[at].model_copy(update={"sources": (moved,)})
    two = one.model_copy(update={"release": "rilis-2", "areas": tuple(areas)})
    assert not are_together(one, two)
    fitted = fitting(two, [one])
    assert fitted is not None
    assert not fitted.areas
    assert fitted.districts == one.districts
