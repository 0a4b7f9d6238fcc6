"""CLKs by arrays, bit for bit equal to clkhash 0.17.

clkhash parses the schema, derives the keys, tokenises and hashes each distinct
token; here distinct tokens become bit masks once, distinct values are an OR over
their tokens' masks, and records are an OR of gathers over their values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy.errors import BadInput
from policy.words import Words

_TOKENS_CACHED = 1 << 18
_Mask = NDArray[np.uint64]


class ClkEncoder:
    """Encodes records under one linkage schema (clkhash v3) and one secret."""

    def __init__(self, schema: Mapping[str, object], secret: bytes) -> None:
        from clkhash.key_derivation import generate_key_lists
        from clkhash.schema import MasterSchemaError, SchemaError, from_json_dict

        if schema.get("version") != 3:
            raise _bad_schema()
        try:
            parsed = from_json_dict(dict(schema))
        except (SchemaError, MasterSchemaError, ValueError, KeyError):
            raise _bad_schema() from None
        keys = generate_key_lists(
            secret,
            len(parsed.fields),
            key_size=parsed.kdf_key_size,
            salt=parsed.kdf_salt,
            info=parsed.kdf_info,
            kdf=parsed.kdf_type,
            hash_algo=parsed.kdf_hash,
        )
        self.identifiers = tuple(field.identifier for field in parsed.fields)
        self.bits = int(parsed.l)
        self._folds = int(parsed.xor_folds)
        self._features = [
            _Feature(field, key, self.bits << self._folds)
            for field, key in zip(parsed.fields, keys, strict=True)
        ]

    def encode(self, columns: Mapping[str, Sequence[str]]) -> NDArray[np.uint8]:
        """Bytes of the filters, shape (rows, bits // 8), as clkhash serialises them."""
        rows = len(columns[self.identifiers[0]])
        words = -(-(self.bits << self._folds) // 64)
        filters = np.zeros((rows, words), dtype=np.uint64)
        for feature in self._features:
            feature.add_to(filters, columns[feature.identifier])
        unfolded = filters.view(np.uint8)[:, : (self.bits << self._folds) // 8]
        for _ in range(self._folds):
            half = unfolded.shape[1] // 2
            unfolded = unfolded[:, :half] ^ unfolded[:, half:]
        return np.ascontiguousarray(unfolded)


class _Feature:
    """One feature of the schema: values to masks."""

    def __init__(self, field: Any, key: Any, bits: int) -> None:
        from clkhash.bloomfilter import hashing_function_from_properties

        self.identifier: str = field.identifier
        self._field, self._key, self._bits = field, key, bits
        self._properties = field.hashing_properties
        if self._properties is not None:
            self._hash = hashing_function_from_properties(self._properties)
            self._mask = lru_cache(_TOKENS_CACHED)(self._token_mask)

    def add_to(self, filters: _Mask, values: Sequence[str]) -> None:
        if self._properties is None:
            return
        number: dict[str, int] = {}
        rows = np.fromiter(
            (number.setdefault(value, len(number)) for value in values), np.int64, len(values)
        )
        masks = np.zeros((len(number), filters.shape[1]), dtype=np.uint64)
        for value, index in number.items():
            self._value_mask(value, masks[index])
        filters |= masks[rows]

    def _value_mask(self, value: str, mask: _Mask) -> None:
        tokens = list(self._properties.comparator.tokenize(self._field.format_value(value)))
        if not tokens:
            return
        for token, k in zip(
            tokens, self._properties.strategy.bits_per_token(len(tokens)), strict=True
        ):
            mask |= self._mask(token, k)

    def _token_mask(self, token: str, k: int) -> _Mask:
        bits = self._hash([token], self._key, [k], self._bits, self._properties.encoding)
        data = bits.tobytes()
        return np.frombuffer(data.ljust(-(-len(data) // 8) * 8, b"\0"), dtype=np.uint64)


def _bad_schema() -> BadInput:
    return BadInput(
        "schema.invalid",
        Words(
            "Skema pemadanan bukan skema clkhash versi 3 yang sah.",
            "The linkage schema is not a valid clkhash version 3 schema.",
        ),
        Words(
            "Mulai dari 'padan-encoder schema padan-id-1'.",
            "Start from 'padan-encoder schema padan-id-1'.",
        ),
    )
