"""The judgements of readiness: each fault is told apart from a part that works."""

from __future__ import annotations

import pytest

from linkage_service.readiness import Lately, PartCheck, checks, is_ready

NOW = 1_798_761_600
GOOD = {
    "database": lambda: checks.database("0009", "0009"),
    "store": lambda: checks.store("same", True),
    "keystore": lambda: checks.keystore(3, 0, 0),
    "roster": lambda: checks.roster(known=True, same_keys=True, valid=True),
    "clock": lambda: checks.clock(NOW, {"bps": NOW - 60, "dinsos": NOW + 200}),
    "disk": lambda: checks.disk({"store": 2**30, "scratch": 2**30}, 2**29),
    "logs": lambda: checks.logs(0),
}
BAD = {
    "database-away": checks.database(None, "0009"),
    "database-older": checks.database("0004", "0009"),
    "store-not-mounted": checks.store("missing", True),
    "store-of-another": checks.store("other", True),
    "store-unreachable": checks.store("unreachable", False),
    "store-read-only": checks.store("same", False),
    "key-missing": checks.keystore(3, 1, 0),
    "key-closed": checks.keystore(3, 0, 1),
    "roster-unknown": checks.roster(known=False, same_keys=False, valid=False),
    "roster-keys": checks.roster(known=True, same_keys=False, valid=True),
    "roster-expired": checks.roster(known=True, same_keys=True, valid=False),
    "clock-behind": checks.clock(NOW, {"bps": NOW + 301, "dinsos": NOW + 400}),
    "disk-full": checks.disk({"store": 2**30, "scratch": 2**28}, 2**29),
    "broken": checks.broken("store", OSError("/rahasia/3171910107900001")),
}


def test_a_working_service_is_ready() -> None:
    found = [each() for each in GOOD.values()]
    assert is_ready(found)
    assert [each.name for each in found] == list(GOOD)


def test_logs_that_wait_keep_nobody_from_giving_back() -> None:
    found = checks.logs(2)
    assert is_ready([found])
    assert found.waits
    assert "copies since a restore: 2" in found.words.en
    assert "give-back" in found.remedy.en


def test_a_store_to_which_nothing_was_written_says_so() -> None:
    found = checks.store("same", None)
    assert found.ok
    assert "not tried" in found.words.en
    assert not checks.store("missing", None).ok


@pytest.mark.parametrize("name", BAD)
def test_each_fault_is_told_with_a_remedy(name: str) -> None:
    check = BAD[name]
    assert not check.ok
    assert not is_ready([*(each() for each in GOOD.values()), check])
    for words in (check.words, check.remedy):
        assert words.id
        assert words.en
        assert words.id != words.en
    assert "3171910107900001" not in repr(check)
    assert set(check.as_json()) == {"name", "ok", "words", "remedy"}


def test_one_witness_alone_does_not_accuse_the_clock() -> None:
    assert checks.clock(NOW, {"bps": NOW + 86400}).ok


def test_who_asks_often_makes_the_service_look_once() -> None:
    looks: list[int] = []

    def look() -> list[PartCheck]:
        looks.append(1)
        return [checks.store("same", True)]

    lately = Lately(look)
    assert all(lately.checks() for _ in range(100))
    assert len(looks) == 1
