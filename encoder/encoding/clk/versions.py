"""Schemas of versions 1 and 2 written as version 3, as clkhash 0.17 converts them.

version 1   one `k` and one hash for all columns; a column's bits a token are weight * k,
            rounded, and a column of weight 0 is ignored
version 2   bits by `k` or `numBits`; n-grams only
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from encoder.encoding.clk.bounds import require_bounds
from encoder.encoding.clk.document import (
    BlakeHash,
    Kdf,
    MissingValue,
    TokenHash,
    given,
    parse_document,
    validated,
)
from encoder.encoding.clk.errors import bad_schema
from encoder.encoding.clk.formats import Format, Whole
from policy.base.json_text import parts_of

_OPEN = ConfigDict(strict=True, frozen=True, extra="ignore")
_CLOSED = ConfigDict(strict=True, frozen=True, extra="forbid")
# Version 1 uses JSON Schema's older definition of a whole number, which excludes 20.0.
_WHOLE = re.compile(r"\$\.features\[\d+\]\.format\.(minLength|maxLength|minimum|maximum)")
_Missing = Annotated[MissingValue | None, BeforeValidator(given)]


class _Ignored(BaseModel):
    model_config = _OPEN

    identifier: str
    description: str = ""
    ignored: Literal[True]


class _Hashing1(BaseModel):
    model_config = _OPEN

    ngram: int = Field(ge=0)
    positional: bool = False
    weight: Annotated[int | float, Field(ge=0)] = 1
    missing_value: _Missing = Field(None, alias="missingValue")


class _Feature1(BaseModel):
    model_config = _OPEN

    identifier: str
    description: str = ""
    format: Format
    hashing: _Hashing1


class _Config1(BaseModel):
    model_config = _OPEN

    l: int = Field(ge=1)  # noqa: E741
    k: int = Field(ge=1)
    kdf: Kdf
    hash: TokenHash
    xor_folds: Annotated[int, Field(ge=0, alias="xorFolds")] = 0


class _Version1(BaseModel):
    model_config = _OPEN

    config: _Config1 = Field(alias="clkConfig")
    features: list[_Feature1 | _Ignored]


class _Hashing2(BaseModel):
    model_config = _CLOSED

    hash: TokenHash = BlakeHash(type="blakeHash")
    strategy: dict[str, Any]
    ngram: Annotated[Whole, Field(ge=1)]
    positional: bool = False
    missing_value: _Missing = Field(None, alias="missingValue")

    @model_validator(mode="after")
    def _has_one_strategy(self) -> _Hashing2:
        if ("k" in self.strategy) == ("numBits" in self.strategy):
            raise ValueError("one of k and numBits")
        return self


class _Feature2(BaseModel):
    model_config = _OPEN

    identifier: str
    description: str = ""
    format: Format
    hashing: _Hashing2


class _Config2(BaseModel):
    model_config = _OPEN

    l: Annotated[Whole, Field(ge=1)]  # noqa: E741
    kdf: Kdf
    xor_folds: Annotated[Whole, Field(ge=0, alias="xorFolds")] = 0


class _Version2(BaseModel):
    model_config = _OPEN

    config: _Config2 = Field(alias="clkConfig")
    features: list[_Feature2 | _Ignored]


def to_version_3(schema: Mapping[str, object]) -> dict[str, object]:
    """The schema in version 3; a copy if it already is of that version.

    Raises BadInput for other versions, and for a schema that violates its version.
    """
    require_bounds(schema)
    version = schema.get("version")
    if isinstance(version, bool) or version not in (1, 2, 3):
        raise bad_schema("$.version")
    document: dict[str, Any] = deepcopy(dict(schema))
    if version == 3:
        return document
    if version == 1:
        document = _from_1(document)
    else:
        validated(_Version2, document)
    document["features"] = [_from_2(feature) for feature in document["features"]]
    document["version"] = 3
    # Below `hashing`, places in version 3 differ from places in the given document.
    parse_document(document, down_to="hashing")
    return document


def _from_1(document: dict[str, Any]) -> dict[str, Any]:
    for path, _, part in parts_of(document):
        if isinstance(part, float) and _WHOLE.fullmatch(path):
            raise bad_schema(path)
    config = validated(_Version1, document).config
    written = document["clkConfig"]
    return {
        "clkConfig": {
            "l": config.l,
            "xor_folds": written.get("xor_folds", 0),
            "kdf": written["kdf"],
        },
        "features": [
            feature if feature.get("ignored", False) else _weighted(feature, config.k, at, written)
            for at, feature in enumerate(document["features"])
        ],
    }


def _weighted(feature: dict[str, Any], k: int, at: int, config: dict[str, Any]) -> dict[str, Any]:
    """A column of version 1 converted to version 2."""
    weight = feature["hashing"].pop("weight", 1.0)
    if weight == 0:
        return {"identifier": feature["identifier"], "ignored": True}
    try:
        bits = round(weight * k)
    except (ValueError, OverflowError):
        raise bad_schema(f"$.features[{at}].hashing.weight") from None
    feature["hashing"] |= {"strategy": {"k": bits}, "hash": config["hash"]}
    return feature


def _from_2(feature: dict[str, Any]) -> dict[str, Any]:
    """A column of version 2 converted to version 3."""
    if feature.get("ignored", False):
        return feature
    hashing, strategy = feature["hashing"], feature["hashing"]["strategy"]
    for name, now in (("k", "bitsPerToken"), ("numBits", "bitsPerFeature")):
        if name in strategy:
            strategy[now] = strategy.pop(name)
            break
    hashing["comparison"] = {
        "type": "ngram",
        "n": hashing.pop("ngram"),
        "positional": hashing.pop("positional", False),
    }
    return feature
