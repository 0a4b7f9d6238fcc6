"""A database put back to an earlier day: the service gets its log from members, and goes on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from encoder.encoding.project_keys import KeyShare, commitment
from linkage_service.service import Service
from linkage_service.storage import awaited
from linkage_service.storage import ledger as ledger_module
from policy.base.canonical import b64
from policy.base.errors import PadanError
from policy.evidence import EXIT_VERIFIED, read_bundle, verify_bundle
from policy.formats.http_api import API
from policy.formats.log_page import LogPage
from policy.statements import Committed, DatasetCommitment, HandedOver, RunFinished
from policy.wire.give_back import give_back, page_from
from policy.wire.rosters import post_roster
from policy.wire.session import Session
from tests.support.programme import Answer, command
from tests.support.republic import PARTIES
from tests.support.service import Town
from tests.support.staff_site import Browser, RealPlace
from tests.support.stored_town import town_at
from tests.support.successions import next_roster

WITNESSES = (*PARTIES, "auditor")  # of the charter; three are a quorum


def database(town: Town) -> Path:
    return town.members["service"].home.path / "service" / "padan.sqlite"


def copy_database(town: Town, to: Path) -> None:
    """As a nightly job would, while the service runs."""
    with closing(sqlite3.connect(database(town))) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)


def put_back(town: Town, copy: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database(town)}{suffix}").unlink(missing_ok=True)
    shutil.copy(copy, database(town))


def forget_heads(town: Town) -> None:
    """As if the whole machine had been put back, so that only members can tell."""
    shutil.rmtree(town.members["service"].home.path / "heads")


def code(call: Callable[..., Any], *arguments: Any, **more: Any) -> str:
    with pytest.raises(PadanError) as caught:
        call(*arguments, **more)
    assert caught.value.problem.id != caught.value.problem.en
    assert caught.value.hint.en
    return caught.value.code


def give(town: Town, member: str) -> dict[str, Any]:
    passphrase = town.lock(member)
    home = str(town.members[member].home.path)
    options = ("--home", home, "--passphrase-file", str(passphrase), "--json")
    answer = command("padan-policy", *options, "give-back", town.project_id)
    assert answer.code == 0, answer.err
    said: dict[str, Any] = answer.json()[0]
    return said


def finished(town: Town, tmp_path: Path) -> None:
    """From the run that is in the log to a release and its evidence."""
    town.request("rilis-1", "padan-1", town.charter.domains[0].id)
    town.witness()
    town.stage("rilis-1")
    town.approve("rilis-1", "bps-approver", "dppapp-approver")
    assert town.decide("rilis-1")["verdict"] == "released"
    path = tmp_path / "evidence.zip"
    path.write_bytes(town.synced("auditor").get(f"/projects/{town.project_id}/evidence"))
    kept = town.session("auditor").replica().remembered()
    assert verify_bundle(read_bundle(path), town.roster.digest(), kept).exit_code == EXIT_VERIFIED


def test_a_database_many_entries_old_goes_on_from_members_copies(tmp_path: Path) -> None:
    town = town_at("uploaded", tmp_path)
    process = town.serve_process(town.tile_rows, "--processes", "0")
    try:
        town.witness()
        copy_database(town, tmp_path / "copy.sqlite")
        before = town.synced("auditor").project.size
        town.match("padan-1")
        town.witness()
        known = town.synced("auditor").project.size
        result = town.result("padan-1")
        assert known > before + 1
        process.kill()
        process.wait()
        put_back(town, tmp_path / "copy.sqlite")
        process = town.serve_process(town.tile_rows, "--processes", "0")
        # Who saw more stops, and says what to do; nobody else's statement fills the gap.
        assert code(town.synced, "bps") == "log.behind"
        shutil.rmtree(town.session("dinsos").replica().folder)
        assert code(town.order, "padan-2") == "service.log-awaited"
        # One member gives what the service lost; the others have nothing to add.
        assert give(town, "bps") == {
            "project": town.project_id,
            "given": known - before,
            "size": known,
            "known": known,
        }
        assert code(town.order, "padan-2") == "service.log-awaited"
        for member in WITNESSES:
            assert give(town, member)["given"] == 0
        project = town.synced("auditor").project
        assert len(project.of(RunFinished)) == 1
        assert (project.size, town.result("padan-1")) == (known, result)
        finished(town, tmp_path)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def cut(tmp_path: Path) -> Town:
    """A service that lost the last entries, and whose home remembers no heads."""
    town = town_at("signed", tmp_path)
    with town.serving():
        copy_database(town, tmp_path / "copy.sqlite")
        town.commit()
    put_back(town, tmp_path / "copy.sqlite")
    forget_heads(town)
    return town


def commits_again(town: Town) -> None:
    """A member whose copy is as old as the database makes another statement in the gap."""
    shutil.rmtree(town.session("dppapp").replica().folder)
    session = town.synced("dppapp")
    session.say(commitment_of(town, session))


def commitment_of(town: Town, session: Session) -> Committed:
    share = KeyShare.draw()
    return Committed(
        at=town.clock(),
        commitment=commitment(session.project, "dppapp", share.secret),
        epoch_key=b64(share.epoch_key.public_bytes()),
        datasets={
            each.id: DatasetCommitment(
                handle_root=town.root(each.id), count=len(town.persons[each.id])
            )
            for each in town.charter.datasets_of("dppapp")
        },
    )


def test_without_what_a_member_shows_the_gap_is_filled_and_the_log_forked_for_good(
    cut: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: earlier builds, which asked nobody."""
    monkeypatch.setattr(ledger_module, "require_whole", lambda *_: None)
    with cut.serving():
        commits_again(cut)
        assert code(cut.synced, "bps") == "log.fork"
        assert code(give_back, cut.session("bps")) == "log.fork"


def test_what_one_member_shows_stops_the_service_until_it_has_it(cut: Town) -> None:
    with cut.serving():
        size = cut.service.ledger.project(cut.project_id).size
        assert code(cut.synced, "bps") == "log.behind"
        assert code(commits_again, cut) == "service.log-awaited"
        own = HandedOver(at=cut.clock(), to="auditor", bundles=())
        with cut.service.ledger.appending(cut.project_id, vouched=True) as append:
            assert code(append.own, own) == "service.log-awaited"
        assert cut.service.ledger.project(cut.project_id).size == size
        given = give_back(cut.session("dinsos"))
        assert (given.before, given.after) == (size, given.known)
        assert given.known > size
        assert give_back(cut.session("dinsos")).before == given.known, "twice is no harm"
        # Every witness has shown its head, so the ceremony goes on.
        assert code(cut.reveal, "bps") == "service.log-awaited"
        cut.witness()
        assert code(cut.reveal, "bps") == "service.log-awaited"
        cut.synced("auditor")
        cut.reveal("bps")
    with cut.serving():
        cut.reveal("dinsos")


def test_it_is_told_everywhere_which_log_waits_and_who_has_given_back(cut: Town) -> None:
    home, _ = cut.service_home()
    options = ("--home", str(home), "--passphrase-file", str(cut.folder / "passphrase"), "--json")
    assert command("padan-linkage", *options, "restore").code == 0
    account = ("koordinator", "--role", "coordinator", "--office", "layanan")
    invited = command("padan-linkage", *options, "people", "add", *account).json()[0]
    with cut.serving(), httpx2.Client(base_url=cut.url, timeout=60) as client:
        page = Browser(RealPlace(cut.url), client)
        page.set_up(invited["code"])
        give_back(cut.session("bps"))
        told = waiting(command("padan-linkage", *options, "doctor"), cut)
        assert told is not None
        assert told["standing"] == "look"
        assert "shown by: bps; not yet by: auditor, dinsos, dppapp" in told["found"]["en"]
        answer = httpx2.get(f"{cut.url}{API}/ready")
        assert answer.status_code == 200, "members give back to a service that is ready"
        (logs,) = (each for each in answer.json()["checks"] if each["name"] == "logs")
        assert "since a restore: 1" in logs["words"]["en"]
        assert cut.project_id not in answer.text, "anybody may read this"
        health = page.get("/kesehatan").text
        assert "sejak pemulihan: 1" in health
        assert "Semua bagian bekerja" not in health
        shown = page.get(f"/proyek/{cut.project_id}").text
        assert "Layanan dipulihkan dari cadangan" in shown
        cut.synced("auditor")
        cut.witness()
        assert waiting(command("padan-linkage", *options, "doctor"), cut) is None
        assert "dipulihkan" not in page.get(f"/proyek/{cut.project_id}").text


def waiting(answer: Answer, town: Town) -> dict[str, Any] | None:
    """What the doctor says of the project's log; None if it is fine."""
    found = {each["id"]: each for each in answer.json()}
    return found.get(f"logs.{town.project_id}")


def test_after_a_day_a_quorum_is_enough(cut: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with cut.serving():
        for member in PARTIES[:2]:
            give_back(cut.session(member))
        monkeypatch.setattr(awaited, "_PATIENCE_SECONDS", 0)
        assert code(cut.reveal, "bps") == "service.log-awaited"
        monkeypatch.undo()
        give_back(cut.session(PARTIES[2]))
        assert code(cut.reveal, "bps") == "service.log-awaited"
        monkeypatch.setattr(awaited, "_PATIENCE_SECONDS", 0)
        cut.reveal("bps")


@pytest.mark.parametrize(("as_service", "then"), [(False, "log.behind"), (True, "log.fork")])
def test_a_restore_hands_on_no_roster_where_a_statement_was_lost(
    tmp_path: Path, as_service: bool, then: str
) -> None:
    """The home knows a roster that the database does not. The control opens it as a service."""
    town = town_at("signed", tmp_path)
    with town.serving():
        copy_database(town, tmp_path / "copy.sqlite")
        before = town.synced("bps").project.size
        town.commit()
        card = town.members["dpo"].member.model_copy(update={"name": "Pejabat PDP yang baru"})
        second, data = next_roster(town, card)
        post_roster(town.members["bps"], data)
        town.witness()
        known = town.synced("auditor").project.size
        assert town.members["service"].home.roster() == second
    put_back(town, tmp_path / "copy.sqlite")
    forget_heads(town)
    if as_service:
        Service.open(town.settings(), town.members["service"]).close()
    passphrase, home = town.lock("service"), str(town.members["service"].home.path)
    options = ("--home", home, "--passphrase-file", str(passphrase), "--json")
    answer = command("padan-linkage", *options, "restore")
    assert answer.json()[0]["projects"] == [town.project_id], answer.err
    with town.serving():
        assert code(town.synced, "bps") == then
        if as_service:
            assert code(give_back, town.session("bps")) == "log.fork"
            return
        given = give_back(town.session("bps"))
        assert (given.before, given.after) == (before, known)
        assert town.service.ledger.project(town.project_id).roster_digest == second.digest()


def test_only_what_this_service_signed_is_taken_back(cut: Town) -> None:
    with cut.serving():
        ledger = cut.service.ledger
        have = ledger.project(cut.project_id).size
        kept = cut.session("bps").replica().copy.read()
        page = page_from(kept, have)
        path, start = f"/projects/{cut.project_id}/log", {"start": str(have)}
        session = cut.session("bps")
        session.recall()

        def send(page: LogPage, start: dict[str, str] = start) -> str:
            return code(session.ask, path, page.canonical(), start)

        forged = b64(session.statement(commitment_of(cut, session)).canonical())
        wrong = [
            page.model_copy(update={"entries": (*page.entries[:-1], forged)}),
            page.model_copy(update={"entries": page.entries[::-1]}),
            page.model_copy(update={"entries": page.entries[:-1]}),
            page.model_copy(update={"entries": (*page.entries, forged)}),
            page.model_copy(update={"checkpoint": kept.checkpoint.replace("\n", "\nx", 1)}),
        ]
        for each in wrong:
            assert send(each)
        assert send(page, {"start": str(have + 1)}) == "service.given-back"
        assert code(session.ask, f"{path}/newest", b"x")
        assert ledger.project(cut.project_id).size == have, "nothing of it was kept"
        assert session.ask(path, page.canonical(), start)
        assert ledger.project(cut.project_id).size > have
