"""Names of newborns who have none yet: BAYI NY SITI AMINAH is the child of SITI AMINAH."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Begins with a letter, which searches fast; what precedes it is looked at afterwards.
_WORDS = re.compile(r"B(?<=\bB)(?:AYI|AYINYA|Y)\b")


def are_newborns(names: Sequence[str]) -> NDArray[np.bool_]:
    """Which normalised names say that they are a newborn's; bool (rows,)."""
    found = np.zeros(len(names), np.bool_)
    # Few are: one search of all names is quicker than one of each.
    text = "\n".join(names)
    for word in _WORDS.finditer(text):
        found[text.count("\n", 0, word.start())] = True
    return found
