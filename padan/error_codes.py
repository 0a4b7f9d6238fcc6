"""The stable error codes of `padan`; docs/reference/error-codes.md explains each."""

from enum import StrEnum


class PadanCode(StrEnum):
    """Named as the code is spelled."""

    CLK_JSON = "clk.json"
    CLK_ROWS = "clk.rows"
    COMPARE_ARGUMENTS = "compare.arguments"
    COMPARE_TERMS = "compare.terms"
    EXPECTED_FALSE_NUMBERS = "expected-false.numbers"
    EXTRA_MISSING = "extra.missing"
    FRAME_BACKEND = "frame.backend"
    FRAME_COLUMNS = "frame.columns"
    FRAME_DIGITS = "frame.digits"
    FRAME_FILTERS = "frame.filters"
    FRAME_NUMBERS = "frame.numbers"
    FRAME_TYPE = "frame.type"
    JOIN_COLUMNS = "join.columns"
    JOIN_MISSING = "join.missing"
    JOIN_REPEATED = "join.repeated"
    LINK_LINKAGE = "link.linkage"
    PAIRS_DATASETS = "pairs.datasets"
    PAIRS_SELF = "pairs.self"
    RELEASE_NO_FILE = "release.no-file"
    SECRET_EMPTY = "secret.empty"
    SECRET_SHORT = "secret.short"
