"""The synthetic Jakarta against the figures it is calibrated on (domain facts, section 3.1)."""

from __future__ import annotations

from collections import Counter

import pytest

from encoder.normalise import normalise_column
from encoder.synthetic import Person, population
from encoder.synthetic.names import seeds
from encoder.synthetic.places import KELURAHAN, REGIONS
from encoder.synthetic.published_records import published_records
from policy.charter import FieldKind

SAMPLE = 12_950
KINDS: dict[str, FieldKind] = {
    "nama": "name",
    "lahir": "date",
    "jk": "sex",
    "kelurahan": "text",
    "nik": "nik",
}


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return population(SAMPLE, 1)


def share(people: list[Person], found: int) -> float:
    return found / len(people)


def test_as_many_people_share_a_name_as_in_life(people: list[Person]) -> None:
    """13.7 % of 12,950 voters: with too few names every linkage looks harder than it is."""
    names = Counter(person.name for person in people)
    assert 0.11 < share(people, sum(n for n in names.values() if n > 1)) < 0.20
    assert max(names.values()) <= 40
    assert max(map(len, names)) <= 36


def test_common_names_initials_and_old_spelling(people: list[Person]) -> None:
    words = Counter(word for person in people for word in set(person.name.split()))
    assert 0.013 < share(people, words["MUHAMMAD"]) < 0.033
    assert 0.010 < share(people, words["SITI"]) < 0.030
    initials = sum(any(len(w) == 1 for w in p.name.split()) for p in people)
    assert 0.04 < share(people, initials) < 0.09
    old = sum(any(m in p.name for m in ("OE", "TJ", "DJ", "SJ", "NJ", "CH")) for p in people)
    assert 0.04 < share(people, old) < 0.11


def test_seed_lists_are_large_and_without_repeats() -> None:
    lists = seeds()
    for sex in ("male", "female"):
        given = {name for names in lists[sex].values() for name in names}
        assert len(given) >= 400
    assert len(set(lists["marga"])) >= 60


def test_the_kelurahan_are_jakartas() -> None:
    assert len(set(KELURAHAN)) == len(KELURAHAN) == 267
    assert [region.code for region in REGIONS] == ["3101", "3171", "3172", "3173", "3174", "3175"]


def test_published_records_put_every_rule_to_the_test() -> None:
    raw = published_records(KINDS)
    flags = {
        rule
        for name, kind in KINDS.items()
        for _, rule in normalise_column(name, kind, raw[name]).doubts
    }
    assert {"DATE_SWAPPED", "DATE_PLACEHOLDER", "DATE_RANGE", "SEX_UNREADABLE"} <= flags
    assert {"NIK_FORMAT", "NIK_SCI", "NIK_FILLER", "NIK_TEMP", "NIK_DATE"} <= flags
    for name, kind in KINDS.items():
        cleaned = next(iter(normalise_column(name, kind, raw[name]).columns.values()))
        assert sum(a != b for a, b in zip(raw[name], cleaned, strict=True)) >= 5
