"""CLKs a second, beside clkhash, on the shipped Indonesian schema, in one process."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from encoder.clk import ClkEncoder
from encoder.normalise.names import name
from encoder.synthetic import population
from tests.benchmarks.figures import Figure, faster, seconds

SCHEMA = Path(__file__).parents[2] / "encoder" / "schemas" / "padan-id-1.json"
SECRET = b"benchmark secret of thirty-two b"
_RECORDS = 20_000
_PEER_RECORDS = 2_000

Record = tuple[str, ...]


def records(count: int, seed: int) -> list[Record]:
    """Normalised records of synthetic residents, in the schema's order."""
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


def run() -> list[Figure]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    rows = records(_RECORDS, seed=1)
    took = seconds(
        {
            "ours": lambda: _encode(schema, rows),
            "peer": lambda: _clkhash(schema, rows[:_PEER_RECORDS]),
        }
    )
    rates = {"ours": _RECORDS / took["ours"], "peer": _PEER_RECORDS / took["peer"]}
    return [faster("CLK encoding", "records/s", "clkhash 0.17", rates)]


def _encode(schema: dict[str, object], rows: list[Record]) -> None:
    encoder = ClkEncoder(schema, SECRET)
    encoder.encode(dict(zip(encoder.identifiers, zip(*rows, strict=True), strict=True)))


def _clkhash(schema: dict[str, object], rows: list[Record]) -> None:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    generate_clks(rows, from_json_dict(schema), SECRET, validate=False, max_workers=1)
