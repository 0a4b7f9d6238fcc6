"""Regions by code and name, each code with its codebook and vintage.

BPS and Kemendagri number the same regions differently, and a third of the codes of a kab/kota
are another one's in the other book: BPS 3171 is Jakarta Selatan, Kemendagri 31.71 Jakarta
Pusat. So a code means nothing without its book, and a name often nothing without its parent.

Only DKI Jakarta is included, complete: kab/kota, kecamatan and kelurahan by Kemendagri
(Permendagri 72/2019; the code list of kodewilayah/permendagri-72-2019, CC0), kab/kota and
kecamatan by BPS (2020), postal codes (cahyadsn/wilayah_kodepos, MIT). Codes of villages by
BPS are not included: no source with a licence was found. Other provinces are added as data
(dki.csv shows the form).
"""

from __future__ import annotations

from encoder.normalise.regions.resolver import (
    VINTAGES,
    Codebook,
    ResolvedRegion,
    by_code,
    by_letters,
    by_name,
    postal_codes,
    reference,
    regencies,
    spelled,
)

__all__ = [
    "VINTAGES",
    "Codebook",
    "ResolvedRegion",
    "by_code",
    "by_letters",
    "by_name",
    "postal_codes",
    "reference",
    "regencies",
    "spelled",
]
