"""Are the region codes BPS codes although the NIK uses Kemendagri codes?

In Jakarta both books use 3171 to 3175, for different cities: nothing fails, and every
code names the wrong city. People mostly live where their NIK was issued, so the book
under which more codes agree with the NIK is the likely one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from encoder.normalise.regions import regencies
from encoder.quality.counts import CodebookCounts

Codebook = Literal["bps", "kemendagri", "unknown"]

_FEWEST = 30
_CODE = re.compile(r"\s*(?:BPS |KEMENDAGRI )?(31)\.?(7[1-5])[\d.]*\s*")


def compare_codes(field: str, codes: Sequence[str], niks: Sequence[str]) -> CodebookCounts:
    """Count rows whose code and NIK are both of a city of Jakarta."""
    bps_of = regencies()
    # The islands (3101) have one code in both books and say nothing.
    cities = {code for code, bps in bps_of.items() if code != bps}
    same = if_bps = compared = 0
    for cell, nik in zip(codes, niks, strict=True):
        found = _CODE.fullmatch(cell)
        if found is None or nik[:4] not in cities:
            continue
        code = found[1] + found[2]
        compared += 1
        same += code == nik[:4]
        if_bps += code == bps_of[nik[:4]]
    return CodebookCounts(field, same, if_bps, compared)


def codebook_suspicion(counts: CodebookCounts | None) -> Codebook:
    """The book that the column seems to use; unknown with too few rows or without a lead."""
    if counts is None or counts.compared < _FEWEST:
        return "unknown"
    if counts.same_if_bps > 2 * counts.same:
        return "bps"
    return "kemendagri" if counts.same > 2 * counts.same_if_bps else "unknown"
