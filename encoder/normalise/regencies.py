"""Which kabupaten and kota have ever appeared in a NIK, by Kemendagri's codes.

A province numbers its kabupaten from 01 and its kota from 71. A number that is no longer used
(64.10 went to Kalimantan Utara) stays in the NIKs issued under it, so every number
up to the highest one counts. Sources: Kepmendagri 300.2.2-2138/2025 for the 514 of today; the
28 kabupaten of Papua and the twelve of Papua Barat (with Kota Sorong) before the divisions of
2022.
"""

from __future__ import annotations

# Province: how many kabupaten, how many kota.
_NUMBERED = {
    "11": (18, 5), "12": (25, 8), "13": (12, 7), "14": (10, 2), "15": (9, 2), "16": (13, 4),
    "17": (9, 1), "18": (13, 2), "19": (6, 1), "21": (5, 2), "31": (1, 5), "32": (18, 9),
    "33": (29, 6), "34": (4, 1), "35": (29, 9), "36": (4, 4), "51": (8, 1), "52": (8, 2),
    "53": (21, 1), "61": (12, 2), "62": (13, 1), "63": (11, 2), "64": (11, 4), "65": (4, 1),
    "71": (11, 4), "72": (12, 1), "73": (26, 3), "74": (15, 2), "75": (5, 1), "76": (6, 0),
    "81": (9, 2), "82": (8, 2), "91": (28, 1), "92": (12, 1), "93": (4, 0), "94": (8, 0),
    "95": (8, 0), "96": (5, 1),
}  # fmt: skip
_FIRST_KOTA = 71

REGENCIES = frozenset(
    f"{province}{number:02d}"
    for province, (kabupaten, kota) in _NUMBERED.items()
    for number in (*range(1, kabupaten + 1), *range(_FIRST_KOTA, _FIRST_KOTA + kota))
)
