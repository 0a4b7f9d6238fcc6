"""Rows that are not people: repeated column names, column numbers, totals, signatures.

Printed lists repeat the column names after a page break, number the columns below
them, and end with sums and signatures. A row with a NIK, a KK number or a date is always a
person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import known_headers
from encoder.source.readers.rules import HEADER_AGAIN, TOTAL_LINE

# As long as a date.
_LONG = 8
_SAMPLE = 60
# A quarter of the sample.
_ENOUGH = 4
# A number longer than any NIK or date is a sum of such numbers.
_LONGEST = 17
_DIGITS_OF_A_DATE = 6
_FEWEST_NUMBERS = 3

_MONTHS = (
    "JAN(?:UARI)?|[FP]EB(?:RUARI)?|MAR(?:ET)?|APR(?:IL)?|MEI|JUN[I]?|JUL[I]?|AGU?S?T?(?:USTUS)?"
    "|SEP(?:T(?:EMBER)?)?|OKT(?:OBER)?|NO[PV](?:EMBER)?|DES(?:EMBER)?"
)
_TOTALS = ("JUMLAH", "JML", "JLH", "TOTAL", "REKAPITULASI")
_TOTAL = re.compile(
    rf"(?:(?:SUB|GRAND)[ -]?)?(?:{'|'.join(_TOTALS)})\b[\s.:=]*(?P<rest>.*)", re.DOTALL
)
# Counted things. Other words after TOTAL may be a person's name.
_COUNTED = re.compile(
    r"(?:[\d.,:/()=\s-]|\b(?:TOTAL|JUMLAH|ORANG|JIWA|KK|NIK|PENDUDUK|PENERIMA|KESELURUHAN|SELURUH"
    r"(?:NYA)?|SEMUA|DATA|AKHIR|UMUM|PESERTA|KELUARGA|ANGGOTA|ART|WARGA|BANTUAN|LAKI|PEREMPUAN|KPM"
    r"|PPKS|RT|RW|DESA|KELURAHAN|KECAMATAN|HALAMAN|INI|DAN|L|P|DI|DALAM|LEMBAR|BARIS|RUMAH|TANGGA"
    r"|PER|KEPALA|USULAN|RP|DINAS|LANSIA|BALITA|ANAK|NAMA|ENTRI|RECORD|DUSUN|LINGKUNGAN)\b)*"
)
_PRINTED = re.compile(
    r"(?:DICETAK|(?:HALAMAN|HAL\.|PAGE) ?\d+|DAFTAR|LAPORAN|REKAP|FORMULIR|LAMPIRAN|PEMERINTAH)\b.*"
    r"|(?:SUMBER(?: DATA)?|KETERANGAN|CATATAN|PERIODE|BULAN|TAHUN)\s*:.*",
    re.DOTALL,
)
_SIGNED = re.compile(
    r"(?:MENGETAHUI|DIKETAHUI|MENYETUJUI|DISETUJUI|MENGESAHKAN|TTD|DTO|TERTANDA|DITETAPKAN DI"
    r"|DIBUAT (?:DI|OLEH)|DISUSUN OLEH|PENANGGUNG ?JAWAB"
    r"|(?:A\.?N\.?|PLT\.?|PLH\.?|PJ\.?)?\s*(?:KEPALA (?:DINAS|DESA|SEKSI|BIDANG|BADAN|SUKU|SUB"
    r"|UPT|UNIT|KANTOR|KELURAHAN|PUSKESMAS|LINGKUNGAN|DUSUN)|LURAH|CAMAT|BUPATI|WALI ?KOTA"
    r"|SEKRETARIS (?:DESA|KELURAHAN|CAMAT|DINAS|LURAH)|KETUA (?:RT|RW|TIM|PELAKSANA)"
    r"|PETUGAS (?:PENDATA|ENTRI|OPERATOR))"
    r"|PEMBINA|PENATA|PENGATUR)\b.*"
    r"|NIP\b[\s.:]*[\d .]*|PANGKAT\b.*",
    re.DOTALL,
)
_PLACE_AND_DATE = re.compile(
    rf"[A-Z][A-Z .'-]*,?\s*(?:TANGGAL\s*)?[\d.…_ -]{{0,8}}\s*(?:{_MONTHS})\.?\s*\d{{4}}"
    r"|[A-Z][A-Z .'-]*,\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
)
_SPACED = re.compile(r"(?:\w )+\w")
_NUMBER = re.compile(r"[^\dA-Za-z]*(?:\d[^\dA-Za-z]{0,3}){15,17}|\d[.,]\d+[Ee]\+?1[56]")
_DATE = re.compile(
    rf"\d{{1,4}}[-/. ]\d{{1,2}}[-/. ]\d{{2,4}}|\d{{1,2}}[- ](?:{_MONTHS})[- .]\d{{2,4}}|\b\d{{8}}\b"
)
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2})(?:\.0)?\s*[a-z]?\s*[).]?", re.IGNORECASE)


def not_people(names: Sequence[str], columns: Sequence[Sequence[str]]) -> dict[int, str]:
    """Position and rule of each row that is not a person; `names` are the column names."""
    if not columns:
        return {}
    found: dict[int, str] = {}
    header = [plain(name) for name in names]
    last_signed = -2  # before any row
    for at in _candidates(columns):
        cells = [column[at].strip() for column in columns]
        filled = [cell for cell in cells if cell]
        # The signature is a name alone, below the office.
        below = last_signed == at - 1 and len(filled) == 1 and not _has_a_number(cells)
        if below or (filled and all(map(_is_signed, filled))):
            found[at], last_signed = TOTAL_LINE, at
        elif rule := _rule(header, cells, filled):
            found[at] = rule
    return found


def _candidates(columns: Sequence[Sequence[str]]) -> Sequence[int]:
    """Rows without a number or a date in the columns that usually have one.

    The best of these columns excludes nearly all rows at once.
    """
    step = max(1, len(columns[0]) // _SAMPLE)
    shares = [(sum(map(_is_long, cells[::step])), cells) for cells in columns]
    enough = len(columns[0][::step]) / _ENOUGH
    best = sorted((each for each in shares if each[0] >= enough), key=lambda e: e[0], reverse=True)
    if not best:
        return range(len(columns[0]))
    first = best[0][1]
    # Written out as `_is_long`, since every row of a source passes here.
    left = [
        at
        for at, cell in enumerate(first)
        if not _LONG <= len(cell) <= _LONGEST or not "'" <= cell[0] <= "9"
    ]
    for _, column in best[1:]:
        left = [at for at in left if not _is_long(column[at])]
    return left


def _is_long(cell: str) -> bool:
    """Whether the cell begins like a number or a date, after an optional apostrophe."""
    return _LONG <= len(cell) <= _LONGEST and "'" <= cell[0] <= "9"


def _rule(header: Sequence[str], cells: Sequence[str], filled: Sequence[str]) -> str | None:
    if not filled:
        return None
    if _repeats_names(header, cells, len(filled)) or _numbers_columns(filled, len(cells)):
        return HEADER_AGAIN
    if _is_total(filled) or all(_PRINTED.fullmatch(cell.upper()) for cell in filled):
        return TOTAL_LINE
    return None


def _repeats_names(header: Sequence[str], cells: Sequence[str], filled: int) -> bool:
    """Whether most cells are (part of) their own column's name, as in a header of two lines."""
    own = sum(map(_is_name, cells, header))
    if not own or _has_a_number(cells):
        return False
    return own == filled or (own > 1 and 2 * max(own, known_headers(cells)) >= filled)


def _is_name(cell: str, name: str) -> bool:
    # A person's cell rarely begins or ends like its column's name.
    if not cell or not name:
        return False
    if cell[0].lower() != name[0] and cell[-1].lower() != name[-1] and cell[0].isalnum():
        return False
    found = plain(cell)
    return found == name or (len(found) > 1 and found in (name[: len(found)], name[-len(found) :]))


def _numbers_columns(filled: Sequence[str], width: int) -> bool:
    """Whether the cells are column numbers, (1) (2) (3); rows of people have letters."""
    if len(filled) < max(_FEWEST_NUMBERS, width):
        return False
    return all(map(_COLUMN_NUMBER.fullmatch, filled)) and len(set(filled)) == len(filled)


def _is_total(filled: Sequence[str]) -> bool:
    """Whether JUMLAH or TOTAL is a cell, or a first word in a row without a person's values."""
    together = "".join(filled).upper().replace(" ", "")
    if not any(word in together for word in _TOTALS):
        return False
    for at, cell in enumerate(filled):
        total = _TOTAL.fullmatch(_closed(cell.upper()))
        if total is None:
            continue
        others = [*filled[:at], *filled[at + 1 :]]
        if any(map(_is_of_a_person, others)):
            return False
        if _COUNTED.fullmatch(total["rest"]) or not any(map(str.isalpha, "".join(others))):
            return True
    return False


def _closed(cell: str) -> str:
    """T O T A L is TOTAL."""
    return cell.replace(" ", "") if _SPACED.fullmatch(cell) else cell


def _is_of_a_person(cell: str) -> bool:
    """Whether the cell is a NIK or KK number, even a damaged one, or a date; sums are longer."""
    digits = sum(map(str.isdecimal, cell))
    return _NUMBER.fullmatch(cell) is not None or (
        digits >= _DIGITS_OF_A_DATE and _DATE.search(cell.upper()) is not None
    )


def _is_signed(cell: str) -> bool:
    text = " ".join(cell.upper().split())
    return bool(_SIGNED.fullmatch(text) or _PLACE_AND_DATE.fullmatch(text))


def _has_a_number(cells: Sequence[str]) -> bool:
    """Whether some cell has as many digits as a date, a NIK or a KK number."""
    return any(sum(map(str.isdecimal, cell)) >= _DIGITS_OF_A_DATE for cell in cells)
