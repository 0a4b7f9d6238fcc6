"""CLKs as clkhash and anonlink-client exchange them, in JSON.

    clks    a list of CLKs in row order: each in base64, all of one length

This is clkhash's own format: {"clks": ["...", ...]}. Other members are ignored.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable


class MalformedClks(ValueError):
    """The document has no valid CLKs; `place` is a JSON path into it."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no CLKs at {place}")
        self.place = place


def write_clks(clks: Iterable[bytes]) -> dict[str, list[str]]:
    """A document for `json.dump`."""
    return {"clks": [base64.b64encode(clk).decode("ascii") for clk in clks]}


def read_clks(document: object) -> list[bytes]:
    """The CLKs of a parsed JSON document, all of one length; raises MalformedClks."""
    texts = document.get("clks") if isinstance(document, dict) else None
    if not isinstance(texts, list):
        raise MalformedClks("$.clks")
    clks = [_decoded(text, row) for row, text in enumerate(texts)]
    for row, clk in enumerate(clks):
        if len(clk) != len(clks[0]):
            raise MalformedClks(f"$.clks[{row}]")
    return clks


def _decoded(text: object, row: int) -> bytes:
    if not isinstance(text, str):
        raise MalformedClks(f"$.clks[{row}]")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise MalformedClks(f"$.clks[{row}]") from None
