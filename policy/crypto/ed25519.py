"""Strict Ed25519 keys and signatures by RFC 8032, rejecting everything that readers disagree on.

The library that signs and verifies checks only a key's length. So a key from somebody else is
decoded here once, by plain arithmetic on public values:

1. Its 32 bytes are the one canonical encoding of a point of the curve (section 5.1.3).
2. The point has the order of the base point. Points of small order verify signatures over
   every message; points with a part of small order verify differently in different programs.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_SIGN = 1 << 255

# Extended coordinates (section 5.1.4): x = X/Z, y = Y/Z, xy = T/Z.
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


@lru_cache(maxsize=4096)
def public_key(data: bytes) -> Ed25519PublicKey:
    """The key from its 32 bytes; raises ValueError unless it is canonical and of full order."""
    point = _decoded(data)
    if _is_neutral(point) or not _is_neutral(_times(_ORDER, point)):
        raise ValueError("the point is not of the base point's order")
    return Ed25519PublicKey.from_public_bytes(data)


def verify(key: Ed25519PublicKey, signature: bytes, message: bytes) -> None:
    """Verify by section 5.1.7, with canonical R, S and key; raises InvalidSignature.

    No check is needed that R is a point: the library compares it with a point, byte for byte.
    """
    try:
        public_key(key.public_bytes_raw())
        if len(signature) != SIGNATURE_BYTES:
            raise ValueError("64 bytes")
        if int.from_bytes(signature[:KEY_BYTES], "little") % _SIGN >= _P:
            raise ValueError("R is not canonical")
        if int.from_bytes(signature[KEY_BYTES:], "little") >= _ORDER:
            raise ValueError("S is not below the order")
    except ValueError:
        raise InvalidSignature from None
    key.verify(signature, message)


def _decoded(data: bytes) -> _Point:
    """Decode a point by section 5.1.3; raises ValueError for any other encoding."""
    if len(data) != KEY_BYTES:
        raise ValueError("32 bytes")
    whole = int.from_bytes(data, "little")
    y, odd = whole % _SIGN, whole >= _SIGN
    if y >= _P:
        raise ValueError("y is not below the field's prime")
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == -u % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if v * x * x % _P != u:
        raise ValueError("no point of the curve")
    if x == 0 and odd:
        raise ValueError("zero has no sign")
    if bool(x & 1) != odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _times(factor: int, point: _Point) -> _Point:
    found = _NEUTRAL
    for bit in bin(factor)[2:]:
        found = _sum(found, found)
        if bit == "1":
            found = _sum(found, point)
    return found


def _sum(left: _Point, right: _Point) -> _Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % _P
    b = (left[1] + left[0]) * (right[1] + right[0]) % _P
    c = 2 * left[3] * right[3] * _D % _P
    d = 2 * left[2] * right[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _is_neutral(point: _Point) -> bool:
    return point[0] == 0 and point[1] == point[2]
