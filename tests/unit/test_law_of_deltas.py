"""What the law says of a delta, from the log alone."""

from __future__ import annotations

from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.errors import PadanError
from policy.project.row_counts import RowsChanged, change_since, rows_of
from policy.statements import Accepted, Delta, EncodingShape, Withdrawn
from tests.support.republic import Republic, charter_tree

ROWS = 1032


@pytest.fixture
def republic() -> Republic:
    republic = Republic().to("bundle")
    republic.witness()
    return republic


def delta(republic: Republic, **change: Any) -> Delta:
    """Of dtks: five come, two change, three go."""
    fields = republic.manifest("dtks").model_dump(exclude={"count"})
    standing = republic.project.commitments()["dtks"].digest
    counts = {"count": ROWS + 5 - 3, "added": 5, "changed": 2, "withdrawn": 3}
    named = {"replaces": standing, "left": sha256(b"left")}
    return Delta.model_validate({**fields, **counts, **named, **change})


def say(republic: Republic, body: Delta, sender: str = "dinsos") -> None:
    digest = republic.say(sender, body)
    republic.say("service", Accepted(at=republic.now, dataset="dtks", bundle=digest))
    republic.witness()


def withdraw(republic: Republic, count: int) -> None:
    body = Withdrawn(at=republic.now, dataset="dtks", handles=sha256(b"h"), count=count)
    republic.say("dinsos", body)


def refused(republic: Republic, body: Delta, sender: str = "dinsos") -> str:
    with pytest.raises(PadanError) as caught:
        republic.say(sender, body)
    return caught.value.code


def test_deltas_and_withdrawals_add_up(republic: Republic) -> None:
    bundle = republic.project.size
    say(republic, delta(republic))
    withdraw(republic, 4)
    before = republic.project.size
    say(republic, delta(republic, count=ROWS + 2 - 4 + 2, handle_root=sha256(b"next")))
    assert rows_of(republic.project, "dtks") == ROWS
    assert rows_of(republic.project.until(before), "dtks") == ROWS - 2
    assert change_since(republic.project, "dtks", bundle) == RowsChanged(added=14, gone=14)
    assert change_since(republic.project, "dtks", before) == RowsChanged(added=7, gone=5)
    assert change_since(republic.project, "regsosek", bundle) == RowsChanged(added=0, gone=0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"replaces": sha256(b"another")}, "project.replaces"),
        ({"count": ROWS + 3}, "project.delta-count"),
        ({"count": ROWS, "added": 0, "changed": 0, "withdrawn": 0}, "project.delta-count"),
        ({"terms": sha256(b"terms")}, "project.terms"),
        ({"rules": sha256(b"rules")}, "project.rules"),
        ({"row_bytes": 159}, "project.shape"),
        (
            {"encodings": (EncodingShape(name="utama", bits=512),), "row_bytes": 96},
            "project.shape",
        ),
    ],
)
def test_a_delta_that_does_not_fit(republic: Republic, change: dict[str, Any], code: str) -> None:
    assert refused(republic, delta(republic, **change)) == code


def test_a_delta_keeps_the_count_window() -> None:
    tree = charter_tree()
    for dataset in tree["datasets"]:
        dataset["rows_max"] = 1001
    republic = Republic(tree=tree).to("bundle")
    republic.witness()
    assert refused(republic, delta(republic)) == "project.count-window"


def test_only_the_owner_and_only_after_the_bundle_was_witnessed(republic: Republic) -> None:
    assert refused(republic, delta(republic), "bps") == "project.not-entitled"
    early = Republic().to("confirm")
    early.witness()
    body = delta(republic)
    assert refused(early, body) == "project.wait-bundle"
    unwitnessed = Republic().to("bundle")
    assert refused(unwitnessed, delta(unwitnessed)) == "project.wait-cosigned"


def test_of_two_deltas_after_one_bundle_the_second_comes_too_late(republic: Republic) -> None:
    late = delta(republic, handle_root=sha256(b"late"))
    say(republic, delta(republic))
    assert refused(republic, late) == "project.replaces"


def test_a_withdrawal_makes_a_delta_stale(republic: Republic) -> None:
    stale = delta(republic)
    withdraw(republic, 1)
    assert refused(republic, stale) == "project.delta-count"


def test_a_run_is_over_what_stood_when_it_was_ordered(republic: Republic) -> None:
    republic.order()
    republic.witness()
    stood = {name: e.digest for name, e in republic.project.commitments().items()}
    say(republic, delta(republic))
    now = {name: e.digest for name, e in republic.project.commitments().items()}
    assert now != stood
    with pytest.raises(PadanError) as caught:
        republic.say("service", republic.run_finished(bundles=now), run="run-1")
    assert caught.value.code == "project.executed"
    republic.run_digest = republic.say("service", republic.run_finished(bundles=stood), run="run-1")
    republic.request()
    with pytest.raises(PadanError) as caught:
        republic.stage()
    assert caught.value.code == "project.stage-withdrawn", "it has to say that rows left"
    left = now["dtks"]
    republic.say("service", republic.staged(withdrawn=(left,)), run="rilis-1")


def test_a_result_stays_fit_where_rows_only_came(republic: Republic) -> None:
    republic.order()
    republic.run()
    say(republic, delta(republic, count=ROWS + 5, changed=0, withdrawn=0))
    republic.request()
    republic.stage()
