"""A stored result that is not what the run found is never staged: it is computed again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from linkage_service.matching import Groups
from linkage_service.release import staging
from linkage_service.runs.outcome import Flags
from linkage_service.runs.results import Results
from linkage_service.storage.blobs import DIGEST_BYTES, Blobs
from policy.base.canonical import sha256
from policy.base.errors import NotYet
from policy.gates.facts import release_facts
from tests.support.service import Town
from tests.support.stored_town import RUN, town_at

PERSONS = {"regsosek": range(60), "dtks": range(20, 80), "carik": range(10, 70)}
PART = "groups-semua.npy"
Damage = Callable[[bytes], bytes]


@contextmanager
def requested(folder: Path) -> Iterator[Town]:
    town = town_at("matched", folder, persons=PERSONS)
    with town.serving():
        town.request("rilis", RUN, "semua")
        yield town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with requested(tmp_path_factory.mktemp("town")) as town:
        yield town


def folder(town: Town) -> Path:
    return town.settings().blobs / town.project_id / "runs" / RUN


def exchanged(stored: bytes) -> bytes:
    """Two people of one list have changed places: the table stays a table."""
    table = np.load(io.BytesIO(stored))
    one, other = np.flatnonzero(table[0] == 0)[:2]
    table[1][[one, other]] = table[1][[other, one]]
    buffer = io.BytesIO()
    np.save(buffer, table)
    return buffer.getvalue()


def flipped(stored: bytes) -> bytes:
    return stored[:-1] + bytes([stored[-1] ^ 1])


def rewrite(town: Town, damage: Damage, *, listed: bool) -> None:
    """Damage the stored groups; `listed`: every digest of the store is made to fit them."""
    part, blobs = folder(town) / PART, Blobs.in_folder(town.settings().blobs)
    changed = damage(part.read_bytes()[DIGEST_BYTES:])
    if not listed:
        part.write_bytes(part.read_bytes()[:DIGEST_BYTES] + changed)
        return
    place = f"{town.project_id}/runs/{RUN}"
    digests = json.loads(blobs.get(f"{place}/digests")) | {PART: sha256(changed)}
    for name, content in ((PART, changed), ("digests", json.dumps(digests).encode())):
        blobs.delete(f"{place}/{name}")
        blobs.put(f"{place}/{name}", content)


def empty(_: bytes) -> bytes:
    return b""


def shortened(stored: bytes) -> bytes:
    return stored[:-100]


@pytest.mark.parametrize(
    ("damage", "listed"),
    [
        (exchanged, False),
        (exchanged, True),
        (flipped, False),
        (flipped, True),
        (empty, False),
        (empty, True),
        (shortened, True),
    ],
)
def test_a_damaged_result_is_computed_again(town: Town, damage: Damage, listed: bool) -> None:
    whole = (folder(town) / PART).read_bytes()
    rewrite(town, damage, listed=listed)
    with pytest.raises(NotYet) as refused:
        town.stage("rilis")
    assert refused.value.code == "run.result-damaged"
    assert town.wait(RUN, lambda s: s["state"] == "done")["state"] == "done"
    assert (folder(town) / PART).read_bytes() == whole
    assert town.synced("auditor").project.release("rilis").stage is None


def test_a_lost_result_is_computed_again_by_start(town: Town) -> None:
    whole = (folder(town) / PART).read_bytes()
    (folder(town) / PART).unlink()
    assert town.start(RUN)["state"] == "running"
    assert town.wait(RUN, lambda s: s["state"] == "done")["state"] == "done"
    assert (folder(town) / PART).read_bytes() == whole
    assert town.start(RUN)["state"] == "done", "a whole result is left alone"


def test_a_result_that_is_another_one_now_is_never_done(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if tiles were exchanged as well: now the run finds something else than the log says."""
    keep = Results.keep_domain

    def fewer(own: Results, domain: str, groups: Groups, verify: Flags) -> None:
        stay = np.arange(groups.count) > 0
        keep(own, domain, groups.only(stay), verify[stay])

    monkeypatch.setattr(Results, "keep_domain", fewer)
    rewrite(town, flipped, listed=False)
    with pytest.raises(NotYet):
        town.stage("rilis")
    state = town.wait(RUN, lambda s: s["state"] == "done")
    assert (state["state"], state["error"]) == ("failed", "run.result-differs")
    monkeypatch.undo()
    town.start(RUN)
    assert town.wait(RUN, lambda s: s["state"] == "done")["state"] == "done"


def test_earlier_builds_staged_what_was_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without both checks a release is made of an exchanged row."""
    monkeypatch.setattr(
        staging,
        "as_logged",
        lambda _charter, order, _finished, _handles, stored: stored.domains(order.domains),
    )
    with requested(tmp_path) as town:
        rewrite(town, exchanged, listed=True)
        staged = town.stage("rilis")
        assert staged.files
        facts = release_facts(town.synced("auditor").open_facts(staged.facts))
        assert facts.domains["semua"].groups
