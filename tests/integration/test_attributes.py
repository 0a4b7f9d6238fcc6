"""Attributes through the real programs: approved, sealed, relayed, opened, listed, destroyed.

The service of this story has its databases on PostgreSQL; both tutorials send attributes on SQLite.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from encoder.released.attributes import share
from encoder.released.attributes.received import received
from encoder.steps.open_release import prepared_for
from encoder.steps.workspace import Workspace
from linkage_service.storage.blobs import DIGEST_BYTES, framed
from policy.base.canonical import b64, canonical_json, unb64
from policy.base.errors import WrongKey
from policy.crypto.envelope import Binding, Envelope, parse_envelope
from policy.crypto.sealing import open_seal
from policy.formats.attribute_file import Column
from policy.members.home import Home, Unlocked
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk
from policy.wire.session import Session
from tests.support.browser import served, visitor
from tests.support.ports import free_port
from tests.support.postgres import Cluster
from tests.support.programme import PROJECT, Answer, Programme, expect
from tests.support.transfers import column, permit

DOMAIN = "dtks-regsosek"
PERMIT = permit(
    columns=[
        column("desil_nasional"),
        column("miskin_ekstrem"),
        column("sls", size=40),
        column("pekerjaan", size=40),
        column("alamat", size=4),
        column("hubungan", "spesifik"),
        column("kota"),
    ],
)


def tree_of(programme: Programme) -> dict[str, Any]:
    """The pair's two lists alone, with what BPS may send Dinsos."""
    tree = programme.tree_of_any_size()
    tree["attributes"] = [PERMIT]
    return tree


@pytest.fixture
def programme(tmp_path: Path, postgres: Cluster) -> Iterator[Programme]:
    with postgres.fresh_database() as database:
        programme = Programme(tmp_path / "programme", 300, database_url=database)
        programme.found()
        yield from story(programme)


def story(programme: Programme) -> Iterator[Programme]:
    """Match IDs of the pair are released and opened."""
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


def sources(programme: Programme, name: str) -> list[dict[str, str]]:
    path = programme.folder / "sources" / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def unlocked(programme: Programme, member: str) -> Unlocked:
    passphrase = (programme.folder / "passphrases" / member).read_bytes()
    return Home(programme.home(member)).unlock(passphrase)


def relayed(programme: Programme, name: str) -> list[Path]:
    """The parts of a sealed file at the service, the seal first."""
    session = Session(unlocked(programme, "dinsos"), PROJECT)
    sent = session.recall().transfer(name).sent or session.sync().transfer(name).sent
    assert sent is not None
    return sorted(programme.home("service").rglob(f"transfers/{sent.body.ciphertext}.*"))


def content(stored: Path) -> bytes:
    """A stored part without the digest in front."""
    return stored.read_bytes()[DIGEST_BYTES:]


def put_back(stored: Path, data: bytes) -> None:
    """Exchange a stored part, and its digest with it, as the service could."""
    stored.write_bytes(framed(stored.name, data))


def seal_in(parts: list[Path]) -> tuple[Binding, Envelope]:
    """The seal among these parts, and what it is bound to."""
    envelope = parse_envelope(content(next(each for each in parts if each.suffix == ".0")))
    return envelope.binding(), envelope


def truth(programme: Programme) -> dict[str, str]:
    """The decile at BPS of each DTKS row's person, by the row's record id."""
    decile = {row["id_art"]: row["desil_nasional"] for row in sources(programme, "regsosek")}
    return {own: decile[theirs] for own, theirs in partners(programme).items()}


def partners(programme: Programme) -> dict[str, str]:
    """The Regsosek row of each DTKS row's person, by record id."""
    person: dict[str, dict[str, list[str]]] = {}
    for row in sources(programme, "truth"):
        lists = person.setdefault(row["person"], {})
        lists.setdefault(row["source"], []).append(row["record_id"])
    return {
        own: lists["regsosek"][0]
        for lists in person.values()
        if "regsosek" in lists
        for own in lists.get("dtks", [])
    }


def received_by_record(programme: Programme) -> dict[str, tuple[str, ...]]:
    """What Dinsos has received for each of its own rows, by record id."""
    session = Session(unlocked(programme, "dinsos"), PROJECT)
    session.recall()
    workspace = Workspace(session)
    got = received(workspace, "rilis-1", "dtks")
    prepared = prepared_for(workspace, "rilis-1", "dtks")
    return {record: got.values[h] for _, record, h in prepared.source_rows() if h in got.values}


def same_person(programme: Programme, record: str) -> set[str]:
    """The records of Dinsos that are the same person's."""
    session = Session(unlocked(programme, "dinsos"), PROJECT)
    session.recall()
    rows = list(prepared_for(Workspace(session), "rilis-1", "dtks").source_rows())
    mine = {handle for _, each, handle in rows if each == record}
    return {each for _, each, handle in rows if handle in mine}


def by_file(programme: Programme, voter: str, name: str, folder: Path) -> None:
    """The vote of a person whose machine has no network: the request and the answer are carried."""
    ask, answer = str(folder / "ask.padan"), str(folder / "answer.padan")
    packed = policy(programme, "service", "package", name, "--out", ask).json()[0]
    assert packed["for"] == ["bps-approver", "bps-dpo"]
    signing = ("padan-policy", "approve-attributes", "--file", ask, "--out", answer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "policy.wire.session.send_patiently", lambda *_: pytest.fail("asked the network")
        )
        expect(programme.run("dinsos-approver", *signing, code=4), "ask.not-for-you")
        # A log whose request was cut off is not the one that the service signed.
        cut = json.loads(Path(ask).read_bytes())
        cut["log"]["entries"] = cut["log"]["entries"][:-1]
        Path(ask).with_suffix(".cut").write_bytes(canonical_json(cut))
        wrong = (*signing[:3], str(Path(ask).with_suffix(".cut")), *signing[4:])
        expect(programme.run(voter, *wrong, code=7), "log.fork")
        programme.run(voter, *signing)
    assert programme.run("dinsos", "padan-policy", "submit", answer).json()[0]["signer"] == voter
    [again] = programme.run("service", "padan-policy", "submit", answer).json()
    assert again["again"] is True
    turned = json.loads(Path(answer).read_bytes())
    body = json.loads(unb64(turned["payload"])) | {"verdict": "refuse"}
    turned["payload"] = b64(canonical_json(body))
    Path(answer).write_bytes(canonical_json(turned))
    altered = programme.run("dinsos", "padan-policy", "submit", answer, code=5)
    expect(altered, "envelope.signature")


def on_the_page(programme: Programme, voter: str, name: str) -> None:
    """The vote of a person who uses the local page; it shows what would be sent, and why."""
    passphrase = (programme.folder / "passphrases" / voter).read_text()
    server = approver_page(ApproverDesk(Home(programme.home(voter))))
    with served(server), visitor() as browser:
        base = f"http://{server.access.host}"
        headers = {"origin": base, "accept-language": "en"}
        browser.get(server.access.address)
        browser.post(f"{base}/unlock", data={"passphrase": passphrase}, headers=headers)
        while "running" in browser.get(f"{base}/job").text:
            time.sleep(0.05)
        overview = browser.get(f"{base}/releases").text
        assert "1 kiriman atribut menunggu keputusan Anda" in overview
        address = f"{base}/transfer/{PROJECT}/{name}"
        assert f"/transfer/{PROJECT}/{name}" in overview
        page = browser.get(address).text
        for told in ("desil_nasional", "data pribadi umum", "Menyasar bantuan gizi", "PKS/BPS"):
            assert told in page, told
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        assert seen is not None
        form = {"act": "approve", "passphrase": passphrase}
        stale = browser.post(address, data={**form, "seen": "0" * 64}, headers=headers)
        assert stale.status_code == 409
        done = browser.post(address, data={**form, "seen": seen[1]}, headers=headers)
        assert done.status_code == 303, done.text
        assert "Anda menyetujui ini" in browser.get(address).text
        assert "Tidak ada yang menunggu" in browser.get(f"{base}/releases").text


def test_from_asking_for_attributes_to_destroying_them(
    programme: Programme,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    the_right_values_reach_the_right_rows(programme, tmp_path_factory.mktemp("step"))
    the_list_has_the_columns(programme, tmp_path_factory.mktemp("step"))
    a_value_that_is_too_long_is_not_sent(programme)
    what_the_service_has_opens_nothing(programme)
    a_swapped_file_is_refused_and_a_second_opening_too(programme, tmp_path_factory.mktemp("step"))
    rows_that_changed_or_objected_have_no_values(programme, tmp_path_factory.mktemp("step"))
    a_sender_who_seals_other_columns_is_refused(programme, monkeypatch)
    without_the_service_one_reads_the_copy_and_acts_on_nothing(
        programme, tmp_path_factory.mktemp("step")
    )
    status_and_evidence_know_the_transfers(programme, tmp_path_factory.mktemp("step"))
    attributes_are_destroyed_at_their_keeper(programme)


def the_right_values_reach_the_right_rows(programme: Programme, tmp_path: Path) -> None:
    expect(encoder(programme, "bps", "share", "atribut-1", code=4), "transfer.unknown")
    asked(programme, "atribut-1", "desil_nasional", "miskin_ekstrem")
    asked(programme, "atribut-1", "desil_nasional", "miskin_ekstrem")  # twice is harmless
    told = policy(programme, "bps-dpo", "go").json()
    waits = next(each for each in told if each["event"] == "asks")
    assert (waits["step"], waits["about"]) == ("transfer-vote", "atribut-1")
    listed = policy(programme, "dinsos", "attributes").json()
    assert listed[0]["awaited"] == ["bps-approver", "bps-dpo"]
    early = encoder(programme, "bps", "share", "atribut-1", code=6)
    expect(early, "gate.transfer.approved")
    expect(encoder(programme, "dinsos", "open-attributes", "atribut-1", code=6), WAIT_SENT)
    by_file(programme, "bps-approver", "atribut-1", tmp_path)
    programme.witness()
    expect(encoder(programme, "bps", "share", "atribut-1", code=6), "gate.transfer.officer")
    on_the_page(programme, "bps-dpo", "atribut-1")
    programme.witness()
    said = encoder(programme, "bps", "share", "atribut-1").json()[0]
    assert said["rows"] > 150  # a private index: every row has an ID
    assert encoder(programme, "bps", "share", "atribut-1").json()[0]["rows"] is None
    programme.witness()
    told = policy(programme, "dinsos", "explain", "atribut-1").json()[0]
    assert told["against"] == []
    opened = encoder(programme, "dinsos", "open-attributes", "atribut-1").json()[0]
    right = truth(programme)
    got = {record: cells[0] for record, cells in received_by_record(programme).items()}
    assert len(got) >= opened["rows"] > 25  # a person may have two rows
    agreeing = sum(right.get(record) == value for record, value in got.items())
    assert agreeing / len(got) > 0.95  # as precise as the matching itself
    assert opened["rows"] < said["rows"]  # nothing of the others is kept
    assert encoder(programme, "bps", "share", "atribut-1").json()[0]["rows"] is None
    again = encoder(programme, "dinsos", "open-attributes", "atribut-1").json()[0]
    assert again == opened  # read again from the vault


WAIT_SENT = "project.wait-transfer-sent"


def the_list_has_the_columns(programme: Programme, tmp_path: Path) -> None:
    out = tmp_path / "daftar.csv"
    encoder(
        programme, "dinsos", "list", "rilis-1", "dtks", "--column", "IDSEMESTA", "--out", str(out)
    )
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    right = truth(programme)
    told = [right.get(row["IDSEMESTA"]) == row["Kolom desil_nasional"] for row in rows]
    assert sum(told) / len(told) > 0.95


def a_value_that_is_too_long_is_not_sent(programme: Programme) -> None:
    approved(programme, "atribut-3", "alamat")
    header = ("--header", "alamat=107_alamat")
    answer = encoder(programme, "bps", "share", "atribut-3", *header, code=3)
    error = expect(answer, "attributes.too-long")
    assert "JL" not in error.problem.en


def what_the_service_has_opens_nothing(programme: Programme) -> None:
    """Give it the row secrets too: the sealed file opens with the recipient's key alone."""
    approved(programme, "atribut-2", "sls")
    encoder(programme, "bps", "share", "atribut-2", "--header", "sls=105_sls")
    stored = relayed(programme, "atribut-2")
    assert len(stored) == 2
    kept = b"".join(path.read_bytes() for path in stored)
    clear = {row["105_sls"] for row in sources(programme, "regsosek")} - {""}
    assert not [value for value in clear if value.encode() in kept]
    binding, envelope = seal_in(stored)
    for member, opens in (("service", False), ("bps", False), ("dppapp", False), ("dinsos", True)):
        me, sender = unlocked(programme, member), unlocked(programme, "bps")
        public = sender.keys.signing.public_key()
        if opens:
            assert len(open_seal(envelope, me.keys.seal, binding, public)) == 32
            continue
        with pytest.raises(WrongKey) as closed:
            open_seal(envelope, me.keys.seal, binding, public)
        assert closed.value.code == "seal.closed"


def a_swapped_file_is_refused_and_a_second_opening_too(
    programme: Programme, tmp_path: Path
) -> None:
    programme.witness()
    carried = tmp_path / "kiriman.padan"
    opening = ("open-attributes", "atribut-2")
    chunk = relayed(programme, "atribut-2")[1]
    whole = content(chunk)
    put_back(chunk, whole[:-1] + bytes([whole[-1] ^ 1]))
    expect(encoder(programme, "dinsos", *opening, code=3), "transfer.altered")
    carried.write_bytes(whole)
    by_hand = (*opening, "--file", str(carried))
    expect(encoder(programme, "dinsos", *by_hand, code=3), "transfer.altered")
    put_back(chunk, whole)
    expect(encoder(programme, "dppapp", *opening, code=4), "attributes.foreign")
    first = encoder(programme, "dinsos", *opening).json()[0]
    assert first["filled"] > 25
    vault = next(programme.home("dinsos").rglob("vault/attributes.atribut-2.secret"))
    secret = vault.read_bytes()
    vault.unlink()
    expect(encoder(programme, "dinsos", *opening, code=4), "transfer.opened")
    vault.write_bytes(secret)
    assert encoder(programme, "dinsos", *opening).json()[0] == first


def rows_that_changed_or_objected_have_no_values(programme: Programme, tmp_path: Path) -> None:
    path = programme.folder / "sources" / "regsosek.csv"
    before = path.read_bytes()
    rows = sources(programme, "regsosek")
    matched = received_by_record(programme)
    people = {own: theirs for own, theirs in partners(programme).items() if own in matched}
    objecting, edited = list(people)[:2]
    ids = tmp_path / "ids.txt"
    ids.write_text(people[objecting])
    encoder(programme, "bps", "withdraw", "regsosek", "--ids", str(ids))
    approved(programme, "atribut-4", "hubungan")
    with_header = ("share", "atribut-4", "--header", "hubungan=409_hubungan")
    try:
        changed = [
            {**row, "402_nama": "QUXO WIRAYU", "403_NIK": ""}
            if row["id_art"] == people[edited]
            else row
            for row in rows
        ]
        write(path, changed)
        expect(encoder(programme, "bps", *with_header, code=3), "file.changed")
        out = ("--out", str(tmp_path / "kiriman.padan"))
        encoder(programme, "bps", *with_header, "--despite-changes", *out)
    finally:
        path.write_bytes(before)
    programme.witness()
    there = ("open-attributes", "atribut-4", "--file", str(tmp_path / "kiriman.padan"))
    encoder(programme, "dinsos", *there)
    cells = {record: each[-1] for record, each in received_by_record(programme).items()}
    assert (cells[objecting], cells[edited]) == ("", "")
    assert sum(bool(value) for value in cells.values()) >= len(cells) - 5
    # A person who objects at the recipient has no values there either, from then on.
    leaving = next(record for record in people if cells[record])
    ids.write_text(leaving)
    encoder(programme, "dinsos", "withdraw", "dtks", "--ids", str(ids))
    left = received_by_record(programme)
    assert leaving not in left
    assert left.keys() >= cells.keys() - {leaving, objecting, edited} - same_person(
        programme, leaving
    )


def a_sender_who_seals_other_columns_is_refused(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was approved is another column: the recipient's program opens nothing."""
    approved(programme, "atribut-5", "kota")
    other = (Column("nik", 16),)
    with monkeypatch.context() as patch:
        patch.setattr(share, "columns_of", lambda *_: other)
        encoder(programme, "bps", "share", "atribut-5", "--header", "nik=403_NIK")
    programme.witness()
    answer = encoder(programme, "dinsos", "open-attributes", "atribut-5", code=3)
    expect(answer, "attributes.columns")
    assert not list(programme.home("dinsos").rglob("vault/attributes.atribut-5*"))


def without_the_service_one_reads_the_copy_and_acts_on_nothing(
    programme: Programme, tmp_path: Path
) -> None:
    """The same home, while nothing listens at the service's address."""
    asked(programme, "atribut-6", "pekerjaan")
    policy(programme, "bps-approver", "witness")
    away = replace(programme, folder=tmp_path, port=free_port())
    shutil.copytree(programme.home("bps-approver"), away.home("bps-approver"))
    shutil.copytree(programme.folder / "passphrases", tmp_path / "passphrases")
    roster = ("--roster", str(programme.folder / "roster.json"))
    away.join("bps-approver", *roster)
    told = [policy(away, "bps-approver", name).json()[0] for name in ("status", "attributes", "go")]
    copied = told[0]["copy"]
    assert copied["witnessed"]["entries"] <= copied["entries"]
    assert datetime.fromisoformat(copied["witnessed"]["until"])
    assert [each["copy"] for each in told] == [copied] * 3
    assert told[2]["commands"], "what waits for this person is told"
    said = policy(away, "bps-approver", "attributes").err
    assert "disaksikan sampai" in said
    vote = policy(away, "bps-approver", "approve-attributes", "atribut-6", code=8)
    assert expect(vote, "service.unreachable")
    here = policy(programme, "bps-approver", "status").json()[0]
    assert "copy" not in here
    shutil.rmtree(away.home("bps-approver") / "projects" / PROJECT)
    expect(policy(away, "bps-approver", "status", code=8), "service.unreachable")


def status_and_evidence_know_the_transfers(programme: Programme, tmp_path: Path) -> None:
    steps = policy(programme, "dinsos", "status").json()[0]["steps"]
    assert "atribut-2: received" in steps[-1]["by"]
    assert "atribut-3: approved, not sent yet" in steps[-1]["by"]
    bundle = tmp_path / "evidence.zip"
    policy(programme, "auditor", "witness")
    policy(programme, "auditor", "evidence", "--out", str(bundle))
    digest = ("--roster-digest", programme.digest)
    answer = programme.run("auditor", "padan-policy", "verify", str(bundle), *digest, code=9)
    assert "releases.transfer.atribut-1" in answer.out


def attributes_are_destroyed_at_their_keeper(programme: Programme) -> None:
    encoder(programme, "dinsos", "destroy", "--what", "attributes", "--yes")
    assert not list(programme.home("dinsos").rglob("vault/attributes.*"))
    gone = encoder(programme, "dinsos", "open-attributes", "atribut-1", code=4)
    expect(gone, "retention.destroyed")
    items = policy(programme, "auditor", "retention").out
    assert "attributes" in items
