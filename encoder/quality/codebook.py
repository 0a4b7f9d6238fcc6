"""Detects BPS region codes next to a NIK, which uses Kemendagri codes.

In Jakarta both books use 3171 to 3175, for different cities: no error appears, but every
code names the wrong city. Most people live where their NIK was issued, so the book
under which more codes agree with the NIK is the likely one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from encoder.normalise.regions import regencies
from encoder.quality.counts import CodebookCounts

Codebook = Literal["bps", "kemendagri", "unknown"]

_FEWEST = 30
_CODE = re.compile(r"\s*(?:(BPS|KEMENDAGRI) )?(31)(\.?)(7[1-5])[\d.]*\s*")


def compare_codes(field: str, codes: Sequence[str], niks: Sequence[str]) -> CodebookCounts:
    """Count rows whose code and NIK are both of a city of Jakarta."""
    bps_of = regencies()
    # The islands (3101) have the same code in both books and give no evidence.
    cities = {code for code, bps in bps_of.items() if code != bps}
    same = if_bps = compared = 0
    said: Counter[str] = Counter()
    for cell, nik in zip(codes, niks, strict=True):
        found = _CODE.fullmatch(cell)
        if found is None or nik[:4] not in cities:
            continue
        book, code = found[1] or ("KEMENDAGRI" if found[3] else ""), found[2] + found[4]
        compared += 1
        said[book] += 1
        same += code == nik[:4]
        if_bps += code == bps_of[nik[:4]]
    return CodebookCounts(field, same, if_bps, compared, said["BPS"], said["KEMENDAGRI"])


def codebook_suspicion(counts: CodebookCounts | None) -> Codebook:
    """The book that the column probably uses; unknown with too few rows or no clear majority."""
    if counts is None or counts.compared < _FEWEST:
        return "unknown"
    if counts.same_if_bps > 2 * counts.same:
        return "bps"
    return "kemendagri" if counts.same > 2 * counts.same_if_bps else "unknown"


def codebook_said(counts: CodebookCounts) -> Codebook:
    """The book named by the mapping for the column, or indicated by dots in the codes."""
    if 2 * counts.said_bps > counts.compared:
        return "bps"
    return "kemendagri" if 2 * counts.said_kemendagri > counts.compared else "unknown"
