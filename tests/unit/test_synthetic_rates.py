"""The synthetic Jakarta has the error rates that its datasheet documents."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from encoder.cli import app
from encoder.normalise import normalise_column
from encoder.synthetic import (
    SOURCES,
    MeasuredRate,
    Person,
    measured_rates,
    population,
    write_sources,
)
from encoder.synthetic.care import MUHAMMAD, either, factor, operators
from encoder.synthetic.errors import SyntheticEntry
from encoder.synthetic.listed import records
from encoder.synthetic.rates import RATES
from tests.support.thorough import how_many

PERSONS, SEED = 15_000, 11
DATASHEET = Path(__file__).parents[2] / "docs" / "reference" / "synthetic-data.md"


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return population(PERSONS, SEED)


def entries(
    people: list[Person], name: str, share: float | None = None
) -> Iterator[tuple[Person, SyntheticEntry]]:
    source = SOURCES[name] if share is None else replace(SOURCES[name], share=share)
    for _, person, entry in records(source, people, 0, SEED):
        yield person, entry


def deviations(measured: tuple[MeasuredRate, ...]) -> list[tuple[str, str, float, float]]:
    return [(m.source, m.rate.name, m.documented, m.measured) for m in measured if not m.holds]


def test_measured_rates_are_the_documented_ones() -> None:
    measured = measured_rates(PERSONS, SEED, tuple(SOURCES))
    assert {each.source for each in measured} == set(SOURCES)
    assert not deviations(measured)


def test_a_source_of_another_profile_and_coverage_has_the_rates_of_that_profile() -> None:
    measured = measured_rates(PERSONS, SEED, ("dtks", "ppks"), {"dtks": "A"}, {"ppks": 0.5})
    assert not deviations(measured)
    found = {(each.source, each.rate.name): each for each in measured}
    assert found["dtks", "nik_missing"].measured < 0.01
    assert 0.45 < found["ppks", "nik_missing"].records / PERSONS < 0.55


def test_a_rate_that_is_off_is_noticed() -> None:
    """With C's records taken for B's, the frequent ones are."""
    as_b = [
        replace(each, documented=each.rate.of("B"))
        for each in measured_rates(PERSONS, SEED, ("dtks",))
    ]
    off = {rate for _, rate, _, _ in deviations(tuple(as_b))}
    assert off >= {"nik_missing", "nik_wrong", "kk_missing", "abbreviated", "birth_missing"}
    assert off >= {"birth_wrong", "sex_missing", "mother_missing", "moved", "rtrw_missing"}


def test_rates_stay_right_where_certainty_cuts_them_off() -> None:
    """A third of records: the worst would have an error three times over."""
    rare, often = 0.03, 0.30
    kinds = either(rare, often)
    cases = Counter[int]()
    typists = operators("test", 1)
    step = 40
    for typist in typists:
        for luck in range(step):
            for old in range(10):
                made = factor((luck + 0.5) / step, typist, old=old == 0, homeless=False)
                chance = min(0.97, kinds.scale * made)
                cases[0] += round(1e9 * chance * kinds.shares[0])
                cases[1] += round(1e9 * chance * (1 - kinds.shares[0]))
    number = len(typists) * step * 10 * 1e9
    assert cases[0] / number == pytest.approx(rare, rel=0.01)
    assert cases[1] / number == pytest.approx(often, rel=0.01)


def test_the_homeless_err_most_on_a_street_list(people: list[Person]) -> None:
    missing = []
    for homeless in (False, True):
        same = [replace(person, homeless=homeless) for person in people[:4000] if person.nik]
        found = [e for _, e in entries(same, "ppks", 0.5)]
        missing.append(sum("nik-missing" in e.errors for e in found) / len(found))
    assert missing[1] > 2 * missing[0]


def test_errors_come_together(people: list[Person]) -> None:
    """A record with a bad NIK has a bad name more often than others have."""
    bad: dict[bool, Counter[bool]] = {True: Counter(), False: Counter()}
    for person, entry in entries(people, "dtks"):
        if person.nik:
            codes = entry.errors
            nik = any(code.startswith("nik-") and code != "nik-second" for code in codes)
            bad[nik][any(code.startswith("name-") for code in codes)] += 1
    share = {nik: names[True] / names.total() for nik, names in bad.items()}
    assert share[True] > 1.4 * share[False]


def test_one_operator_always_writes_muhammad_alike(people: list[Person]) -> None:
    habits = defaultdict(set)
    namesakes = [
        replace(person, name=f"MUHAMMAD {person.name}", kelurahan="KLENDER", region="3175")
        for person in people
    ]
    for person, entry in entries(namesakes, "dtks"):
        if "name-abbreviated" in entry.errors:
            first = entry.name.split()[0]
            if first in MUHAMMAD:
                habits[person.kelurahan, person.rw].add(first)
    assert len(set().union(*habits.values())) >= 3
    assert len(habits) == 12
    assert all(len(written) == 1 for written in habits.values())


# Shares of records: NIK as in truth, name as in truth after normalising.
@pytest.mark.parametrize(
    ("source", "nik", "name"),
    [("dtsen", 0.99, 0.99), ("regsosek", 0.935, 0.93), ("dtks", 0.76, 0.86)],
)
def test_niks_and_names_agree_with_the_truth_as_often_as_documented(
    people: list[Person], source: str, nik: float, name: float
) -> None:
    pairs = list(entries(people, source))
    written, true = (
        normalise_column("nama", "name", names).columns["nama"]
        for names in ([e.name for _, e in pairs], [p.name for p, _ in pairs])
    )
    same = sum(a == b for a, b in zip(written, true, strict=True))
    assert same / len(pairs) == pytest.approx(name, abs=0.02)
    exact = sum(bool(p.nik) and e.nik == p.nik for p, e in pairs)
    assert exact / len(pairs) == pytest.approx(nik, abs=0.025)


def test_nobody_born_since_april_2022_has_one_word(people: list[Person]) -> None:
    born = [person.name for person in people if person.birth >= date(2022, 4, 21)]
    assert len(born) > 500
    assert all(" " in name for name in born)


def test_the_same_mother_everywhere(people: list[Person]) -> None:
    mothers = defaultdict(set)
    for source in ("dtks", "ppks", "dtsen"):
        for person, entry in entries(people, source):
            if entry.mother and "mother-variant" not in entry.errors:
                mothers[person.number].add(entry.mother)
    assert max(map(len, mothers.values())) == 1
    children = [person for person in people if person.mother]
    names = {(person.household, person.name) for person in people if not person.male}
    assert len(children) > PERSONS / 5
    assert all((child.household, child.mother) in names for child in children)


def test_truth_details_tell_who_everyone_is(people: list[Person], tmp_path: Path) -> None:
    write_sources(tmp_path, PERSONS, SEED, ("ppks",), details=True)
    with (tmp_path / "people.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["person"]) for row in rows] == [person.number for person in people]
    for row, person in zip(rows, people, strict=True):
        assert row["name"] == person.name
        assert row["born"] == person.birth.isoformat()
        assert row["undocumented"] == str(int(not person.nik))
    flagged = {row["person"] for row in rows if row["deceased"] == "1"}
    with (tmp_path / "truth.csv").open(newline="", encoding="utf-8") as file:
        listed = [row for row in csv.DictReader(file) if "deceased" in row["errors"].split()]
    assert {row["person"] for row in listed} <= flagged


def test_a_tenth_of_a_list_of_the_street_is_homeless() -> None:
    people = population(how_many(100_000, default=40_000), 2)
    listed = [p for _, p, _ in records(SOURCES["ppks"], people, 0, 2)]
    assert sum(p.homeless for p in listed) / len(listed) == pytest.approx(0.10, abs=0.03)


def test_degrees_after_a_comma_survive_commas_between_columns(tmp_path: Path) -> None:
    write_sources(tmp_path, 5000, SEED, ("regsosek",))
    with (tmp_path / "regsosek.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert {len(row) for row in rows} == {len(header)}
    assert any(", S." in row[1] for row in rows)


@pytest.mark.thorough("unit/test_synthetic_sources.py::test_the_same_seed_gives_the_same_bytes")
def test_many_processes_write_what_one_would(tmp_path: Path) -> None:
    """Blocks are made anywhere; the first of two is that of a population of one."""
    write_sources(tmp_path / "two", 20_600, SEED, ("ppks",))
    write_sources(tmp_path / "one", 20_000, SEED, ("ppks",))
    two, one = ((tmp_path / each / "ppks.csv").read_bytes() for each in ("two", "one"))
    assert two.startswith(one)
    assert len(two) > len(one)


def test_the_datasheet_documents_these_rates() -> None:
    text = DATASHEET.read_text("utf-8")
    for rate in RATES:
        documented = " | ".join(f"{share * 100:.3g}" for share in (rate.a, rate.b, rate.c))
        assert f"| {rate.says.en} | {documented} |" in text, rate.name


def test_the_command_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    run = CliRunner().invoke
    start = ["synth", str(tmp_path / "out"), "--persons", "50"]
    for wrong in (["--source", "dukcapil"], ["--profile", "dtks=D"], ["--share", "dtks=2"]):
        assert run(app, [*start, *wrong]).exit_code != 0
    assert not (tmp_path / "out").exists()
    good = ["--all", "--check", "--truth-details", "--profile", "dtks=A", "--share", "ppks=0.5"]
    assert run(app, [*start, *good]).exit_code == 0
    files = {file.stem for file in (tmp_path / "out").iterdir()}
    assert files == {*SOURCES, "truth", "people"}
