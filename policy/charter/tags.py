"""What block tags tell of a row together, and how much of that a charter may allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy.words import Words

if TYPE_CHECKING:
    from policy.charter.agreement import Charter


def over_budget(charter: Charter) -> Iterator[Words]:
    return iter(())
