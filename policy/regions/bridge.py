"""The codes of BPS for kabupaten and kota, next to those of Kemendagri.

One code often is two places: of 514 kabupaten and kota 199 have another code in the other book.
BPS's codes are those of 2020; Kemendagri's are those of this package's book. For kecamatan, desa
and kelurahan there is no such table here: README.md says why.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

BPS_EDITION = "MFD 2020, semester 2"
_FILE = "bps-2020.csv"
_REGENCY_DIGITS = 4


def kemendagri_of_bps(code: str) -> str:
    """The Kemendagri code of the kabupaten, kota or province with this BPS code.

    A longer code gives its kabupaten or kota. '' if unknown, and for a province of BPS whose
    kabupaten are in several provinces of Kemendagri.
    """
    if len(code) >= _REGENCY_DIGITS:
        return _bridge().get(code[:_REGENCY_DIGITS], "")
    inside = {ours[:2] for bps, ours in _bridge().items() if bps.startswith(code)}
    return inside.pop() if len(code) == 2 and len(inside) == 1 else ""


def bps_of_kemendagri(code: str) -> str:
    """The BPS code of the kabupaten or kota with this Kemendagri code, or of one inside it."""
    return _other_way().get(code[:_REGENCY_DIGITS], "")


@cache
def _bridge() -> Mapping[str, str]:
    text = (resources.files("policy.regions") / _FILE).read_text("utf-8")
    return MappingProxyType(
        {row["bps"]: row["kemendagri"] for row in csv.DictReader(text.splitlines())}
    )


@cache
def _other_way() -> Mapping[str, str]:
    return MappingProxyType({ours: bps for bps, ours in _bridge().items()})
