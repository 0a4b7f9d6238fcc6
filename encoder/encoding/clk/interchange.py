"""CLKs as arrays, to and from the JSON of clkhash's command line (`policy.formats.clk_json`)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.clk.errors import bad_clks
from policy.formats.clk_json import MalformedClks, read_clks, write_clks


def to_clkhash_json(clks: NDArray[np.uint8]) -> dict[str, list[str]]:
    """A document for `json.dump`, from CLKs, uint8 (rows, bytes)."""
    return write_clks(clk.tobytes() for clk in clks)


def from_clkhash_json(document: Mapping[str, object]) -> NDArray[np.uint8]:
    """CLKs, uint8 (rows, bytes), from a loaded document; raises BadInput for other documents."""
    try:
        clks = read_clks(document)
    except MalformedClks as error:
        raise bad_clks(error.place) from None
    length = len(clks[0]) if clks else 0
    return np.frombuffer(bytearray(b"".join(clks)), dtype=np.uint8).reshape(len(clks), length)
