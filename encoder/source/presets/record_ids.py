"""Which column or columns of a source are the id of its rows, judged by their cells.

An id is filled in every row, differs in every row, and is not personal data: record ids appear in
tickets and in lists of objections. NIK, KK, names, dates and phone numbers are therefore never
proposed. A column that only counts the lines of this file names other people in the next file, and
is not proposed either. A number that starts again in each village is proposed with the village.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from encoder.source.mapping import IdColumns, RecordId
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import PresetLayout, Role, synonyms
from encoder.source.presets.payload import payload_reason

_PERSONAL: tuple[Role, ...] = (
    *("nik", "kk", "name", "birth_place", "dob", "dob_day", "dob_month", "dob_year", "age", "sex"),
    *("mother", "father", "address", "rt", "rw", "rt_rw", "postal", "status"),
)
_PERSONAL_WORDS = re.compile(
    r"nik|ktp|kartukeluarga|nokk|nama|lahir|hp|telp|telepon|phone|whatsapp|email|rek(ening)?$"
    r"|npwp|bpjs|paspor|passport|kks|foto|koordinat|latitude|longitude"
)
_ID_WORDS = frozenset(
    "id kode kd code no nomor nomer number num urut reg register uuid key".split()
)
_LINE_NUMBERS = frozenset(
    "no nomor nomer nourut nomorurut urut num number baris nobaris rownumber".split()
)
_STARTS = ("id", "kode", "kd", "nourut", "nomor")
# An id is one word: text with spaces is a sentence, or a name.
_CODE = re.compile(r"[^\s]{1,40}")
_MOST_COLUMNS = 8
_MOST_TOGETHER = 3


def may_be_id(
    headers: Sequence[str], roles: Mapping[Role, str], layout: PresetLayout | None
) -> tuple[str, ...]:
    """The columns that may be an id: neither payload nor personal data."""
    personal = {roles[role] for role in _PERSONAL if role in roles}
    return tuple(
        header
        for header in headers
        if plain(header)
        and headers.count(header) == 1
        and header not in personal
        and not _PERSONAL_WORDS.search(plain(header))
        and payload_reason(header, layout) is None
    )


def propose_record_id(columns: Mapping[str, Sequence[str]], village: str | None = None) -> RecordId:
    """The id by the first rows; None if no one, two or three columns tell rows apart.

    The `village` alone is not an id, but is one with a number that restarts in each village.
    """
    cells = {name: [cell.strip() for cell in each] for name, each in columns.items()}
    codes = {name: each for name, each in cells.items() if _are_codes(each)}
    alone = [name for name in codes if _all_differ(codes[name]) and not _counts(name, codes[name])]
    if alone:
        best = min(alone, key=lambda name: (_rank(name), alone.index(name)))
        if _rank(best) < _LAST_RANK or _has_digits(codes[best]):
            return best
    parts = {name: each for name, each in codes.items() if _rank(name) < _LAST_RANK}
    if village in cells and all(cells[village]):
        parts[village] = cells[village]
    return _together(parts)


def _together(codes: Mapping[str, Sequence[str]]) -> IdColumns | None:
    names = [name for name in codes if not _all_differ(codes[name])][:_MOST_COLUMNS]
    for count in range(2, _MOST_TOGETHER + 1):
        for some in combinations(names, count):
            if _all_differ(list(zip(*(codes[name] for name in some), strict=True))):
                return IdColumns(columns=some)
    return None


def _are_codes(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and all(map(_CODE.fullmatch, cells))


def _all_differ(cells: Collection[object]) -> bool:
    return len(set(cells)) == len(cells)


def _has_digits(cells: Sequence[str]) -> bool:
    return all(any(map(str.isdecimal, cell)) for cell in cells)


def _counts(name: str, cells: Sequence[str]) -> bool:
    """Whether a column is a line number: 1 to the number of rows, in any order."""
    if plain(name) not in _LINE_NUMBERS:
        return False
    numbers = {int(cell) for cell in cells if cell.isascii() and cell.isdecimal()}
    return numbers == set(range(1, len(cells) + 1))


_LAST_RANK = 3


def _rank(name: str) -> int:
    """How strongly a name suggests an id; lower is stronger."""
    called = plain(name)
    if called in {plain(each) for each in synonyms()["record_id"]}:
        return 0
    if called.startswith(_STARTS) or called.endswith("id"):
        return 1
    words = set(re.findall(r"[a-z]+", name.lower()))
    return 2 if words & _ID_WORDS else _LAST_RANK
