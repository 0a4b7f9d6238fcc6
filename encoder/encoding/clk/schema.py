"""The linkage schema as it is used: what each feature's values, tokens and hash are.

What clkhash 0.17 does with a schema counts, not what its JSON Schema says; the tests compare
the two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from encoder.encoding.clk.bounds import require_bounds, require_filter
from encoder.encoding.clk.comparisons import NgramComparison
from encoder.encoding.clk.document import FeatureConfig, Kdf, parse_document
from encoder.encoding.clk.errors import bad_schema
from encoder.encoding.clk.formats import Text
from encoder.encoding.clk.hashing import Hash, hash_of
from encoder.encoding.clk.tokens import Ngrams, Numbers, Occurrences, listed, within

_LONGEST_RULE = 160
_KEYS_A_COLUMN = 2


@dataclass(frozen=True)
class Feature:
    """One feature that is encoded. `rule` is what the schema says of its values."""

    identifier: str
    rule: str
    positions: Hash
    _config: FeatureConfig
    # What replaces a missing value, where any other text is taken as it is; else None.
    _missing: Mapping[str, str] | None

    def texts(self, values: Sequence[str]) -> list[str | None]:
        """What of each value is split; None where the schema does not allow it."""
        if self._missing is not None and self._encodable("".join(values)):
            known = self._missing
            return [known.get(value, value) for value in values]
        found: list[str | None] = []
        for value in values:
            try:
                found.append(self.text(value))
            except (ValueError, OverflowError):
                found.append(None)
        return found

    def _encodable(self, text: str) -> bool:
        try:
            text.encode(self._config.format.text_encoding)
        except UnicodeError:
            return False
        return True

    def text(self, value: str) -> str:
        """What of a value is split; raises ValueError or OverflowError if it is not allowed."""
        text = self._written(value)
        # What replaces a missing value is not held against the format: it may not be encodable.
        text.encode(self._config.format.text_encoding)
        self._listed_tokens(text)
        return text

    def _written(self, value: str) -> str:
        missing = self._config.hashing.missing_value
        if missing is not None and value == missing.sentinel:
            return missing.replacement
        return self._config.format.written(value)

    @property
    def exact(self) -> bool:
        """A value is one token."""
        return self.split_as is None

    @property
    def split_as(self) -> Ngrams | None:
        """Features of which this is equal have equal tokens; None may be like no other."""
        comparison = self._config.hashing.comparison
        return comparison.ngrams if isinstance(comparison, NgramComparison) else None

    def occurrences(self, texts: Sequence[str]) -> Occurrences:
        """The tokens of texts that are not empty."""
        if self.split_as is not None:
            return self.split_as.of(texts)
        return listed([self._listed_tokens(text) for text in texts])

    def shares(self, counts: Numbers) -> Numbers:
        """Row n, for each n that occurs: `bits_per_token(n)`, then zeros."""
        most = int(counts.max())
        shares = np.zeros((most + 1, most), np.int64)
        for n in np.unique(counts).tolist():
            shares[n, :n] = self.bits_per_token(n)
        return shares

    def bits_of_occurrences(self, counts: Numbers) -> Numbers:
        """`bits_per_token` of every value, one after the other; `counts` are their tokens.

        Unlike `shares` it needs no table that is as wide as the longest value.
        """
        lengths = np.unique(counts)
        bits = np.concatenate([self.bits_per_token(n) for n in lengths.tolist()]).astype(np.int64)
        starts = (np.cumsum(lengths) - lengths)[np.searchsorted(lengths, counts)]
        return bits[np.repeat(starts, counts) + within(counts)]

    def bits_per_token(self, tokens: int) -> list[int]:
        """How many bits each of a value's tokens sets, collisions aside."""
        return self._config.hashing.strategy.bits_per_token(tokens)

    def _listed_tokens(self, text: str) -> list[str]:
        """The tokens of what is not split into n-grams; raises where a text is no number."""
        comparison = self._config.hashing.comparison
        if isinstance(comparison, NgramComparison) or not text:
            return []
        return comparison.tokens(text)


@dataclass(frozen=True)
class LinkageSchema:
    """`identifiers` are all columns of the schema, `features` those that are not ignored."""

    identifiers: tuple[str, ...]
    features: tuple[Feature, ...]
    bits: int
    folds: int


def parse_schema(schema: Mapping[str, object], secret: bytes) -> LinkageSchema:
    """Raises BadInput unless the schema is of version 3, and rows can be encoded by it."""
    if schema.get("version") != 3:
        raise bad_schema("$.version")
    require_bounds(schema)
    document = parse_document(schema)
    config, columns = document.clk_config, document.features
    require_filter(config.l, config.xor_folds)
    with _blaming("$.clkConfig"):
        keys = _keys(config.kdf, secret, len(columns))
    features = []
    for number, column in enumerate(columns):
        if isinstance(column, FeatureConfig) and not column.ignored:
            written: Any = schema["features"]
            with _blaming(f"$.features[{number}]"):
                bits = config.l << config.xor_folds
                features.append(_feature(column, written[number], keys[number], bits))
    identifiers = tuple(column.identifier for column in columns)
    return LinkageSchema(identifiers, tuple(features), config.l, config.xor_folds)


@contextmanager
def _blaming(place: str) -> Iterator[None]:
    """What hashes and readers of dates raise is the fault of a place in the schema."""
    try:
        yield
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, re.error):
        raise bad_schema(place) from None


def _keys(kdf: Kdf, secret: bytes, columns: int) -> Sequence[Sequence[bytes]]:
    """Two keys for every column, ignored ones too: pieces of one output of HKDF (RFC 5869)."""
    algorithm = hashes.SHA256() if kdf.hash == "SHA256" else hashes.SHA512()
    size, count = kdf.key_size, columns * _KEYS_A_COLUMN
    whole = HKDF(algorithm, count * size, salt=kdf.salt, info=kdf.info).derive(secret)
    keys = [whole[at * size : (at + 1) * size] for at in range(count)]
    return [keys[at : at + _KEYS_A_COLUMN] for at in range(0, count, _KEYS_A_COLUMN)]


def _feature(
    config: FeatureConfig, written: Mapping[str, Any], keys: Sequence[bytes], bits: int
) -> Feature:
    """Raises now what would be raised at the first record, whatever its values."""
    feature = Feature(
        identifier=config.identifier,
        rule=_rule(written),
        positions=hash_of(config.hashing.hash, config.format.text_encoding, keys, bits),
        _config=config,
        _missing=_only_missing(config),
    )
    tokens = feature.occurrences(["0"]).tokens
    for token, k in zip(tokens, feature.bits_per_token(len(tokens)), strict=True):
        feature.positions(token, k)
    with suppress(ValueError, OverflowError):
        feature.text("0")
    return feature


def _only_missing(config: FeatureConfig) -> Mapping[str, str] | None:
    """What replaces a missing value, if nothing else of a value is looked at or changed."""
    if not isinstance(config.hashing.comparison, NgramComparison):
        return None
    if not isinstance(config.format, Text) or not config.format.takes_any_text:
        return None
    missing = config.hashing.missing_value
    if missing is None:
        return {}
    with suppress(UnicodeError):
        missing.replacement.encode(config.format.encoding)
        return {missing.sentinel: missing.replacement}
    return None


def _rule(written: Mapping[str, Any]) -> str:
    """The feature's format as JSON, without the free text."""
    rule = {name: value for name, value in written["format"].items() if name != "description"}
    if written["hashing"]["comparison"]["type"] == "numeric":
        rule["comparison"] = "numeric"
    return shorten(json.dumps(rule, ensure_ascii=False), _LONGEST_RULE, placeholder=" ...")
