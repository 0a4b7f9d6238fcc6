"""Is the written list right: the right person, with the right columns, by source?

Usage: evaluate_list.py LIST.csv SOURCES

SOURCES is the folder of the synthetic city: `truth.csv` has source, record_id, person, and
`regsosek.csv` has the columns that BPS sent. Only a synthetic population has such a truth.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

OWN, RECORD_ID = "dtks", "IDSEMESTA"
CONFIRMED = {"regsosek": "dikonfirmasi Regsosek", "carik": "dikonfirmasi Carik"}
SENDER, SENDER_ID = "regsosek", "id_art"
SENT = {"Desil nasional": "desil_nasional", "Miskin ekstrem": "miskin_ekstrem"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def main(list_file: Path, sources: Path) -> None:
    listed = read(list_file)
    person_of: dict[str, str] = {}
    there: dict[str, set[str]] = {source: set() for source in (OWN, *CONFIRMED)}
    records: dict[str, list[str]] = {}
    for row in read(sources / "truth.csv"):
        if row["source"] == OWN:
            person_of[row["record_id"]] = row["person"]
        if row["source"] == SENDER:
            records.setdefault(row["person"], []).append(row["record_id"])
        there.setdefault(row["source"], set()).add(row["person"])
    print(
        f"{'':32}{'listed':>8}{'right':>8}{'wrong':>8}{'missed':>8}{'precision':>11}{'recall':>9}"
    )
    for source, column in CONFIRMED.items():
        said = [person_of[row[RECORD_ID]] for row in listed if row[column] == "ya"]
        right = sum(person in there[source] for person in said)
        both = {person for person in person_of.values() if person in there[source]}
        show(f"person, {column}", len(said), right, len(both - set(said)), len(both & set(said)))
    sent = {row[SENDER_ID]: row for row in read(sources / f"{SENDER}.csv")}
    for head, column in SENT.items():
        filled = [(person_of[row[RECORD_ID]], row[head]) for row in listed if row[head]]
        right = sum(
            cell in {sent[each][column] for each in records.get(person, ())}
            for person, cell in filled
        )
        empty = sum(row[CONFIRMED[SENDER]] == "ya" and not row[head] for row in listed)
        show(f"column, {head}", len(filled), right, empty, right)


def show(what: str, listed: int, right: int, missed: int, found: int) -> None:
    """One line; `missed` are people or cells that should be there and are not."""
    precision = right / listed if listed else 0.0
    recall = found / (found + missed) if found + missed else 0.0
    print(f"{what:32}{listed:8}{right:8}{listed - right:8}{missed:8}{precision:11.4f}{recall:9.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
