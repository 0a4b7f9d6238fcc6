"""What must go, when, who attests it, and what a legal hold stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from policy.base.canonical import sha256
from policy.base.errors import NotYet, Refused
from policy.gates.cases import release_case
from policy.gates.decision import release_gate
from policy.retention import GRACE_DAYS, LONGEST_HOLD_DAYS, STATES, THINGS, Item, holds, schedule
from policy.retention.schedule import State
from policy.statements import (
    Decided,
    Destroyed,
    Hold,
    HoldLifted,
    PartyThing,
    ReleaseRequest,
    ServiceThing,
    Thing,
)
from tests.support.republic import PARTIES, TODAY, Republic, charter_tree

ENCODINGS_UNTIL, RELEASES_UNTIL = TODAY + timedelta(days=30), TODAY + timedelta(days=60)
DAY = 86_400


def republic(step: str = "receipt", **retention: Any) -> Republic:
    tree = charter_tree()
    dates = {"encodings_until": ENCODINGS_UNTIL, "releases_until": RELEASES_UNTIL}
    tree["retention"] = {"jra": "PS.01", **dates, **retention}
    return Republic(tree=tree).to(step)


def at(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


def item(state: Republic, owner: str, what: Thing, day: date) -> Item:
    found = [i for i in schedule(state.project, day) if (i.owner, i.what) == (owner, what)]
    assert len(found) == 1
    return found[0]


def attestation(state: Republic, owner: str, thing: Thing, day: date, **change: Any) -> Destroyed:
    found = item(state, owner, thing, day)
    fields: dict[str, Any] = {
        "at": at(day),
        "what": thing,
        "due": found.due,
        "early": day < found.due,
        "objects": found.objects,
        "count": 1,
    }
    return Destroyed(**{**fields, **change})


def destroy(state: Republic, owner: str, what: Thing, day: date, **change: Any) -> str:
    """On a day that the witnesses have seen as well."""
    state.now = max(state.now, at(day))
    state.witness()
    return state.say(owner, attestation(state, owner, what, day, **change))


def place(state: Republic, member: str, **fields: Any) -> str:
    body = Hold(**{"at": at(TODAY), "basis": "Putusan 12/Pid.Sus/2026", **fields})
    return state.say(member, body)


def release_again(state: Republic, release: str) -> str:
    """Ask for another release of the same run, and decide it; the digest of dinsos's file."""
    body = ReleaseRequest(at=state.now, release=release, domains=("semua",))
    request = state.say("dinsos", body, run="run-1")
    first = next(f for f in state.staged().files if f.domain == "semua")
    files = tuple(
        f.model_copy(update={"plaintext": sha256(f"again {f.dataset}".encode())})
        for f in state.staged().files
        if f.domain == first.domain
    )
    staged = state.staged(release=release, request=request, files=files)
    stage = state.say("service", staged, run=release)
    state.witness()
    for approver in state.approvers:
        approval = state.approval(release=release, stage=stage)
        state.say(approver, approval, run=release, manifest=stage)
    outcome = release_gate(release_case(state.project, release, state.facts.facts, state.now))
    decided = Decided(
        at=state.now,
        release=release,
        stage=stage,
        approvals=tuple(e.digest for e in state.project.release(release).approvals),
        rules=outcome.rules(),
        verdict=outcome.verdict,
    )
    state.say("service", decided, run=release)
    return next(f.plaintext for f in files if f.recipient == "dinsos")


def refusal(act: Callable[..., object], *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return caught.value.code


# -- the schedule -----------------------------------------------------------------------------


def test_everything_has_a_date_an_owner_and_words() -> None:
    found = schedule(republic().project, TODAY)
    service = [i.what for i in found if i.owner == "service"]
    assert service == list(get_args(ServiceThing))
    for party in PARTIES:
        mine = [i.what for i in found if i.owner == party]
        # Attributes travel only where the charter dates them.
        assert mine == [what for what in get_args(PartyThing) if what != "attributes"]
    assert {i.state for i in found} == {"kept"}
    assert set(THINGS) == {*get_args(ServiceThing), *get_args(PartyThing)}
    assert set(STATES) == set(get_args(State))


def test_nothing_is_scheduled_before_there_is_any() -> None:
    assert schedule(republic("charter").project, TODAY)[0].what == "service-key"
    assert len(schedule(republic("charter").project, TODAY)) == 1
    committed = {(i.owner, i.what) for i in schedule(republic("commit").project, TODAY)}
    assert ("bps", "keys") in committed
    assert ("bps", "opened-releases") not in committed
    assert ("service", "candidates") not in committed


def test_each_thing_follows_its_own_date_of_the_charter() -> None:
    maps, attributes = TODAY + timedelta(days=50), TODAY + timedelta(days=55)
    state = republic(maps_until=maps, attributes_until=attributes)
    last_days = {i.what: i.due - timedelta(days=1) for i in schedule(state.project, TODAY)}
    assert last_days == {
        **dict.fromkeys(
            ("service-key", "encodings", "candidates", "prepared-rows", "keys"), ENCODINGS_UNTIL
        ),
        **dict.fromkeys(("staged-files", "openings", "opened-releases", "lists"), RELEASES_UNTIL),
        "handle-map": maps,
        "attributes": attributes,
    }
    without = {i.what: i.due for i in schedule(republic().project, TODAY)}
    assert without["handle-map"] == without["opened-releases"]


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "kept"), (1, "due"), (1 + GRACE_DAYS, "due"), (2 + GRACE_DAYS, "overdue")],
)
def test_the_last_day_is_kept_and_the_next_is_due(days: int, state: State) -> None:
    day = ENCODINGS_UNTIL + timedelta(days=days)
    assert item(republic("bundle"), "service", "encodings", day).state == state


def test_another_release_is_not_covered_by_an_earlier_attestation() -> None:
    state = republic()
    destroy(state, "dinsos", "opened-releases", TODAY)
    assert item(state, "dinsos", "opened-releases", TODAY).state == "destroyed"
    second = release_again(state, "rilis-2")
    found = item(state, "dinsos", "opened-releases", TODAY)
    assert (found.state, second in found.objects) == ("kept", True)
    destroy(state, "dinsos", "opened-releases", TODAY)
    assert item(state, "dinsos", "opened-releases", TODAY).state == "destroyed"


# -- attestations -----------------------------------------------------------------------------


def test_the_service_attests_each_thing_once_and_in_time() -> None:
    state = republic()
    for what in get_args(ServiceThing):
        due = item(state, "service", what, TODAY).due
        digest = destroy(state, "service", what, due)
        found = item(state, "service", what, due)
        assert found.state == "destroyed"
        assert found.in_time
        assert found.attested is not None
        assert found.attested.digest == digest
        again = due + timedelta(days=1)
        assert refusal(destroy, state, "service", what, again) == "retention.destroyed"


def test_the_service_destroys_by_no_clock_but_the_witnesses() -> None:
    state, due = republic(), ENCODINGS_UNTIL + timedelta(days=1)
    body = attestation(state, "service", "encodings", due)
    with pytest.raises(NotYet) as caught:
        state.say("service", body)
    assert caught.value.code == "retention.unwitnessed"
    state.now = at(due)
    state.witness("bps")
    with pytest.raises(NotYet):
        state.say("service", body)  # one witness may have a wrong clock
    state.witness("auditor")
    state.say("service", body)


def test_under_the_first_law_the_service_goes_by_its_own_clock() -> None:
    """The negative control, and logs of earlier builds load as they did."""
    tree = charter_tree()
    tree["retention"] |= {"encodings_until": ENCODINGS_UNTIL, "releases_until": RELEASES_UNTIL}
    tree.pop("law")
    state = Republic(tree=tree).to("receipt")
    body = attestation(state, "service", "encodings", ENCODINGS_UNTIL + timedelta(days=1))
    state.say("service", body)


def test_a_late_attestation_counts_and_says_when() -> None:
    state, late = republic(), ENCODINGS_UNTIL + timedelta(days=2 + GRACE_DAYS)
    destroy(state, "bps", "keys", late)
    found = item(state, "bps", "keys", late)
    assert (found.state, found.in_time, found.attested_on) == ("destroyed", False, late)


def test_an_attestation_may_come_after_the_charter_has_expired() -> None:
    state = republic()
    day = state.charter.valid_until + timedelta(days=100)
    destroy(state, "dppapp", "handle-map", day)
    assert item(state, "dppapp", "handle-map", day).attested_on == day


def test_a_party_may_destroy_early_and_says_so_but_the_service_may_not() -> None:
    state = republic()
    wrong = attestation(state, "bps", "prepared-rows", TODAY, early=False)
    assert refusal(state.say, "bps", wrong) == "project.attestation"
    digest = destroy(state, "bps", "prepared-rows", TODAY)
    assert state.project.entry(digest, Destroyed).body.early
    last = ENCODINGS_UNTIL
    assert refusal(destroy, state, "service", "service-key", last) == "retention.early"


@pytest.mark.parametrize(
    "change",
    [
        {"due": ENCODINGS_UNTIL},
        {"objects": ()},
        {"objects": ("0" * 64,)},
        {"what": "candidates"},
    ],
)
def test_an_attestation_says_what_the_log_says(change: dict[str, Any]) -> None:
    state, day = republic(), ENCODINGS_UNTIL + timedelta(days=1)
    body = attestation(state, "service", "encodings", day, **change)
    assert refusal(state.say, "service", body) == "project.attestation"


def test_nobody_attests_for_another() -> None:
    state, day = republic(), ENCODINGS_UNTIL + timedelta(days=1)
    of_service = attestation(state, "service", "encodings", day)
    of_party = attestation(state, "dinsos", "lists", day)
    for sender, body in [("bps", of_service), ("service", of_party), ("auditor", of_party)]:
        assert refusal(state.say, sender, body) == "project.not-entitled"
    # Another party's objects are not one's own.
    mine = attestation(state, "dinsos", "keys", day)
    assert refusal(state.say, "bps", mine) == "project.attestation"


def test_there_must_be_something_to_destroy() -> None:
    state = republic("commit")
    body = attestation(state, "bps", "keys", TODAY, what="lists")
    assert refusal(state.say, "bps", body) == "retention.nothing"


# -- nothing is used after its date, and nothing after its destruction -----------------------


@pytest.mark.parametrize(
    ("done", "step"), [("confirm", "bundle"), ("bundle", "order"), ("order", "run")]
)
def test_rows_are_not_used_after_their_last_day(done: str, step: str) -> None:
    state = republic(done)
    state.now = at(ENCODINGS_UNTIL + timedelta(days=1))
    assert refusal(getattr(state, step)) == "retention.ended"
    state.now = at(ENCODINGS_UNTIL)
    getattr(state, step)()


def test_a_hold_preserves_and_does_not_let_use() -> None:
    state = republic("bundle")
    place(state, "dpo")
    state.now = at(ENCODINGS_UNTIL + timedelta(days=1))
    assert refusal(state.order) == "retention.ended"


def test_a_run_after_the_destruction_names_its_day() -> None:
    state, day = republic("order"), ENCODINGS_UNTIL + timedelta(days=1)
    destroy(state, "service", "service-key", day)
    state.now = at(day)
    with pytest.raises(Refused) as caught:
        state.run()
    assert caught.value.code == "retention.destroyed"
    assert day.isoformat() in caught.value.problem.en
    assert day.isoformat() in caught.value.problem.id


def test_a_stage_is_not_decided_after_the_releases_end() -> None:
    state = republic("approve")
    state.now = at(RELEASES_UNTIL + timedelta(days=1))
    state.witness()
    assert refusal(state.decide) == "retention.ended"


# -- legal holds ------------------------------------------------------------------------------


@pytest.mark.parametrize("placer", ["dpo", "auditor", "walidata"])
def test_a_hold_stops_destruction_until_it_is_lifted(placer: str) -> None:
    state, day = republic(), ENCODINGS_UNTIL + timedelta(days=20)
    digest = place(state, placer)
    for owner, what in [("service", "service-key"), ("bps", "lists"), ("dinsos", "keys")]:
        assert item(state, owner, what, day).state == "held"  # type: ignore[arg-type]
        assert refusal(destroy, state, owner, what, day) == "retention.held"
    state.say(placer, HoldLifted(at=at(day), hold=digest, reason="Perkara selesai"))
    destroy(state, "service", "service-key", day)
    found = item(state, "service", "service-key", day)
    # Held for twenty days beyond its date, and gone on the day on which that ended.
    assert found.in_time
    assert found.deadline == day + timedelta(days=GRACE_DAYS)


def test_a_hold_covers_what_it_names_and_no_more() -> None:
    state, day = republic(), ENCODINGS_UNTIL + timedelta(days=1)
    place(state, "auditor", scope=("encodings",), owners=("service",))
    assert item(state, "service", "encodings", day).state == "held"
    destroy(state, "service", "candidates", day)
    destroy(state, "bps", "keys", day)


def test_a_hold_ends_by_itself() -> None:
    state, day = republic(), ENCODINGS_UNTIL + timedelta(days=10)
    place(state, "dpo", until=day)
    assert refusal(destroy, state, "service", "encodings", day) == "retention.held"
    destroy(state, "service", "encodings", day + timedelta(days=1))
    place(state, "dpo")
    last = TODAY + timedelta(days=LONGEST_HOLD_DAYS)
    assert holds(state.project)[-1].last == last
    assert item(state, "service", "service-key", last).state == "held"
    assert item(state, "service", "service-key", last + timedelta(days=1)).state == "due"


@pytest.mark.parametrize("placer", ["service", "bps-approver", "dppapp"])
def test_who_holds_no_office_places_no_hold(placer: str) -> None:
    state = republic()
    assert refusal(place, state, placer) == "project.not-entitled"


def test_a_walidata_party_holds_its_own_things_alone() -> None:
    tree = charter_tree()
    for party in tree["parties"]:
        party["role"] = "walidata" if party["member"] == "dinsos" else "produsen-data"
    state = Republic(tree=tree).to("receipt")
    place(state, "dinsos", owners=("dinsos",))
    assert refusal(place, state, "dinsos", owners=("bps",)) == "project.not-entitled"
    assert refusal(place, state, "dinsos") == "project.not-entitled"
    assert refusal(place, state, "dppapp", owners=("dppapp",)) == "project.not-entitled"


@pytest.mark.parametrize(
    "fields",
    [
        {"until": TODAY + timedelta(days=LONGEST_HOLD_DAYS + 1)},
        {"until": TODAY - timedelta(days=1)},
        {"owners": ("auditor",)},
        {"owners": ("bps", "bps")},
        {"scope": ("keys", "keys")},
    ],
)
def test_a_hold_is_bounded_and_about_members_who_keep_something(fields: dict[str, Any]) -> None:
    assert refusal(place, republic(), "dpo", **fields) == "project.hold"


def test_a_hold_is_not_lifted_by_those_whom_it_covers() -> None:
    state = republic()
    by_walidata = place(state, "walidata", owners=("bps",))
    by_dpo = place(state, "dpo")

    def lift(member: str, digest: str, reason: str = "Selesai") -> str:
        return state.say(member, HoldLifted(at=at(TODAY), hold=digest, reason=reason))

    # An authority like who placed it, but the hold is on its own things.
    assert refusal(lift, "bps", by_walidata) == "project.not-entitled"
    for member in ("service", "dinsos", "auditor"):
        assert refusal(lift, member, by_dpo) == "project.not-entitled"
    # Of the placer's agency, and holding nothing that is covered.
    lift("dpo", by_walidata)
    lift("walidata", by_dpo)
    assert refusal(lift, "walidata", by_dpo, "Sekali lagi") == "project.not-held"


@pytest.mark.parametrize("basis", ["nik 3171234567890001", "", "x" * 301, "a\nb"])
def test_a_hold_refers_to_a_paper_and_not_to_a_person(basis: str) -> None:
    with pytest.raises(ValueError, match="basis"):
        Hold(at=at(TODAY), basis=basis)
