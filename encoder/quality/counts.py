"""What a pass over a file leaves behind: counts by class. No cell is ever kept."""

from __future__ import annotations

from dataclasses import dataclass

from encoder.source.cell_usage import UsageTable
from encoder.source.readers.source import Note
from encoder.store.repeated_ids import Repeated
from policy.charter import FieldKind


@dataclass(frozen=True)
class FieldCounts:
    """Cells of one field: empty, filled but of no use, usable."""

    name: str
    kind: FieldKind
    in_file: bool
    empty: int
    unusable: int
    usable: int


@dataclass(frozen=True)
class NikCounts:
    """The ladder of the NIK (K01) and what it says beside the other columns."""

    field: str
    flags: dict[str, int]
    clean: int
    usable: int
    date_compared: int
    date_differs: int
    sex_compared: int
    sex_differs: int


@dataclass(frozen=True)
class DateCounts:
    """Birth dates by how they are written and by what they are worth.

    `commonest` is how many rows have the complete date that most rows have.
    """

    field: str
    patterns: dict[str, int]
    flags: dict[str, int]
    placeholders: dict[str, int]
    years: dict[int, int]
    complete: int
    commonest: int
    day_15: int


@dataclass(frozen=True)
class NameCounts:
    """Names by number of words, length in characters, and marks such as titles."""

    field: str
    words: dict[int, int]
    lengths: dict[int, int]
    marks: dict[str, int]
    common: dict[str, int]

    @property
    def filled(self) -> int:
        return sum(self.lengths.values())


@dataclass(frozen=True)
class SexCounts:
    field: str
    sexes: dict[str, int]
    styles: dict[str, int]


@dataclass(frozen=True)
class CodebookCounts:
    """Rows with a DKI region code and a DKI NIK, by how the first four digits agree.

    `said_bps` and `said_kemendagri` are those whose book the mapping names, or dots.
    """

    field: str
    same: int
    same_if_bps: int
    compared: int
    said_bps: int = 0
    said_kemendagri: int = 0


@dataclass(frozen=True)
class Repeats:
    """A key that stands on several rows.

    `rows` are all rows of such keys, `keys` the keys, `largest` the most rows of one
    key. `differing` counts the keys whose rows disagree on the other key.
    """

    rows: int
    keys: int
    largest: int
    differing: int


@dataclass(frozen=True)
class Stratum:
    """Rows by what of them can be linked; the whole of what the forecast needs."""

    nik: str
    date: str
    name: str
    rows: int


@dataclass(frozen=True)
class FileProfile:
    """All counts of one file. `today` is the year that ages refer to.

    `refused` are rows that could not be read. `later` were read, and `prepare` refuses them:
    rows with a damaged NIK or KK where the mapping says so, and rows of nobody. `noted` are rows
    that are kept without a damaged NIK or KK. Cells are counted over all `rows` that were read.
    """

    file: str
    today: int
    rows_in: int
    rows: int
    refused: dict[str, int]
    later: dict[str, int]
    noted: dict[str, int]
    usage: UsageTable
    fields: tuple[FieldCounts, ...]
    nik: NikCounts | None
    date: DateCounts | None
    name: NameCounts | None
    sex: SexCounts | None
    codebook: CodebookCounts | None
    repeated_ids: Repeated
    notes: tuple[Note, ...]
    same_nik: Repeats
    same_person: Repeats
    strata: tuple[Stratum, ...]

    @property
    def not_linked(self) -> int:
        """Rows that are refused, by whatever rule."""
        return self.rows_in - self.rows + sum(self.later.values())
