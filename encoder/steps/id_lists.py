"""Lists that name an agency's own rows: people who objected (`policy.papers.rights`).

An id that is misread would leave its person in, so no line is skipped silently. An id that
several people share would remove all of them, so the list must say which row is meant.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.steps.consent import NeedsConsent
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.words import Words

# Points that a person must confirm before a list is used; the page asks by these codes.
ROW_NUMBERS, ROWS_OF_SEVERAL = EncoderCode.IDS_ROW_NUMBERS, EncoderCode.IDS_SEVERAL_PEOPLE
_SHOWN = 20


@dataclass(frozen=True)
class ListMeaning:
    """The officer's statement on a list: `row_numbers` if it has these instead of record ids.

    `every_row`: an id means all people who share it.
    """

    row_numbers: bool = False
    every_row: bool = False


@dataclass(frozen=True)
class SharedPerson:
    """Rows that leave while other rows of the same person stay, as row numbers."""

    gone: tuple[int, ...]
    stay: tuple[int, ...]

    def words(self) -> Words:
        gone, all_rows = len(self.gone), len(self.gone) + len(self.stay)
        rows = ", ".join(map(str, self.stay))
        return Words(
            f"{gone} dari {all_rows} baris orang ini keluar; yang lain tetap: baris data {rows}.",
            f"{gone} of {all_rows} rows of this person leave; the others stay: data row {rows}.",
        )


@dataclass(frozen=True)
class IdList:
    """A list of ids, and the rows that it names."""

    path: Path
    ids: frozenset[str] = field(repr=False)
    meaning: ListMeaning = ListMeaning()

    @classmethod
    def read(cls, path: Path, meaning: ListMeaning, *, own_ids: bool) -> IdList:
        """Read a list; raises NeedsConsent if row numbers might be taken for record ids."""
        if not own_ids and not meaning.row_numbers:
            raise _row_numbers(path)
        ids = read_ids(path)
        if meaning.row_numbers:
            ids = frozenset(str(int(each)) if each.isdecimal() else each for each in ids)
        return cls(path, ids, meaning)

    def names(self, row_numbers: Sequence[int], record_ids: Sequence[str]) -> Sequence[str]:
        """The name of each row in the list's terms."""
        return list(map(str, row_numbers)) if self.meaning.row_numbers else record_ids

    def require_one_person_each(self, people: Mapping[str, Sequence[int]]) -> None:
        """Check that no id means several people; `people` are the rows of shared ids."""
        if people and not self.meaning.every_row:
            rows = sorted(row for rows in people.values() for row in rows)
            raise _several_people(self.path, len(people), rows)


def read_ids(path: Path) -> frozenset[str]:
    """The ids of a text file from an editor or spreadsheet: with byte order mark or quotes."""
    data = read_file(path)
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadInput(
            EncoderCode.IDS_MALFORMED,
            Words(f"{path}: bukan daftar id dalam teks.", f"{path}: not a list of ids in text."),
            Words(
                "Tulis satu id baris per baris dalam berkas teks UTF-8.",
                "Write one row id a line into a text file, UTF-8.",
            ),
        )
    return frozenset(line.strip().strip('"').strip() for line in text.splitlines()) - {""}


def require_some(path: Path, dataset: str, found: int) -> None:
    """Raises if the dataset has no id of the list: then it is the wrong list."""
    if not found:
        raise BadInput(
            EncoderCode.IDS_NOBODY,
            Words(
                f"{path}: tidak satu pun id ada di {dataset}.",
                f"{path}: not one of the ids is in {dataset}.",
            ),
            Words(
                "Tulis id baris sendiri (record_id di pemetaan), satu sebaris.",
                "Give own row ids (record_id in the mapping), one a line.",
            ),
        )


def _row_numbers(path: Path) -> NeedsConsent:
    return NeedsConsent(
        ROW_NUMBERS,
        Words(
            f"{path}: sumber ini tidak punya id baris, jadi yang disebut adalah nomor baris"
            " data di berkas yang disiapkan: baris pertama di bawah judul adalah 1. Setelah berkas"
            " diurutkan, nomor itu menyebut orang lain.",
            f"{path}: this source has no record ids, so that the list names data rows of the file"
            " that is prepared: the first row below the names of the columns is 1. In a file that"
            " was sorted the numbers name other people.",
        ),
        Words(
            "Petakan record_id; atau periksa nomor itu di berkasnya dan tambahkan --row-numbers.",
            "Map a record_id; or check these numbers in that file and add --row-numbers.",
        ),
    )


def _several_people(path: Path, ids: int, rows: Sequence[int]) -> NeedsConsent:
    first = ", ".join(map(str, rows[:_SHOWN])) + (", …" if len(rows) > _SHOWN else "")
    return NeedsConsent(
        ROWS_OF_SEVERAL,
        Words(
            f"{path}: {ids} id dipakai lebih dari satu orang: baris data {first}.",
            f"{path}: {ids} of the ids are those of more than one person: data rows {first}.",
        ),
        Words(
            "Sebut nomor barisnya dan tambahkan --row-numbers; atau --every-row bila semua orang"
            " itu dimaksud.",
            "Give the row number and add --row-numbers; or --every-row if all of these people are"
            " meant.",
        ),
    )
