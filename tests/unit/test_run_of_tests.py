"""How the tests themselves are run: their order, and what they remember between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.support import order
from tests.support.order import LONG, shuffle
from tests.support.passphrases import RememberingArgon2id
from tests.support.programme import ROOT

CHEAP = {"length": 32, "iterations": 1, "lanes": 1, "memory_cost": 8}


@dataclass(frozen=True)
class Named:
    nodeid: str


def collected() -> list[Any]:
    modules = [f"tests/unit/test_{number}.py" for number in range(9)]
    modules += [f"tests/{name}" for name in reversed(LONG)]
    return [Named(f"{module}::test_{number}") for module in modules for number in range(5)]


def test_a_seed_gives_one_order_of_all_tests_and_another_seed_another() -> None:
    first = shuffle(collected(), "1")
    assert first == shuffle(collected(), "1")
    assert first != shuffle(collected(), "2")
    assert sorted(each.nodeid for each in first) == sorted(each.nodeid for each in collected())


def test_modules_keep_together_and_long_ones_start_first() -> None:
    found = [each.nodeid.partition("::")[0] for each in shuffle(collected(), "3")]
    modules = [module for module, _ in groupby(found)]
    assert len(modules) == len(set(modules))
    assert modules[: len(LONG)] == [f"tests/{name}" for name in LONG]


def test_the_tests_of_a_module_are_drawn_too() -> None:
    written: list[Any] = [Named(f"tests/others.py::test_{number}") for number in range(9)]
    assert shuffle(written, "5") != written


def test_in_reverse_each_test_comes_before_those_that_it_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(order.SEED, order.REVERSE)
    found = collected()
    order.pytest_collection_modifyitems(found)
    assert found == collected()[::-1]


def test_a_drawn_order_is_told_by_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(order.SEED, order.DRAW)
    order.pytest_configure()
    name, _, seed = order.pytest_report_header().rpartition("=")
    assert name.endswith(order.SEED)
    drawn = collected()
    order.pytest_collection_modifyitems(drawn)
    assert drawn == shuffle(collected(), str(int(seed)))


def test_each_long_module_is_there() -> None:
    assert not [name for name in LONG if not (ROOT / "tests" / name).is_file()]


@pytest.mark.parametrize("passphrase", [b"satu", b"dua"])
@pytest.mark.parametrize("salt", [b"1" * 16, b"2" * 16])
@pytest.mark.parametrize("cost", [{}, {"iterations": 2}])
def test_a_remembered_key_is_that_of_its_passphrase_salt_and_cost(
    passphrase: bytes, salt: bytes, cost: dict[str, int]
) -> None:
    asked = {**CHEAP, **cost, "salt": salt}
    derived = Argon2id(**asked).derive(passphrase)
    for _ in range(2):
        assert RememberingArgon2id(**asked).derive(passphrase) == derived
