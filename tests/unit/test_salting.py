"""Salts of compound-2: which rows share one, and which dates are nobody's."""

from __future__ import annotations

import numpy as np
import pytest

from encoder.encoding.hardening.placeholders import is_placeholder, placeholders
from encoder.encoding.hardening.salting import ChainedSalt, SaltValues
from encoder.encoding.hardening.votes import Words

VALUES = SaltValues(b"v" * 32)
DATE = ("lahir.year", "lahir.month", "lahir.day")


def salts(rows: list[tuple[str, str, str, str, str]]) -> tuple[Words, list[bool]]:
    columns = dict(
        zip((*DATE, "nama.head", "nama.tail"), map(list, zip(*rows, strict=True)), strict=True)
    )
    own = np.arange(1, len(rows) + 1, dtype=np.uint64)
    salting = ChainedSalt(DATE, ("nama.head",), ("nama.tail",), VALUES)
    found = salting.salts(columns, own, b"k" * 32)
    return found.numbers, found.lacking.tolist()


def test_who_shares_date_and_beginning_shares_a_salt_whatever_the_end() -> None:
    numbers, lacking = salts(
        [
            ("1985", "6", "2", "MD", "WAR"),
            ("1985", "6", "2", "MD", "NUR"),
            ("1985", "6", "2", "ST", "WAR"),
        ]
    )
    assert numbers[0] == numbers[1] != numbers[2]
    assert not any(lacking)


def test_on_a_placeholder_date_the_end_must_agree_too() -> None:
    numbers, lacking = salts(
        [
            ("1985", "7", "1", "MD", "WAR"),
            ("1985", "7", "1", "MD", "NUR"),
            ("1985", "7", "1", "MD", "WAR"),
        ]
    )
    assert numbers[0] == numbers[2] != numbers[1]
    assert not any(lacking)


def test_who_lacks_a_value_has_a_number_of_its_own() -> None:
    numbers, lacking = salts(
        [("1985", "6", "2", "", "WAR"), ("", "", "", "MD", "WAR"), ("1985", "7", "1", "MD", "")]
    )
    assert numbers.tolist() == [1, 2, 3]
    assert lacking == [True, True, True]


@pytest.mark.parametrize(
    ("day", "month", "year", "known"),
    [
        ("1", "1", "1970", True),
        ("1", "7", "1970", True),
        ("31", "12", "1970", True),
        ("17", "8", "1945", True),
        ("17", "8", "1970", False),
        ("2", "7", "1970", False),
    ],
)
def test_placeholder_dates(day: str, month: str, year: str, known: bool) -> None:
    assert is_placeholder(day, month, year) is known
    for more in (0, 40):
        front = f"317599{int(day) + more:02d}{int(month):02d}{year[2:]}"
        assert placeholders({"nik.front": [front, ""]}, ("nik.front",)).tolist() == [known, False]


def test_numbers_do_not_depend_on_the_batch_or_run_columns_together() -> None:
    one = salts([("1985", "6", "2", "MD", "WAR")])[0]
    many = salts([("1990", "1", "2", "ST", "NUR"), ("1985", "6", "2", "MD", "WAR")])[0]
    assert one[0] == many[1]
    other = salts([("1985", "2", "6", "MD", "WAR")])[0]
    assert one[0] != other[0]
