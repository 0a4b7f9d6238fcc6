"""The synthetic Jakarta: repeatable, safe, and as wrong as the sources are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from encoder.normalise import names as name_rules
from encoder.normalise import normalise_column
from encoder.source.mapping import load_mapping
from encoder.source.readers import read_rows
from encoder.synthetic import Person, population, write_sources
from encoder.synthetic.published_records import published_records, synthetic_raw
from policy.charter import FieldKind

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "jakarta"
KINDS: dict[str, FieldKind] = {
    "nama": "name",
    "lahir": "date",
    "jk": "sex",
    "kelurahan": "text",
    "nik": "nik",
}
PERSONS = 4000
SOURCES = ("regsosek", "dtks", "carik", "ppks")


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return population(PERSONS, 7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jakarta")
    write_sources(folder, PERSONS, 7)
    return folder


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, dict[str, int]]:
    persons: dict[str, dict[str, int]] = {source: {} for source in SOURCES}
    with (folder / "truth.csv").open() as file:
        for row in csv.DictReader(file):
            persons[row["source"]][row["record_id"]] = int(row["person"])
    return persons


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_sources(tmp_path, PERSONS, 7)
    for file in sorted(folder.iterdir()):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_another_seed_gives_other_people(people: list[Person]) -> None:
    assert [p.name for p in population(100, 8)] != [p.name for p in people[:100]]


def test_no_nik_can_be_a_living_persons(people: list[Person]) -> None:
    """Kecamatan 90 to 99 are assigned nowhere."""
    niks = [p.nik for p in people if p.nik]
    assert all(len(nik) == 16 and nik[4] == "9" for nik in niks)
    assert len(set(niks)) == len(niks)


def test_a_nik_carries_birth_and_sex(people: list[Person]) -> None:
    for person in people:
        if person.nik:
            day = person.birth.day + (0 if person.male else 40)
            assert person.nik[6:12] == f"{day:02d}{person.birth:%m%y}"


def test_names_have_the_shape_of_jakartas(people: list[Person]) -> None:
    words = Counter(len(p.name.split()) for p in people)
    share = {n: words[n] / len(people) for n in words}
    assert 0.18 < share[1] < 0.33
    assert 0.40 < share[2] < 0.58
    assert 0.13 < share[3] < 0.27


def test_households_have_about_three_people(people: list[Person]) -> None:
    assert 2.8 < len(people) / len({p.household for p in people}) < 3.5


def test_a_household_is_a_man_a_woman_and_children_of_other_names(people: list[Person]) -> None:
    """A namesake under one roof would be a trap for linkers that life does not set."""
    names = {(person.household, person.name) for person in people}
    assert len(names) == len(people)
    heads = {person.household: person for person in people if person.relation == 1}
    spouses = [person for person in people if person.relation == 2]
    assert len(spouses) > 0.4 * len(heads)
    assert all(each.male != heads[each.household].male for each in spouses)


@pytest.mark.parametrize(
    ("source", "share"), [("regsosek", 0.97), ("dtks", 0.35), ("carik", 0.85), ("ppks", 0.015)]
)
def test_each_source_has_its_share(
    truth: dict[str, dict[str, int]], source: str, share: float
) -> None:
    assert len(set(truth[source].values())) / PERSONS == pytest.approx(share, rel=0.25)


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_read_by_its_tutorial_mapping(
    folder: Path, truth: dict[str, dict[str, int]], source: str
) -> None:
    mapping = load_mapping(TUTORIAL / f"mapping-{source}.yaml")
    chunks = list(read_rows(folder / f"{source}.csv", mapping, KINDS, 1000))
    ids = [each for chunk in chunks for each in chunk.record_ids]
    assert not any(chunk.refused for chunk in chunks)
    assert sorted(ids) == sorted(truth[source])


RATES = {
    # no usable NIK, NIK as in truth, name differs after normalising
    "regsosek": ((0.03, 0.11), (0.86, 0.95), (0.03, 0.11)),
    "carik": ((0.03, 0.11), (0.86, 0.95), (0.03, 0.11)),
    "dtks": ((0.15, 0.28), (0.66, 0.82), (0.08, 0.20)),
}


@pytest.mark.parametrize("source", sorted(RATES))
def test_sources_are_as_wrong_as_their_profile(
    folder: Path,
    truth: dict[str, dict[str, int]],
    people: list[Person],
    source: str,
) -> None:
    mapping = load_mapping(TUTORIAL / f"mapping-{source}.yaml")
    found: Counter[str] = Counter()
    for chunk in read_rows(folder / f"{source}.csv", mapping, KINDS, 10_000):
        persons = [people[truth[source][each]] for each in chunk.record_ids]
        names = normal("nama", "name", chunk.columns["nama"])
        niks = normal("nik", "nik", chunk.columns["nik"])
        true_names = normal("nama", "name", [person.name for person in persons])
        for person, name, true_name, nik in zip(persons, names, true_names, niks, strict=True):
            found["rows"] += 1
            found["no nik"] += not nik
            found["nik"] += bool(nik) and nik == person.nik
            found["name"] += name != true_name
    measured = [found[key] / found["rows"] for key in ("no nik", "nik", "name")]
    for rate, (low, high) in zip(measured, RATES[source], strict=True):
        assert low < rate < high, measured


def normal(name: str, kind: FieldKind, cells: list[str]) -> list[str]:
    return normalise_column(name, kind, cells).columns[name]


def test_payload_columns_are_there_for_the_encoder_to_leave_alone(folder: Path) -> None:
    header = (folder / "regsosek.csv").read_text().splitlines()[0].split(",")
    mapped = load_mapping(TUTORIAL / "mapping-regsosek.yaml").source_columns()
    assert "desil_nasional" in set(header) - set(mapped)


def rows(columns: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    return list(zip(*columns.values(), strict=True))


def test_published_records_are_always_the_same() -> None:
    records = published_records(KINDS)
    assert records == published_records(KINDS, 64)
    assert {len(column) for column in records.values()} == {64}


def test_a_cell_does_not_depend_on_which_other_fields_there_are() -> None:
    alone = published_records({"nama": "name"})
    assert alone["nama"] == published_records(KINDS)["nama"]


def test_secret_records_follow_from_the_seed_alone() -> None:
    one, other = bytes(32), bytes([1]) * 32
    assert synthetic_raw(KINDS, one, 20) == synthetic_raw(KINDS, one, 20)
    assert not set(rows(synthetic_raw(KINDS, one, 20))) & set(rows(synthetic_raw(KINDS, other, 20)))
    assert rows(synthetic_raw(KINDS, one, 20))[:5] == rows(synthetic_raw(KINDS, one, 5))


def test_hardly_anybody_has_a_name_like_an_unheard_one() -> None:
    """Else a canary would match somebody by chance, and accuse an honest service."""
    people = [bigrams(each) for each in synthetic_raw({"n": "name"}, bytes(32), 2_000)["n"]]

    def alike(*, unheard: bool) -> int:
        found = synthetic_raw({"n": "name"}, bytes([7]) * 32, 150, unheard=unheard)["n"]
        return sum(dice(bigrams(each), person) >= 0.6 for each in found for person in people)

    assert 50 * alike(unheard=True) < alike(unheard=False)


def bigrams(cell: str) -> set[str]:
    padded = f" {name_rules.name(cell)} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


def dice(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right))


def test_secret_records_look_like_people() -> None:
    raw = synthetic_raw(KINDS, bytes(32), 200)
    for name, kind in KINDS.items():
        found = normalise_column(name, kind, raw[name])
        first = next(iter(found.columns.values()))
        assert all(first), name
    assert all(nik[4] == "9" for nik in raw["nik"])
