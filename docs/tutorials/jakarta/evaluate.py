"""True and false matches per pair of sources, against the synthetic truth.

Usage: evaluate.py truth.csv FOLDER ...

`truth.csv` has source, record_id, person. A folder holds one ID domain: for each of its
sources a SOURCE.csv with record_id, match_id. Only a synthetic population has such a truth.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(truth_file: Path, domains: list[Path]) -> None:
    person_of: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read(truth_file):
        person_of[row["source"]][row["record_id"]] = row["person"]
    print(f"{'':24}{'true':>8}{'found':>8}{'correct':>8}{'false':>8}{'precision':>11}{'recall':>9}")
    pairs = (pair for each in domains for pair in combinations(sorted(each.glob("*.csv")), 2))
    for left, right in pairs:
        truth = set(person_of[left.stem].values()) & set(person_of[right.stem].values())
        found = matched_people(left, right, person_of)
        correct = {a for a, b in found if a == b}
        false = len({pair for pair in found if pair[0] != pair[1]})
        precision = len(correct) / (len(correct) + false) if found else 0.0
        recall = len(correct) / len(truth) if truth else 0.0
        print(
            f"{left.stem + ' - ' + right.stem:24}{len(truth):8}{len(found):8}{len(correct):8}"
            f"{false:8}{precision:11.4f}{recall:9.4f}"
        )


def matched_people(
    left: Path, right: Path, person_of: dict[str, dict[str, str]]
) -> set[tuple[str, str]]:
    """Pairs of persons whose rows share a match ID. Rows of one person count once."""
    people: dict[str, set[str]] = defaultdict(set)
    for row in read(left):
        people[row["match_id"]].add(person_of[left.stem][row["record_id"]])
    return {
        (a, person_of[right.stem][row["record_id"]])
        for row in read(right)
        for a in people.get(row["match_id"], ())
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
