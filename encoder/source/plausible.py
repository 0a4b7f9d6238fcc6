"""Checks that a column looks like its mapped kind; this finds swapped columns.

Checked on the first chunk: at least half of the cells that are not missing must
normalise to a value of that kind. Fewer than ten cells are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.normalise.codes import sex
from encoder.normalise.dates import birth_date, order_evidence
from encoder.normalise.nik import nik
from encoder.normalise.text import digits, text
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import FieldKind

_FEWEST_CELLS = 10
_MOST_CELLS = 2_000
_SHARE = 0.5
_LONGEST_RT_RW = 8
_NIK_DIGITS, _POSTAL_DIGITS = 16, 5
_NO_NUMBER = frozenset(["NIK_FORMAT", "NIK_LETTER", "NIK_WORDS", "NIK_EMPTY"])
_FEW_ZEROS = 0.1
_MOST_CODES, _LONGEST_CODE = 6, 12
_DECIMALS = re.compile(r"[.,]0+$")


def require_plausible(path: Path, name: str, kind: FieldKind, values: Sequence[str]) -> None:
    """Raises BadInput that names file, field and kind; it quotes no cells but codes of sex."""
    judged = values[:_MOST_CELLS]
    present = [value for value in judged if text(value)]
    if kind == "sex":
        _require_known_codes(path, name, judged, present)
        return
    if len(present) < _FEWEST_CELLS:
        return
    fitting = sum(_fits(kind, value) for value in present)
    if fitting < _SHARE * len(present):
        raise BadInput(
            EncoderCode.FILE_SWAPPED,
            Words(
                f"{path}: kolom untuk '{name}' tidak tampak seperti '{kind}'"
                f" ({fitting} dari {len(present)} sel cocok).",
                f"{path}: the column mapped to '{name}' does not look like '{kind}'"
                f" ({fitting} of {len(present)} cells fit).",
            ),
            Words(
                "Mungkin kolomnya tertukar; periksa pemetaan.",
                "Columns may be swapped; check the mapping.",
            ),
        )


def _require_known_codes(
    path: Path, name: str, judged: Sequence[str], present: Sequence[str]
) -> None:
    """Among codes of sex, a 0 is a code and not a missing value; other codes may be unknown."""
    zeros = sum(_DECIMALS.sub("", cell.strip()) == "0" for cell in judged)
    known = sum(bool(sex(cell)) for cell in present)
    filled = len(present) + zeros
    if filled < _FEWEST_CELLS:
        return
    if known >= _SHARE * len(present) and zeros <= _FEW_ZEROS * filled:
        return
    codes = sorted({text(cell) or "0" for cell in judged if text(cell) or cell.strip() == "0"})
    shown = [code for code in codes if len(code) <= _LONGEST_CODE][:_MOST_CODES]
    listed = ", ".join(shown) if len(codes) <= _MOST_CODES else f"{len(codes)}"
    raise BadInput(
        EncoderCode.FILE_SEX_CODES,
        Words(
            f"{path}: arti kode jenis kelamin di kolom untuk '{name}' tidak jelas: {listed}.",
            f"{path}: the codes of sex in the column for '{name}' are not clear: {listed}.",
        ),
        Words(
            f"Tulis artinya di pemetaan: {name}: {{column: KOLOM, male: [KODE], female: [KODE]}}.",
            f"Write what they mean into the mapping:"
            f" {name}: {{column: COLUMN, male: [CODE], female: [CODE]}}.",
        ),
    )


def require_order(path: Path, name: str, values: Sequence[str]) -> None:
    """Raises BadInput if dates put the month first and the mapping does not say so."""
    evidence = order_evidence(values[:_MOST_CELLS])
    if evidence.likely != "month-first":
        return
    raise BadInput(
        EncoderCode.FILE_DATE_ORDER,
        Words(
            f"{path}: tanggal di kolom untuk '{name}' tampaknya menulis bulan di depan hari:"
            f" {evidence.month_first} sel hanya dapat dibaca begitu, {evidence.day_first} hanya"
            f" sebaliknya, dan {evidence.either} dapat dibaca dengan dua cara.",
            f"{path}: the dates in the column for '{name}' seem to put the month before the day:"
            f" {evidence.month_first} cells can only be read so, {evidence.day_first} only"
            f" the other way, and {evidence.either} both ways.",
        ),
        Words(
            f"Tulis urutannya di pemetaan: {name}: {{column: KOLOM, order: month-first}}"
            " (atau day-first).",
            f"Write the order into the mapping: {name}: {{column: COLUMN, order: month-first}}"
            " (or day-first).",
        ),
    )


def _fits(kind: FieldKind, value: str) -> bool:
    if kind in ("nik", "kk"):
        # A column of damaged numbers is still a column of numbers.
        absent = _NO_NUMBER.intersection(nik(value)[1])
        return not absent or len(digits(value)) >= 12
    if kind == "date":
        return bool(birth_date(value).about)
    if kind == "name":
        letters = sum(c.isalpha() for c in value)
        return letters * 2 > len(value.strip())
    if kind == "rtrw":
        return 0 < len(digits(value)) <= _LONGEST_RT_RW
    if kind == "postal":
        return len(digits(value)) == _POSTAL_DIGITS
    if kind in ("place", "address"):
        # A place may be a code, but none has the sixteen digits of a NIK.
        return any(c.isalpha() for c in value) or len(digits(value)) < _NIK_DIGITS
    return True
