"""How values are compared: the tokens of a value, and how many bits each token sets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from encoder.encoding.clk.formats import Whole
from encoder.encoding.clk.tokens import Ngrams

_OPEN = ConfigDict(strict=True, frozen=True, extra="ignore")
_CLOSED = ConfigDict(strict=True, frozen=True, extra="forbid")


class NgramComparison(BaseModel):
    """Values are similar to the degree that they share n-grams."""

    model_config = _OPEN

    type: Literal["ngram"]
    n: int = Field(ge=1)
    positional: bool = False

    @property
    def ngrams(self) -> Ngrams:
        return Ngrams(self.n, self.positional)


class ExactComparison(BaseModel):
    """A value is one token."""

    model_config = _OPEN

    type: Literal["exact"]

    def tokens(self, text: str) -> list[str]:
        """The tokens of a non-empty text."""
        return [text]


class NumericComparison(BaseModel):
    """Numbers are similar to the degree that their neighbourhoods overlap (Vatsalan, Christen
    2015).

    The neighbourhood of a number is 2 * resolution + 1 points of a grid. Numbers further apart
    than `threshold_distance` share no point, except by rounding. All values are multiplied by
    2 * resolution * 10 ** fractional_precision, so that the grid consists of integers.
    """

    model_config = _OPEN

    type: Literal["numeric"]
    threshold_distance: Annotated[int | float, Field(gt=0, alias="thresholdDistance")]
    resolution: int = Field(ge=1)
    fractional_precision: Annotated[Whole, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _has_a_step(self) -> NumericComparison:
        try:
            step = self._step
        except OverflowError:
            raise ValueError("thresholdDistance is not a number") from None
        if step == 0:
            raise ValueError("fractional_precision is too small for thresholdDistance")
        return self

    @property
    def _scale(self) -> float:
        scale: float = 10**self.fractional_precision
        return scale

    @property
    def _step(self) -> int:
        return round(self.threshold_distance * self._scale)

    def tokens(self, text: str) -> list[str]:
        """The tokens of a non-empty text; raises ValueError or OverflowError unless it is a
        number."""
        step = self._step
        point = self._scaled(text) * 2 * self.resolution
        rest = point % step
        if rest != 0:
            point += -rest if rest < step / 2 else step - rest
        return [str(point + at * step) for at in range(-self.resolution, self.resolution + 1)]

    def _scaled(self, text: str) -> float:
        try:
            number = int(text, base=10)
        except ValueError:
            fraction = float(text)
            return round(fraction * self._scale) if self.fractional_precision else int(fraction)
        return number * self._scale if self.fractional_precision else number


Comparison = Annotated[
    NgramComparison | ExactComparison | NumericComparison, Field(discriminator="type")
]


def _as_int(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Bits = Annotated[int, BeforeValidator(_as_int), Field(ge=1)]


class BitsPerToken(BaseModel):
    """Every token sets the same number of bits, except for collisions."""

    model_config = _CLOSED

    bits: _Bits = Field(alias="bitsPerToken")

    def bits_per_token(self, tokens: int) -> list[int]:
        return [self.bits] * tokens


class BitsPerFeature(BaseModel):
    """A value sets the same number of bits for any number of tokens, except for collisions."""

    model_config = _CLOSED

    bits: _Bits = Field(alias="bitsPerFeature")

    def bits_per_token(self, tokens: int) -> list[int]:
        each, more = divmod(self.bits, tokens)
        return [each + 1] * more + [each] * (tokens - more)


def _strategy(written: Any) -> str | None:
    if not isinstance(written, dict):
        return None
    return "token" if "bitsPerToken" in written else "feature"


Strategy = Annotated[
    Annotated[BitsPerToken, Tag("token")] | Annotated[BitsPerFeature, Tag("feature")],
    Discriminator(_strategy),
]
