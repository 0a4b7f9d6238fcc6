"""The Merkle tree against published vectors, and against the definitions of the RFC.

The eight leaves, their roots and the proofs below are the test data of the
Certificate Transparency reference implementation, repeated by most others, for
example in github.com/transparency-dev/merkle (proof/verify_test.go).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from policy.base.errors import Unverified
from policy.log import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]

# (index, size, proof)
INCLUSION = [
    (0, 1, ()),
    (
        0,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        5,
        8,
        (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    (
        1,
        5,
        (
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
]

# (old size, new size, proof)
CONSISTENCY = [
    (1, 1, ()),
    (
        1,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        6,
        8,
        (
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (
        2,
        5,
        (
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
    (
        6,
        7,
        (
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
]


def test_the_empty_tree_hashes_as_the_empty_string() -> None:
    # RFC 6962 section 2.1; the hash is that of FIPS 180-4 for the empty message.
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert EMPTY_ROOT.hex() == root_hash([]).hex() == Frontier.empty().root().hex() == expected


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    frontier = Frontier.empty()
    for leaf in LEAVES[:size]:
        frontier = frontier.append(leaf)
    assert root_hash(LEAVES[:size]) == frontier.root() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "hexes"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int, hexes: tuple[str, ...]) -> None:
    proof = [bytes.fromhex(text) for text in hexes]
    assert inclusion_proof(LEAVES[:size], index) == proof
    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size - 1])


@pytest.mark.parametrize(("old", "new", "hexes"), CONSISTENCY)
def test_published_consistency_proofs(old: int, new: int, hexes: tuple[str, ...]) -> None:
    proof = [bytes.fromhex(text) for text in hexes]
    assert consistency_proof(LEAVES[:new], old) == proof
    verify_consistency(old, ROOTS[old - 1], new, ROOTS[new - 1], proof)


# What that project's test data do to each valid proof, and what every verifier has to refuse
# (github.com/transparency-dev/merkle, testdata/inclusion and testdata/consistency).
GARBAGE = bytes(32)


def damaged(proof: list[bytes], *roots: bytes) -> Iterator[list[bytes]]:
    for at, node in enumerate(proof):
        yield [*proof[:at], bytes([node[0] ^ 0x10]) + node[1:], *proof[at + 1 :]]
    for extra in (GARBAGE, b"", *roots):
        yield [extra, *proof]
        yield [*proof, extra]
    if proof:
        yield []
        yield proof[:-1]
        yield proof[1:]
        yield [proof[0], *proof]


@pytest.mark.parametrize(("index", "size", "hexes"), INCLUSION)
def test_damaged_inclusion_proofs_are_refused(
    index: int, size: int, hexes: tuple[str, ...]
) -> None:
    proof = [bytes.fromhex(text) for text in hexes]
    leaf, root = LEAVES[index], ROOTS[size - 1]
    cases = [(leaf, index, size, bad, root) for bad in damaged(proof, leaf, root)]
    cases += [(leaf, at, size, proof, root) for at in (-1, index - 1, index + 1, index ^ 2, size)]
    cases += [(leaf, index, n, proof, root) for n in (-1, 0, size * 2, size // 2) if n != size]
    cases += [(wrong, index, size, proof, root) for wrong in (b"", GARBAGE, leaf + b"\0")]
    cases += [(leaf, index, size, proof, wrong) for wrong in (b"", GARBAGE, root[:-1])]
    for case in cases:
        with pytest.raises(Unverified):
            verify_inclusion(*case)


@pytest.mark.parametrize(("old", "new", "hexes"), CONSISTENCY)
def test_damaged_consistency_proofs_are_refused(old: int, new: int, hexes: tuple[str, ...]) -> None:
    proof = [bytes.fromhex(text) for text in hexes]
    first, second = ROOTS[old - 1], ROOTS[new - 1]
    cases = [(old, first, new, second, bad) for bad in damaged(proof, first, second)]
    sizes = (-1, 0, old - 1, old + 1, old ^ 2, new + 1)
    cases += [(n, first, new, second, proof) for n in sizes if n != old]
    cases += [(old, first, n, second, proof) for n in (-1, 0, new * 2, new // 2)]
    cases += [(old, wrong, new, second, proof) for wrong in (b"", GARBAGE)]
    cases += [(old, first, new, wrong, proof) for wrong in (b"", GARBAGE)]
    if first != second:
        cases.append((old, second, new, first, proof))
    for case in cases:
        with pytest.raises(Unverified):
            verify_consistency(*case)


# The examples of RFC 6962 section 2.1.3, which name nodes instead of giving hashes:
# seven leaves d0 to d6, their hashes a, b, c, d, e, f and j.
#
#            hash
#           /    \
#          k      l
#         / \    / \
#        g   h  i   j
#       / \ / \ / \ |
#       a b c d e f d6
A, B, C, D, E, F, J = LEAVES[:7]
G, H, EF = node_hash(A, B), node_hash(C, D), node_hash(E, F)  # EF is i of the drawing
K, L = node_hash(G, H), node_hash(EF, J)


@pytest.mark.parametrize(
    ("index", "path"), [(0, [B, H, L]), (3, [C, G, L]), (4, [F, J, K]), (6, [EF, K])]
)
def test_audit_paths_of_the_rfc(index: int, path: list[bytes]) -> None:
    assert inclusion_proof(LEAVES[:7], index) == path


@pytest.mark.parametrize(("old", "proof"), [(3, [C, D, G, L]), (4, [L]), (6, [EF, J, K])])
def test_consistency_proofs_of_the_rfc(old: int, proof: list[bytes]) -> None:
    assert consistency_proof(LEAVES[:7], old) == proof


def tree_hash(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word, as an oracle."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_hash(entries[:k]) + tree_hash(entries[k:])).digest()


def test_roots_of_all_sizes_follow_the_definition() -> None:
    entries = [str(number).encode() for number in range(200)]
    frontier, leaves = Frontier.empty(), [leaf_hash(entry) for entry in entries]
    for size in range(201):
        assert root_hash(leaves[:size]) == frontier.root() == tree_hash(entries[:size])
        if size < 200:
            frontier = frontier.append(leaves[size])


def test_an_entry_cannot_pose_as_a_node() -> None:
    # The prefixes part leaves from nodes: an entry made of two hashes is no subtree.
    proof = [LEAVES[1]]
    with pytest.raises(Unverified):
        verify_inclusion(leaf_hash(LEAVES[0] + LEAVES[1]), 0, 1, [], node_hash(*LEAVES[:2]))
    verify_inclusion(LEAVES[0], 0, 2, proof, node_hash(*LEAVES[:2]))


def test_proofs_in_a_log_of_ten_thousand() -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(10_000)]
    root, frontier = root_hash(leaves), Frontier.empty().extend(leaves)
    verify_inclusion(leaves[7777], 7777, 10_000, inclusion_proof(leaves, 7777), root)
    proof = consistency_proof(leaves, 3333)
    verify_consistency(3333, root_hash(leaves[:3333]), 10_000, root, proof)
    assert frontier.root() == root
