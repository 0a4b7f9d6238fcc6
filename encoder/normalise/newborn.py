"""Placeholder names of newborns: BAYI NY SITI AMINAH is the child of SITI AMINAH."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Begins with a letter, which searches fast; the preceding text is checked afterwards.
_WORDS = re.compile(r"B(?<=\bB)(?:AYI|AYINYA|Y)\b")


def are_newborns(names: Sequence[str]) -> NDArray[np.bool_]:
    """Which normalised names are a newborn's placeholder; bool (rows,)."""
    found = np.zeros(len(names), np.bool_)
    # Few names are: one search of all names together is faster.
    text = "\n".join(names)
    for word in _WORDS.finditer(text):
        found[text.count("\n", 0, word.start())] = True
    return found
