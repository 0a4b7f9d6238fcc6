"""The linkage schema, parsed by clkhash: what each feature's values and tokens are.

clkhash is imported here and nowhere else, and only once a schema is parsed: it takes
a fifth of a second to load.

What clkhash 0.17 does with a schema counts, not what its JSON Schema says. The fold
count is read from `clkConfig.xor_folds`; `xorFolds`, the name in the JSON Schema, has no
effect there and so has none here.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import numpy as np

from encoder.clk.bounds import require_bounds, require_filter
from encoder.clk.errors import bad_schema
from encoder.clk.hashing import Hash, hash_of
from encoder.clk.tokens import Ngrams, Numbers, Occurrences, listed, within

_LONGEST_RULE = 160
_ANY = ("mixed", None, None)  # case, shortest, longest


@dataclass(frozen=True)
class Feature:
    """One feature that is encoded. `rule` is what the schema says of its values."""

    identifier: str
    rule: str
    positions: Hash
    _field: Any
    _ngrams: Ngrams | None
    # What stands for a missing value, where any other string is taken as it is; else None.
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
            text.encode(self._field.hashing_properties.encoding)
        except UnicodeError:
            return False
        return True

    def text(self, value: str) -> str:
        """What of a value is split; raises ValueError or OverflowError if it is not allowed."""
        self._field.validate(value)
        text: str = self._field.format_value(value)
        # What replaces a missing value has not been validated: it may not be encodable.
        text.encode(self._field.hashing_properties.encoding)
        if self._ngrams is None:
            self._tokens(text)
        return text

    @property
    def exact(self) -> bool:
        """A value is one token."""
        return self._ngrams is None

    @property
    def split_as(self) -> Ngrams | None:
        """Features of which this is equal have equal tokens; None may be like no other."""
        return self._ngrams

    def occurrences(self, texts: Sequence[str]) -> Occurrences:
        """The tokens of texts that are not empty."""
        if self._ngrams is not None:
            return self._ngrams.of(texts)
        return listed([self._tokens(text) for text in texts])

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
        return list(self._field.hashing_properties.strategy.bits_per_token(tokens))

    def _tokens(self, text: str) -> list[str]:
        """By clkhash's own means; numeric comparison raises if the text is no number."""
        return list(self._field.hashing_properties.comparator.tokenize(text))


@dataclass(frozen=True)
class LinkageSchema:
    """`identifiers` are all columns of the schema, `features` those that are not ignored."""

    identifiers: tuple[str, ...]
    features: tuple[Feature, ...]
    bits: int
    folds: int


def parse_schema(schema: Mapping[str, object], secret: bytes) -> LinkageSchema:
    """Raises BadInput unless clkhash can encode by this schema, and its version is 3."""
    with warnings.catch_warnings():
        # clkhash looks its own version up there.
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        from clkhash.schema import MasterSchemaError, SchemaError, from_json_dict

    if schema.get("version") != 3:
        raise bad_schema("$.version")
    require_bounds(schema)
    # clkhash writes defaults into what it is given, and a charter's schema is signed.
    own: dict[str, Any] = deepcopy(dict(schema))
    try:
        with _blaming("$"):
            parsed = from_json_dict(own)
    except (SchemaError, MasterSchemaError) as error:
        raise bad_schema(getattr(error.__cause__, "json_path", "$.features")) from None
    with _blaming("$.clkConfig"):
        keys, folds = _keys(parsed, secret), _folds(parsed)
    require_filter(parsed.l, folds)
    features = []
    for number, (field, written) in enumerate(zip(parsed.fields, own["features"], strict=True)):
        if field.hashing_properties is not None:
            with _blaming(f"$.features[{number}]"):
                features.append(_feature(field, written, keys[number], parsed.l << folds))
    identifiers = tuple(field.identifier for field in parsed.fields)
    return LinkageSchema(identifiers, tuple(features), parsed.l, folds)


@contextmanager
def _blaming(place: str) -> Iterator[None]:
    """What clkhash and its libraries raise is the fault of a place in the schema."""
    try:
        yield
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, re.error):
        raise bad_schema(place) from None


def _keys(parsed: Any, secret: bytes) -> Sequence[Sequence[bytes]]:
    """The keys of every column, ignored ones too."""
    from clkhash.key_derivation import generate_key_lists

    keys: Sequence[Sequence[bytes]] = generate_key_lists(
        secret,
        len(parsed.fields),
        key_size=parsed.kdf_key_size,
        salt=parsed.kdf_salt,
        info=parsed.kdf_info,
        kdf=parsed.kdf_type,
        hash_algo=parsed.kdf_hash,
    )
    return keys


def _folds(parsed: Any) -> int:
    if not isinstance(parsed.xor_folds, int) or parsed.xor_folds < 0:
        raise ValueError("xor_folds is no count")
    return parsed.xor_folds


def _feature(field: Any, written: Mapping[str, Any], keys: Sequence[bytes], bits: int) -> Feature:
    """Raises now what clkhash would raise at the first record, whatever its values."""
    feature = Feature(
        identifier=field.identifier,
        rule=_rule(written),
        positions=hash_of(field.hashing_properties, keys, bits),
        _field=field,
        _ngrams=_ngrams(field.hashing_properties.comparator),
        _missing=_only_missing(field),
    )
    tokens = feature.occurrences(["0"]).tokens
    for token, k in zip(tokens, feature.bits_per_token(len(tokens)), strict=True):
        feature.positions(token, k)
    with suppress(ValueError, OverflowError):
        feature.text("0")
    return feature


def _ngrams(comparator: Any) -> Ngrams | None:
    from clkhash.comparators import NgramComparison

    if isinstance(comparator, NgramComparison):
        return Ngrams(comparator.n, bool(comparator.positional))
    return None


def _only_missing(field: Any) -> Mapping[str, str] | None:
    """What replaces a missing value, if nothing else of a value is looked at or changed."""
    from clkhash.comparators import NgramComparison
    from clkhash.field_formats import StringSpec

    looks = field.hashing_properties.comparator
    if type(field) is not StringSpec or not isinstance(looks, NgramComparison):
        return None
    if field.regex_based or (field.case, field.min_length, field.max_length) != _ANY:
        return None
    missing = field.hashing_properties.missing_value
    if missing is None:
        return {}
    replaced: str = field.format_value(missing.sentinel)
    with suppress(UnicodeError):
        replaced.encode(field.hashing_properties.encoding)
        return {missing.sentinel: replaced}
    return None


def _rule(written: Mapping[str, Any]) -> str:
    """The feature's format as JSON, without the free text."""
    rule = {name: value for name, value in written["format"].items() if name != "description"}
    if written["hashing"]["comparison"]["type"] == "numeric":
        rule["comparison"] = "numeric"
    return shorten(json.dumps(rule, ensure_ascii=False), _LONGEST_RULE, placeholder=" ...")
