"""Text that strangers wrote, before it stands among our own."""

from __future__ import annotations

import unicodedata

_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(text: str) -> str:
    """Text without characters that move, hide or reorder what stands around them."""
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return spaced.translate(_BIDI)
