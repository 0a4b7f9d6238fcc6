"""People who contradict each other go to review; typing errors and missing values do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.benchmarks.quality.methods import charter_without_codes
from tests.support.pairs import CERTAIN, REVIEW, Entry, judged

RINA = Entry()
RINI = replace(RINA, nama="RINI WULANDARI", lahir="02-11-1994", nik="3175994211940001")
TWIN = replace(RINA, nama="RINI WULANDARI", nik="3175995403900002")
RIZKI = replace(RINA, nama="MUHAMMAD RIZKI", jk="L", nik="3175991403900001")
NAMESAKE = replace(
    RINA, lahir="02-11-1974", nik="3175984211740001", kk="3175992008190001", ibu="ROHANI"
)
MOTHER = Entry(nama="SITI AMINAH", lahir="14-03-1996", nik="3175995403960001", ibu="ROHANI")
BABY = replace(MOTHER, nama="BAYI NY SITI AMINAH", lahir="02-05-2025", jk="L", ibu="SITI AMINAH")
NO_NUMBERS = {"nik": "", "kk": ""}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(RINA, TWIN, id="twins"),
        pytest.param(RINA, replace(TWIN, lahir=""), id="twins, one date missing"),
        pytest.param(
            RIZKI,
            replace(RIZKI, nama="MUHAMMAD RIZKA", jk="P", nik="3175995403900001"),
            id="brother and sister",
        ),
        pytest.param(
            replace(RIZKI, nik=""),
            replace(RIZKI, nama="MUHAMMAD RIZKA", jk="P", nik=""),
            id="by sex alone",
        ),
        pytest.param(RINA, RINI, id="siblings"),
        pytest.param(replace(RINA, nik=""), RINI, id="siblings, by dates"),
        pytest.param(replace(RINA, nik=""), replace(RINI, nik=""), id="siblings without NIK"),
        pytest.param(RINA, replace(RINI, lahir=""), id="siblings, one date missing"),
        pytest.param(
            replace(RINA, nik=""), replace(RINI, lahir="", jk=""), id="a date from the NIK alone"
        ),
        pytest.param(RINA, NAMESAKE, id="namesakes of one RT"),
        pytest.param(
            replace(RINA, lahir="", ibu=""), replace(NAMESAKE, lahir=""), id="by NIK alone"
        ),
        pytest.param(replace(RINA, nik=""), replace(NAMESAKE, kk=""), id="namesakes, by dates"),
        pytest.param(MOTHER, BABY, id="baby with the mother's NIK"),
        pytest.param(MOTHER, replace(BABY, nik=""), id="baby on the mother's card"),
        pytest.param(
            MOTHER, replace(BABY, nik="", lahir="", jk=""), id="a newborn by the name alone"
        ),
        pytest.param(
            MOTHER, replace(BABY, nama="SITI AMINATUN"), id="a named baby with the mother's NIK"
        ),
    ],
)
def test_who_contradicts_goes_to_review_from_either_side(one: Entry, other: Entry) -> None:
    assert judged(one, other) == REVIEW
    assert judged(other, one) == REVIEW


@pytest.mark.parametrize(
    ("one", "other"),
    [(RINA, TWIN), (RINA, NAMESAKE), (MOTHER, BABY)],
    ids=["twins", "namesakes", "baby"],
)
def test_encodings_without_codes_accept_them(one: Entry, other: Entry) -> None:
    assert judged(one, other, charter_without_codes()) == CERTAIN


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(RINA, id="the same"),
        pytest.param(replace(RINA, nik=""), id="NIK missing"),
        pytest.param(replace(RINA, lahir=""), id="date missing"),
        pytest.param(replace(RINA, jk=""), id="sex missing"),
        pytest.param(replace(RINA, lahir="03-14-1990"), id="day and month"),
        pytest.param(replace(RINA, nik="3175995403900007"), id="a wrong digit at the end"),
        pytest.param(replace(RINA, nik="3175995403930001"), id="a wrong digit in the year"),
        pytest.param(replace(RINA, nik="3175995304900001"), id="two digits exchanged"),
        pytest.param(replace(RINA, nik="3174991503600004"), id="the husband's NIK"),
        pytest.param(replace(RINA, nik="3174991503600004", lahir=""), id="the same, undated"),
        pytest.param(replace(RINA, jk="L"), id="sex wrong"),
        pytest.param(replace(RINA, lahir="14-03-1991", nik=""), id="year wrong"),
        pytest.param(replace(RINA, lahir="", nik="", jk=""), id="nearly nothing"),
    ],
)
def test_errors_and_missing_values_contradict_nobody(other: Entry) -> None:
    for left, right in ((RINA, other), (other, RINA)):
        assert judged(left, right) == CERTAIN


def test_a_date_that_is_wrong_by_days_may_cross_the_year() -> None:
    one = replace(RINA, lahir="30-12-1989", nik="")
    assert judged(one, replace(one, lahir="09-01-1990")) == CERTAIN


def test_who_has_no_number_in_either_list_is_found_as_before() -> None:
    for charter in (None, charter_without_codes()):
        bare = replace(RINA, **NO_NUMBERS)
        assert judged(bare, bare, charter) == CERTAIN


def test_a_code_confirms_what_an_encoding_alone_would_not() -> None:
    """Own and mother's name sound the same, and the date of birth differs in one part."""
    one = replace(RINA, nama="RINA WULANDARI", kelurahan="", rtrw="", **NO_NUMBERS)
    other = replace(one, nama="RINNA WULANDARIE", lahir="19-03-1990")
    assert judged(one, other) == CERTAIN
    assert judged(one, replace(other, lahir="02-11-1990")) != CERTAIN
