"""Mojibake: UTF-8 text that was decoded wrongly before it was written to a file."""

from __future__ import annotations

import re

# Sequences that are letters or marks in UTF-8 and rarely occur in cp1252: not `E9 A0`,
# for example, which is an accented letter before a no-break space.
LETTERS_IN_UTF8 = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|\xcc[\x80-\x8c]|(?:[\xc6-\xdf][\x80-\xbf]){2}"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
)
# The first byte of such a sequence in cp1252, and the mark of a lost letter.
_MAY_BE_MISREAD = re.compile("[\u00c2-\u00df\u00e0-\u00f0\ufffd]")


def is_misread(text: str) -> bool:
    """Whether UTF-8 was read as cp1252 or latin-1 here, or letters were lost (U+FFFD)."""
    if _MAY_BE_MISREAD.search(text) is None:
        return False
    return "\ufffd" in text or LETTERS_IN_UTF8.search(_as_bytes(text)) is not None


def _as_bytes(text: str) -> bytes:
    """The bytes that were decoded as this text; characters outside of cp1252 give a blank."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return b"".join(map(_byte, text))


def _byte(character: str) -> bytes:
    if "\x80" <= character <= "\x9f":
        return character.encode("latin-1")
    return character.encode("cp1252", "ignore") or b" "
