"""From normalised columns to encodings that reveal little to anyone without the key.

profiles.py    the profiles by name; start here
columns.py     a batch's columns, analysed once for all encodings
compound.py    compound-1 and -2: salted by columns that must agree, voted token by token
salting.py     the salts of both, and the columns that split them
placeholders.py  dates that offices enter for an unknown date
votes.py       counting votes on packed bits
contrary.py    contrary codes, which show contradictions between near-certain candidates
claims.py      what contrary codes compare: NIK, date of birth and sex, read together
prf.py         keyed numbers for values
saul.py        SAUL over the bits of a CLK
"""

from __future__ import annotations

from encoder.encoding.hardening.columns import HardenedColumn
from encoder.encoding.hardening.profiles import HardenedEncoder, Keys, SaltColumns, hardened_encoder

__all__ = ["HardenedColumn", "HardenedEncoder", "Keys", "SaltColumns", "hardened_encoder"]
