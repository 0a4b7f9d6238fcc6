"""Later editions of synthetic sources: who came, went, died, moved, and changed decile."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from encoder.synthetic import SOURCES, write_sources
from encoder.synthetic.editions import AWAY, DEAD, DECILE_CHANGED, HERE, PRESENCE

PERSONS, SEED = 3000, 5
NAMES = ("dtsen", "dtks", "regsosek")
Rows = dict[str, dict[str, str]]


def write(folder: Path, edition: int, names: tuple[str, ...] = NAMES) -> Path:
    write_sources(folder, PERSONS, SEED, names, shares={"dtsen": 0.9}, edition=edition)
    return folder


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Path]:
    return {number: write(tmp_path_factory.mktemp(f"e{number}"), number) for number in (1, 2, 3)}


def rows(folder: Path, name: str) -> Rows:
    source = SOURCES[name]
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {
            row[source.header[0]]: row for row in csv.DictReader(file, delimiter=source.delimiter)
        }


def events(folder: Path, name: str) -> dict[str, set[str]]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        told = [row for row in csv.DictReader(file) if row["source"] == name]
    return {row["record_id"]: set(row["errors"].split()) for row in told}


def test_an_edition_follows_from_its_seed_and_leaves_edition_1_as_it_was(
    editions: Mapping[int, Path], tmp_path: Path
) -> None:
    again = write(tmp_path / "again", 2)
    for file in sorted(editions[2].iterdir()):
        assert (again / file.name).read_bytes() == file.read_bytes()
    write_sources(tmp_path / "plain", PERSONS, SEED, NAMES, shares={"dtsen": 0.9})
    for file in sorted(editions[1].iterdir()):
        assert (tmp_path / "plain" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_rows_without_an_event_keep_every_cell(editions: Mapping[int, Path], name: str) -> None:
    first, then = rows(editions[1], name), rows(editions[2], name)
    happened, errors = events(editions[2], name), events(editions[1], name)
    kept = changed = 0
    for record_id in first.keys() & then.keys():
        now = dict(then[record_id])
        presence = now.pop(PRESENCE)
        quiet = happened[record_id] <= errors[record_id] and presence == HERE
        if quiet:
            assert now == first[record_id]
            kept += 1
        changed += now != first[record_id]
    assert kept > 0.7 * len(first)
    assert changed > 0.01 * len(first)


@pytest.mark.parametrize("number", [2, 3])
def test_some_came_went_died_moved_and_changed_decile(
    editions: Mapping[int, Path], number: int
) -> None:
    before, now = (rows(editions[each], "dtsen") for each in (number - 1, number))
    came, went = now.keys() - before.keys(), before.keys() - now.keys()
    assert 0.005 * len(now) < len(went) < 0.05 * len(now)
    assert 0.01 * len(now) < len(came) < 0.04 * len(now)
    # Whoever is gone for good was marked for one edition, and is in none after that.
    marked = {each for each, row in before.items() if row.get(PRESENCE) in (DEAD, AWAY)}
    assert marked <= went
    assert Counter(row[PRESENCE] for row in now.values()).keys() <= {HERE, DEAD, AWAY}
    both = before.keys() & now.keys()
    shifts = [int(now[k]["desil_nasional"]) - int(before[k]["desil_nasional"]) for k in both]
    moved = sum(shift != 0 for shift in shifts) / len(both)
    assert 0.5 * DECILE_CHANGED < moved < 1.5 * DECILE_CHANGED
    assert {-2, -1, 1, 2} <= set(shifts) <= set(range(-2, 3))
    assert {int(row["desil_nasional"]) for row in now.values()} <= set(range(1, 11))


def test_a_household_shares_its_decile_and_its_move_in_every_source(
    editions: Mapping[int, Path],
) -> None:
    dtsen, regsosek = rows(editions[2], "dtsen"), rows(editions[2], "regsosek")
    with (editions[2] / "truth.csv").open(encoding="utf-8", newline="") as file:
        person = {(row["source"], row["record_id"]): row["person"] for row in csv.DictReader(file)}
    deciles: dict[str, set[str]] = {}
    for name, source in (("dtsen", dtsen), ("regsosek", regsosek)):
        for record_id, row in source.items():
            # Whoever newly died or left keeps the decile of the edition before.
            if row[PRESENCE] == HERE and "E" not in record_id:
                deciles.setdefault(person[name, record_id], set()).add(row["desil_nasional"])
    assert all(len(each) == 1 for each in deciles.values())
    assert not any(
        row["miskin_ekstrem"] == "1" and row["desil_nasional"] != "1" for row in regsosek.values()
    )


def test_corrected_rows_lose_their_errors(editions: Mapping[int, Path]) -> None:
    before, after = events(editions[1], "dtks"), events(editions[2], "dtks")
    corrected = [each for each, said in after.items() if "corrected" in said]
    assert len(corrected) > 20
    assert all(before[each] and not before[each] & after[each] for each in corrected)


def test_record_ids_of_newcomers_are_their_own(editions: Mapping[int, Path]) -> None:
    for name in NAMES:
        for number in (2, 3):
            source = SOURCES[name]
            text = (editions[number] / f"{name}.csv").read_text(encoding="utf-8")
            ids = [line.split(source.delimiter)[0] for line in text.splitlines()[1:]]
            assert len(ids) == len(set(ids))
