"""CLKs by arrays, bit for bit those of clkhash 0.17 for every linkage schema of version 3.

    bounds.py       how large a schema may be
    document.py     the schema as it is written in JSON
    versions.py     schemas of versions 1 and 2 written as version 3
    formats.py      which values a column allows, and how they are written
    comparisons.py  a value's tokens, and how many bits each sets
    tokens.py       n-grams of many values at once
    schema.py       the schema as it is used: all of these for each column
    hashing.py      a token and k: which bits
    layout.py       where those bits lie in 64-bit words, and how a filter is folded
    masks.py        distinct tokens and distinct values: one mask each
    encoder.py      records: the OR of their values' masks
    interchange.py  clkhash's JSON

clkhash itself is not needed: it is what the tests compare with.

Values mean what they mean to `clkhash.clk.generate_clks`: taken as they stand and
validated by the schema. (`generate_clk_from_csv` of clkhash up to 0.18.1 strips white space
around every cell first, and that of 0.18.2 and later does not: see `encoder.encoding.csv_to_clks`.)
"""

from encoder.encoding.clk.encoder import ClkEncoder
from encoder.encoding.clk.errors import ValuesRefused
from encoder.encoding.clk.interchange import from_clkhash_json, to_clkhash_json
from encoder.encoding.clk.versions import to_version_3

__all__ = ["ClkEncoder", "ValuesRefused", "from_clkhash_json", "to_clkhash_json", "to_version_3"]
