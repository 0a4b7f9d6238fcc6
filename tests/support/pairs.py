"""Two lists of a few people each, encoded and judged as a run would, without a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from encoder.normalise import normalise_column
from linkage_service.matching import EncodedDataset, corroborated
from policy.charter import Charter
from tests.benchmarks.quality.methods import Padan, default_charter
from tests.benchmarks.quality.sources import FIELDS, Source

CERTAIN, REVIEW, APART = "certain", "review", "apart"


@dataclass(frozen=True)
class Entry:
    """One person as one list has them, in the charter's fields; '' is a missing cell."""

    nama: str = "RINA WULANDARI"
    lahir: str = "14-03-1990"
    jk: str = "P"
    kelurahan: str = "KEBON PALA"
    nik: str = "3175995403900001"
    kk: str = "3175991501150003"
    rtrw: str = "004/007"
    ibu: str = "SUMIATI"


def source(name: str, entries: Sequence[Entry]) -> Source:
    """The entries read and normalised as a file is."""
    cells = [asdict(entry) for entry in entries]
    columns: dict[str, list[str]] = {}
    for field, kind in FIELDS.items():
        columns |= normalise_column(field, kind, [each[field] for each in cells]).columns
    return Source(name, columns, [each["nama"] for each in cells], np.arange(len(cells)))


def encoded(padan: Padan, name: str, entries: Sequence[Entry]) -> EncodedDataset:
    """The entries as the service has them."""
    return padan._dataset(source(name, entries))


def judged(one: Entry, other: Entry, charter: Charter | None = None) -> str:
    """What a run makes of two entries, each alone in its list."""
    padan = Padan("uji", charter or default_charter(), secret=b"k" * 32)
    datasets = [encoded(padan, "kiri", [one]), encoded(padan, "kanan", [other])]
    stand = corroborated(padan.found(datasets), datasets, padan.rule)
    if not len(stand):
        return APART
    return CERTAIN if len(stand.certain()) else REVIEW
