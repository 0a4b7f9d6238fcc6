"""The synthetic Jakarta against the figures it is calibrated on (domain facts, section 3.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from encoder.normalise import normalise_column
from encoder.synthetic import Person, population
from encoder.synthetic.errors import PROFILES, ProfileName, misrecord, operators
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


# Documented shares of records, from PROFILES, by the codes that truth.csv carries.
MEASURED = {
    "nik-missing": lambda p: p.nik_missing,
    "nik-strangers": lambda p: p.nik_strangers,
    "name-abbreviated": lambda p: p.abbreviated,
    "name-variant": lambda p: p.respelt,
    "name-words": lambda p: p.words_changed,
    "name-mistyped": lambda p: p.mistyped,
    "title": lambda p: p.title,
    "birth-missing": lambda p: p.birth_missing,
    "sex-missing": lambda p: p.sex_missing,
    "kk": lambda p: p.kk_missing,
    "moved": lambda p: p.moved,
}


@pytest.mark.parametrize("profile", ["A", "B", "C"])
def test_a_profile_errs_as_often_as_documented(people: list[Person], profile: ProfileName) -> None:
    """Clusters by record, operator and age leave the share of the whole as it is."""
    rng, typists = Random(3), operators("test", 1)
    counts: Counter[str] = Counter()
    wrong_dates = 0
    for at, person in enumerate(people):
        typist = typists[at % len(typists)]
        entry = misrecord(rng, person, PROFILES[profile], people, typist)
        counts.update(entry.errors)
        wrong_dates += any(e.startswith("birth-") and e != "birth-missing" for e in entry.errors)
    rates = {code: of(PROFILES[profile]) for code, of in MEASURED.items()}
    rates["birth-wrong"] = PROFILES[profile].birth_wrong
    counts["birth-wrong"] = wrong_dates
    for code, rate in rates.items():
        # Four standard errors, widened for the clustering, and a little for the caps.
        allowed = 4 * (2 * rate / len(people)) ** 0.5 + 0.12 * rate
        assert abs(counts[code] / len(people) - rate) <= allowed, code


def test_the_homeless_err_most_on_a_street_list(people: list[Person]) -> None:
    rng, typist = Random(3), operators("test", 1)[0]
    someone = next(person for person in people if person.nik)
    homeless = replace(someone, homeless=True)
    missing = [
        sum(
            "nik-missing"
            in misrecord(rng, who, PROFILES["C"], people, typist, street_list=True).errors
            for _ in range(800)
        )
        for who in (someone, homeless)
    ]
    assert missing[1] > 2 * missing[0]


def test_published_records_put_every_rule_to_the_test() -> None:
    raw = published_records(KINDS)
    flags = {
        flag
        for name, kind in KINDS.items()
        for flag in normalise_column(name, kind, raw[name]).flags
    }
    assert {"DATE_SWAPPED", "DATE_PLACEHOLDER", "DATE_RANGE", "SEX_UNREADABLE"} <= flags
    assert {"NIK_EMPTY", "NIK_FORMAT", "NIK_SCI", "NIK_FILLER", "NIK_TEMP", "NIK_DATE"} <= flags
    for name, kind in KINDS.items():
        cleaned = next(iter(normalise_column(name, kind, raw[name]).columns.values()))
        assert sum(a != b for a, b in zip(raw[name], cleaned, strict=True)) >= 5
