"""CLKs a second, beside clkhash, on the shipped Indonesian schema, in one process."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from encoder.encoding.clk import ClkEncoder
from encoder.normalise.names import name
from encoder.synthetic import population
from tests.benchmarks.figures import Figure, faster, seconds

SCHEMA = Path(__file__).parents[2] / "encoder" / "schemas" / "padan-id-1.json"
SECRET = b"benchmark secret of thirty-two b"
RECORDS = 50_000
PEER_RECORDS = 2_000

Record = tuple[str, ...]


def run() -> list[Figure]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    rows = records(RECORDS, seed=1)
    encoded = ours(schema, rows[:PEER_RECORDS])
    assert encoded == b"".join(clk.tobytes() for clk in clkhash(schema, rows[:PEER_RECORDS]))
    took = seconds(
        {
            "ours": lambda: ours(schema, rows),
            "peer": lambda: clkhash(schema, rows[:PEER_RECORDS]),
        }
    )
    rates = {"ours": RECORDS / took["ours"], "peer": PEER_RECORDS / took["peer"]}
    return [faster("CLK encoding, six fields", "records/s, one core", "clkhash 0.17", rates)]


def records(count: int, seed: int) -> list[Record]:
    """Normalised records of synthetic residents, in the schema's order.

    Names have one to five words, of which a few are very common and most are rare: 100 000
    residents have some 74 000 different names.
    """
    people = population(count, seed)
    Random(seed).shuffle(people)
    return [
        (
            name(p.name),
            str(p.birth.year),
            str(p.birth.month),
            str(p.birth.day),
            "M" if p.male else "F",
            p.kelurahan,
        )
        for p in people
    ]


def ours(schema: dict[str, Any], rows: list[Record]) -> bytes:
    """A new encoder each time: it has to read the schema and hash every token again."""
    encoder = ClkEncoder(schema, SECRET)
    columns = dict(zip(encoder.identifiers, zip(*rows, strict=True), strict=True))
    return encoder.encode(columns).tobytes()


def clkhash(schema: dict[str, Any], rows: list[Record]) -> list[Any]:
    """What its own command line does once it has read the file; one process as well."""
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    filters: list[Any] = generate_clks(rows, from_json_dict(schema), SECRET, max_workers=1)
    return filters
