"""From normalised columns to encodings that say little to whoever lacks the key.

profiles.py    the profiles by name; start here
columns.py     a batch's columns, looked at once for all encodings
compound.py    compound-1 and -2: salted by columns that must agree, voted token by token
salting.py     the salts of both, and what splits them
placeholders.py  dates that offices write for an unknown one
votes.py       its counting of votes, on packed bits
contrary.py    contrary codes, by which near-certain candidates can contradict each other
claims.py      what they compare: NIK, date of birth and sex, read together
prf.py         keyed numbers for values
saul.py        SAUL over the bits of a CLK
"""

from __future__ import annotations

from encoder.encoding.hardening.columns import Column
from encoder.encoding.hardening.profiles import HardenedEncoder, Keys, SaltColumns, hardened_encoder

__all__ = ["Column", "HardenedEncoder", "Keys", "SaltColumns", "hardened_encoder"]
