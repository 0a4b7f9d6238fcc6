"""A digest as words that two people read to each other by telephone.

Twelve words are the first 108 bits of Argon2id over the digest; the thirteenth detects a misheard
word. `words.txt` has 512 pairs of an Indonesian and an English word, so that both languages name
the same nine bits. Words of one language differ from each other in at least two letters in
Indonesian, and no word is in both lists.

Somebody who chooses keys on both sides needs a collision of 108 bits, 2^54 derivations of 64 MiB
and three passes each; somebody who imitates a given digest needs 2^108.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from policy.base.canonical import HexDigest
from policy.base.error_codes import PolicyCode
from policy.base.errors import Unverified
from policy.base.words import Words

WORD_BITS = 9
DATA_WORDS = 12
DIGEST_BITS = WORD_BITS * DATA_WORDS
_SALT = b"padan/spoken-words/v1"
_ITERATIONS, _LANES, _MEMORY_KIB = 3, 4, 64 * 1024


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """All pairs of words, Indonesian and English, in the order of their numbers."""
    text = resources.files("policy.joining").joinpath("words.txt").read_text("ascii")
    found = tuple((line.split()[0], line.split()[1]) for line in text.splitlines())
    assert len(found) == 1 << WORD_BITS, "a word carries nine bits"
    return found


@cache
def spoken(digest: HexDigest) -> Words:
    """The thirteen words of a digest, in both languages."""
    numbers = _numbers(_stretched(digest))
    chosen = [pairs()[number] for number in (*numbers, _check(numbers))]
    return Words(" ".join(each[0] for each in chosen), " ".join(each[1] for each in chosen))


def require_same(heard: str, digest: HexDigest) -> None:
    """Checks the words that somebody read against the digest known here; raises Unverified.

    The words may be of either language, also mixed.
    """
    known = {word: number for number, pair in enumerate(pairs()) for word in pair}
    numbers = [known.get(word, -1) for word in heard.lower().replace(",", " ").split()]
    if len(numbers) != DATA_WORDS + 1 or numbers[-1] != _check(numbers[:-1]):
        raise Unverified(
            PolicyCode.JOINING_MISHEARD,
            Words(
                "Kata-kata itu tidak lengkap atau salah dengar.",
                "These words are not complete, or one was misheard.",
            ),
            Words(
                f"Minta dibacakan lagi; jumlahnya {DATA_WORDS + 1} kata.",
                f"Have them read to you again; there are {DATA_WORDS + 1} words.",
            ),
        )
    if tuple(numbers[:-1]) != _numbers(_stretched(digest)):
        raise Unverified(
            PolicyCode.JOINING_OTHER_WORDS,
            Words(
                "Kata yang dibacakan bukan kata di komputer ini: daftar orangnya berbeda.",
                "The words that were read are not those of this computer: the lists differ.",
            ),
            Words(
                "Jangan teruskan. Hubungi koordinator dan kedua otoritas: ada kunci yang tertukar.",
                "Do not go on. Call the coordinator and both authorities: a key was exchanged.",
            ),
        )


@cache
def _stretched(digest: HexDigest) -> bytes:
    kdf = Argon2id(
        salt=_SALT, length=16, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB
    )
    return kdf.derive(bytes.fromhex(digest))


def _numbers(stretched: bytes) -> tuple[int, ...]:
    bits = int.from_bytes(stretched, "big") >> (8 * len(stretched) - DIGEST_BITS)
    return tuple(
        bits >> (WORD_BITS * place) & (1 << WORD_BITS) - 1 for place in reversed(range(DATA_WORDS))
    )


def _check(numbers: list[int] | tuple[int, ...]) -> int:
    """The number of the thirteenth word."""
    text = ",".join(map(str, numbers)).encode()
    return int.from_bytes(hashlib.sha256(_SALT + text).digest()[:2], "big") >> (16 - WORD_BITS)
