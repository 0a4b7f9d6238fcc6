"""Ed25519 at its edges: what RFC 8032 refuses is refused, whatever the library lets pass.

Vectors: RFC 8032 section 7.1; "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020),
cases.json of novifinancial/ed25519-speccheck; and points computed here from the curve's equation.
"""

from __future__ import annotations

import hashlib
from itertools import product

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.crypto import ed25519

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

# Secret key, public key, message, signature (RFC 8032, 7.1, tests 1 to 3).
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

# Message, public key, signature. Every one of them has an A of small or mixed order, an A or R
# that is not canonical, or an S that is not below the order.
SPECCHECK = [
    (
        "2a66241a42a9ee12994d8068dcf1bb7dfc6637b45450acd43711f637fa5080fc",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        "0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        "0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ),
    (
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ),
    (
        "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
        "182ef1a5b928da07fec769cc8a12db6bcf70dab3f3227fa315e9d5e3e01a3405",
    ),
    (
        "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
        "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
    ),
    (
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
        "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
    ),
    (
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
        "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
    ),
    (
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
        "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
    ),
    (
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
        "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
    ),
    (
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
        "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
    ),
    (
        "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
    ),
    (
        "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
    ),
    (
        "e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ),
    (
        "39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ),
]


def small_order() -> list[tuple[int, int]]:
    """The eight points (x, y) of orders 1, 2, 4 and 8, from the equation of the curve.

    For order 8, twice the point has y = 0, that is x^2 = -y^2 and D y^4 + 2 y^2 - 1 = 0.
    """
    points = [(0, 1), (0, P - 1), (ROOT_OF_MINUS_ONE, 0), (P - ROOT_OF_MINUS_ONE, 0)]
    root = root_of((1 + D) % P)
    assert root is not None
    for square in ((root - 1) * pow(D, -1, P) % P, (-root - 1) * pow(D, -1, P) % P):
        y, x = root_of(square), root_of(-square % P)
        if y is not None and x is not None:
            points += product((x, P - x), (y, P - y))
    return points


def root_of(square: int) -> int | None:
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * ROOT_OF_MINUS_ONE % P
    return root if root * root % P == square else None


def encodings(x: int, y: int) -> list[bytes]:
    """The canonical one first, then all others that 32 bytes have for the same point."""
    signs = [x & 1, 1 - (x & 1)] if x == 0 else [x & 1]
    ys = [y, y + P] if y + P < 2**255 else [y]
    return [(each | sign << 255).to_bytes(32, "little") for each in ys for sign in signs]


WEAK = [text for point in small_order() for text in encodings(*point)]


def test_there_are_eight_small_points_and_six_other_ways_to_write_them() -> None:
    points = small_order()
    assert len(set(points)) == 8
    assert all((y * y - x * x - 1 - D * x * x * y * y) % P == 0 for x, y in points)
    assert len(set(WEAK)) == 14


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_the_rfc_hold(
    secret: str, public: str, message: str, signature: str
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    key = ed25519.public_key(bytes.fromhex(public))
    assert private.public_key() == key
    assert private.sign(bytes.fromhex(message)).hex() == signature
    ed25519.verify(key, bytes.fromhex(signature), bytes.fromhex(message))


@pytest.mark.parametrize(("message", "public", "signature"), SPECCHECK)
def test_no_edge_case_of_the_paper_verifies(message: str, public: str, signature: str) -> None:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    with pytest.raises(InvalidSignature):
        ed25519.verify(key, bytes.fromhex(signature), bytes.fromhex(message))


def test_the_library_alone_lets_some_of_them_pass() -> None:
    """What the checks here are for; should this fail, the library has become strict itself."""
    passed = [each for each in SPECCHECK if library_accepts(*map(bytes.fromhex, each))]
    assert passed


@pytest.mark.parametrize("weak", WEAK, ids=bytes.hex)
def test_no_key_of_small_order(weak: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ed25519.public_key(weak)


def test_the_neutral_point_would_sign_everything() -> None:
    neutral = encodings(0, 1)[0]
    forged = neutral + bytes(32)
    assert all(library_accepts(message, neutral, forged) for message in (b"yes", b"no"))


def test_keys_with_a_part_of_small_order_are_refused() -> None:
    """An honest key plus each of the seven weak points; plus nothing, it is accepted."""
    honest = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    point = decoded(honest)
    for weak in small_order():
        mixed = encodings(*added(point, weak))[0]
        if weak == (0, 1):
            assert mixed == honest
            ed25519.public_key(mixed)
            continue
        with pytest.raises(ValueError, match="order"):
            ed25519.public_key(mixed)


def test_no_second_way_to_write_a_key() -> None:
    """A y and the same y plus p stand for one point; 19 values have room for both."""
    for y in range(19):
        data = (y + P).to_bytes(32, "little")
        with pytest.raises(ValueError, match="prime"):
            ed25519.public_key(data)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_no_key_of_another_length(length: int) -> None:
    with pytest.raises(ValueError, match="32"):
        ed25519.public_key(b"\x05" * length)


def test_no_signature_with_another_s_or_length() -> None:
    private = Ed25519PrivateKey.generate()
    key, message = private.public_key(), b"pernyataan"
    good = private.sign(message)
    ed25519.verify(key, good, message)
    s = int.from_bytes(good[32:], "little")
    for other in (s + ORDER, s + 2 * ORDER):
        with pytest.raises(InvalidSignature):
            ed25519.verify(key, good[:32] + other.to_bytes(32, "little"), message)
    for bad in (b"", good[:63], good + b"\0"):
        with pytest.raises(InvalidSignature):
            ed25519.verify(key, bad, message)


def test_forgeries_under_weak_keys_never_verify() -> None:
    """S = 0 and R weak, for all pairs of encodings, over messages until the library says yes."""
    accepted = 0
    for key, r in product(WEAK, WEAK):
        for number in range(8):
            message = hashlib.sha256(bytes([number])).digest()
            accepted += library_accepts(message, key, r + bytes(32))
            with pytest.raises(InvalidSignature):
                ed25519.verify(Ed25519PublicKey.from_public_bytes(key), r + bytes(32), message)
    assert accepted, "the library alone is fooled"


def library_accepts(message: bytes, key: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def decoded(data: bytes) -> tuple[int, int]:
    whole = int.from_bytes(data, "little")
    y = whole % 2**255
    x = root_of((y * y - 1) * pow(D * y * y + 1, -1, P) % P)
    assert x is not None
    return (x, y) if (x & 1) == whole >> 255 else (P - x, y)


def added(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    """The affine law of addition."""
    (x1, y1), (x2, y2) = left, right
    cross = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P) % P
    return x, y
