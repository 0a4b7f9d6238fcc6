"""What a recipient can tell from all that it has received, counted as it would count it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.release.cells import ReceivedCells, cells, differences
from linkage_service.release.views import View
from policy.charter import FIRST_LAW, LATEST_LAW, Charter
from policy.project.canary_counts import planted_alike
from policy.project.recipients import recipients
from tests.support.republic import charter_from, charter_tree, make_roster, member_keys

ROSTER = make_roster(member_keys())

LISTS = {"regsosek": "bps", "dtks": "dinsos", "ppks": "dinsos", "carik": "dppapp"}


def charter(law: str = LATEST_LAW, **release: Any) -> Charter:
    """Dinas Sosial has two lists; it learns of DTKS in both domains, of PPKS in one."""
    tree = {**charter_tree(), "law": law}
    tree["datasets"].append({**tree["datasets"][1], "id": "ppks"})
    tree["domains"] = [
        {"id": "semua", "datasets": list(LISTS), "learn": ["dtks"]},
        {"id": "pasang", "datasets": ["dtks", "regsosek"], "learn": ["dtks"]},
    ]
    tree["release"].update(release)
    tree["encoding"]["canaries"] = {"pairs": 0, "singles": 0}
    return charter_from(tree)


def handles(count: int, first: int = 0) -> np.ndarray:
    rows = [(first + n).to_bytes(16, "big") for n in range(count)]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 16)


def view(domain: str, release: str = "sekarang", first: int = 0, **groups: list[int]) -> View:
    """The groups of each row; the rows of a list are numbered from `first`."""
    return View(
        release,
        domain,
        {name: handles(len(rows), first) for name, rows in groups.items()},
        {name: np.array(rows, np.int64) for name, rows in groups.items()},
    )


def received(agreed: Charter, now: list[View], before: list[View]) -> ReceivedCells:
    return ReceivedCells(
        agreed, recipients(agreed, ROSTER), now, before, planted_alike(agreed, agreed.recipients())
    )


def told(found: Any, dataset: str) -> dict[tuple[str, ...], int]:
    return {each.pattern: each.rows for each in found if each.dataset == dataset}


NONE: list[int] = []


def test_domains_side_by_side_part_a_list_into_cells() -> None:
    all_four = view("semua", regsosek=[0, 1], dtks=[0, 1, 2, -1], ppks=[2], carik=[2])
    pair = view("pasang", regsosek=[0, -1], dtks=[0, -1, -1, -1])
    found = cells(received(charter(), [all_four, pair], []))
    assert told(found, "dtks") == {
        ("semua:1", "pasang:1"): 1,
        ("semua:1", "pasang:0"): 1,
        ("semua:1+ppks", "pasang:0"): 1,
        ("semua:0", "pasang:0"): 1,
    }


def test_a_private_index_shows_only_what_own_lists_share() -> None:
    """PPKS may not learn membership, but Dinas Sosial sees which of its rows share an ID."""
    one = view("semua", regsosek=[0, 1, 2], dtks=[0, -1], ppks=[0, 1, -1], carik=[-1])
    found = cells(received(charter(), [one], []))
    assert told(found, "ppks") == {("semua:?+dtks",): 1, ("semua:?",): 2}
    assert told(found, "regsosek") == {("semua:?",): 3}


def test_parties_that_compare_count_as_one() -> None:
    one = view("semua", regsosek=[0, 1], dtks=[0, 1], ppks=[-1], carik=[0])
    apart = told(cells(received(charter(), [one], [])), "carik")
    together = told(cells(received(charter(together=[["dinsos", "dppapp"]]), [one], [])), "carik")
    assert apart == {("semua:?",): 1}
    assert together == {("semua:?+dtks",): 1}


def test_what_was_released_before_is_put_beside_it() -> None:
    before = view("pasang", "dahulu", regsosek=[0, 1], dtks=[0, -1, 1])
    now = view("semua", regsosek=[0, 1], dtks=[0, 1, -1, -1], ppks=NONE, carik=NONE)
    for law, earlier in ((FIRST_LAW, "pasang"), (LATEST_LAW, "dahulu/pasang")):
        found = told(cells(received(charter(law=law), [now], [before])), "dtks")
        assert found == {
            (f"{earlier}:1", "semua:1"): 1,
            (f"{earlier}:0", "semua:1"): 1,
            (f"{earlier}:1", "semua:0"): 1,
            (f"{earlier}:-", "semua:0"): 1,
        }


def test_canaries_are_taken_out_where_they_stand() -> None:
    tree = charter_tree()
    tree["encoding"]["canaries"] = {"pairs": 2, "singles": 1}
    one = view("dtks-regsosek", regsosek=[0, 1, 2, -1], dtks=[0, 1, 2, -1, -1])
    found = told(cells(received(charter_from(tree), [one], [])), "dtks")
    assert found == {("dtks-regsosek:1",): 1, ("dtks-regsosek:0",): 1}


def test_differences_are_of_rows_that_were_there_both_times() -> None:
    before = view("pasang", "dahulu", first=1, regsosek=[0, 1, -1], dtks=[0, -1, 1])
    now = view("pasang", regsosek=[0, 1, 2], dtks=[2, -1, 0, 1])
    found = {each.dataset: each for each in differences(received(charter(), [now], [before]))}
    # Row 0 is new and matched; row 1 lost its match; row 2 gained one; row 3 kept its own.
    dtks = found["dtks"]
    assert (dtks.earlier, dtks.gained, dtks.lost) == ("dahulu", 1, 1)
    assert (dtks.added_matched, dtks.added_unmatched) == (1, 0)
    # A private index tells nothing of membership, so nothing changed for its owner.
    assert (found["regsosek"].gained, found["regsosek"].lost) == (0, 0)


@settings(max_examples=60)
@given(st.data())
def test_cells_are_what_a_recipient_counts_row_by_row(data: st.DataObject) -> None:
    sizes = {name: data.draw(st.integers(0, 6), name) for name in LISTS}
    group = st.integers(-1, 3)
    drawn = {
        domain: {
            name: data.draw(st.lists(group, min_size=size, max_size=size))
            for name, size in sizes.items()
            if domain == "semua" or name in ("dtks", "regsosek")
        }
        for domain in ("semua", "pasang")
    }
    views = [view(domain, **groups) for domain, groups in drawn.items()]
    expected = Counter()
    for row in range(sizes["dtks"]):
        mine = {domain: groups["dtks"][row] for domain, groups in drawn.items()}
        shares = mine["semua"] >= 0 and mine["semua"] in drawn["semua"]["ppks"]
        expected[
            (
                f"semua:{int(mine['semua'] >= 0)}" + ("+ppks" if shares else ""),
                f"pasang:{int(mine['pasang'] >= 0)}",
            )
        ] += 1
    found = cells(received(charter(), views, []))
    assert told(found, "dtks") == dict(expected)
    for name in ("regsosek", "ppks", "carik"):
        assert sum(told(found, name).values()) == sizes[name]
