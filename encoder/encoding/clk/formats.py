"""Which values a column allows, and their text for hashing.

The formats of clkhash's schema, version 3. `written` raises ValueError or OverflowError for
a value that the format does not allow. Whole numbers may be written `20.0`, as in JSON
Schema.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

_CLOSED = ConfigDict(strict=True, frozen=True, extra="forbid")
Encoding = Literal["ascii", "utf-8", "utf-16", "utf-32"]


def _whole(value: float) -> float:
    if value != value // 1:
        raise ValueError("not a whole number")
    return value


Whole = Annotated[int | float, AfterValidator(_whole)]


class _Format(BaseModel):
    model_config = _CLOSED

    description: str = ""

    @property
    def text_encoding(self) -> str:
        return "utf-8"

    def written(self, value: str) -> str:
        value.encode(self.text_encoding)
        return value


class _TextFormat(_Format):
    type: Literal["string"]
    encoding: Encoding = "utf-8"

    @property
    def text_encoding(self) -> str:
        return self.encoding


class PlainText(_TextFormat):
    """Any text, or text of one case and of a length in characters."""

    case: Literal["upper", "lower", "mixed"] = "mixed"
    min_length: Annotated[Whole, Field(ge=0, alias="minLength")] = 0
    max_length: Annotated[Whole, Field(ge=1, alias="maxLength")] = math.inf

    @property
    def takes_any_text(self) -> bool:
        return (self.case, self.min_length, self.max_length) == ("mixed", 0, math.inf)

    def written(self, value: str) -> str:
        super().written(value)
        if not self.min_length <= len(value) <= self.max_length:
            raise ValueError("length")
        cased = {"upper": value.upper, "lower": value.lower}
        if self.case in cased and cased[self.case]() != value:
            raise ValueError("case")
        return value


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        raise ValueError("not a regular expression") from None
    return pattern


class PatternText(_TextFormat):
    """Text that a regular expression matches completely."""

    pattern: Annotated[str, AfterValidator(_compiles)]

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def written(self, value: str) -> str:
        super().written(value)
        if self._regex.fullmatch(value) is None:
            raise ValueError("pattern")
        return value


class Integer(_Format):
    """A whole number as Python's `int` reads it; hashed without spaces, leading zeros or `+`."""

    type: Literal["integer"]
    minimum: Whole = -math.inf
    maximum: Whole = math.inf

    def written(self, value: str) -> str:
        number = int(super().written(value), base=10)
        if not self.minimum <= number <= self.maximum:
            raise ValueError("out of range")
        return str(number)


class Date(_Format):
    """A date in a `strptime` format; hashed as YYYYMMDD."""

    type: Literal["date"]
    format: str

    def written(self, value: str) -> str:
        return datetime.strptime(super().written(value), self.format).strftime("%Y%m%d")


class ListedValue(_Format):
    """One of the listed values."""

    type: Literal["enum"]
    values: list[str]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.values)

    def written(self, value: str) -> str:
        if super().written(value) not in self._known:
            raise ValueError("not listed")
        return value


def _kind(written: Any) -> str | None:
    if not isinstance(written, dict):
        return None
    kind = written.get("type")
    if kind == "string" and "pattern" in written:
        return "pattern"
    return kind if isinstance(kind, str) else None


Format = Annotated[
    Annotated[PlainText, Tag("string")]
    | Annotated[PatternText, Tag("pattern")]
    | Annotated[Integer, Tag("integer")]
    | Annotated[Date, Tag("date")]
    | Annotated[ListedValue, Tag("enum")],
    Discriminator(_kind),
]
