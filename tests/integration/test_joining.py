"""People join a project: the commands from an invite to a pinned roster, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linkage_service.api.joining import Limit
from policy.base.canonical import b64, unb64
from policy.base.errors import PadanError, Refused
from policy.crypto.envelope import parse_envelope, sign
from policy.crypto.keys import KeyRing
from policy.joining.folder import JoiningFolder
from policy.joining.gathering import Gathering, Record, signatures_on, unsigned_roster
from policy.joining.invite import (
    AnswerBody,
    Invite,
    answer_binding,
    make_answer,
    make_invite,
    open_answer,
    open_invite,
)
from policy.joining.spoken_words import require_same, spoken
from policy.members.home import Home, Unlocked, public_keys
from policy.wire.http import send
from policy.wire.signed_requests import Message, sign_request
from tests.support.joining import INVITED, LATE, Joiners
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import expect
from tests.support.server import serve_process


@pytest.fixture(scope="module")
def invited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joiners]:
    """Everybody is invited and has joined; nobody has compared the words."""
    town = Joiners(tmp_path_factory.mktemp("joining"))
    town.invite()
    with town.receiving(Limit(most=10_000)):
        for name in INVITED:
            code = 6 if name == INVITED[-1] else 0
            town.accept(name, code=code)
        yield town


def opened(town: Joiners, name: str) -> Unlocked:
    return Home(town.home(name)).unlock(f"kata sandi uji {name}".encode())


def invite_of(town: Joiners, name: str) -> Invite:
    return open_invite(town.invite_file(name).read_bytes())


def forged_answer(invite: Invite, card_of: Unlocked, signer: KeyRing) -> bytes:
    """An answer as a program of somebody else's would make it: no check is done."""
    body = AnswerBody(card=card_of.member, invite=b64(invite.data))
    return sign(
        answer_binding(invite, card_of.member), body.canonical(), signer.signing
    ).canonical()


def refusal(answer: httpx2.Response) -> str:
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["code"])


def test_from_the_invites_to_a_service_with_a_roster(tmp_path: Path) -> None:
    """The whole story with the real service; every command is given twice."""
    town = Joiners(tmp_path)
    first, second = town.invite().json()[0], town.invite().json()[0]
    assert [Path(each).stem for each in first["written"]] == sorted(INVITED)
    assert second["written"] == []
    files = {name: town.invite_file(name).read_bytes() for name in INVITED}
    serving = serve_process(
        town.home("service"), town.folder / "passphrases" / "service", town.port, []
    )
    try:
        for name in ("bps", "dinsos"):
            for _ in range(2):
                told = town.accept(name).json()[0]
                assert told["event"] == "waiting"
                assert "diskominfo" in told["problem"]["en"]
        expect(town.run("dinsos", "go", town.project, code=6), "joining.awaited")
        words = {name: town.words(name) for name in ("diskominfo", "bps", "dinsos")}
        assert len(set(words.values())) == 1

        # Somebody on the telephone reads other words, or one of them is misheard.
        heard = words["diskominfo"]
        *first_words, check = heard.split()
        misheard = " ".join([*first_words, "abu" if check != "abu" else "anak"])
        for said, code in (
            (spoken("ab" * 32).en, "joining.other-words"),
            (misheard, "joining.misheard"),
            (heard.rsplit(" ", 1)[0], "joining.misheard"),
        ):
            refused = town.accept("bps", "--words", said, code=7)
            assert refused.error is not None
            assert refused.error.code == code
        assert "signature" not in json.dumps(town.accept("bps", code=6).json())

        waiting = town.accept("dinsos", "--words", heard).json()[0]
        assert "bps, diskominfo" in waiting["problem"]["en"]
        assert town.accept("dinsos").json()[0] == waiting, "the words are remembered"
        assert not Home(town.home("dinsos")).has_joined
        town.run("bps", "go", town.project, "--words", heard, code=6)
        joined = town.accept("diskominfo", "--words", heard).json()[0]
        assert joined["event"] == "joined"
        town.wait_for_roster()
        for name in INVITED:
            for _ in range(2):
                again = town.accept(name).json()[0]
                assert (again["event"], again["roster"]) == ("joined", joined["roster"])
        # Now it is an ordinary service: a signed request is answered, the project does not exist.
        expect(town.run("bps", "go", town.project, code=6), "project.wait-charter")
        # A late invite of the same project changes nothing any more.
        assert town.invite().json()[0]["missing"] == []
        assert files == {name: town.invite_file(name).read_bytes() for name in INVITED}
        other = Joiners(tmp_path / "other", project="lain-2027")
        other.invite()
        elsewhere = ("accept", str(other.invite_file("dinsos")))
        expect(town.run("dinsos", *elsewhere, code=4), "invite.other-service")
        draft = JoiningFolder(Home(town.home("dinsos")), town.project).charter()
        assert draft is not None
        assert draft["project"] == town.project
        take_in_a_latecomer(town)
        replace_a_lost_key(town)
        invite_with_new_keys(town)
    finally:
        serving.terminate()
        serving.wait(PATIENCE_SECONDS)


def take_in_a_latecomer(town: Joiners) -> None:
    """A person comes to a roster in force: an invite, words by telephone, both authorities."""
    earlier = town.invite_file("dinsos").read_bytes()
    town.write_plan(dinkes=LATE)
    first, second = town.invite().json()[0], town.invite().json()[0]
    assert [Path(each).stem for each in first["written"]] == ["dinkes"]
    assert (first["missing"], second["written"]) == (["dinkes"], [])
    assert town.invite_file("dinsos").read_bytes() == earlier
    assert events(town, "bps") == [], "nobody has come yet"

    heard = town.words("dinkes")
    refused = town.accept("dinkes", "--words", spoken("ab" * 32).en, code=7)
    expect(refused, "joining.other-words")
    assert signs_nothing(town, "diskominfo", spoken("ab" * 32).en) == "joining.other-words"
    (asked,) = events(town, "bps")
    assert (asked["event"], asked["new"], asked["words"]["id"]) == ("compare", ["dinkes"], heard)
    assert events(town, "dinsos", "--words", heard) == [], "no authority: not asked"
    assert [newcomers_shown_to(town, name) for name in ("bps", "dinsos")] == [True, False]
    for expected in (["done"], []):
        assert [each["event"] for each in events(town, "bps", "--words", heard)] == expected
    waiting = town.accept("dinkes", "--words", heard).json()[0]
    assert "diskominfo" in waiting["problem"]["en"]
    assert not Home(town.home("dinkes")).has_joined, "one authority is not enough"
    assert [each["event"] for each in events(town, "diskominfo", "--words", heard)] == ["done"]
    for _ in range(2):
        joined = town.accept("dinkes").json()[0]
        assert (joined["event"], joined["version"], joined["words"]["id"]) == ("joined", 2, heard)
    for name in ("dinkes", "dinsos", "bps"):
        expect(town.run(name, "go", town.project, code=6), "project.wait-charter")
        assert Home(town.home(name)).roster().version == 2, "learned from the service, and checked"
    assert town.invite().json()[0]["version"] == 2


def invite_with_new_keys(town: Joiners) -> None:
    """A lost passphrase by invite: the same person with new keys, in a new home."""
    again, before = town.folder / "homes" / "dinkes-again", Home(town.home("bps"))
    for fixed in ("bps", "diskominfo"):
        expect(town.invite("--again", fixed, code=4), "invite.roster")
    told = town.invite("--again", "dinkes").json()[0]
    assert ([Path(each).stem for each in told["written"]], told["missing"]) == (
        ["dinkes"],
        ["dinkes"],
    )
    answer = town.accept("dinkes", code=6, home=again)
    heard = str(answer.json()[-1]["words"]["en"])
    for name in ("bps", "diskominfo"):
        assert [each["event"] for each in events(town, name, "--words", heard)] == ["done"]
    assert town.accept("dinkes", "--words", heard, home=again).json()[0]["version"] == 4
    town.run("bps", "go", town.project, code=6)
    assert before.roster().member("dinkes") == Home(again).member()
    expect(town.run("dinkes", "go", town.project, code=5), "request.signature")


def events(town: Joiners, name: str, *more: str) -> list[dict[str, Any]]:
    """What `go` of this person says before it waits for the charter."""
    answer = town.run(name, "go", town.project, *more, code=6)
    assert answer.error is not None
    assert answer.error.code == "project.wait-charter"
    return list(answer.json())


def signs_nothing(town: Joiners, name: str, heard: str) -> str:
    refused = town.run(name, "go", town.project, "--words", heard, code=7)
    assert refused.error is not None
    return refused.error.code


def newcomers_shown_to(town: Joiners, name: str) -> bool:
    """Whether the service shows this member who comes later."""
    me = opened(town, name)
    message = Message("GET", f"{town.url}/api/v1/joining/{town.project}", {}, b"")
    sign_request(message, name, me.keys.signing)
    refused = ""
    try:
        send(message)
    except Refused as error:
        refused = error.code
    assert refused in ("", "service.not-entitled")
    return not refused


def replace_a_lost_key(town: Joiners) -> None:
    """docs/how-to/lost-passphrase.md without a backup: new keys, by the next roster."""
    again = town.folder / "homes" / "dinsos-again"
    roles = ("--role", "party", "--role", "witness")
    office = ("--agency", "dinsos", "--name", "Pengolah data Dinas Sosial", *roles)
    town.run("dinsos", "identity", "create", "dinsos", *office, home=again)
    first, second = str(town.folder / "roster.json"), str(town.folder / "roster-2.json")
    saved = town.run("bps", "roster", "save", first).json()[0]
    card = str(again / "identity.json")
    town.run("bps", "roster", "build", card, "--after", first, "--out", second)
    for authority in ("bps", "diskominfo"):
        said = town.run(authority, "roster", "sign", second).json()[0]
    taken = town.run("bps", "roster", second, script="padan-linkage").json()[0]
    assert taken["version"] == 3
    # The words of the first roster do not pin the second one; the lost key is refused.
    join = ("join", "--service", town.url)
    old = town.run("dinsos", *join, "--words", saved["words"]["id"], home=again, code=7)
    expect(old, "joining.other-words")
    expect(town.run("dinsos", *join, home=again, code=2), "option.roster")
    town.run("dinsos", *join, "--words", said["words"]["en"], home=again)
    assert town.run("dinsos", "go", town.project, home=again, code=6).error is not None
    expect(town.run("dinsos", "go", town.project, code=5), "request.signature")


def test_a_card_by_file_counts_like_one_by_network(tmp_path: Path) -> None:
    town = Joiners(tmp_path)
    town.invite()
    replies = []
    for name in INVITED:
        reply = tmp_path / f"reply-{name}.padan"
        town.accept(name, "--reply", str(reply))
        replies += ["--reply", str(reply)]
    assert town.invite(*replies).json()[0]["missing"] == []
    assert town.invite(*replies).json()[0]["missing"] == []


# -- attacks ------------------------------------------------------------------------------------


def test_one_person_does_not_join_as_another(invited: Joiners) -> None:
    theirs = str(invited.invite_file("dinsos"))
    refused = invited.run("bps", "accept", theirs, code=4)
    expect(refused, "invite.other-person")
    bps = opened(invited, "bps")
    forged = forged_answer(invite_of(invited, "dinsos"), bps, bps.keys)
    assert refusal(invited.put(forged)) == "invite.other-person"
    honest = make_answer(invite_of(invited, "bps"), bps.member, bps.keys)
    assert invited.put(honest).is_success, "the control: the own invite is taken"


def test_a_card_needs_its_private_key(invited: Joiners) -> None:
    bps, dinsos = opened(invited, "bps"), opened(invited, "dinsos")
    forged = forged_answer(invite_of(invited, "dinsos"), dinsos, bps.keys)
    assert refusal(invited.put(forged)) == "envelope.signature"
    assert invited.put(forged_answer(invite_of(invited, "dinsos"), dinsos, dinsos.keys)).is_success


def test_an_edited_invite_is_refused(invited: Joiners, tmp_path: Path) -> None:
    """Somebody adds the role of an authority to their own invite."""
    envelope = parse_envelope(invited.invite_file("dinsos").read_bytes())
    body = envelope.body.replace(b'"witness"', b'"authority"')
    assert body != envelope.body
    edited = tmp_path / "edited.padan"
    edited.write_bytes(envelope.model_copy(update={"payload": b64(body)}).canonical())
    refused = invited.run("dinsos", "accept", str(edited), code=5, home=tmp_path / "home")
    expect(refused, "envelope.signature")
    assert not (tmp_path / "home").exists(), "no keys were made"


def test_an_invite_of_a_stranger_or_of_another_project_is_refused(
    invited: Joiners, tmp_path: Path
) -> None:
    dinsos, plan = (
        opened(invited, "dinsos"),
        JoiningFolder(Home(invited.home("service")), invited.project).plan(),
    )
    assert plan is not None
    person = plan.person("dinsos")
    assert person is not None
    body = invite_of(invited, "dinsos").body
    stranger = KeyRing.generate()
    card = body.inviter.model_copy(update=public_keys(stranger))
    own = open_invite(make_invite(plan, person, card, stranger, 1, body.expires))
    assert (
        refusal(invited.put(make_answer(own, dinsos.member, dinsos.keys))) == "joining.not-invited"
    )

    # The same service invites to a second project; the invites are not exchangeable.
    second = Joiners(tmp_path, invited.port, "jakarta-2027")
    second.run("service", "invite", str(second.place), "--service", invited.url,
               home=invited.home("service"))  # fmt: skip
    other = make_answer(invite_of(second, "dinsos"), dinsos.member, dinsos.keys)
    assert refusal(invited.put(other)) == "joining.not-invited"
    assert refusal(invited.put(other, "jakarta-2028")) == "joining.no-project"
    assert invited.put(other, "jakarta-2027").is_success


def test_a_swapped_card_is_seen_by_its_owner_and_by_everybody_else(invited: Joiners) -> None:
    """A service that shows bps other keys of dinsos: the words differ, and dinsos sees it."""
    folder = JoiningFolder(Home(invited.home("service")), invited.project)
    record = folder.record()
    dinsos, bps = opened(invited, "dinsos"), opened(invited, "bps")
    thief = KeyRing.generate()
    stolen = dinsos.member.model_copy(update=public_keys(thief))
    swapped = make_answer(invite_of(invited, "dinsos"), stolen, thief)
    others = [each for each in record.answers if who(each) != "dinsos"]
    lying = record.model_copy(update={"answers": (*others, b64(swapped))})

    shown = Gathering.of(lying, invite_of(invited, "bps"), bps.member)  # nothing to see for bps
    honest = Gathering.of(record, invite_of(invited, "dinsos"), dinsos.member)
    heard = spoken(honest.roster().digest()).id
    with pytest.raises(PadanError) as caught:
        require_same(heard, shown.roster().digest())
    assert caught.value.code == "joining.other-words"
    require_same(heard, honest.roster().digest())
    with pytest.raises(PadanError) as caught:
        Gathering.of(lying, invite_of(invited, "dinsos"), dinsos.member)
    assert caught.value.code == "joining.taken"


def who(answer: str) -> str:
    return open_answer(unb64(answer)).card.id


def test_the_service_cannot_show_a_coordinator_with_other_keys(invited: Joiners) -> None:
    folder = JoiningFolder(Home(invited.home("service")), invited.project)
    record, bps = folder.record(), opened(invited, "bps")
    operator, other = opened(invited, "service"), KeyRing.generate()
    card = operator.member.model_copy(update=public_keys(other))
    own = next(open_answer(unb64(e)).invite for e in record.answers if who(e) == "service")
    answers = [e for e in record.answers if who(e) != "service"]
    lying = record.model_copy(update={"answers": (*answers, b64(make_answer(own, card, other)))})
    with pytest.raises(PadanError) as caught:
        Gathering.of(lying, invite_of(invited, "bps"), bps.member)
    assert caught.value.code == "joining.not-as-invited"
    Gathering.of(record, invite_of(invited, "bps"), bps.member)


def test_the_second_card_of_a_person_waits_for_a_new_invite(tmp_path: Path) -> None:
    """The first answer counts; after a new invite, the old one is no longer good."""
    town = Joiners(tmp_path)
    town.invite()
    old = town.invite_file("dinsos").read_bytes()
    with town.receiving():
        town.accept("dinsos", home=tmp_path / "thief")
        for _ in range(2):
            taken = town.accept("dinsos", code=7)
        expect(taken, "joining.taken")
        assert "dinsos" not in town.invite().json()[0]["missing"]
        told = town.invite("--again", "dinsos").json()[0]
        assert [Path(each).stem for each in told["written"]] == ["dinsos"]
        assert "dinsos" in told["missing"]
        thief = opened_at(tmp_path / "thief", town, "dinsos")
        replayed = make_answer(open_invite(old), thief.member, thief.keys)
        assert refusal(town.put(replayed)) == "invite.replaced"
        town.accept("dinsos")
        card = JoiningFolder(Home(town.home("service")), town.project).gathering().card("dinsos")
        assert card == Home(town.home("dinsos")).member()


def opened_at(home: Path, town: Joiners, name: str) -> Unlocked:
    return Home(home).unlock((town.folder / "passphrases" / name).read_bytes())


def test_a_changed_plan_invites_everybody_again(tmp_path: Path) -> None:
    town = Joiners(tmp_path)
    town.invite()
    with town.receiving():
        town.accept("dinsos")
        town.write_plan(dinsos="dinsos,pemda,party witness approver,Pengolah data Dinas Sosial")
        assert "dinsos" in town.invite().json()[0]["missing"]
        # The identity has other roles than the new invite asks for.
        expect(town.accept("dinsos", code=4), "invite.other-person")


def test_only_authorities_sign_and_only_this_roster(invited: Joiners) -> None:
    folder = JoiningFolder(Home(invited.home("service")), invited.project)
    roster, bps, dinsos = (
        folder.gathering().roster(),
        opened(invited, "bps"),
        opened(invited, "dinsos"),
    )
    other = roster.model_copy(update={"version": 2})
    for each, member, keys in (
        (other, "bps", bps.keys),
        (roster, "bps", dinsos.keys),
        (roster, "dinsos", dinsos.keys),
    ):
        signed = unsigned_roster(each).signed_by(member, keys.signing)
        assert refusal(invited.put(signed.canonical(), more="/roster")) == "joining.signature"
    good = unsigned_roster(roster).signed_by("bps", bps.keys.signing)
    assert set(signatures_on(roster, good.canonical())) == {"bps"}
    # A valid signature among invalid ones is kept; the others are dropped.
    mixed = good.signed_by("diskominfo", bps.keys.signing).signed_by("dinsos", dinsos.keys.signing)
    answer = Record.model_validate_json(invited.put(mixed.canonical(), more="/roster").content)
    assert answer.roster is not None
    assert [each.keyid for each in parse_envelope(unb64(answer.roster)).signatures] == ["bps"]


def test_requests_are_bounded_in_size_and_number(invited: Joiners, tmp_path: Path) -> None:
    assert refusal(invited.put(b"x" * (1024 * 1024 + 1))) == "request.too-large"
    assert refusal(invited.put(b"{}")) == "invite.malformed"
    town = Joiners(tmp_path)
    town.invite()
    now = [1_800_000_000]
    with town.receiving(Limit(most=3, seconds=60, clock=lambda: now[0])):
        assert [refusal(town.put(b"{}")) for _ in range(4)][2:] == [
            "invite.malformed",
            "joining.too-many",
        ]
        now[0] += 61
        assert refusal(town.put(b"{}")) == "invite.malformed"


def test_an_expired_invite_is_refused(invited: Joiners, tmp_path: Path) -> None:
    body = invite_of(invited, "dinsos").body
    operator, person = opened(invited, "service"), body.person
    plan = JoiningFolder(operator.home, invited.project).plan()
    assert plan is not None
    for day, code in (("2020-01-01", 4), ("2999-01-01", 0)):
        made = make_invite(plan, person, operator.member, operator.keys, 1, date.fromisoformat(day))
        file, reply = tmp_path / f"{day}.padan", str(tmp_path / f"reply-{code}.padan")
        file.write_bytes(made)
        home = tmp_path / "home"
        answer = invited.run("dinsos", "accept", str(file), "--reply", reply, code=code, home=home)
        if code:
            expect(answer, "invite.expired")


def test_before_the_roster_the_inviter_is_told_what_is_awaited(tmp_path: Path) -> None:
    """Who invites has no invite to accept."""
    town = Joiners(tmp_path)
    town.invite()
    for command in ("doctor", "worker"):
        answer = town.run("service", command, code=6, script="padan-linkage")
        hint = expect(answer, "home.no-service").hint.en
        assert "both authorities have signed" in hint
        assert "with your invite" not in hint
