"""compound-1: what must hold whatever the rows are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from encoder.encoding.hardening.compound import CompoundEncoder
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.hardening.salting import JoinedSalt
from policy.base.errors import BadInput

KEY = bytes(range(32))
BITS = 128


def feature(identifier: str, bits: int, *, exact: bool) -> dict[str, Any]:
    comparison = {"type": "exact"} if exact else {"type": "ngram", "n": 2, "positional": False}
    return {
        "identifier": identifier,
        "format": {"type": "string", "encoding": "utf-8"},
        "hashing": {
            "comparison": comparison,
            "strategy": {"bitsPerFeature": bits},
            "hash": {"type": "blakeHash"},
            "missingValue": {"sentinel": ""},
        },
    }


SCHEMA = {
    "version": 3,
    "clkConfig": {
        "l": BITS,
        "kdf": {"type": "HKDF", "hash": "SHA256", "info": "", "salt": "AA==", "keySize": 64},
    },
    "features": [feature("nama", 30, exact=False), feature("jk", 5, exact=True)],
}

cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
rows = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8)


def encode(
    table: Sequence[tuple[str, str, str]], rounds: int = 2, handles: Sequence[bytes] | None = None
) -> NDArray[np.uint8]:
    columns = dict(zip(("nama", "jk", "salt"), map(list, zip(*table, strict=True)), strict=True))
    own = handles or [hashlib.sha256(bytes([at])).digest()[:16] for at in range(len(table))]
    return CompoundEncoder(SCHEMA, JoinedSalt(("salt",)), rounds, KEY).encode(columns, own)


def by_hand(name: str, sex: str, salt: str, rounds: int) -> NDArray[np.uint8]:
    """The definition, token by token and vote by vote."""
    padded = f" {name} "
    grams = [padded[at : at + 2] for at in range(len(padded) - 1)]
    share = [30 // len(grams) + (at < 30 % len(grams)) for at in range(len(grams))]
    tokens = [
        (Prf(KEY, "token nama").number(gram.encode()), weight)
        for gram, weight in zip(grams, share, strict=True)
    ]
    tokens.append((Prf(KEY, "token jk").number(sex.encode()), 5))
    total = sum(weight for _, weight in tokens)
    tokens.append((Prf(KEY, "tie").number(b""), 1 + total % 2))
    salted = Prf(KEY, "salt").number(salt.encode())
    cipher = Cipher(algorithms.AES(Prf(KEY, "votes").key), modes.ECB())
    counts = np.zeros(rounds * BITS, np.int64)
    for token, weight in tokens:
        stream = b"".join(
            cipher.encryptor().update(
                salted.to_bytes(8, "little") + ((token & ~0xFF) | number).to_bytes(8, "little")
            )
            for number in range(rounds * BITS // 128)
        )
        votes = np.unpackbits(np.frombuffer(stream, np.uint8), bitorder="little")
        counts += weight * votes
    half = sum(weight for _, weight in tokens) / 2
    majorities = (counts > half).reshape(rounds, BITS)
    return np.packbits(np.bitwise_xor.reduce(majorities, axis=0), bitorder="little")


@settings(max_examples=60)
@given(cells.filter(bool), cells.filter(bool), cells.filter(bool), st.integers(1, 4))
def test_the_kernel_counts_as_the_definition_does(
    name: str, sex: str, salt: str, rounds: int
) -> None:
    assert (encode([(name, sex, salt)], rounds)[0] == by_hand(name, sex, salt, rounds)).all()


@pytest.mark.parametrize("name", ["ANANANANA", "A" * 20, "ABCDEFGHIJ" * 4, "AB" * 40])
def test_repeated_tokens_and_such_without_weight_change_nothing(name: str) -> None:
    """A value of more bigrams than its feature has bits leaves some of them without weight."""
    assert (encode([(name, "F", "1990")])[0] == by_hand(name, "F", "1990", 2)).all()


@settings(max_examples=60)
@given(rows, st.randoms(use_true_random=False))
def test_a_row_is_encoded_the_same_in_any_company(table: Any, random: Any) -> None:
    handles = [hashlib.sha256(bytes([at])).digest()[:16] for at in range(len(table))]
    alone = [encode([row], handles=[handle])[0] for row, handle in zip(table, handles, strict=True)]
    order = list(range(len(table)))
    random.shuffle(order)
    together = encode([table[at] for at in order], handles=[handles[at] for at in order])
    assert all((together[place] == alone[at]).all() for place, at in enumerate(order))


@settings(max_examples=60)
@given(rows)
def test_equal_rows_with_a_salt_are_equal_whatever_their_handles(table: Any) -> None:
    whole = [row for row in table if all(row)]
    if whole:
        assert (encode(whole) == encode(whole, handles=[b"other" * 3 + b"."] * len(whole))).all()


def test_without_a_salt_or_with_another_one_equal_rows_are_strangers() -> None:
    same = [("SITI AMINAH", "F", "1990")] * 2
    none = [("SITI AMINAH", "F", "")] * 2
    other = [("SITI AMINAH", "F", "1990"), ("SITI AMINAH", "F", "1991")]
    missing = [("", "", "1990")] * 2
    differing = [
        int(np.bitwise_count(np.bitwise_xor(*encode(each))).sum())
        for each in (same, none, other, missing)
    ]
    assert differing[0] == 0
    assert all(BITS * 0.3 < bits < BITS * 0.7 for bits in differing[1:])


def test_likeness_falls_with_each_thing_that_differs() -> None:
    base, *others = encode(
        [
            ("SITI AMINAH", "F", "1990"),
            ("SITI AMINA", "F", "1990"),
            ("SITI AMINA", "M", "1990"),
            ("BUDI HARTONO", "M", "1990"),
        ],
        rounds=1,
    )
    distances = [int(np.bitwise_count(base ^ each).sum()) for each in others]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1]


def test_more_blocks_than_a_byte_numbers_are_refused() -> None:
    """l = 16,384 with eight rounds gave rounds 3 to 8 the votes of 1 and 2 again."""
    long = {**SCHEMA, "clkConfig": {**SCHEMA["clkConfig"], "l": 16_384}}
    CompoundEncoder(long, JoinedSalt(("salt",)), 2, KEY)
    with pytest.raises(BadInput) as caught:
        CompoundEncoder(long, JoinedSalt(("salt",)), 3, KEY)
    assert caught.value.code == "schema.votes"
