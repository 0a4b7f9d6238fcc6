"""No person's data in texts that everybody keeps for good (T16).

Texts that people write into a statement by hand (a title, the number of a paper, a contact, a
reason) are checked before the statement is signed and before it is appended:

1. Sixteen digits or more in a row are a NIK, a family card or a bank card, with or without
   separators. Dates are exempt.
2. A label of a person's field followed by a value, such as "nama: ...", belongs to a record.

The error names the place of such a text, never the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

_DIGITS = re.compile(r"\d(?:[\s._\-\u2010-\u2015]{0,3}\d){15,}")
_SHORTEST_NUMBER = 16
_DATE = re.compile(r"(?<!\d)(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LABELS = (
    "nik",
    "no kk",
    "nomor kk",
    "nama",
    "nama lengkap",
    "nama ibu",
    "nama ibu kandung",
    "tempat lahir",
    "tanggal lahir",
    "tgl lahir",
    "name",
    "full name",
    "mothers name",
    "date of birth",
    "birth date",
    "place of birth",
)


def require_plain(tree: Any, person_fields: Iterable[str] = ()) -> None:
    """Checks that no text of this JSON value has data of a person; raises BadInput with the place.

    `person_fields` are the charter's field names, which count as labels too.
    """
    place = _telling(tree, _label(person_fields))
    if place is not None:
        place = place or "?"
        raise BadInput(
            PolicyCode.STATEMENT_PERSON,
            Words(
                f"Bagian '{place}' tampak memuat data orang: 16 angka berurutan, atau label"
                " seperti 'nama:' dengan isinya.",
                f"The part '{place}' looks like a person's data: 16 digits in a row, or a label"
                " such as 'name:' with its value.",
            ),
            Words(
                "Log disimpan selamanya dan dibaca semua pihak. Sebut nomor surat atau jabatan;"
                " pisahkan dua nomor telepon dengan koma.",
                "The log is kept for good and read by all. Name the paper's number or the office;"
                " part two telephone numbers by a comma.",
            ),
        )


def _telling(value: Any, label: re.Pattern[str]) -> str | None:
    """The place of the first such text; "" if it is the value itself or a key of it."""
    if isinstance(value, str):
        return "" if _tells(value, label) else None
    if isinstance(value, Mapping):
        if any(_tells(key, label) for key in value):
            return ""  # the error must not repeat the key
        return _first(value.items(), label)
    return _first(enumerate(value), label) if isinstance(value, list | tuple) else None


def _first(items: Iterable[tuple[object, Any]], label: re.Pattern[str]) -> str | None:
    for key, each in items:
        place = _telling(each, label)
        if place is not None:
            return f"{key}.{place}" if place else str(key)
    return None


def _tells(text: str, label: re.Pattern[str]) -> bool:
    if len(text) < _SHORTEST_NUMBER and text.isascii() and ":" not in text and "=" not in text:
        return False  # neither a number nor a label fits in: most texts are like this
    if _DIGEST.fullmatch(text):
        return False
    folded = unicodedata.normalize("NFKC", text)
    return bool(_DIGITS.search(_DATE.sub("/", folded)) or label.search(folded))


def _label(person_fields: Iterable[str]) -> re.Pattern[str]:
    names = {*_LABELS, *(re.sub(r"[._-]+", " ", each) for each in person_fields)}
    spelled = (r"[\s._\-']*".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(spelled))})\s*[:=]\s*\w", re.IGNORECASE)
