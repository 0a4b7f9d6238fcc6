"""The result of a pass over a file: counts by class. No cell is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from encoder.source.cell_usage import UsageTable
from encoder.source.field_names import field_title
from encoder.source.lines import Lines
from encoder.source.readers.source import SourceNote
from encoder.store.repeated_ids import SharedIds
from policy.base.words import Words
from policy.charter import FieldKind


@dataclass(frozen=True)
class FieldCounts:
    """The cells of one field: empty, filled but unusable, usable."""

    name: str
    kind: FieldKind
    in_file: bool
    empty: int
    unusable: int
    usable: int

    @property
    def title(self) -> Words:
        return field_title(self.name, self.kind)


@dataclass(frozen=True)
class NikCounts:
    """The classes of the NIK (K01), and its agreement with the other columns."""

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
    """Birth dates by the way they are written and by their usability.

    `commonest` is the number of rows with the most frequent complete date.
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
    """Rows with a region code: by the book that it seems to be of.

    `compared` have a NIK of a kabupaten or kota with another code in the other book; `same` and
    `same_if_bps` of them agree. `said_bps` and `said_kemendagri` are codes whose book the mapping
    or dots indicate. `villages` are codes of kelurahan, `bps_form` those that can be BPS's alone.
    """

    field: str
    same: int
    same_if_bps: int
    compared: int
    said_bps: int = 0
    said_kemendagri: int = 0
    codes: int = 0
    villages: int = 0
    bps_form: int = 0


@dataclass(frozen=True)
class RepeatCounts:
    """Keys that occur on several rows.

    `rows` are all rows of such keys, `keys` the keys, `largest` the most rows of one
    key. `differing` counts the keys whose rows disagree on the other key.
    """

    rows: int
    keys: int
    largest: int
    differing: int


@dataclass(frozen=True)
class Stratum:
    """Rows by their linkable fields; the only input of the forecast."""

    nik: str
    date: str
    name: str
    rows: int


@dataclass(frozen=True)
class FileProfile:
    """All counts of one file. `today` is the year that ages refer to.

    `refused` are unreadable rows. `later` are readable rows that `prepare` refuses:
    rows with a damaged NIK or KK where the mapping says so, and rows without a person. `noted` are
    rows kept without a damaged NIK or KK. Cells are counted over all `rows` that were read.
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
    repeated_ids: SharedIds
    notes: tuple[SourceNote, ...]
    same_nik: RepeatCounts
    same_person: RepeatCounts
    strata: tuple[Stratum, ...]
    lines: Lines = field(default_factory=Lines)

    @property
    def not_linked(self) -> int:
        """The number of rows refused by any rule."""
        return self.rows_in - self.rows + sum(self.later.values())
