"""A contrary code: 16 bytes of a bundle row. The service sees its XOR with another row's code.

    bytes   XOR of two codes of one frame
    0-1     0 if both NIKs are known
    2-4     0 where digits 1 to 6, 7 to 13, 14 to 16 of the NIKs agree, a byte each
    5-6     0 if both dates of birth are known
    7       0 where the years agree
    8       0 where the years agree if a December counts to the next year
    9       0 where the months agree
    10      0 where the days agree; equal to byte 9 and not 0 if day and month are exchanged
    11      0 if both rows state their whole date of birth
    12-13   all ones if one is a man and one a woman
    14-15   all ones if one name is a newborn's and the other is not

The encoder makes codes (`hardening.contrary`); the rule of pairs reads their XOR
(`pairs.contrary`).
"""

from __future__ import annotations

from typing import Final

CONTRARY_CODE_BYTES: Final = 16

NIK_KNOWN: Final = slice(0, 2)
NIK_PARTS: Final = slice(2, 5)
DATE_KNOWN: Final = slice(5, 7)
YEAR: Final = 7
YEAR_FROM_DECEMBER: Final = 8
MONTH: Final = 9
DAY: Final = 10
DATE_STATED: Final = 11
SEX: Final = slice(12, 14)
NEWBORN: Final = slice(14, 16)

# The bytes that are noise in a row without a NIK, or without a date of birth.
NIK: Final = slice(NIK_KNOWN.start, NIK_PARTS.stop)
DATE: Final = slice(DATE_KNOWN.start, DAY + 1)
