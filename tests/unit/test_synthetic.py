"""The synthetic Jakarta: repeatable, nobody's data, with the errors it promises."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from encoder.synthetic import population, write_sources
from encoder.synthetic.published_records import published_records, synthetic_raw
from policy.charter import FieldKind

KINDS: dict[str, FieldKind] = {
    "nama": "name",
    "lahir": "date",
    "jk": "sex",
    "nik": "nik",
    "kel": "text",
    "pos": "digits",
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    write_sources(folder, 6000, seed=7)
    return folder


def rows(folder: Path, name: str, delimiter: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_the_same_seed_gives_the_same_bytes(sources: Path, tmp_path: Path) -> None:
    write_sources(tmp_path, 6000, seed=7)
    for file in sources.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()
    write_sources(tmp_path, 6000, seed=8)
    assert (sources / "dtks.csv").read_bytes() != (tmp_path / "dtks.csv").read_bytes()


def test_no_nik_can_be_a_living_persons() -> None:
    people = population(5000, seed=3)
    niks = [person.nik for person in people if person.nik]
    assert len(niks) > 4500
    assert all(nik[4] == "9" and len(nik) == 16 for nik in niks)
    assert len(set(niks)) == len(niks)


def test_sources_differ_in_columns_and_size(sources: Path) -> None:
    shares = {
        "regsosek": (len(rows(sources, "regsosek", ",")), 0.97),
        "dtks": (len(rows(sources, "dtks", ";")), 0.36),
        "carik": (len(rows(sources, "carik", "|")), 0.86),
        "ppks": (len(rows(sources, "ppks", ",")), 0.015),
    }
    for name, (count, share) in shares.items():
        assert count / 6000 == pytest.approx(share, rel=0.25), name


def test_the_truth_names_every_record_once(sources: Path) -> None:
    truth = rows(sources, "truth", ",")
    records = [(row["source"], row["record_id"]) for row in truth]
    assert len(set(records)) == len(records)


def test_published_records_never_change() -> None:
    """Every encoder of this version must make the same cells, or confirmation fails."""
    cells = published_records(KINDS, 64)
    said = repr(sorted(cells.items())).encode()
    assert hashlib.sha256(said).hexdigest() == PUBLISHED


PUBLISHED = "37d099fb0ae54c3619244d56853530d9a2776294d95e0e6da55dec872785a6c9"


def test_canaries_follow_from_their_seed_alone() -> None:
    first = synthetic_raw(KINDS, b"s" * 32, 20)
    assert first == synthetic_raw(KINDS, b"s" * 32, 20)
    other = synthetic_raw(KINDS, b"t" * 32, 20)
    assert not set(first["nik"]) & set(other["nik"])
    assert all(nik[4] == "9" for nik in first["nik"])
