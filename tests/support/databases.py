"""Which kinds of database a test runs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest

Kind = Literal["sqlite", "postgres"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgres")


def mostly_on(kind: Kind) -> Callable[[Any], Any]:
    """For a long test of `new_database_url`: on this kind always, on the other one if thorough."""

    def decorate(test: Any) -> Any:
        others = [
            pytest.param(each, marks=pytest.mark.thorough(test.__name__))
            for each in KINDS
            if each != kind
        ]
        return pytest.mark.parametrize("new_database_url", [kind, *others], indirect=True)(test)

    return decorate
