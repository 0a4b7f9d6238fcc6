"""From the rows of FEBRL to groups, by Padan and by clkhash with anonlink.

The threshold is the lowest hundredth at which `padan.expected_false` expects at most one wrong
pair in a hundred. It reads the numbers (soc_sec_id) of the rows, never their persons.
"""

from __future__ import annotations

import json
import re
from array import array
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from bitarray import bitarray

import padan
from encoder.normalise import ruleset_digest
from policy.charter import Charter, parse_charter
from tests.benchmarks.febrl.data import Febrl

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
SECRET = b"one secret for all of FEBRL, 32+"
LOWEST, MOST_FALSE = 0.6, 0.01
SCHEMA = json.loads((ROOT / "encoder" / "schemas" / "febrl4.json").read_text(encoding="utf-8"))
# Thresholds of the Jakarta charter: of two encodings, and of one alone.
ENCODING_PPM, ALONE_PPM = 585_000, 610_000


def candidate_pairs(data: Febrl) -> Any:
    """Padan's candidate pairs of plain CLKs, from the lowest threshold on."""
    clks = [padan.encode_plain(rows, "febrl4", SECRET) for rows in data.normalised()]
    return padan.compare(*clks, threshold=LOWEST)


def chosen_threshold(data: Febrl, pairs: Any) -> float:
    """The lowest hundredth with at most one expected wrong pair in a hundred."""
    steps = [step / 100 for step in range(round(100 * LOWEST), 101)]
    expected = padan.expected_false(pairs, *data.normalised(), number="number", thresholds=steps)
    return float(expected.threshold[expected.share <= MOST_FALSE].iloc[0])


def clkhash_with_anonlink(data: Febrl, threshold: float) -> Any:
    """The pairs of clkhash's own CLKs, anonlink's search and anonlink's solver."""
    from anonlink.candidate_generation import find_candidate_pairs
    from anonlink.similarities import dice_coefficient_accelerated
    from anonlink.solving import greedy_solve

    sides = [_clkhash(rows) for rows in data.normalised()]
    if len(sides) > 1:
        found = find_candidate_pairs(sides, dice_coefficient_accelerated, threshold)
    else:
        similarity, (left, right) = dice_coefficient_accelerated((sides[0], sides[0]), threshold)
        kept = [each for each in zip(similarity, left, right, strict=True) if each[1] < each[2]]
        zeros = array("I", bytes(4 * len(kept)))
        ends = array("I", [a for _, a, _ in kept]), array("I", [b for _, _, b in kept])
        found = array("d", [each for each, _, _ in kept]), (zeros, zeros), ends
    groups = [sorted(group) for group in greedy_solve(found)]
    flat = [(at, *record) for at, group in enumerate(groups) for record in group]
    return pd.DataFrame(flat, columns=["group", "dataset", "row"], dtype="int64")


def _clkhash(rows: Any) -> list[bitarray]:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    schema = from_json_dict(SCHEMA)
    names = [feature["identifier"] for feature in SCHEMA["features"]]
    cells = list(rows[names].itertuples(index=False, name=None))
    return list(generate_clks(cells, schema, SECRET))


def hardened_pairs(data: Febrl) -> Any:
    """Pairs by profile compound-2, by the charter's own thresholds."""
    charter = hardened_charter()
    rows = [padan.normalise(each, charter) for each in data.lists]
    return padan.compare(
        *(padan.encode_hardened(each, charter, SECRET) for each in rows), charter=charter
    )


def hardened_charter() -> Charter:
    """The FEBRL how-to's charter with compound-2; rounds and thresholds as Jakarta has them."""
    text = (ROOT / "docs" / "how-to" / "febrl4" / "charter.yaml").read_text(encoding="utf-8")
    text = text.replace("@TODAY@", "2026-01-01").replace("@NEXT_YEAR@", "2027-12-31")
    text = re.sub("@(TERMS|ASSESSED)@", "00" * 32, text.replace("@RULES@", ruleset_digest()))
    tree = yaml.safe_load(text)
    encodings = yaml.safe_load((HERE / "encodings.yaml").read_text(encoding="utf-8"))
    for field in tree["fields"]:
        if field["name"] in ("given-name", "surname"):
            field["kind"] = "name"
    tree["encoding"] |= {"profile": "compound-2", "encodings": encodings}
    names = [each["name"] for each in encodings]
    tree["matching"] |= {
        "thresholds_ppm": dict.fromkeys(names, ENCODING_PPM),
        "alone_ppm": dict.fromkeys(names, ALONE_PPM),
    }
    return parse_charter(json.dumps(tree, default=str).encode())
