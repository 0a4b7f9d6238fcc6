"""People withdrawn after a run are in no file of its release, which goes on without another run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from policy.base.canonical import canonical_json, sha256
from policy.base.errors import NotYet, Refused
from policy.gates.facts import release_facts
from policy.statements import ReleaseRequest, RunOrder, Withdrawn
from tests.integration.test_service_story import open_file, rows_of
from tests.support.service import HANDLE_BYTES, Town, handle_of
from tests.support.stored_town import town_at

RUN, RELEASE = "padan-1", "rilis-1"


def withdraw(town: Town, owner: str, dataset: str, persons: range) -> None:
    session = town.synced(owner)
    document = canonical_json(sorted(handle_of(dataset, who).hex() for who in persons))
    session.put(f"/projects/{town.project_id}/blobs/{sha256(document)}", document)
    session.say(
        Withdrawn(
            at=int(time.time()), dataset=dataset, handles=sha256(document), count=len(persons)
        )
    )
    town.witness()


def stored(town: Town) -> set[str]:
    folder = town.folder / "homes" / "service" / "service" / "blobs" / town.project_id / "releases"
    return {path.name for path in folder.iterdir()}


def test_a_release_shrinks_by_those_who_left(tmp_path: Path) -> None:
    town = town_at("matched", tmp_path)
    with town.serving():
        withdraw(town, "dppapp", "carik", range(20, 22))  # two, of whom regsosek has both
        town.request(RELEASE, RUN, "semua")
        first = town.stage(RELEASE)
        assert len(first.withdrawn) == 1
        town.approve(RELEASE, "bps-approver", "dppapp-approver")

        withdraw(town, "dinsos", "dtks", range(100, 102))  # two, whom all three lists have
        with pytest.raises(Refused) as changed:
            town.session("bps").get(
                f"/projects/{town.project_id}/releases/{RELEASE}/files/{first.files[0].ciphertext}"
            )
        assert changed.value.code == "release.not-released"
        second = town.stage(RELEASE)
        assert second.withdrawn[:1] == first.withdrawn
        assert len(second.withdrawn) == 2
        assert stored(town) == {file.ciphertext for file in second.files}, "the old files are gone"
        with pytest.raises(NotYet):
            town.decide(RELEASE)
        town.approve(RELEASE, "bps-approver", "dppapp-approver")
        assert town.decide(RELEASE)["verdict"] == "released"

        facts = town.synced("auditor").open_facts(second.facts)
        sizes = {
            name: each.matched + each.unmatched
            for name, each in release_facts(facts).domains["semua"].datasets.items()
        }
        planted = town.charter.encoding.canaries.rows(0)
        gone = {"regsosek": 0, "dtks": 2, "carik": 2}
        assert sizes == {n: len(town.persons[n]) - gone[n] - planted for n in gone}
        project = town.synced("auditor").project
        assert len(project.of(RunOrder)) == len(project.of(ReleaseRequest)) == 1

        who = {name: set(persons) for name, persons in town.persons.items()}
        who["carik"] -= set(range(20, 22))
        who["dtks"] -= set(range(100, 102))
        ids: dict[str, dict[bytes, bytes]] = {}
        for file in second.files:
            session = town.synced(file.recipient)
            path = f"/projects/{town.project_id}/releases/{RELEASE}/files/{file.ciphertext}"
            rows = rows_of(open_file(town, project, file, session.get(path), RELEASE))
            ids[file.dataset] = {row[:HANDLE_BYTES]: row[HANDLE_BYTES:32] for row in rows}
        for private in ("regsosek", "carik"):
            assert set(ids[private]) == {handle_of(private, p) for p in who[private]}
        learned = {handle_of("dtks", p) for p in who["dtks"] & (who["regsosek"] | who["carik"])}
        assert set(ids["dtks"]) == learned
        still = {handle_of("regsosek", p) for p in range(100, 102)}
        assert all(ids["regsosek"][h] not in ids["dtks"].values() for h in still), (
            "of two lists whose people were matched by three, one is not told of the other's row"
        )
