"""Deltas and withdrawals that are not what they say, made by hand, at a real service."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from linkage_service.intake.arrays import load_datasets
from linkage_service.intake.present_rows import handles_taken
from policy.base.canonical import canonical_json, sha256, unb64
from policy.base.errors import PadanError
from policy.statements import Delta, EpochOpened, Withdrawn
from tests.support.republic import charter_tree
from tests.support.service import (
    HANDLE_BYTES,
    ROW_BYTES,
    Town,
    bundle_binding,
    handle_root,
    make_rows,
    seal_rows,
)

OLD, STAYS = range(60, 200), range(63, 200)  # 60 to 62 leave
NEW = range(1000, 1004)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    tree = charter_tree()
    tree["budget"] |= {"runs": 9, "runs_each": 9}
    town = Town(tmp_path_factory.mktemp("town"), tree=tree)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.witness()
        yield town


def handles_in(rows: bytes) -> list[bytes]:
    return [rows[at : at + HANDLE_BYTES] for at in range(0, len(rows), ROW_BYTES)]


def standing(town: Town) -> bytes:
    """The rows of dtks after the honest delta."""
    rows = make_rows("dtks", STAYS) + make_rows("dtks", NEW)
    cut = [rows[at : at + ROW_BYTES] for at in range(0, len(rows), ROW_BYTES)]
    return b"".join(sorted(cut))


def post(
    town: Town,
    rows: bytes | None = None,
    left: list[bytes] | None = None,
    root: str | None = None,
    **change: Any,
) -> None:
    """An honest delta of dtks but for what is given."""
    session = town.synced("dinsos")
    rows = make_rows("dtks", NEW) if rows is None else rows
    left = handles_in(make_rows("dtks", range(60, 63))) if left is None else left
    root = root or handle_root(standing(town))
    document = canonical_json(sorted(handle.hex() for handle in left))
    binding = bundle_binding(session.project, "dtks", root)
    binding = binding.model_copy(update={"type": Delta.SEAL_TYPE})
    key = unb64(session.project.of(EpochOpened)[0].body.service_key)
    sealed = seal_rows(rows, key, binding, session.me.keys)
    town.send(session, sealed)
    session.put(f"/projects/{town.project_id}/blobs/{sha256(document)}", document)
    fields = town.manifest("dtks", sealed, handle_root=root).model_dump()
    counts = {"count": len(STAYS) + len(NEW), "added": len(NEW), "changed": 0, "withdrawn": 3}
    named = {
        "replaces": session.project.commitments()["dtks"].digest,
        "left": sha256(document),
    }
    session.say(Delta.model_validate({**fields, **counts, **named, **change}))


def withdraw(town: Town, handles: list[str], count: int | None = None, later: int = 0) -> None:
    session = town.synced("dinsos")
    document = canonical_json(handles)
    session.put(f"/projects/{town.project_id}/blobs/{sha256(document)}", document)
    named = count or len(handles)
    session.say(
        Withdrawn(
            at=int(time.time()) + later, dataset="dtks", handles=sha256(document), count=named
        )
    )


def refused(act: Any, *arguments: Any, **change: Any) -> str:
    with pytest.raises(PadanError) as caught:
        act(*arguments, **change)
    return caught.value.code


def test_rows_come_and_go_as_the_parties_signed_it(town: Town) -> None:
    """One story: each step goes on from the one before it."""
    what_no_honest_delta_says(town)
    what_no_honest_withdrawal_says(town)
    what_came_and_went_between_two_runs(town)
    a_release_sees_the_rows_of_a_run_as_the_run_numbered_them(town)


def what_no_honest_delta_says(town: Town) -> None:
    stranger = hashlib.sha256(b"nobody").digest()[:HANDLE_BYTES]
    again = make_rows("dtks", range(62, 63)) + make_rows("dtks", range(1000, 1003))
    again = b"".join(sorted(again[at : at + ROW_BYTES] for at in range(0, len(again), ROW_BYTES)))
    leaving = handles_in(make_rows("dtks", range(60, 63)))
    assert refused(post, town, left=[*leaving[:2], stranger]) == "bundle.unknown-row"
    assert refused(post, town, left=[*leaving[:2], leaving[0]]) == "bundle.withdrawn"
    assert refused(post, town, left=leaving[:2]) == "bundle.withdrawn"
    assert refused(post, town, rows=again) == "bundle.handle-again"
    assert refused(post, town, rows=make_rows("dtks", NEW)[:-ROW_BYTES]) == "bundle.count"
    other = handle_root(make_rows("dtks", OLD))
    assert refused(post, town, root=other) == "bundle.handle-root"
    assert len(town.synced("dinsos").project.deltas()) == 0


def what_no_honest_withdrawal_says(town: Town) -> None:
    row = handles_in(make_rows("dtks", range(70, 71)))[0].hex()
    stranger = hashlib.sha256(b"nobody").hexdigest()[: 2 * HANDLE_BYTES]
    assert refused(withdraw, town, [row, stranger]) == "bundle.unknown-row"
    assert refused(withdraw, town, [row, row]) == "bundle.withdrawn"
    assert refused(withdraw, town, [row], count=2) == "bundle.withdrawn"
    withdraw(town, [row])
    # The same bytes would be the same statement, which is in the log already.
    assert refused(withdraw, town, [row], later=1) == "bundle.unknown-row"
    # It made the rows others than the honest delta knows of.
    assert refused(post, town) == "bundle.handle-root"


def taken_by(town: Town, run: str) -> list[bytes]:
    """The handles of the rows of dtks that a run took."""
    project, intake = town.synced("auditor").project, town.service.intake
    handles = handles_taken(project, intake, project.run(run).order)["dtks"]
    return [handle.tobytes() for handle in handles]


def what_came_and_went_between_two_runs(town: Town) -> None:
    """After the withdrawal of one row above."""
    town.match("satu")
    rows = [
        r
        for r in handles_in(standing(town))
        if r not in handles_in(make_rows("dtks", range(70, 71)))
    ]
    root = handle_root(b"".join(row + bytes(ROW_BYTES - HANDLE_BYTES) for row in rows))
    post(town, root=root, count=len(rows))
    town.witness()
    town.match("dua")
    town.match("tiga")  # repeats it, and searches everything
    done = [town.run_state(run)["tiles_total"] for run in ("satu", "dua", "tiga")]
    assert done[1] < done[0] == done[2]
    first, second, third = (set(taken_by(town, run)) for run in ("satu", "dua", "tiga"))
    assert second - first == set(handles_in(make_rows("dtks", NEW)))
    assert first - second == set(handles_in(make_rows("dtks", range(60, 63))))
    assert third == second
    assert town.result("dua") == town.result("tiga") != town.result("satu")


def a_release_sees_the_rows_of_a_run_as_the_run_numbered_them(town: Town) -> None:
    """Before and after the withdrawal and the delta above; differences are counted by handle."""
    project, intake = town.synced("auditor").project, town.service.intake
    sizes = {}
    for run in ("satu", "tiga"):
        order = project.run(run).order
        rows = town.folder / f"rows-{run}"
        rows.mkdir()
        matched = load_datasets(project, intake, order, rows)
        seen = handles_taken(project, intake, order)
        assert tuple(seen) == matched.names
        for handles, name in zip(matched.handles, matched.names, strict=True):
            np.testing.assert_array_equal(seen[name], handles)
        sizes[run] = len(seen["dtks"])
    assert (sizes["satu"], sizes["tiga"]) == (len(OLD) - 1, len(STAYS) - 1 + len(NEW))
