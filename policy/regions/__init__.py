"""Every region of Indonesia by its Kemendagri code, down to kelurahan and desa.

A code means nothing without its book: BPS gives many of these codes to other places. This book is
Kemendagri's of 2025, and the package has no BPS book outside of DKI Jakarta. README.md says where
the table is from. The rules of normalisation do not read it (`encoder.normalise.regions`), so a new
edition changes no encoding.
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

__all__ = [
    "CODEBOOK",
    "EDITION",
    "YEAR",
    "BookRegion",
    "Level",
    "find",
    "has",
    "inside",
    "provinces",
]
