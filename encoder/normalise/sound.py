"""N12: how a name sounds, roughly; a key that spelling variants share.

It only salts encodings: two spellings of one name should have the same key, two names
seldom. Vowels go, since they vary most, except the first letter; a name of one word keeps
its vowels in two classes, or SARI, SURI and SERO would all be one. After Priyadi's list of
2005 (domain facts, section 3.4) and what lists of Jakarta's names show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_SAME = (
    ("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("SJ", "S"), ("SY", "S"), ("KH", "H"), ("DZ", "J"),
    ("TS", "S"), ("TH", "T"), ("DH", "D"), ("GH", "G"), ("CH", "H"), ("NG", "N"), ("NY", "N"),
    ("PH", "P"), ("Q", "K"), ("X", "S"), ("V", "P"), ("F", "P"), ("Z", "S"), ("J", "S"), ("Y", "I"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("[AEIOU]+")
_NEWBORN = "B"
_TAIL_LETTERS = 3


def sound(name: str) -> str:
    """The key of a normalised name; '' for ''. A name of one word keeps its vowels' classes."""
    words = name.split()
    if not words:
        return ""
    words = [word for word in words if len(word) > 1] or words
    if len(words) == 1:
        return _light(words[0])
    return " ".join(sorted(map(_heavy, words)))


def head(sounds: str) -> str:
    """The consonants of a name's first word by its `sound`, for names that sound roughly alike.

    A name of one word sounds as `_light` has it, and here as one word of several does. BAYI and
    BY sound like B, and are left out in front of a mother's name.
    """
    first, several, rest = sounds.partition(" ")
    if not several:
        return _heavy(first)
    return rest.partition(" ")[0] if first == _NEWBORN else first


def tails(names: Sequence[str]) -> list[str]:
    """The first three letters of each normalised name's last word that is no initial."""
    found = [name[name.rfind(" ") + 1 :][:_TAIL_LETTERS] for name in names]
    for at, letters in enumerate(found):
        if len(letters) == 1:
            words = (word for word in reversed(names[at].split()) if len(word) > 1)
            found[at] = next(words, letters)[:_TAIL_LETTERS]
    return found


@lru_cache(1 << 16)
def _heavy(word: str) -> str:
    for old, new in _SAME:
        word = word.replace(old, new)
    word = _DOUBLED.sub(r"\1", word.replace("H", ""))
    return _DOUBLED.sub(r"\1", word[:1] + _VOWELS.sub("", word[1:]))


@lru_cache(1 << 16)
def _light(word: str) -> str:
    word = word.replace("OE", "U").replace("Y", "I").replace("H", "")
    return _DOUBLED.sub(r"\1", word.replace("O", "U").replace("E", "I"))
