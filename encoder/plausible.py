"""Does a column look like what the mapping says it is? Swapped columns are found here.

Judged on the first chunk: among cells that are not missing, at least half must
normalise to something of that kind. Fewer than ten cells are not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from encoder.normalise.codes import sex
from encoder.normalise.dates import birth_date
from encoder.normalise.nik import nik
from encoder.normalise.text import digits, text
from policy.charter import FieldKind
from policy.errors import BadInput
from policy.words import Words

_FEWEST_CELLS = 10
_MOST_CELLS = 2_000
_SHARE = 0.5
_LONGEST_RT_RW = 8
_NIK_DIGITS, _POSTAL_DIGITS = 16, 5


def require_plausible(path: Path, name: str, kind: FieldKind, values: Sequence[str]) -> None:
    """Raises BadInput that names file, field and kind, never a cell."""
    present = [value for value in values[:_MOST_CELLS] if text(value)]
    if len(present) < _FEWEST_CELLS:
        return
    fitting = sum(_fits(kind, value) for value in present)
    if fitting < _SHARE * len(present):
        raise BadInput(
            "file.swapped",
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


def _fits(kind: FieldKind, value: str) -> bool:
    if kind in ("nik", "kk"):
        # A column of damaged numbers is still a column of numbers.
        absent = {"NIK_FORMAT", "NIK_EMPTY"}.intersection(nik(value)[1])
        return not absent or len(digits(value)) >= 12
    if kind == "date":
        return bool(birth_date(value).about)
    if kind == "sex":
        return bool(sex(value))
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
