"""Bounds of a linkage schema: a larger schema is a mistake, or made to exhaust memory.

    nesting                        16 levels
    features                       256
    l                              65,536 bits, and as many before folding
    xor_folds                      16
    kdf.keySize                    16,320 bytes, the most that HKDF with SHA-512 can give
    n of an n-gram                 32 (ngram in versions 1 and 2)
    bitsPerToken, bitsPerFeature   16,384 (k, numBits in versions 1 and 2)
    resolution                     1,000
    fractional_precision           100 digits

The usual schema has l = 1,024, n = 2 and about a hundred bits a feature.
"""

from __future__ import annotations

from collections.abc import Mapping

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.json_text import parts_of
from policy.base.words import Words, number

DEEPEST = 16
MOST_FEATURES = 256
MOST_BITS = 1 << 16
# By name, anywhere in the schema: each of these names has one meaning.
_MOST = {
    "l": MOST_BITS,
    "xor_folds": 16,
    "xorFolds": 16,
    "keySize": 16_320,
    "n": 32,
    "ngram": 32,
    "k": 16_384,
    "numBits": 16_384,
    "bitsPerToken": 16_384,
    "bitsPerFeature": 16_384,
    "resolution": 1_000,
    "fractional_precision": 100,
}


def require_bounds(schema: Mapping[str, object]) -> None:
    """Raises BadInput that names the part of the schema beyond its bound, and the bound."""
    features = schema.get("features")
    if isinstance(features, list) and len(features) > MOST_FEATURES:
        raise _beyond("$.features", MOST_FEATURES)
    for path, depth, part in parts_of(dict(schema)):
        if depth > DEEPEST:
            raise _too_deep()
        most = _MOST.get(path.rpartition(".")[2])
        if most is not None and isinstance(part, int | float) and not part <= most:
            raise _beyond(path, most)


def require_filter(bits: int, folds: int) -> None:
    """Raises BadInput if filters are too long before folding."""
    if bits * 2**folds > MOST_BITS:
        raise _beyond("$.clkConfig.l * 2^xor_folds", MOST_BITS)


def _beyond(place: str, most: int) -> BadInput:
    return BadInput(
        EncoderCode.SCHEMA_BOUNDS,
        Words(
            f"Skema pemadanan melampaui batas: {place} paling banyak {number(most).id}.",
            f"The linkage schema is beyond a bound: {place} is at most {number(most).en}.",
        ),
        _HINT,
    )


def _too_deep() -> BadInput:
    return BadInput(
        EncoderCode.SCHEMA_BOUNDS,
        Words(
            f"Skema pemadanan bersarang lebih dari {DEEPEST} tingkat.",
            f"The linkage schema nests deeper than {DEEPEST} levels.",
        ),
        _HINT,
    )


_HINT = Words(
    "Mulai dari 'padan-encoder schema padan-id-1'; batasnya ada di docs/reference/formats.md.",
    "Start from 'padan-encoder schema padan-id-1'; the bounds are in docs/reference/formats.md.",
)
