"""The compiled linkage schema: each feature's values, tokens and hash.

The behaviour of clkhash 0.17 is decisive, not its JSON Schema; the tests compare the two
implementations.
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
from encoder.encoding.clk.formats import PlainText
from encoder.encoding.clk.hashing import Hash, hash_of
from encoder.encoding.clk.tokens import Ngrams, Numbers, Occurrences, listed, within

_LONGEST_RULE = 160
_KEYS_A_COLUMN = 2


@dataclass(frozen=True)
class Feature:
    """One encoded feature. `rule` is the schema's format for its values."""

    identifier: str
    rule: str
    positions: Hash
    _config: FeatureConfig
    # The replacement of a missing value, if any other text is taken unchanged; else None.
    _missing: Mapping[str, str] | None

    def texts(self, values: Sequence[str]) -> list[str | None]:
        """The text of each value for the tokeniser; None if the schema does not allow the value."""
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
        """The text of a value for the tokeniser; raises ValueError or OverflowError if not
        allowed."""
        text = self._written(value)
        # The replacement of a missing value is not checked against the format: it may not fit.
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
        """Whether a value is one token."""
        return self.split_as is None

    @property
    def split_as(self) -> Ngrams | None:
        """Features with an equal result have equal tokens; None compares with no other feature."""
        comparison = self._config.hashing.comparison
        return comparison.ngrams if isinstance(comparison, NgramComparison) else None

    def occurrences(self, texts: Sequence[str]) -> Occurrences:
        """The tokens of non-empty texts."""
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

        Unlike `shares`, this needs no table as wide as the longest value.
        """
        lengths = np.unique(counts)
        bits = np.concatenate([self.bits_per_token(n) for n in lengths.tolist()]).astype(np.int64)
        starts = (np.cumsum(lengths) - lengths)[np.searchsorted(lengths, counts)]
        return bits[np.repeat(starts, counts) + within(counts)]

    def bits_per_token(self, tokens: int) -> list[int]:
        """How many bits each token of a value sets, before collisions."""
        return self._config.hashing.strategy.bits_per_token(tokens)

    def _listed_tokens(self, text: str) -> list[str]:
        """The tokens of a text not split into n-grams; raises if a number is expected."""
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
    """Compile a schema; raises BadInput unless it is of version 3 and can encode rows."""
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
    """Report errors of hashes and date parsers as an error at this place of the schema."""
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
    """Compile one feature; raises now any error that does not depend on a record's values."""
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
    """The replacement of missing values, if values are not validated or changed otherwise."""
    if not isinstance(config.hashing.comparison, NgramComparison):
        return None
    if not isinstance(config.format, PlainText) or not config.format.takes_any_text:
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
