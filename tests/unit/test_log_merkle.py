"""Proofs that are malformed in some way, and questions that a log cannot answer."""

from __future__ import annotations

import pytest

from policy.base.errors import BadInput, Unverified
from policy.log import (
    EMPTY_ROOT,
    Frontier,
    HashedTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(9)]
ROOT, OLD_ROOT = root_hash(LEAVES), root_hash(LEAVES[:6])
PATH = inclusion_proof(LEAVES, 4)
GROWTH = consistency_proof(LEAVES, 6)
HUGE = 2**63


@pytest.mark.parametrize(
    ("leaf", "index", "size", "proof", "root"),
    [
        pytest.param(LEAVES[4], 4, 0, PATH, ROOT, id="size zero"),
        pytest.param(EMPTY_ROOT, 0, 0, [], EMPTY_ROOT, id="nothing in the empty tree"),
        pytest.param(LEAVES[4], 9, 9, PATH, ROOT, id="index is the size"),
        pytest.param(LEAVES[4], 10, 9, PATH, ROOT, id="index beyond the size"),
        pytest.param(LEAVES[4], -1, 9, PATH, ROOT, id="negative index"),
        pytest.param(LEAVES[4], 4, -9, PATH, ROOT, id="negative size"),
        pytest.param(LEAVES[4], 4, HUGE, PATH, ROOT, id="size out of bounds"),
        pytest.param(LEAVES[4], 4, 9, PATH[:-1], ROOT, id="last hash missing"),
        pytest.param(LEAVES[4], 4, 9, PATH[1:], ROOT, id="first hash missing"),
        pytest.param(LEAVES[4], 4, 9, [], ROOT, id="no proof"),
        pytest.param(LEAVES[4], 4, 9, [*PATH, ROOT], ROOT, id="one hash more"),
        pytest.param(LEAVES[4], 4, 9, PATH * 100, ROOT, id="endless proof"),
        pytest.param(LEAVES[4], 4, 9, [PATH[0][:31], *PATH[1:]], ROOT, id="short hash"),
        pytest.param(LEAVES[4], 4, 9, [PATH[0] + b"\0", *PATH[1:]], ROOT, id="long hash"),
        pytest.param(LEAVES[4][:31], 4, 9, PATH, ROOT, id="short leaf"),
        pytest.param(LEAVES[4], 4, 9, PATH, ROOT[:31], id="short root"),
        pytest.param(b"", 0, 1, [], b"", id="empty leaf and root"),
        pytest.param(LEAVES[4], 4, 8, PATH, ROOT, id="smaller tree"),
        pytest.param(LEAVES[4], 4, 19, PATH, ROOT, id="higher tree"),
    ],
)
def test_inclusion_refused(
    leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes
) -> None:
    verify_inclusion(LEAVES[4], 4, 9, PATH, ROOT)
    with pytest.raises(Unverified) as caught:
        verify_inclusion(leaf, index, size, proof, root)
    assert caught.value.code == "log.inclusion"


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "proof"),
    [
        pytest.param(0, EMPTY_ROOT, 9, ROOT, [], id="old size zero"),
        pytest.param(0, EMPTY_ROOT, 0, EMPTY_ROOT, [], id="both sizes zero"),
        pytest.param(0, EMPTY_ROOT, 9, ROOT, GROWTH, id="old size zero with a proof"),
        pytest.param(-6, OLD_ROOT, 9, ROOT, GROWTH, id="negative size"),
        pytest.param(9, ROOT, 6, OLD_ROOT, GROWTH, id="shrunk"),
        pytest.param(6, OLD_ROOT, HUGE, ROOT, GROWTH, id="size out of bounds"),
        pytest.param(9, ROOT, 9, OLD_ROOT, [], id="one size with two roots"),
        pytest.param(9, ROOT, 9, ROOT, GROWTH, id="one size needs no proof"),
        pytest.param(6, OLD_ROOT, 9, ROOT, [], id="no proof"),
        pytest.param(4, root_hash(LEAVES[:4]), 9, ROOT, [], id="no proof from a full tree"),
        pytest.param(6, OLD_ROOT, 9, ROOT, GROWTH[:-1], id="last hash missing"),
        pytest.param(6, OLD_ROOT, 9, ROOT, GROWTH[1:], id="first hash missing"),
        pytest.param(6, OLD_ROOT, 9, ROOT, [*GROWTH, ROOT], id="one hash more"),
        pytest.param(6, OLD_ROOT, 9, ROOT, [OLD_ROOT, *GROWTH], id="one hash before"),
        pytest.param(6, OLD_ROOT, 9, ROOT, GROWTH * 100, id="endless proof"),
        pytest.param(6, OLD_ROOT, 9, ROOT, [*GROWTH[:-1], GROWTH[-1][:31]], id="short hash"),
        pytest.param(6, OLD_ROOT[:31], 9, ROOT, GROWTH, id="short old root"),
        pytest.param(6, OLD_ROOT, 9, ROOT + b"\0", GROWTH, id="long new root"),
        pytest.param(6, ROOT, 9, OLD_ROOT, GROWTH, id="roots swapped"),
        pytest.param(5, OLD_ROOT, 9, ROOT, GROWTH, id="other old size"),
        pytest.param(6, OLD_ROOT, 8, ROOT, GROWTH, id="other new size"),
    ],
)
def test_consistency_refused(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]
) -> None:
    verify_consistency(6, OLD_ROOT, 9, ROOT, GROWTH)
    with pytest.raises(Unverified) as caught:
        verify_consistency(old, old_root, new, new_root, proof)
    assert caught.value.code == "log.consistency"


# Roots come from a signed checkpoint, but whoever signs may lie: the proofs below lead to
# the roots they are given with, and are refused for their form alone.


def test_a_proof_longer_than_its_tree_is_high() -> None:
    forged = node_hash(LEAVES[1], LEAVES[0])
    with pytest.raises(Unverified):
        verify_inclusion(LEAVES[0], 0, 1, [LEAVES[1]], forged)
    x, c, left, more = LEAVES[:4]
    old, new = node_hash(left, x), node_hash(left, node_hash(x, c))
    verify_consistency(3, old, 4, new, [x, c, left])
    with pytest.raises(Unverified):
        verify_consistency(3, node_hash(more, old), 4, node_hash(more, new), [x, c, left, more])


def test_a_proof_shorter_than_its_tree_is_high() -> None:
    with pytest.raises(Unverified):
        verify_inclusion(LEAVES[0], 0, 3, [LEAVES[1]], node_hash(LEAVES[0], LEAVES[1]))
    with pytest.raises(Unverified):
        verify_consistency(3, LEAVES[0], 8, node_hash(*LEAVES[:2]), LEAVES[:2])


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_proof_with_hashes_of_another_length(length: int) -> None:
    odd = b"?" * length
    with pytest.raises(Unverified):
        verify_inclusion(LEAVES[1], 1, 2, [odd], node_hash(odd, LEAVES[1]))
    with pytest.raises(Unverified):
        verify_consistency(1, LEAVES[0], 2, node_hash(LEAVES[0], odd), [odd])


def test_the_largest_tree() -> None:
    """The first of 2^63 entries has 63 neighbours on its way up, and so has one fewer."""
    root, path = LEAVES[0], [LEAVES[1]] * 63
    for neighbour in path:
        root = node_hash(root, neighbour)
    verify_inclusion(LEAVES[0], 0, HUGE - 1, path, root)
    verify_consistency(1, LEAVES[0], HUGE - 1, root, path)
    with pytest.raises(Unverified):
        verify_inclusion(LEAVES[0], 0, HUGE, path, root)
    with pytest.raises(Unverified):
        verify_consistency(1, LEAVES[0], HUGE, root, path)


def test_a_tree_is_consistent_with_itself() -> None:
    assert consistency_proof(LEAVES, 9) == []
    verify_consistency(9, ROOT, 9, ROOT, [])


def test_what_the_log_does_not_have_is_no_crash() -> None:
    for index in (-1, 9):
        with pytest.raises(BadInput) as caught:
            inclusion_proof(LEAVES, index)
        assert caught.value.code == "log.range"
    for size in (-1, 0, 10):
        with pytest.raises(BadInput):
            consistency_proof(LEAVES, size)


@pytest.mark.parametrize(
    ("size", "peaks"),
    [
        (-1, ()),
        (0, (ROOT,)),
        (1, ()),
        (2, (ROOT, ROOT)),
        (3, (ROOT,)),
        (1, (ROOT[:31],)),
        (HUGE, (ROOT,)),
    ],
)
def test_a_frontier_has_one_peak_for_each_bit_of_its_size(
    size: int, peaks: tuple[bytes, ...]
) -> None:
    with pytest.raises(Unverified) as caught:
        Frontier(size, peaks)
    assert caught.value.code == "log.frontier"


def test_a_frontier_takes_hashes_only() -> None:
    with pytest.raises(Unverified):
        Frontier.empty().append(LEAVES[0]).append(b"not a hash")


def test_the_bytes_of_a_frontier_start_with_type_and_version() -> None:
    frontier = Frontier.empty().append(LEAVES[0])
    assert frontier.to_bytes() == b"padan/frontier/v1\n" + b"\0" * 7 + b"\x01" + LEAVES[0]


def test_a_hashed_tree_gives_the_same_roots_and_proofs_at_every_size() -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(70)]
    tree = HashedTree()
    for size in range(len(leaves) + 1):
        assert tree.size == size
        for earlier in range(size + 1):
            assert tree.root(earlier) == root_hash(leaves[:earlier])
        for index in range(size):
            assert tree.inclusion_proof(index, size) == inclusion_proof(leaves[:size], index)
        with pytest.raises(BadInput):
            tree.inclusion_proof(size, size)
        with pytest.raises(BadInput):
            tree.root(size + 1)
        tree.extend(leaves[size : size + 1])
    assert tree.inclusion_proof(3, 11) == inclusion_proof(leaves[:11], 3), "of an earlier size"


def test_a_proof_of_a_hashed_tree_costs_the_logarithm_of_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(5000)]
    tree, hashed = HashedTree(), list[int]()

    def counted(left: bytes, right: bytes) -> bytes:
        hashed.append(1)
        return node_hash(left, right)

    for module in ("hashed_tree", "merkle"):
        monkeypatch.setattr(f"policy.log.{module}.node_hash", counted)
    tree.extend(leaves)
    assert len(hashed) < len(leaves), "each pair once"
    for index in (0, 2500, 4999):
        hashed.clear()
        assert tree.inclusion_proof(index, 4999 + (index == 4999))
        assert len(hashed) <= 13, "the height of the tree"
    hashed.clear()
    inclusion_proof(leaves, 0)
    assert len(hashed) > 4000, "the negative control: from the leaves, all of it"
