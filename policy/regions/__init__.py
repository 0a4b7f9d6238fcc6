"""Every region of Indonesia by its Kemendagri code, down to kelurahan and desa.

A code means nothing without its book: BPS gives many of these codes to other places. This book is
Kemendagri's of 2025. `bridge` has BPS's codes of kabupaten and kota; those of kecamatan are
known for DKI Jakarta alone, those of kelurahan nowhere. README.md says where the tables are from.
The rules of normalisation do not read them (`encoder.normalise.regions`), so a new edition changes
no encoding.
"""

from __future__ import annotations

from policy.regions.book import (
    CODEBOOK,
    EDITION,
    YEAR,
    BookRegion,
    Level,
    find,
    has,
    inside,
    provinces,
)
from policy.regions.bridge import BPS_EDITION, bps_of_kemendagri, kemendagri_of_bps

__all__ = [
    "BPS_EDITION",
    "CODEBOOK",
    "EDITION",
    "YEAR",
    "BookRegion",
    "Level",
    "bps_of_kemendagri",
    "find",
    "has",
    "inside",
    "kemendagri_of_bps",
    "provinces",
]
