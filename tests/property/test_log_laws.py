"""Laws of the log: what is true verifies, and nothing near it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy.base.errors import BadInput, Unverified
from policy.log import (
    Checkpoint,
    Frontier,
    VerifierKey,
    add_signature,
    consistency_proof,
    cosign,
    cosigners,
    inclusion_proof,
    leaf_hash,
    open_checkpoint,
    open_note,
    parse_note,
    root_hash,
    sign_checkpoint,
    sign_note,
    verify_consistency,
    verify_inclusion,
)
from tests.support.thorough import how_many

MOST = 200
LEAVES = [leaf_hash(number.to_bytes(2, "big")) for number in range(MOST)]
ROOTS = [root_hash(LEAVES[:size]) for size in range(MOST + 1)]

LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"L" * 32)
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"W" * 32)
MAX_TIME = 2**63 - 1

sizes = st.integers(1, MOST)


@st.composite
def tree_and_index(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(sizes)
    return size, draw(st.integers(0, size - 1))


@st.composite
def old_and_new(draw: st.DrawFn) -> tuple[int, int]:
    new = draw(sizes)
    return draw(st.integers(1, new)), new


Alter = Callable[[list[bytes]], list[bytes]]


@st.composite
def alterations(draw: st.DrawFn) -> Alter:
    """A bit flipped, two hashes swapped, one dropped or doubled, one put in, one cut."""
    kind = draw(st.sampled_from(["flip", "swap", "drop", "double", "insert", "cut", "lengthen"]))
    where, bit = draw(st.integers(0, 63)), draw(st.integers(0, 255))
    foreign = draw(st.sampled_from([*LEAVES[:3], *ROOTS[:5], b"", b"\0" * 32, b"\0" * 64]))

    def alter(proof: list[bytes]) -> list[bytes]:
        changed, at = list(proof), where % max(1, len(proof))
        if kind == "insert":
            changed.insert(where % (len(proof) + 1), foreign)
        if not proof:
            return changed
        if kind == "flip":
            number = int.from_bytes(changed[at], "big") ^ 1 << bit
            changed[at] = number.to_bytes(32, "big")
        elif kind == "swap":
            other = bit % len(proof)
            changed[at], changed[other] = changed[other], changed[at]
        elif kind == "drop":
            del changed[at]
        elif kind == "double":
            changed.insert(at, changed[at])
        elif kind == "cut":
            changed[at] = changed[at][:-1]
        elif kind == "lengthen":
            changed[at] += b"\0"
        return changed

    return alter


def test_every_entry_of_every_size_is_included() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


def test_every_size_is_consistent_with_every_size_before() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(LEAVES[:new], old)
            verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


@given(tree_and_index())
def test_inclusion(tree: tuple[int, int]) -> None:
    size, index = tree
    proof = inclusion_proof(LEAVES[:size], index)
    assert len(proof) <= (size - 1).bit_length()
    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@given(tree_and_index(), alterations())
@settings(max_examples=how_many(400, default=100))
def test_an_altered_inclusion_proof_fails(tree: tuple[int, int], alter: Alter) -> None:
    size, index = tree
    proof = inclusion_proof(LEAVES[:size], index)
    altered = alter(proof)
    assume(altered != proof)
    with pytest.raises(Unverified) as caught:
        verify_inclusion(LEAVES[index], index, size, altered, ROOTS[size])
    assert caught.value.code == "log.inclusion"


@given(tree_and_index(), st.integers(-1, MOST))
def test_an_entry_stands_at_one_index_only(tree: tuple[int, int], other: int) -> None:
    size, index = tree
    assume(other != index)
    proof = inclusion_proof(LEAVES[:size], index)
    with pytest.raises(Unverified):
        verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size])


@given(tree_and_index(), sizes)
def test_no_other_entry_or_root_fits_an_inclusion_proof(tree: tuple[int, int], other: int) -> None:
    size, index = tree
    proof = inclusion_proof(LEAVES[:size], index)
    if other - 1 != index:
        with pytest.raises(Unverified):
            verify_inclusion(LEAVES[other - 1], index, size, proof, ROOTS[size])
    if other != size:
        with pytest.raises(Unverified):
            verify_inclusion(LEAVES[index], index, size, proof, ROOTS[other])


@given(old_and_new())
def test_consistency(sizes: tuple[int, int]) -> None:
    old, new = sizes
    proof = consistency_proof(LEAVES[:new], old)
    verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


@given(old_and_new(), alterations())
@settings(max_examples=how_many(400, default=100))
def test_an_altered_consistency_proof_fails(sizes: tuple[int, int], alter: Alter) -> None:
    old, new = sizes
    proof = consistency_proof(LEAVES[:new], old)
    altered = alter(proof)
    assume(altered != proof)
    with pytest.raises(Unverified) as caught:
        verify_consistency(old, ROOTS[old], new, ROOTS[new], altered)
    assert caught.value.code == "log.consistency"


@given(old_and_new(), st.integers(0, MOST - 1))
def test_a_rewritten_entry_breaks_consistency(sizes: tuple[int, int], at: int) -> None:
    """The new log differs from the old within the old size: no honest proof hides that."""
    old, new = sizes
    assume(at < old)
    forged = [*LEAVES[:at], leaf_hash(b"rewritten"), *LEAVES[at + 1 : new]]
    proof = consistency_proof(forged, old)
    with pytest.raises(Unverified):
        verify_consistency(old, ROOTS[old], new, root_hash(forged), proof)


@given(old_and_new())
def test_a_log_does_not_shrink(sizes: tuple[int, int]) -> None:
    old, new = sizes
    assume(old < new)
    proof = consistency_proof(LEAVES[:new], old)
    with pytest.raises(Unverified):
        verify_consistency(new, ROOTS[new], old, ROOTS[old], proof)


@given(st.integers(0, MOST))
def test_a_frontier_is_its_tree(size: int) -> None:
    frontier = Frontier.empty()
    for leaf in LEAVES[:size]:
        frontier = frontier.append(leaf)
    assert frontier.size == size
    assert frontier.root() == ROOTS[size]
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


@given(st.integers(0, MOST), st.data())
def test_the_bytes_of_a_frontier_are_the_only_ones(size: int, data: st.DataObject) -> None:
    frontier = Frontier.empty()
    for leaf in LEAVES[:size]:
        frontier = frontier.append(leaf)
    whole = frontier.to_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    for damaged in (whole[:cut], whole + b"\0", b"x" + whole):
        with pytest.raises(Unverified) as caught:
            Frontier.from_bytes(damaged)
        assert caught.value.code == "log.frontier"


@given(st.binary(max_size=200))
def test_frontier_bytes_never_fail_otherwise(data: bytes) -> None:
    with suppress(Unverified):
        assert Frontier.from_bytes(data).to_bytes() == data


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32)])
    | st.just("\n"),
    max_size=80,
).map(lambda text: f"{text}\n")
names = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"),
    min_size=1,
    max_size=20,
)


@given(texts, names)
def test_a_note_reads_back(text: str, name: str) -> None:
    note = sign_note(text, name, LOG_KEY)
    key = VerifierKey.of(name, LOG_KEY.public_key())
    assert open_note(note, [key]) == text
    assert str(parse_note(note)) == note
    assert VerifierKey.parse(str(key)) == key


@given(texts, st.data())
def test_any_changed_character_of_a_note_is_noticed(text: str, data: st.DataObject) -> None:
    note = sign_note(text, "log", LOG_KEY)
    at = data.draw(st.integers(0, len(note) - 1))
    new = data.draw(st.characters())
    altered = note[:at] + new + note[at + 1 :]
    assume(altered != note)
    with pytest.raises(Unverified):
        open_note(altered, [VerifierKey.of("log", LOG_KEY.public_key())])


@given(st.text() | st.text("— \nabAB=0+/"))
def test_reading_a_note_never_fails_otherwise(text: str) -> None:
    with suppress(Unverified):
        assert str(parse_note(text)) == text


@given(
    st.integers(1, MOST),
    names,
    st.lists(st.text("abc +é", min_size=1).filter(bool), max_size=3).map(tuple),
)
def test_a_checkpoint_reads_back(size: int, origin: str, extensions: tuple[str, ...]) -> None:
    checkpoint = Checkpoint(origin, size, ROOTS[size], extensions)
    note = sign_checkpoint(checkpoint, LOG_KEY)
    assert open_checkpoint(note, origin, LOG_KEY.public_key()) == checkpoint


@given(st.integers(0, MAX_TIME))
def test_a_cosignature_binds_its_time(timestamp: int) -> None:
    note = sign_checkpoint(Checkpoint("padan/p", 3, ROOTS[3]), LOG_KEY)
    line = cosign(note, "bps", WITNESS_KEY, timestamp)
    cosigned = add_signature(note, line)
    witnesses = {"bps": WITNESS_KEY.public_key()}
    assert cosigners(cosigned, witnesses) == {"bps": timestamp}
    assert open_checkpoint(cosigned, "padan/p", LOG_KEY.public_key()).size == 3


@given(st.integers(0, MAX_TIME), st.integers(0, 72 * 8 - 1))
def test_any_flipped_bit_of_a_cosignature_is_noticed(timestamp: int, bit: int) -> None:
    note = sign_checkpoint(Checkpoint("padan/p", 3, ROOTS[3]), LOG_KEY)
    line = parse_note(note + cosign(note, "bps", WITNESS_KEY, timestamp)).signatures[1]
    number = int.from_bytes(line.signature, "big") ^ 1 << bit
    altered = type(line)(line.name, line.key_id, number.to_bytes(72, "big"))
    with pytest.raises(Unverified) as caught:
        cosigners(note + altered.line(), {"bps": WITNESS_KEY.public_key()})
    assert caught.value.code == "log.signature"


@given(st.integers().filter(lambda number: not 0 <= number <= MAX_TIME))
def test_no_cosignature_outside_of_time(timestamp: int) -> None:
    note = sign_checkpoint(Checkpoint("padan/p", 3, ROOTS[3]), LOG_KEY)
    with pytest.raises(BadInput) as caught:
        cosign(note, "bps", WITNESS_KEY, timestamp)
    assert caught.value.code == "log.time"


@given(st.lists(sizes, min_size=2, max_size=6, unique=True).map(sorted))
def test_a_client_that_comes_back_from_time_to_time(seen: list[int]) -> None:
    """Remember, come back, verify, remember: each step needs only two roots and a proof."""
    for old, new in pairwise(seen):
        proof = consistency_proof(LEAVES[:new], old)
        verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)
