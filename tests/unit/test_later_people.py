"""A roster is in force: what pages opened before it, and a strange service, can no longer do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from policy.base.canonical import b64
from policy.base.errors import Refused
from policy.base.files import write_file
from policy.base.words import Words
from policy.crypto.keys import KeyRing
from policy.joining.arriving import make_home
from policy.joining.folder import JoiningFolder
from policy.joining.gathering import Gathering, Record, unsigned_roster
from policy.joining.invite import make_answer, make_invite, open_answer, open_invite
from policy.joining.inviting import invite_everybody, invites_of
from policy.joining.plan import PLAN_FILE, PlannedPerson, read_plan
from policy.members.home import Home, Unlocked, public_keys
from policy.members.roster import Member
from policy.terminal.events import Events
from policy.ui.charters import CHARTER, CharterDesk
from policy.ui.desk import ApproverDesk
from policy.ui.organising import Organising
from policy.wire import newcomers
from policy.wire.newcomers import Newcomers
from policy.wire.signed_requests import Message
from tests.support.joining import PEOPLE
from tests.support.republic import TODAY, charter_from, charter_tree

URL = "http://127.0.0.1:8321"
TABLE = "member,agency,superior,roles,nama\n" + "".join(f"{k},{v}\n" for k, v in PEOPLE.items())


@dataclass
class Office:
    """The operator's home with a pinned roster, of people whose keys are here."""

    folder: Path
    keys: dict[str, KeyRing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.charter = charter_from(charter_tree())
        self.plan = read_plan(TABLE.encode(), self.charter.project, URL, datetime.now(UTC).date())
        self.home = Home(self.folder / "service")
        self.me = make_home(self.home, self.plan.inviter, b"kata sandi uji")
        self.place = JoiningFolder(self.home, self.plan.project)
        for member, data in invite_everybody(self.me, self.plan, {}).items():
            card, self.keys[member] = self.card(member), KeyRing.generate()
            card = card.model_copy(update=public_keys(self.keys[member]))
            answer = make_answer(open_invite(data), card, self.keys[member])
            self.place.take_answer(open_answer(answer), self.me.member, TODAY)
        self.roster = self.place.gathering().roster()
        for each in self.roster.authorities:
            envelope = unsigned_roster(self.roster).signed_by(each, self.keys[each].signing)
            self.place.take_signatures(envelope.canonical())
        signed = self.place.signed()
        assert signed is not None
        self.roster_data = signed
        self.home.pin_roster(URL, signed, self.roster.digest())

    def card(self, member: str) -> Member:
        person = self.plan.person(member)
        assert person is not None
        return self.me.member.model_copy(update=dict(person))

    def organising(self) -> Organising:
        desk = ApproverDesk(self.home, self.me)
        charters = CharterDesk(self.home, desk.session)
        write_file(charters.folder(self.plan.project) / CHARTER, self.charter.canonical())
        write_file(charters.folder(self.plan.project) / PLAN_FILE, TABLE.encode())
        return Organising(desk, charters)

    def files(self) -> dict[str, bytes]:
        return {
            str(each.relative_to(self.place.path)): each.read_bytes()
            for each in self.place.path.rglob("*")
            if each.is_file()
        }

    def authority(self) -> Unlocked:
        """One authority's home, with the same roster."""
        home, name = Home(self.folder / "bps"), "bps"
        card = self.roster.member(name)
        write_file(home.identity_path, card.canonical())
        home.pin_roster(URL, self.roster_data, self.roster.digest())
        return Unlocked(home, card, self.keys[name])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_names_sent_again_from_an_old_page_change_nothing(office: Office) -> None:
    before, organising = office.files(), office.organising()
    for _ in range(2):
        organising.invite(office.plan.project, {}, URL, ("", "", False))
        assert office.files() == before, "answers and signatures of the roster are kept"
    organising.invite(office.plan.project, {"dinsos": ""}, URL, ("", "", False))
    assert office.files() == before


def test_an_invite_again_from_an_old_page_is_for_the_next_roster(office: Office) -> None:
    organising = office.organising()
    before = office.files()
    for fixed in office.roster.authorities:
        with pytest.raises(Refused) as refused:
            organising.again(office.plan.project, fixed)
        assert refused.value.code == "invite.roster"
    assert office.files() == before, "nothing is lost by what is refused"

    organising.again(office.plan.project, "dinsos")
    plan = office.place.plan()
    assert plan is not None
    assert (plan.after, plan.again) == (office.roster.digest(), ("dinsos",))
    assert [each.id for each in office.place.gathering().missing()] == ["dinsos"]
    assert list(invites_of(office.me, plan)) == ["dinsos"]
    # Somebody of the roster who comes with the first invite is told how to get it.
    first = open_invite(invite_everybody(office.me, plan, {})["dinsos"])
    old = open_answer(before["answers/dinsos.json"])
    with pytest.raises(Refused) as refused:
        office.place.take_answer(old, office.me.member, TODAY)
    assert refused.value.code == "invite.replaced"
    assert "padan-policy join" in refused.value.hint.en
    card = office.card("dinsos").model_copy(update=public_keys(keys := KeyRing.generate()))
    office.place.take_answer(open_answer(make_answer(first, card, keys)), office.me.member, TODAY)
    assert office.place.gathering().roster().version == 2


def test_an_authority_is_asked_about_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that shows a plan without new people gets no signature on the same people."""
    late = PlannedPerson(id="ahli", agency="dinsos", name="Ahli", roles=("approver",))
    everybody = office.plan.model_copy(update={"after": office.roster.digest()})
    more = everybody.model_copy(update={"people": (late, *everybody.people)})
    person, card = more.people[0], office.card("bps").model_copy(update=dict(late))
    keys = KeyRing.generate()
    card = card.model_copy(update=public_keys(keys))
    invite = make_invite(more, person, office.me.member, office.me.keys, 1, TODAY)
    answer = b64(make_answer(open_invite(invite), card, keys))
    shown, sent, asked = [Record(plan=everybody)], list[Message](), list[list[str]]()

    def service(message: Message) -> bytes:
        sent.append(message)
        return shown[-1].canonical()

    def compare(gathering: Gathering, words: Words, signs: bool) -> bool:
        asked.append(gathering.new())
        return signs

    monkeypatch.setattr(newcomers, "send", service)
    authority = Newcomers(office.authority(), office.plan.project, Events("x"), compare)
    authority.take_in()
    assert (asked, [each.method for each in sent]) == ([], ["GET"])
    shown.append(Record(plan=more, answers=(answer,)))
    authority.take_in()  # the control: about somebody new the authority is asked, and signs
    assert (asked, sent[-1].method) == ([["ahli"]], "POST")
