"""The linkage schema of version 3 as written in JSON.

The behaviour of clkhash 0.17 is decisive. The fold count is read from `clkConfig.xor_folds`;
`xorFolds`, the name in clkhash's JSON Schema, has no effect there and so has none here. `null`
differs from a missing part, and is refused.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationError,
)

from encoder.encoding.clk.comparisons import Comparison, Strategy
from encoder.encoding.clk.errors import bad_schema
from encoder.encoding.clk.formats import Format, Whole

_OPEN = ConfigDict(strict=True, frozen=True, extra="ignore")
_CLOSED = ConfigDict(strict=True, frozen=True, extra="forbid")


def given(value: object) -> object:
    """The value; raises ValueError for `null`."""
    if value is None:
        raise ValueError("null")
    return value


class MissingValue(BaseModel):
    """The text that means "no value", and the text that is hashed instead."""

    model_config = _OPEN

    sentinel: str
    replace_with: Annotated[str | None, BeforeValidator(given)] = Field(None, alias="replaceWith")

    @property
    def replacement(self) -> str:
        return self.sentinel if self.replace_with is None else self.replace_with


class BlakeHash(BaseModel):
    model_config = _OPEN

    type: Literal["blakeHash"]
    prevent_singularity: None = None  # only for double hashing


class DoubleHash(BaseModel):
    model_config = _OPEN

    type: Literal["doubleHash"]
    prevent_singularity: bool = False


TokenHash = Annotated[BlakeHash | DoubleHash, Field(discriminator="type")]


class Hashing(BaseModel):
    model_config = _CLOSED

    comparison: Comparison
    strategy: Strategy
    hash: TokenHash = BlakeHash(type="blakeHash")
    missing_value: Annotated[MissingValue | None, BeforeValidator(given)] = Field(
        None, alias="missingValue"
    )


class FeatureConfig(BaseModel):
    """One column. A column may have a full description and still be ignored."""

    model_config = _OPEN

    identifier: str
    description: str = ""
    ignored: bool = False
    format: Format
    hashing: Hashing


class IgnoredColumn(BaseModel):
    model_config = _CLOSED

    identifier: str
    description: str = ""
    ignored: Literal[True]


def _column(written: Any) -> str | None:
    if not isinstance(written, dict):
        return None
    return "feature" if {"format", "hashing"} & set(written) else "ignored"


Column = Annotated[
    Annotated[FeatureConfig, Tag("feature")] | Annotated[IgnoredColumn, Tag("ignored")],
    Discriminator(_column),
]


def _from_base64(value: object) -> bytes:
    """Decode as clkhash does: characters outside of the alphabet are skipped."""
    if not isinstance(value, str):
        raise ValueError("not text")
    return base64.b64decode(value)


_Bytes = Annotated[bytes | None, BeforeValidator(_from_base64)]


class Kdf(BaseModel):
    """How the columns' keys are derived from the secret; `keySize` in bytes."""

    model_config = _OPEN

    type: Literal["HKDF"]
    hash: Literal["SHA256", "SHA512"] = "SHA256"
    salt: _Bytes = None
    info: _Bytes = None
    key_size: int = Field(64, ge=1, alias="keySize")


def _count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("not a count")
    return int(value)


class ClkConfig(BaseModel):
    """`l` is the length in bits after folding."""

    model_config = _OPEN

    l: int = Field(ge=1)  # noqa: E741
    kdf: Kdf
    xor_folds: Annotated[int, PlainValidator(_count)] = 0
    xor_folds_of_the_json_schema: Annotated[Whole, Field(ge=0, alias="xorFolds")] = 0


_Model = TypeVar("_Model", bound=BaseModel)


class Document(BaseModel):
    model_config = _OPEN

    clk_config: ClkConfig = Field(alias="clkConfig")
    features: list[Column]


def parse_document(schema: Mapping[str, object], *, down_to: str = "") -> Document:
    """Parse a document; raises BadInput that names the first place that version 3 does not allow.

    Places below a part named `down_to` are reported as that part.
    """
    return validated(Document, schema, down_to=down_to)


def validated(model: type[_Model], schema: Mapping[str, object], *, down_to: str = "") -> _Model:
    """Like `parse_document`, for documents of other versions."""
    try:
        return model.model_validate(dict(schema))
    except ValidationError as error:
        raise bad_schema(_place(error, dict(schema), down_to)) from None


def _place(error: ValidationError, schema: dict[str, object], down_to: str) -> str:
    """The error's path, without the tried types that pydantic adds and the document lacks."""
    place, part = "$", cast(object, schema)
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    for step in first["loc"]:
        if isinstance(part, dict) and step in part:
            place, part = f"{place}.{step}", part[step]
        elif isinstance(part, list) and isinstance(step, int):
            place, part = f"{place}[{step}]", part[step]
        if step == down_to:
            break
    return place
