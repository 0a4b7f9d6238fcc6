"""Column names compared by meaning: `No. KK (12)` and `no_kk` are the same."""

from __future__ import annotations

import re
import unicodedata

_NUMBER_IN_PARENTHESES = re.compile(r"\(\s*\d+\s*\)")
_REMARK = re.compile(r"\([^()]*\)")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def plain(header: str) -> str:
    """Lower case; without spaces, underscores, dots and numbers in parentheses."""
    text = unicodedata.normalize("NFKC", header).lower()
    return _NO_LETTER.sub("", _NUMBER_IN_PARENTHESES.sub("", text))


def without_remark(header: str) -> str:
    """The plain name without any remark in parentheses: `Nama Lengkap (sesuai KTP)`."""
    return plain(_REMARK.sub("", header))
