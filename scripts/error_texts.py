"""Texts with alternatives, and with `…` where only the running program knows a part."""

from __future__ import annotations

import itertools
from typing import Any

from policy.base.words import Words

HOLE = "…"
MOST = 12  # alternatives of one text


def paired(one: list[Any], other: list[Any]) -> list[tuple[Any, Any]]:
    """Alternatives of two texts: side by side where both have as many."""
    if len(one) == len(other):
        return list(zip(one, other, strict=True))
    return list(itertools.product(one, other))[:MOST]


def joined(parts: list[list[Any]]) -> list[str]:
    texts = itertools.islice(itertools.product(*parts), MOST)
    return ["".join(map(text, each)) for each in texts]


def text(value: Any) -> str:
    return str(value) if isinstance(value, str) else HOLE


def words(value: Any) -> Words:
    return value if isinstance(value, Words) else Words(HOLE, HOLE)
