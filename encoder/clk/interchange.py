"""CLKs as clkhash's command line writes and reads them: {"clks": [base64, ...]}."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from encoder.clk.errors import bad_clks


def to_clkhash_json(clks: NDArray[np.uint8]) -> dict[str, list[str]]:
    """A document for `json.dump`, from CLKs of shape (rows, bytes)."""
    return {"clks": [base64.b64encode(clk.tobytes()).decode("ascii") for clk in clks]}


def from_clkhash_json(document: Mapping[str, object]) -> NDArray[np.uint8]:
    """CLKs of shape (rows, bytes) from a loaded document; raises BadInput if it is none."""
    texts = document.get("clks")
    if not isinstance(texts, list):
        raise bad_clks("$.clks")
    clks = [_decoded(text, row) for row, text in enumerate(texts)]
    length = len(clks[0]) if clks else 0
    for row, clk in enumerate(clks):
        if len(clk) != length:
            raise bad_clks(f"$.clks[{row}]")
    return np.frombuffer(bytearray(b"".join(clks)), dtype=np.uint8).reshape(len(clks), length)


def _decoded(text: object, row: int) -> bytes:
    try:
        return base64.b64decode(text if isinstance(text, str) else "?", validate=True)
    except ValueError:
        raise bad_clks(f"$.clks[{row}]") from None
