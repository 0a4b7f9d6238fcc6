"""A07 to A09: kelurahan by name or by code, and postal codes.

A name is compared by its letters. A code becomes the name of its place, so that a
source with codes matches one with names. A code that is not in the codebook keeps the book's
name next to the number, since the same number is another place in the other book.
"""

from __future__ import annotations

import re

from encoder.normalise.regions import Codebook, by_code, by_name, postal_codes, spelled
from encoder.normalise.text import text

CODE = re.compile(r"(?:(BPS|KEMENDAGRI) )?(\d[\d.]{8,13}\d)")
_BOOKS: dict[str | None, Codebook] = {"BPS": "bps", "KEMENDAGRI": "kemendagri"}
_VILLAGE_DIGITS = 10
_POSTAL = re.compile(r"([1-9]\d{4})(?:\.0+)?(?: DI (.+))?")


def place(value: str) -> str:
    """A07, A08: the letters of a kelurahan's name, so that KRAMAT JATI is Kramatjati.

    A code with dots is Kemendagri's; a plain code is unknown until the mapping names its book.
    """
    cleaned = text(value)
    code = CODE.fullmatch(cleaned)
    if code is None:
        return spelled(cleaned)
    number = code[2].replace(".", "")
    book = _BOOKS.get(code[1]) or ("kemendagri" if "." in code[2] else None)
    if book is None or len(number) != _VILLAGE_DIGITS:
        return number
    region = by_code(number, book)
    return spelled(region.name) if region else f"{book.upper()}{number}"


def postal(value: str) -> str:
    """A09: five digits in use; 'CODE DI PLACE' only if the code is that place's."""
    found = _POSTAL.fullmatch(text(value))
    if found is None:
        return ""
    code, where = found[1], found[2]
    here = postal_codes()
    if where:
        theirs = {each.postal for each in by_name(where, "village")}
        if theirs:
            return code if code in theirs else ""
    # All of Jakarta's codes are known; for other provinces only the form is checked.
    return code if code in here or not "10000" <= code <= "14999" else ""
