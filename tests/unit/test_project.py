"""A project is its log: what stands where, and what stood there before."""

from __future__ import annotations

import pytest

from policy.base.errors import Refused
from policy.statements import CharterBody, Confirmed, Received, Withdrawn
from tests.support.republic import Republic


def test_a_project_up_to_an_entry_does_not_see_what_came_later() -> None:
    republic = Republic().to("order")
    before = republic.project.until(republic.project.size)
    order = republic.project.run("run-1").order
    earlier = republic.project.until(order.index)
    republic.run()
    assert before.size > order.index
    assert before.run("run-1").finished is None
    assert before.run("run-1").order == order
    assert not earlier.run("run-1").is_ordered
    assert republic.project.run("run-1").finished is not None
    with pytest.raises(Refused):
        earlier.entry(order.digest)


def test_a_look_into_the_past_never_reaches_beyond_it() -> None:
    republic = Republic().to("charter")
    size = republic.project.size
    assert republic.project.until(size + 5).size == size
    assert republic.project.until(2).until(size).size == 2
    assert len(republic.project.until(2).of(CharterBody)) == 1


def test_withdrawals_are_those_between_two_entries() -> None:
    republic = Republic().to("bundle")
    start = republic.project.size
    for count in (1, 2, 3):
        body = Withdrawn(at=republic.now, dataset="regsosek", handles="a" * 64, count=count)
        republic.say("bps", body)
    assert [w.count for w in republic.project.withdrawals()] == [1, 2, 3]
    assert [w.count for w in republic.project.withdrawals(start + 1)] == [2, 3]
    assert [w.count for w in republic.project.withdrawals(start, start + 2)] == [1, 2]


def test_statements_are_found_by_kind_and_by_the_release_they_are_about() -> None:
    project = Republic().to("receipt").project
    for kind in (Confirmed, Received):
        assert [e.index for e in project.of(kind)] == [
            e.index for e in project.entries if isinstance(e.statement.body, kind)
        ]
    assert project.named(Received, "rilis-1") == project.of(Received)
    assert project.named(Received, "rilis-2") == []
