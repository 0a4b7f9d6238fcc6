"""One programme's rules as typed data.

    columns      the data that the rules use, and under which names a table may have them
    conditions   all of them must hold; `all`, `any` and `not` make groups of them
    order        who comes first when the quota is smaller than the number who are eligible
    unit         whether the quota counts persons or households

A rule is data: it compares one column, or asks whether another source confirms the person. Nothing
in a file is ever run as a program.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator, model_validator

from policy.base.canonical import Identifier, Model
from policy.charter import Bilingual

FORMAT = "padan-programme-1"
MOST_AGE, MOST_NUMBER = 150, 10**12
ColumnKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Value = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Number = Annotated[int, Field(ge=-MOST_NUMBER, le=MOST_NUMBER)]
Years = Annotated[int, Field(ge=0, le=MOST_AGE)]
Role = Literal["dob", "sex"]


def _as_values(values: object) -> tuple[object, ...]:
    """YAML reads 98 as a number; cells are text. `true` is refused: write it in quotes."""
    each = values if isinstance(values, list | tuple) else [values]
    return tuple(str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in each)


class DataColumn(Model):
    """Data that the rules use.

    The first of `names` that a table has is read; spaces, case and underscores do not matter.
    `role` finds the column by the mapping first: `dob` the date of birth, `sex` the sex as M or F.
    `unknown` are a survey's codes for not known. With `values`, every other value is unknown.
    """

    title: Bilingual
    names: tuple[Value, ...] = ()
    role: Role | None = None
    means_yes: tuple[Value, ...] = ()
    means_no: tuple[Value, ...] = ()
    unknown: tuple[Value, ...] = ()
    values: tuple[Value, ...] = ()

    @field_validator("names", "means_yes", "means_no", "unknown", "values", mode="before")
    @classmethod
    def _texts(cls, values: object) -> object:
        return _as_values(values)

    @model_validator(mode="after")
    def _can_be_found(self) -> DataColumn:
        if not self.names and self.role is None:
            raise ValueError
        return self


class Bounds(Model):
    """Years of age, both ends included."""

    at_least: Years | None = None
    at_most: Years | None = None

    @model_validator(mode="after")
    def _is_a_span(self) -> Bounds:
        least, most = self.at_least, self.at_most
        if least is None and most is None:
            raise ValueError
        if least is not None and most is not None and least > most:
            raise ValueError
        return self


class Comparison(Model):
    """One column compared: exactly one of the tests, but `at_least` and `at_most` may be both."""

    title: Bilingual
    column: ColumnKey
    equals: Value | None = None
    one_of: tuple[Value, ...] = Field(default=(), alias="in")
    at_least: Number | None = None
    at_most: Number | None = None
    between: tuple[Number, Number] | None = None
    age: Bounds | None = None
    is_yes: bool | None = None

    @field_validator("equals", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return None if value is None else _as_values(value)[0]

    @field_validator("one_of", mode="before")
    @classmethod
    def _texts(cls, values: object) -> object:
        return _as_values(values)

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that are given; a span counts as one."""
        span = self.at_least is not None or self.at_most is not None
        given = {
            "equals": self.equals is not None,
            "in": bool(self.one_of),
            "at_least, at_most": span,
            "between": self.between is not None,
            "age": self.age is not None,
            "is_yes": self.is_yes is not None,
        }
        return tuple(name for name, is_given in given.items() if is_given)

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The least and the greatest number that hold."""
        return self.between or (self.at_least, self.at_most)

    @model_validator(mode="after")
    def _has_one_test(self) -> Comparison:
        least, most = self.span
        if len(self.tests) != 1 or (least is not None and most is not None and least > most):
            raise ValueError
        return self


class ConfirmedBySource(Model):
    """Whether another source has this person too, by the release: a dataset or an ID domain."""

    title: Bilingual
    confirmed_by: Identifier


class AllOf(Model):
    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Model):
    any: tuple[Condition, ...] = Field(min_length=1)


class NoneOf(Model):
    """Holds if the condition does not; not known if the condition is not known."""

    not_: Condition = Field(alias="not")


_KINDS = ("all", "any", "not", "confirmed_by", "column")


def _kind(value: Any) -> str | None:
    """Which condition a part of a file is, by its keys."""
    if isinstance(value, Model):
        return _KIND_OF[type(value)]
    keys = value if isinstance(value, dict) else ()
    return next((kind for kind in _KINDS if kind in keys), None)


_KIND_OF: dict[type[Model], str] = {
    AllOf: "all",
    AnyOf: "any",
    NoneOf: "not",
    ConfirmedBySource: "confirmed_by",
    Comparison: "column",
}
Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NoneOf, Tag("not")]
    | Annotated[ConfirmedBySource, Tag("confirmed_by")]
    | Annotated[Comparison, Tag("column")],
    Discriminator(_kind),
]
Leaf = Comparison | ConfirmedBySource


class FirstByColumn(Model):
    """Units with the lowest or highest number come first; those without a number last."""

    title: Bilingual
    column: ColumnKey
    first: Literal["lowest", "highest"]


class FirstWhen(Model):
    """Units that meet a condition come first; those for which it is not known come last."""

    title: Bilingual
    when: Condition


def _priority_kind(value: Any) -> str:
    is_when = isinstance(value, FirstWhen) or (isinstance(value, dict) and "when" in value)
    return "when" if is_when else "column"


Priority = Annotated[
    Annotated[FirstByColumn, Tag("column")] | Annotated[FirstWhen, Tag("when")],
    Discriminator(_priority_kind),
]


class Programme(Model):
    """One programme. `day` is the day on which ages count; without it, the day of evaluation."""

    format: Literal["padan-programme-1"]
    id: Identifier
    example: bool
    version: Value
    title: Bilingual
    note: Bilingual
    citation: Value | None = None
    unit: Literal["person", "household"]
    quota: int | None = Field(default=None, ge=0, le=MOST_NUMBER)
    day: date | None = None
    columns: dict[ColumnKey, DataColumn]
    present: ColumnKey | None = None
    conditions: tuple[Condition, ...] = Field(min_length=1)
    order: tuple[Priority, ...] = ()

    def leaves(self) -> Iterator[Leaf]:
        """Every single condition, in the order of the file."""
        for condition in self.conditions:
            yield from leaves_of(condition)
        for each in self.order:
            if isinstance(each, FirstWhen):
                yield from leaves_of(each.when)

    def used_sources(self) -> tuple[str, ...]:
        """The datasets or ID domains that `confirmed_by` names."""
        named = (each.confirmed_by for each in self.leaves() if isinstance(each, ConfirmedBySource))
        return tuple(dict.fromkeys(named))


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """The single conditions of a group, or the condition itself."""
    if isinstance(condition, Comparison | ConfirmedBySource):
        yield condition
        return
    parts = (
        condition.all
        if isinstance(condition, AllOf)
        else condition.any
        if isinstance(condition, AnyOf)
        else (condition.not_,)
    )
    for part in parts:
        yield from leaves_of(part)


for _model in (AllOf, AnyOf, NoneOf, FirstWhen, Programme):
    _model.model_rebuild()
