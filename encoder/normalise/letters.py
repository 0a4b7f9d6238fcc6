"""Letters and marks of other keyboards, as Indonesian lists write them (T01).

Marks typed for an apostrophe become one. Letters that only look Latin, and Latin letters that
no decomposition turns into A to Z, become the intended Latin letters.
"""

from __future__ import annotations

import html
import re

# Quotation marks, primes, modifier letters and accents without a letter.
_APOSTROPHES = (
    "‘’‚‛`´′‵ʹʻʼʽʾʿˈˊˋʹ՚׳ߴߵꞋꞌ＇｀᾽᾿῾‹›❛❜❮❯\u0384\u055a\u05f3\u0060\u00b4\u02bb\ua78b\ua78c"
)
_QUOTES = "“”„‟″‶〝〞〟＂«»"
_LATIN = {
    **dict(zip("ØŁĐÐÞŦĦĿŊƏ", "O L D D TH T H L N E".split(), strict=True)),
    **dict(zip("øłđðþŧħŀŋəı", "o l d d th t h l n e i".split(), strict=True)),
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ẞ": "SS", "ß": "ss",
}  # fmt: skip
_CYRILLIC = dict(zip("АВЕЅЗІЈКМНОРСТУХԌԚԜҮҺ", "ABESZIJKMHOPCTYXGQWYH", strict=True))
_SMALL_CYRILLIC = dict(zip("авеѕзіјкмнорстухԍԛԝүһ", "abeszijkmhopctyxgqwyh", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "ABEZHIKMNOPTYXC", strict=True))
_SMALL_GREEK = dict(zip("αβεζηικμνορτυχϲ", "abezhikmnoptyxc", strict=True))
LOOK_ALIKES = frozenset((*_CYRILLIC, *_SMALL_CYRILLIC, *_GREEK, *_SMALL_GREEK))

_MEANT: dict[int, str] = {
    ord(found): meant
    for table in (
        dict.fromkeys(_APOSTROPHES, "'"), dict.fromkeys(_QUOTES, '"'), _LATIN,
        _CYRILLIC, _SMALL_CYRILLIC, _GREEK, _SMALL_GREEK,
    )
    for found, meant in table.items()
}  # fmt: skip
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
_ESCAPED = re.compile(r"""\\+(?=['"‘’])""")


def as_meant(value: str) -> str:
    """Marks for an apostrophe to `'`, similar and special letters to Latin ones."""
    return value.translate(_MEANT)


def without_escapes(value: str) -> str:
    """Remove HTML entities (`&#039;`, `&rsquo;`) and backslashes before a quote, left by web
    exports."""
    if "&" in value and ";" in value:
        # Exports that were escaped twice contain &amp;#039;.
        for _ in range(2):
            value = _ENTITY.sub(lambda found: html.unescape(found[0]), value)
    return _ESCAPED.sub("", value) if "\\" in value else value
