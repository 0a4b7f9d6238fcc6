"""Detects region codes of another book than the mapping says.

BPS and Kemendagri give the same number to different places: no error appears, but a code names the
wrong place. Two things tell the books apart:

1.  A code of a kelurahan has ten digits in both. In Kemendagri's the seventh is 1, 2 or 3 and never
    0; in BPS's it ends the number of a kecamatan, and mostly is 0.
2.  A NIK begins with the Kemendagri code of a kabupaten or kota, and most people live where their
    NIK was issued. So the book under which more codes agree with the NIK is the likely one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from encoder.quality.counts import CodebookCounts
from policy.regions import bps_of_kemendagri

Codebook = Literal["bps", "kemendagri", "unknown"]

_FEWEST = 30
_CODE = re.compile(r"\s*(?:(BPS|KEMENDAGRI) )?(\d\d)(\.?)(\d\d)([\d.]*)\s*")
_AFTER_REGENCY = 6
# Of BPS's codes more than half have a 0 there; a few in a column may be slips.
_BPS_SHARE, _KEMENDAGRI_SHARE = 0.2, 0.01


def compare_codes(field: str, codes: Sequence[str], niks: Sequence[str]) -> CodebookCounts:
    """Count codes by their form, and those that agree with their row's NIK in either book."""
    same = if_bps = compared = villages = bps_form = 0
    said: Counter[str] = Counter()
    for cell, nik in zip(codes, niks, strict=True):
        found = _CODE.fullmatch(cell)
        if found is None:
            continue
        book, code = found[1] or ("KEMENDAGRI" if found[3] else ""), found[2] + found[4]
        said[book] += 1
        rest = found[5].replace(".", "")
        # One digit more: BPS's kecamatan in four columns that are joined as Kemendagri's.
        if _AFTER_REGENCY <= len(rest) <= _AFTER_REGENCY + 1:
            villages += 1
            bps_form += rest[2] == "0" or len(rest) > _AFTER_REGENCY
        bps = _bps(nik[:4])
        if bps not in ("", nik[:4]):
            compared += 1
            same += code == nik[:4]
            if_bps += code == bps
    return CodebookCounts(
        field,
        same,
        if_bps,
        compared,
        said["BPS"],
        said["KEMENDAGRI"],
        said.total(),
        villages,
        bps_form,
    )


def added(one: CodebookCounts | None, other: CodebookCounts | None) -> CodebookCounts | None:
    """The counts of two parts of one column."""
    if one is None or other is None:
        return one or other
    return CodebookCounts(
        one.field,
        one.same + other.same,
        one.same_if_bps + other.same_if_bps,
        one.compared + other.compared,
        one.said_bps + other.said_bps,
        one.said_kemendagri + other.said_kemendagri,
        one.codes + other.codes,
        one.villages + other.villages,
        one.bps_form + other.bps_form,
    )


def codebook_suspicion(counts: CodebookCounts | None) -> Codebook:
    """The book that the column probably uses; unknown with too few rows or no clear majority."""
    if counts is None:
        return "unknown"
    if counts.villages >= _FEWEST:
        share = counts.bps_form / counts.villages
        if share >= _BPS_SHARE:
            return "bps"
        if share <= _KEMENDAGRI_SHARE:
            return "kemendagri"
    if counts.compared < _FEWEST:
        return "unknown"
    if counts.same_if_bps > 2 * counts.same:
        return "bps"
    return "kemendagri" if counts.same > 2 * counts.same_if_bps else "unknown"


def codebook_said(counts: CodebookCounts) -> Codebook:
    """The book named by the mapping for the column, or indicated by dots in the codes."""
    if 2 * counts.said_bps > counts.codes:
        return "bps"
    return "kemendagri" if 2 * counts.said_kemendagri > counts.codes else "unknown"


@lru_cache(1 << 10)
def _bps(kemendagri: str) -> str:
    """The BPS code of a kabupaten or kota; '' if the NIK begins with none."""
    return bps_of_kemendagri(kemendagri)
