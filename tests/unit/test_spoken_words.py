"""Words to compare by telephone: their list, what they detect, and how many bits they carry."""

from __future__ import annotations

import hashlib
from itertools import combinations

import pytest

from policy.base.errors import Unverified
from policy.joining import spoken_words
from policy.joining.spoken_words import DATA_WORDS, DIGEST_BITS, pairs, require_same, spoken

DIGEST, OTHER = hashlib.sha256(b"roster").hexdigest(), hashlib.sha256(b"another").hexdigest()


def near(one: str, other: str) -> bool:
    """Whether one letter, changed, added or left out, makes one word the other."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) <= 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(
        long[:place] + long[place + 1 :] == short for place in range(len(long))
    )


def test_words_are_apart() -> None:
    indonesian, english = zip(*pairs(), strict=True)
    assert not [each for each in combinations(indonesian, 2) if near(*each)]
    assert near("batu", "baru"), "the control: such a pair is noticed"
    both = [*indonesian, *english]
    assert len(set(both)) == len(both) == 1024, "no word means two numbers"
    assert all(each.isascii() and each.isalpha() and each.islower() for each in both)


def test_a_digest_has_thirteen_words_in_both_languages() -> None:
    words = spoken(DIGEST)
    assert DIGEST_BITS == 108
    for text in (words.id, words.en):
        assert len(text.split()) == DATA_WORDS + 1
        require_same(text, DIGEST)
        require_same(text.upper().replace(" ", ", "), DIGEST)
    mixed = [
        one if place % 2 else other
        for place, (one, other) in enumerate(zip(words.id.split(), words.en.split(), strict=True))
    ]
    require_same(" ".join(mixed), DIGEST)


def test_the_words_carry_what_the_digest_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """They change with the digest, and are the slow hash of it, not its first bits."""
    with pytest.raises(Unverified) as caught:
        require_same(spoken(OTHER).id, DIGEST)
    assert caught.value.code == "joining.other-words"
    first_bits = int(DIGEST, 16) >> (256 - DIGEST_BITS)
    said = spoken(DIGEST).id.split()[:DATA_WORDS]
    numbers = {pair[0]: number for number, pair in enumerate(pairs())}
    value = 0
    for word in said:
        value = value << 9 | numbers[word]
    assert value != first_bits
    assert value == int.from_bytes(spoken_words._stretched(DIGEST), "big") >> (128 - DIGEST_BITS)


@pytest.mark.parametrize("place", range(DATA_WORDS + 1))
def test_a_misheard_word_is_noticed_as_such(place: int) -> None:
    """Each word replaced by each of a few others; a slip passes one check word in 512."""
    said = spoken(DIGEST).id.split()
    codes = []
    for other in pairs()[::64]:
        if other[0] == said[place]:
            continue
        with pytest.raises(Unverified) as caught:
            require_same(" ".join([*said[:place], other[0], *said[place + 1 :]]), DIGEST)
        codes.append(caught.value.code)
    assert codes.count("joining.misheard") >= len(codes) - 1


@pytest.mark.parametrize("heard", ["", "abu", "not words at all"])
def test_what_is_not_thirteen_words_is_misheard(heard: str) -> None:
    with pytest.raises(Unverified) as caught:
        require_same(heard, DIGEST)
    assert caught.value.code == "joining.misheard"
