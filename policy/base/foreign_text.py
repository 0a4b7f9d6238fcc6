"""Cleans text that strangers wrote before it is shown next to our own."""

from __future__ import annotations

import unicodedata

_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(text: str) -> str:
    """The text without characters that move, hide or reorder the text around them."""
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return spaced.translate(_BIDI)
