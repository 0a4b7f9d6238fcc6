"""CLKs computed on arrays, bit for bit those of clkhash 0.17 for linkage schemas of version 3.

    bounds.py       how large a schema may be
    document.py     the schema as written in JSON
    versions.py     schemas of versions 1 and 2 written as version 3
    formats.py      which values a column allows, and how they are written
    comparisons.py  a value's tokens, and how many bits each sets
    tokens.py       n-grams of many values at once
    schema.py       the compiled schema: all of these for each column
    hashing.py      a token and k to bit positions
    layout.py       these positions in 64-bit words, and folding
    masks.py        one mask for each distinct token and each distinct value
    encoder.py      records: the OR of their values' masks
    interchange.py  clkhash's JSON

clkhash itself is not needed at run time; the tests compare with it.

Values are treated as by `clkhash.clk.generate_clks`: taken unchanged and
validated by the schema. (`generate_clk_from_csv` of clkhash up to 0.18.1 strips white space
around every cell first, and that of 0.18.2 and later does not: see `encoder.encoding.csv_to_clks`.)
"""

from encoder.encoding.clk.encoder import ClkEncoder
from encoder.encoding.clk.errors import ValuesRefused
from encoder.encoding.clk.interchange import from_clkhash_json, to_clkhash_json
from encoder.encoding.clk.versions import to_version_3

__all__ = ["ClkEncoder", "ValuesRefused", "from_clkhash_json", "to_clkhash_json", "to_version_3"]
