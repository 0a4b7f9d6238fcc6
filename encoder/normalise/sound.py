"""N12: the approximate sound of a name; a key that spelling variants share.

It only salts encodings: two spellings of one name should have the same key, two names
rarely. Vowels are removed, since they vary most, except the first letter. A name of one word
keeps its vowels in two classes, or SARI, SURI and SERO would all be one. After Priyadi's list of
2005 (domain facts, section 3.4) and observations on lists of Jakarta's names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SAME = (
    ("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("SJ", "S"), ("SY", "S"), ("KH", "H"), ("DZ", "J"),
    ("TS", "S"), ("TH", "T"), ("DH", "D"), ("GH", "G"), ("CH", "H"), ("NG", "N"), ("NY", "N"),
    ("PH", "P"), ("Q", "K"), ("X", "S"), ("V", "P"), ("F", "P"), ("Z", "S"), ("J", "S"), ("Y", "I"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("[AEIOU]+")
_ONE_VOWEL = str.maketrans("AEIOU", "*****")
_NEWBORN = "B"
_TAIL_LETTERS = 3
_WORDS_KEPT = 1 << 16


@dataclass(frozen=True)
class Sounds:
    """Of each name: its sound, and how it begins and ends.

    `heads` are the consonants of the first of its sounding words, for names that sound roughly
    the same; BAYI and BY sound like B, and are left out in front of a mother's name. `tails` are
    the first three letters of the last word that is not an initial.
    """

    sounds: list[str]
    heads: list[str]
    tails: list[str]


def sound(name: str) -> str:
    """The key of a normalised name; '' for ''. A name of one word keeps its vowels' classes."""
    words = _sounding(name)
    if len(words) < 2:
        return _light(words[0]) if words else ""
    return " ".join(sorted(map(_HEAVY.__getitem__, words)))


def shape(name: str) -> str:
    """A normalised name with one sign for every vowel, its words sorted: RINA and RINI are one.

    So two names of one shape differ in vowels alone. That is how parents name twins, and hardly
    how anybody mistypes.
    """
    return " ".join(sorted(name.translate(_ONE_VOWEL).split()))


def sounds_of(names: Sequence[str]) -> Sounds:
    """All three keys of normalised names, in one pass: initials come last in those (N13)."""
    found = Sounds([], [], [])
    add_sound, add_head, add_tail = found.sounds.append, found.heads.append, found.tails.append
    heavy, newborn, letters = _HEAVY.__getitem__, _NEWBORN, _TAIL_LETTERS
    for name in names:
        words = name.split()
        if not words or len(words[-1]) == 1:
            words = _sounding(name) or [""]
        add_tail(words[-1][:letters])
        if len(words) == 1:
            add_sound(_light(words[0]))
            add_head(heavy(words[0]))
            continue
        keys = sorted(map(heavy, words))
        add_sound(" ".join(keys))
        add_head(keys[1] if keys[0] == newborn else keys[0])
    return found


def _sounding(name: str) -> list[str]:
    """Its words without initials, or with them if there are no others."""
    words = name.split()
    return [word for word in words if len(word) > 1] or words


class _Heavy(dict[str, str]):
    """The consonants of words, with a cache."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _WORDS_KEPT:
            self.clear()
        key = word
        for old, new in _SAME:
            key = key.replace(old, new)
        key = _DOUBLED.sub(r"\1", key.replace("H", ""))
        self[word] = _DOUBLED.sub(r"\1", key[:1] + _VOWELS.sub("", key[1:]))
        return self[word]


_HEAVY = _Heavy()


@lru_cache(_WORDS_KEPT)
def _light(word: str) -> str:
    word = word.replace("OE", "U").replace("Y", "I").replace("H", "")
    return _DOUBLED.sub(r"\1", word.replace("O", "U").replace("E", "I"))
