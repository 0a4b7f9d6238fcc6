"""Padan for Python: link two tables without showing who is in them.

    import padan

    rows = padan.read_source("list.csv", "mapping.yaml").rows
    clks = padan.encode_plain(padan.normalise(rows, kinds), "padan-id-1", secret)
    groups = padan.link(padan.compare(clks, others, threshold=0.85))

Tables are pandas, Polars or Arrow tables, and results are of the same library. Functions that
read files return pandas tables, or those of `backend=`. Install with `pip install 'padan[pandas]'`.
Every public name is in `__all__` and in docs/reference/python.md; everything else may change.

Names are imported when they are first used, so that `import padan` needs no extra.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from padan.errors import MissingExtra, require
from policy.base.errors import (
    BadInput,
    NotYet,
    PadanError,
    Refused,
    Unreachable,
    Unverified,
    WrongKey,
)

if TYPE_CHECKING:
    from padan.charts import Chart, score_distribution, threshold_chart
    from padan.checking import Report, check
    from padan.comparing import compare
    from padan.deduping import dedupe
    from padan.encoding import encode_hardened, encode_plain, load_schema
    from padan.estimating import expected_false
    from padan.linking import link, pairs_of, true_pairs
    from padan.lists import read_list
    from padan.normalising import normalise
    from padan.releases import Release, join_release, open_release, read_release
    from padan.scoring import Score, Share, score, threshold_table
    from padan.secret import Secret
    from padan.sources import Source, read_source
    from policy.charter import Charter, load_charter

__all__ = [
    "BadInput",
    "Chart",
    "Charter",
    "MissingExtra",
    "NotYet",
    "PadanError",
    "Refused",
    "Release",
    "Report",
    "Score",
    "Secret",
    "Share",
    "Source",
    "Unreachable",
    "Unverified",
    "WrongKey",
    "check",
    "compare",
    "dedupe",
    "encode_hardened",
    "encode_plain",
    "expected_false",
    "join_release",
    "link",
    "load_charter",
    "load_schema",
    "normalise",
    "open_release",
    "pairs_of",
    "read_list",
    "read_release",
    "read_source",
    "score",
    "score_distribution",
    "threshold_chart",
    "threshold_table",
    "true_pairs",
]

_NEEDS = ("narwhals", "numba", "numpy")
_HOMES = {
    "Chart": "padan.charts",
    "Charter": "policy.charter",
    "Release": "padan.releases",
    "Report": "padan.checking",
    "Score": "padan.scoring",
    "Secret": "padan.secret",
    "Share": "padan.scoring",
    "Source": "padan.sources",
    "check": "padan.checking",
    "compare": "padan.comparing",
    "dedupe": "padan.deduping",
    "encode_hardened": "padan.encoding",
    "encode_plain": "padan.encoding",
    "expected_false": "padan.estimating",
    "join_release": "padan.releases",
    "link": "padan.linking",
    "load_charter": "policy.charter",
    "load_schema": "padan.encoding",
    "normalise": "padan.normalising",
    "open_release": "padan.releases",
    "pairs_of": "padan.linking",
    "read_list": "padan.lists",
    "read_release": "padan.releases",
    "read_source": "padan.sources",
    "score": "padan.scoring",
    "score_distribution": "padan.charts",
    "threshold_chart": "padan.charts",
    "threshold_table": "padan.scoring",
    "true_pairs": "padan.linking",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'padan' has no attribute {name!r}")
    require("pandas", *_NEEDS)
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
