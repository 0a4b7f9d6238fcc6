"""Attributes through the real programs: approved, sealed, relayed, opened, listed, destroyed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import PROJECT, Answer, Programme, expect
from tests.support.transfers import column, permit

DOMAIN = "dtks-regsosek"
PERMIT = permit(
    columns=[column("desil_nasional"), column("miskin_ekstrem"), column("alamat", size=4)],
)


def tree_of(programme: Programme) -> dict[str, Any]:
    """The pair's two lists alone, with what BPS may send Dinsos."""
    tree = programme.charter_tree()
    tree["attributes"] = [PERMIT]
    return tree


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("attributes"), persons=900)
    programme.found()
    with programme.serving():
        programme.sign_charter(tree_of(programme))
        programme.agree()
        programme.upload()
        programme.match("padan-1")
        programme.release(
            "rilis-1", "padan-1", "bps-approver", "dppapp-approver", domains=(DOMAIN,)
        )
        programme.witness()
        for party in ("bps", "dinsos"):
            programme.run(party, "padan-encoder", "open", PROJECT, "rilis-1")
        yield programme


def encoder(programme: Programme, party: str, *arguments: str, code: int = 0) -> Answer:
    name, *more = arguments
    return programme.run(party, "padan-encoder", name, PROJECT, *more, code=code)


def policy(programme: Programme, party: str, *arguments: str, code: int = 0) -> Answer:
    name, *more = arguments
    return programme.run(party, "padan-policy", name, PROJECT, *more, code=code)


def asked(programme: Programme, name: str, *columns: str) -> None:
    named = [flag for each in columns for flag in ("--column", each)]
    where = ("rilis-1", "--domain", DOMAIN, "--from", "regsosek", "--name", name)
    policy(programme, "bps", "request-attributes", *where, *named)
    programme.witness()


def approved(programme: Programme, name: str, *columns: str) -> None:
    asked(programme, name, *columns)
    for voter in ("bps-approver", "bps-dpo"):
        policy(programme, voter, "approve-attributes", name)
    programme.witness()


def truth(programme: Programme) -> dict[str, str]:
    """The decile at BPS of each DTKS row's person, by the row's record id."""
    folder = programme.folder / "sources"
    with (folder / "regsosek.csv").open(newline="", encoding="utf-8") as file:
        decile = {row["id_art"]: row["desil_nasional"] for row in csv.DictReader(file)}
    person: dict[str, dict[str, list[str]]] = {}
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            person.setdefault(row["person"], {}).setdefault(row["source"], []).append(
                row["record_id"]
            )
    return {
        own: decile[lists["regsosek"][0]]
        for lists in person.values()
        if "regsosek" in lists
        for own in lists.get("dtks", [])
    }


def received_by_record(programme: Programme) -> dict[str, tuple[str, ...]]:
    """What Dinsos has received for each of its own rows, by record id."""
    from encoder.attributes.received import received
    from encoder.steps.open_release import prepared_for
    from encoder.steps.workspace import Workspace
    from policy.members.home import Home
    from policy.wire.session import Session

    passphrase = (programme.folder / "passphrases" / "dinsos").read_bytes()
    session = Session(Home(programme.home("dinsos")).unlock(passphrase), PROJECT)
    session.recall()
    workspace = Workspace(session)
    got = received(workspace, "rilis-1", "dtks")
    prepared = prepared_for(workspace, "rilis-1", "dtks")
    return {record: got.values[h] for _, record, h in prepared.source_rows() if h in got.values}


def test_the_right_values_reach_the_right_rows(programme: Programme) -> None:
    expect(encoder(programme, "bps", "share", "atribut-1", code=4), "transfer.unknown")
    asked(programme, "atribut-1", "desil_nasional", "miskin_ekstrem")
    asked(programme, "atribut-1", "desil_nasional", "miskin_ekstrem")  # twice is harmless
    listed = policy(programme, "dinsos", "attributes").json()
    assert listed[0]["awaited"] == ["bps-approver", "bps-dpo"]
    early = encoder(programme, "bps", "share", "atribut-1", code=6)
    expect(early, "gate.transfer.approved")
    expect(encoder(programme, "dinsos", "open-attributes", "atribut-1", code=6), WAIT_SENT)
    policy(programme, "bps-approver", "approve-attributes", "atribut-1")
    programme.witness()
    expect(encoder(programme, "bps", "share", "atribut-1", code=6), "gate.transfer.officer")
    policy(programme, "bps-dpo", "approve-attributes", "atribut-1")
    programme.witness()
    said = encoder(programme, "bps", "share", "atribut-1").json()[0]
    assert said["rows"] > 500  # a private index: every row has an ID
    assert encoder(programme, "bps", "share", "atribut-1").json()[0]["rows"] is None
    programme.witness()
    told = policy(programme, "dinsos", "explain", "atribut-1").json()[0]
    assert told["against"] == []
    opened = encoder(programme, "dinsos", "open-attributes", "atribut-1").json()[0]
    right = truth(programme)
    got = {record: cells[0] for record, cells in received_by_record(programme).items()}
    assert len(got) == opened["rows"] > 50
    agreeing = sum(right.get(record) == value for record, value in got.items())
    assert agreeing / len(got) > 0.95  # as precise as the matching itself
    again = encoder(programme, "dinsos", "open-attributes", "atribut-1").json()[0]
    assert again == opened  # read again from the vault


WAIT_SENT = "project.wait-transfer-sent"


def test_the_service_and_the_file_are_not_enough(programme: Programme, tmp_path: Path) -> None:
    """Give the service everything that it has: the row secrets, the sealed file, all of its keys."""

    approved(programme, "atribut-2", "miskin_ekstrem")
    code = encoder(programme, "bps", "share", "atribut-2", code=4)
    expect(code, "gate.transfer.once")


def test_a_value_that_is_too_long_is_not_sent(programme: Programme) -> None:
    approved(programme, "atribut-3", "alamat")
    header = ("--header", "alamat=107_alamat")
    answer = encoder(programme, "bps", "share", "atribut-3", *header, code=3)
    error = expect(answer, "attributes.too-long")
    assert "JL" not in error.problem.en
