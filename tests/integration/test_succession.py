"""Keys are lost while a project runs: the next roster, over real HTTP, and what goes on."""

from __future__ import annotations

import json
import shutil
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from encoder.steps.check_release import download, released_files
from linkage_service.api import newcomers
from linkage_service.ui.proofs import prove
from policy.base.canonical import b64, canonical_json
from policy.base.errors import NotYet, PadanError, Refused, Unverified, WrongKey
from policy.base.files import write_file
from policy.charter import FIRST_LAW
from policy.crypto.envelope import sign
from policy.crypto.keys import KeyRing
from policy.evidence import read_bundle, verify_bundle
from policy.formats.http_api import API
from policy.joining.folder import JoiningFolder
from policy.joining.gathering import Gathering, Record
from policy.joining.invite import make_answer, make_invite, open_invite
from policy.joining.later import following
from policy.joining.plan import Plan, PlannedPerson
from policy.joining.spoken_words import spoken
from policy.members.home import Home, Unlocked, public_keys
from policy.members.roster import Member, Roster, roster_binding
from policy.retention import schedule
from policy.statements import Approval, CharterBody, Committed, Destroyed, EpochOpened
from policy.terminal.events import Events
from policy.wire.http import send
from policy.wire.joining import Joining
from policy.wire.newcomers import Newcomers
from policy.wire.rosters import post_roster
from policy.wire.session import Session
from policy.wire.signed_requests import Message, sign_request
from tests.support.clock import Clock
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import Answer, command, expect
from tests.support.republic import PARTIES, charter_from, charter_tree, scoped
from tests.support.server import loopback, serving
from tests.support.service import Town
from tests.support.successions import AUTHORITIES, next_roster

ENCODINGS_DAYS, RELEASES_DAYS = 3, 3


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def town(clock: Clock, tmp_path: Path) -> Town:
    tree = charter_tree()
    tree["retention"] = {
        "jra": "PS.01",
        "encodings_until": clock.today + timedelta(days=ENCODINGS_DAYS),
        "releases_until": clock.today + timedelta(days=RELEASES_DAYS),
    }
    return Town(tmp_path, tree=tree, clock=clock)


def renew(town: Town, name: str) -> Member:
    """As `padan-policy identity renew` leaves a home: new keys, and the old ones kept."""
    me, keys = town.members[name], KeyRing.generate()
    keys = replace(keys, storage=me.keys.storage)
    card = me.member.model_copy(update=public_keys(keys))
    write_file(me.home.path / "earlier" / "identity-001.json", me.member.canonical())
    write_file(me.home.identity_path, card.canonical())
    town.keys[name] = keys
    town.members[name] = Unlocked(me.home, card, keys, (me.keys, *me.earlier))
    return card


def begin_anew(town: Town, name: str) -> Member:
    """A member whose home is lost: another folder, other keys, the same id."""
    old, keys = town.members[name], KeyRing.generate()
    home = Home(town.folder / "homes" / f"{name}-baru")
    card = old.member.model_copy(update=public_keys(keys))
    write_file(home.identity_path, card.canonical())
    town.keys[name] = keys
    town.members[name] = Unlocked(home, card, keys)
    return card


def take(town: Town, data: bytes) -> dict[str, Any]:
    taken: dict[str, Any] = json.loads(post_roster(town.members["bps"], data))
    return taken


def join(town: Town, name: str, roster: Roster, data: bytes) -> None:
    town.members[name].home.pin_roster(town.url, data, roster.digest())


def approval(session: Session, release: str) -> tuple[Approval, str]:
    entry = session.project.release(release).stage
    assert entry is not None
    staged = entry.body
    body = Approval(
        at=session.clock(),
        release=release,
        stage=entry.digest,
        facts=staged.facts,
        verdict="approve",
        expires=staged.expires,
    )
    return body, entry.digest


def stolen_copy(town: Town, name: str) -> Unlocked:
    """Home and keys of a member in a thief's hands, as they were."""
    me = town.members[name]
    copy = town.folder / f"thief-{name}"
    shutil.copytree(me.home.path, copy)
    return Unlocked(Home(copy), me.member, me.keys)


def test_a_key_is_lost_and_the_project_goes_on(town: Town, clock: Clock) -> None:
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("padan-1")
        town.request("rilis-1", "padan-1", "semua")
        town.stage("rilis-1")
        town.approve("rilis-1", "bps-approver", "dppapp-approver")
        thieves = {name: stolen_copy(town, name) for name in ("dinsos", "bps-approver")}
        first_data = town.members["bps"].home.roster_files()[0]

    # Keys of the party that is to receive files, of an approver, and of the service itself.
    cards = (renew(town, "dinsos"), begin_anew(town, "bps-approver"), renew(town, "service"))
    second, data = next_roster(town, *cards)
    with town.serving():
        taken = take(town, data)
        assert taken == {"version": 2, "projects": [town.project_id], "left": []}
        assert take(town, data) == taken, "a roster that is handed in twice is in the log once"
        for name in ("dinsos", "bps-approver", "service"):
            join(town, name, second, data)
        town.witness()
        assert town.members["dppapp"].home.roster() == second, "learned from the log"
        the_thieves_get_nothing(town, thieves)
        nobody_goes_back(town, first_data)

        # What was staged before is decided and opened after; the lost key's yes is not counted.
        with pytest.raises(NotYet):
            town.decide("rilis-1")
        town.approve("rilis-1", "bps-approver")
        assert town.decide("rilis-1")["verdict"] == "released"
        session = town.synced("dinsos")
        _, files = released_files(session, "rilis-1")
        assert [len(download(session, "rilis-1", file)) for file in files]

        # A run and a release that lie wholly under the second roster.
        town.match("padan-2")
        town.request("rilis-2", "padan-2", "semua")
        town.stage("rilis-2")
        town.approve("rilis-2", "bps-approver", "dppapp-approver")
        town.decide("rilis-2", final=True)
        evidence_verifies(town, [town.roster.digest(), second.digest()])
        single_entries_verify(town, second)

    clock.days = RELEASES_DAYS + 1
    with town.serving(sweep_seconds=1):
        town.witness()  # the service believes its clock, and destroys, once witnesses confirm it
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not attested(town) >= {"service-key", "encodings", "candidates", "staged-files"}:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        parties_attest(town, clock)
        evidence_verifies(town, [second.digest()])


def single_entries_verify(town: Town, second: Roster) -> None:
    """An entry under the first roster, by a checkpoint under the second: both are needed."""
    project = town.service.ledger.project(town.project_id)
    folder = town.folder / "entries"
    early, late = project.of(Committed)[0].index, project.of(Approval)[-1].index
    files = {}
    for index in (early, late):
        proved = prove(town.service, project, index)
        write_file(folder / f"{index}.json", proved.leaf)
        write_file(folder / f"{index}.tlog-proof", proved.proof.text().encode())
        files |= proved.roster_files
    for name, roster in files.items():
        write_file(folder / name, roster)
    assert sorted(files) == ["roster-1.json", "roster-2.json"]
    one, two = (("--roster", str(folder / name)) for name in sorted(files))

    def verified(index: int, digest: str, *rosters: str) -> Answer:
        place = (str(folder / f"{index}.json"), str(folder / f"{index}.tlog-proof"))
        asked = ("verify-entry", town.project_id, *place, *rosters, "--roster-digest", digest)
        return command("padan-policy", "--json", *asked)

    for digest in (town.roster.digest(), second.digest()):
        for index in (early, late):
            told = verified(index, digest, *two, *one).json()[0]
            assert (told["signature_checked"], told["roster_version"]) == (True, 2)
            assert len(told["cosigned"]) >= 3
    # With one roster alone, what it does not cover is said or refused, and never passed over.
    assert not verified(early, second.digest(), *two).json()[0]["signature_checked"]
    expect(verified(early, town.roster.digest(), *one), "log.unsigned")
    expect(verified(late, "0" * 64, *one, *two), "roster.digest")
    forged = second.model_copy(update={"issued": second.issued + timedelta(days=1)})
    envelope = sign(roster_binding(forged), forged.canonical(), town.keys["bps"].signing)
    write_file(folder / "forged.json", envelope.canonical())
    other = ("--roster", str(folder / "forged.json"))
    assert verified(late, town.roster.digest(), *one, *other).code != 0, "by one authority alone"


def attested(town: Town) -> set[str]:
    project = town.synced("auditor").project
    return {entry.body.what for entry in project.of(Destroyed)}


def parties_attest(town: Town, clock: Clock) -> None:
    """What parties kept, they say that it is gone; this town's parties never wrote it down."""
    for party in PARTIES:
        session = town.synced(party)
        for item in schedule(session.project, clock.today):
            if item.owner == party and item.state in ("due", "overdue"):
                session.say(
                    Destroyed(
                        at=session.clock(),
                        what=item.what,
                        due=item.due,
                        early=False,
                        objects=item.objects,
                        count=0,
                    )
                )


def the_thieves_get_nothing(town: Town, thieves: dict[str, Unlocked]) -> None:
    for thief in thieves.values():
        with pytest.raises(WrongKey):
            Session(thief, town.project_id, clock=town.clock).sync()
    # Nor if somebody carries what they signed.
    carrier, thief = town.synced("dppapp"), thieves["bps-approver"]
    body, stage = approval(carrier, "rilis-1")
    forger = Session(thief, town.project_id, clock=town.clock)
    forger.replay = carrier.replay
    with pytest.raises(Refused) as refused:
        forger.statement(body, run="rilis-1", manifest=stage)
    assert refused.value.code == "roster.keys"
    made = town.synced("bps-approver").statement(body, run="rilis-1", manifest=stage)
    forged = made.signed_by("bps-approver", thief.keys.signing)
    with pytest.raises(WrongKey):
        carrier.post(f"/projects/{town.project_id}/statements", forged.canonical())
    # A witness's stolen log key cosigns nothing.
    with pytest.raises(PadanError):
        Session(thieves["dinsos"], town.project_id, clock=town.clock).sync()


def nobody_goes_back(town: Town, first_data: bytes) -> None:
    for name in ("dinsos", "bps-approver", "dppapp", "service"):
        home = town.members[name].home
        with pytest.raises(Refused) as refused:
            home.pin_roster(town.url, first_data, town.roster.digest())
        assert refused.value.code in ("roster.older", "roster.keys")
        assert home.roster().version == 2
    # Nor does the service.
    with pytest.raises(Refused) as older:
        take(town, first_data)
    assert older.value.code == "roster.succession"


def evidence_verifies(town: Town, digests: list[str]) -> None:
    town.witness()
    session = town.synced("auditor")
    path = town.folder / "evidence.zip"
    path.write_bytes(session.get(f"/projects/{town.project_id}/evidence"))
    checkpoint = session.replica().remembered()
    for digest in digests:
        report = verify_bundle(read_bundle(path), digest, checkpoint)
        failed = [(finding.id, finding.detail.en) for finding in report.failed]
        assert not failed
        assert report.exit_code == 0
    with_another = verify_bundle(read_bundle(path), "ab" * 32, checkpoint)
    assert [finding.id for finding in with_another.failed] == ["signatures.roster"]


def test_projects_of_one_service_began_under_different_rosters(town: Town) -> None:
    """A roster that only adds an approver leaves no project behind, of whatever law."""
    old_tree = scoped({**charter_tree(), "law": FIRST_LAW, "project": "lama"})
    with town.serving():
        town.sign_charter()
        open_project(town, old_tree)
        card = begin_anew_member(town, "dinsos-approver-2", "dinsos")
        second, data = next_roster(town, card)
        with pytest.raises(Refused) as refused:
            post_roster(town.members["dppapp"], data)
        assert refused.value.code == "service.not-entitled"
        assert take(town, data) == {
            "version": 2,
            "projects": [town.project_id],
            "left": ["lama"],
        }
        join(town, card.id, second, data)
        # The new approver reads the log that has its roster, and not the other.
        assert town.synced(card.id).project.roster.version == 2
        with pytest.raises(Refused):
            Session(town.members[card.id], "lama", clock=town.clock).sync()
        # The first law's log goes on under the roster with which it began: sync, witness, say.
        for party in PARTIES:
            session = Session(town.members[party], "lama", clock=town.clock)
            assert session.sync().roster_digest == town.roster.digest()
            assert session.replica().cosigned_sizes()[-1].size == session.replay.size
        path = town.folder / "lama.zip"
        path.write_bytes(
            Session(town.members["auditor"], "lama", clock=town.clock).get(
                "/projects/lama/evidence"
            )
        )
        held = Session(town.members["auditor"], "lama", clock=town.clock)
        held.sync()
        checkpoint = held.replica().remembered()
        report = verify_bundle(read_bundle(path), town.roster.digest(), checkpoint)
        assert not report.failed
        # A new project begins under the newest roster.
        open_project(town, scoped({**charter_tree(), "project": "baru"}))
        project = Session(town.members["auditor"], "baru", clock=town.clock).sync()
        assert project.first.digest() == second.digest()
        # Who joins now finds the way back from the newest roster to the older ones.
        late = town.members["auditor"]
        fresh = Unlocked(Home(town.folder / "homes" / "auditor-lagi"), late.member, late.keys)
        write_file(fresh.home.identity_path, late.member.canonical())
        fresh.home.pin_roster(town.url, data, second.digest())
        for project_id in ("lama", town.project_id, "baru"):
            assert Session(fresh, project_id, clock=town.clock).sync().size
    # What the service holds is the same after a new start.
    with town.serving():
        for project_id in ("lama", town.project_id, "baru"):
            Session(town.members["bps"], project_id, clock=town.clock).sync()


def test_somebody_comes_later_to_a_running_project(town: Town, clock: Clock) -> None:
    """By invite: both authorities sign, everybody learns the roster from the log."""
    with town.serving():
        town.sign_charter()
        me = town.members["service"]
        place = JoiningFolder(me.home, town.project_id)
        late = PlannedPerson(id="ahli", agency="dinsos", name="Ahli", roles=("approver",))
        now = [
            PlannedPerson(id=each.id, agency=each.agency, name=each.name, roles=each.roles)
            for each in town.roster.members
        ]
        people = tuple(sorted((*now, late), key=lambda each: each.id))
        plan = Plan(project=town.project_id, url=town.url, issued=clock.today, people=people)
        plan = following(plan, None, town.roster, (), clock.today)
        (newest,) = place.publish(plan, clock.today, (), me.home.roster_file()).newest.values()
        invite = open_invite(
            make_invite(plan, late, me.member, me.keys, newest.number, newest.expires)
        )
        home = Home(town.folder / "homes" / "ahli")
        home.create("ahli", "dinsos", "Ahli", ("approver",), b"kata sandi uji", clock.today)
        joining = Joining(home.unlock(b"kata sandi uji"), invite)
        with pytest.raises(NotYet) as waiting:
            joining.step()
        assert waiting.value.code == "joining.compare"
        heard = spoken(place.gathering().roster().digest()).id
        with pytest.raises(NotYet) as waiting:
            replace(joining, heard=heard).step()
        assert waiting.value.code == "joining.signatures"

        # One authority alone is not enough, however often it signs.
        first, second = (
            Newcomers(town.members[each], town.project_id, Events(town.project_id), None, heard)
            for each in AUTHORITIES
        )
        for _ in range(2):
            first.take_in()
        with pytest.raises(NotYet):
            joining.step()
        assert town.synced("dppapp").project.roster_digest == town.roster.digest()
        second.take_in()
        roster = joining.step()
        assert (roster.version, roster.member("ahli")) == (2, home.member())
        assert town.synced("dppapp").project.roster_digest == roster.digest()
        assert town.members["dinsos"].home.roster().version == 1
        assert town.synced("dinsos").project.roster_digest == roster.digest()
        session = Session(joining.me, town.project_id, clock=town.clock)
        assert session.sync().charter == town.synced("bps").charter
        first.take_in()  # nobody is awaited any more


def test_nobody_comes_later_at_a_service_of_the_version_before(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not know the question; an authority's `go` goes on."""
    monkeypatch.setattr(newcomers.router, "routes", [])
    with town.serving():
        me = town.members["bps"]
        Newcomers(me, town.project_id, Events(town.project_id)).take_in()
        url = f"{town.url}/api/v1/joining/{town.project_id}"
        with pytest.raises(Refused) as refused:  # the control: that is how it answers
            send(Message("GET", url, {}, b""))
        assert refused.value.code == "service.older"


def test_the_service_cannot_slip_somebody_into_the_next_roster(town: Town, clock: Clock) -> None:
    """What an authority is shown must follow its own roster, and be invited by that service."""
    people = tuple(
        PlannedPerson(id=each.id, agency=each.agency, name=each.name, roles=each.roles)
        for each in town.roster.members
    )
    late = PlannedPerson(id="ahli", agency="dinsos", name="Ahli", roles=("approver",))
    plan = Plan(project="x", url="http://127.0.0.1:1", issued=clock.today, people=(*people, late))
    plan = following(plan, None, town.roster, (), clock.today)
    me, keys = town.members["service"], KeyRing.generate()
    thief = me.member.model_copy(update=public_keys(KeyRing.generate()))

    def shown(plan: Plan, person: PlannedPerson, inviter: Member, ring: KeyRing) -> Record:
        made = make_invite(plan, person, inviter, ring, 1, clock.today)
        card = me.member.model_copy(update={**person.model_dump(), **public_keys(keys)})
        answer = make_answer(open_invite(made), card, keys)
        return Record(plan=plan, answers=(b64(answer),))

    assert Gathering.after(shown(plan, late, me.member, me.keys), town.roster).new() == ["ahli"]
    stranger = KeyRing.generate()
    thief = me.member.model_copy(update=public_keys(stranger))
    member = next(each for each in people if each.id == "dppapp")
    elsewhere = plan.model_copy(update={"after": "ab" * 32})
    for lie in (
        shown(plan, late, thief, stranger),  # invited by another key than the service's
        shown(plan, member, me.member, me.keys),  # new keys for somebody who is not to get any
        shown(elsewhere, late, me.member, me.keys),  # after another roster
    ):
        with pytest.raises(Unverified) as refused:
            Gathering.after(lie, town.roster)
        assert refused.value.code == "joining.not-as-invited"


def open_project(town: Town, tree: dict[str, Any]) -> None:
    body = CharterBody.model_validate(charter_from(tree).model_dump())
    for party in PARTIES:
        Session(town.members[party], body.project, clock=town.clock).open_with(body)
    project = Session(town.members["bps"], body.project, clock=town.clock).sync()
    assert project.of(EpochOpened)


def begin_anew_member(town: Town, name: str, agency: str) -> Member:
    """One more approver."""
    keys, like = KeyRing.generate(), town.roster.member("dinsos-approver")
    card = like.model_copy(update={**public_keys(keys), "id": name, "agency": agency})
    home = Home(town.folder / "homes" / name)
    write_file(home.identity_path, card.canonical())
    town.keys[name], town.members[name] = keys, Unlocked(home, card, keys)
    return card


def test_a_service_that_keeps_the_next_roster_back_gets_nothing_more(town: Town) -> None:
    """Whoever knows the next roster says nothing and cosigns nothing under the one before."""
    with town.serving():
        town.sign_charter()
        second, data = next_roster(town, renew(town, "dppapp-approver"))
        session = town.synced("bps")
        size = session.replay.size
        join(town, "bps", second, data)
        behind = Session(town.members["bps"], town.project_id, clock=town.clock)
        behind.sync()
        assert behind.replay.size == size
        body = CharterBody.model_validate(town.charter.model_dump())
        with pytest.raises(NotYet) as waiting:
            behind.statement(body)
        assert waiting.value.code == "roster.behind"
        town.synced("dppapp").replica()
        take(town, data)
        assert town.synced("bps").project.roster_digest == second.digest()


def test_a_roster_that_would_leave_a_project_behind_is_not_taken(town: Town) -> None:
    with town.serving():
        town.sign_charter()
        _, data = next_roster(town, without="dppapp")
        with pytest.raises(Refused) as refused:
            take(town, data)
        assert refused.value.code == "project.roster-members"
        assert town.synced("bps").project.roster_digest == town.roster.digest()
        # One whom no charter names may leave.
        third, data = next_roster(town, without="dinsos-approver")
        take(town, data)
        assert town.synced("bps").project.roster_digest == third.digest()
        with pytest.raises(WrongKey):
            town.synced("dinsos-approver")


def read_log(town: Town, port: int, name: str, keys: KeyRing) -> int:
    """The status of a request for the log at the process behind this port, signed with these."""
    message = Message("GET", f"{town.url}{API}/projects/{town.project_id}/log", {}, b"")
    sign_request(message, name, keys.signing)
    headers = {**message.headers, "Host": town.url.removeprefix("http://")}
    return httpx2.get(message.url.replace(town.url, loopback(port)), headers=headers).status_code


def test_every_process_judges_by_the_newest_roster(town: Town, clock: Clock) -> None:
    """One process takes the roster; one shares its home folder, one has a folder of its own."""
    me, old = town.members["service"], town.keys["dinsos"]
    apart = Home(town.folder / "homes" / "service-2")
    shutil.copytree(me.home.path, apart.path)
    ports = [town.port, free_port(), free_port()]
    with ExitStack() as running:
        running.enter_context(town.serving(worker=False))
        town.sign_charter()
        for home, port in zip((me.home, apart), ports[1:], strict=True):
            also = serving(town.settings(), replace(me, home=home), port, clock, worker=False)
            running.enter_context(also)
        assert [read_log(town, port, "dinsos", old) for port in ports] == [200] * 3, "the control"
        second, data = next_roster(town, renew(town, "dinsos"))
        take(town, data)
        assert [read_log(town, port, "dinsos", old) for port in ports] == [401] * 3
        new = town.keys["dinsos"]
        assert [read_log(town, port, "dinsos", new) for port in ports] == [200] * 3
    assert apart.roster() == second


def test_a_strange_roster_is_not_believed(town: Town) -> None:
    """A service that shows a log under a roster of its own making is not followed."""
    with town.serving():
        town.sign_charter()
        forged, data = next_roster(town)
        other = Home(town.folder / "homes" / "bps")
        # Signed by one authority alone, or by others, it is no successor.
        half = json.loads(data)
        half["signatures"] = half["signatures"][:1]
        with pytest.raises(PadanError):
            other.learn(canonical_json(half))
        stranger = Town(town.folder / "lain").members["bps"].home.roster_files()[0]
        with pytest.raises((Unverified, Refused)):
            other.learn(stranger)
        assert other.roster() == town.roster
        assert forged.version == 2
