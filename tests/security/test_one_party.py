"""One party cannot stop all others, use up what is theirs, or fill what all must read.

Each attack is tried under the first law, which lets it through, and under the second.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from encoder.encoding.project_keys import KeyShare
from linkage_service.intake.other_projects import (
    MOST_OPEN_PROJECTS,
    ordered_elsewhere,
    require_few_open,
)
from policy.base.canonical import b64
from policy.base.errors import NotYet, PadanError, Refused
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.crypto.keys import SealKey
from policy.evidence.archive import MAX_MEMBERS, MAX_TOTAL_BYTES
from policy.law import bounds
from policy.law.agreement import MOST_OPEN_PROPOSALS
from policy.statements import (
    CharterBody,
    Committed,
    Confirmed,
    Ended,
    EpochOpened,
    Excepted,
    Hold,
    Revealed,
)
from tests.support import republic as support
from tests.support.republic import (
    MEMBERS,
    PARTIES,
    Republic,
    assessed,
    charter_from,
    charter_tree,
    scoped,
)

Tree = dict[str, Any]


@pytest.fixture(autouse=True)
def one_more_approver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an authority, so that two parties that are left find enough other agencies."""
    more = {"walidata-approver": ("diskominfotik", ("approver",))}
    monkeypatch.setattr(support, "MEMBERS", {**MEMBERS, **more})


def under(law: str, **change: Any) -> Republic:
    return Republic(tree=scoped({**charter_tree(), "law": law, **change}))


def body(tree: Tree) -> CharterBody:
    return CharterBody.model_validate(charter_from(tree).model_dump())


def code_of(act: Callable[[], object]) -> str:
    try:
        act()
    except PadanError as error:
        return error.code if error.problem.id and error.hint.en else "no words"
    return ""


# -- runs -----------------------------------------------------------------------------------


def order(republic: Republic, party: str, run: str) -> Callable[[], object]:
    return lambda: republic.say(party, republic.run_order(), run=run)


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_one_party_orders_all_runs(law: str) -> None:
    republic = under(law, budget={"runs": 3, "releases": 4}).to("bundle")
    answers = [code_of(order(republic, "dinsos", f"p-{number}")) for number in range(3)]
    fair = law == LATEST_LAW
    assert answers == ["", "gate.run.budget", "gate.run.budget"] if fair else ["", "", ""]
    if fair:
        assert code_of(order(republic, "bps", "p-3")) == ""
        assert code_of(order(republic, "dppapp", "p-4")) == ""


@pytest.mark.parametrize(
    ("runs", "each", "share"), [(1, None, 1), (2, None, 1), (3, None, 1), (7, None, 2), (7, 5, 5)]
)
def test_a_share_leaves_everybody_theirs(runs: int, each: int | None, share: int) -> None:
    budget = {"runs": runs, "releases": 4, **({} if each is None else {"runs_each": each})}
    republic = under(LATEST_LAW, budget=budget).to("bundle")
    answers = [code_of(order(republic, "dinsos", f"p-{number}")) for number in range(share + 1)]
    assert answers == [""] * share + ["gate.run.budget"]


def test_a_share_is_not_beyond_the_whole() -> None:
    with pytest.raises(PadanError):
        charter_from({**charter_tree(), "budget": {"runs": 2, "releases": 1, "runs_each": 3}})


def test_a_charter_without_shares_is_written_as_before() -> None:
    charter = under(LATEST_LAW, budget={"runs": 3, "releases": 4}).charter
    assert b"_each" not in charter.canonical()
    assert b"dropped" not in charter.canonical()


def test_one_party_asks_for_all_releases() -> None:
    budget = {"runs": 3, "releases": 4, "releases_each": 1}
    republic = under(LATEST_LAW, budget=budget).to("request")
    again = republic.project.release("rilis-1").request.statement.body.model_copy(
        update={"release": "rilis-2"}
    )
    assert code_of(lambda: republic.say("dinsos", again, run="run-1")) == "project.release-budget"
    assert code_of(lambda: republic.say("bps", again, run="run-1")) == ""


# -- runs of other charters -----------------------------------------------------------------


def test_another_name_is_no_other_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same two agencies order elsewhere, one of them as a member of another name."""
    here = under(LATEST_LAW).to("bundle")
    tree = renaming(charter_tree())
    renamed = {("dinsos-baru" if k == "dinsos" else k): v for k, v in support.MEMBERS.items()}
    monkeypatch.setattr(support, "MEMBERS", renamed)
    monkeypatch.setattr(support, "PARTIES", ("bps", "dinsos-baru", "dppapp"))
    there = Republic(tree=scoped(tree)).to("bundle")
    there.say("dinsos-baru", there.run_order(), run="lain-1")
    there.say("bps", there.run_order(), run="lain-2")
    found = ordered_elsewhere(here.project, [there.project], here.now)
    assert found == {"bps+dinsos": 2, "bps+dppapp": 2, "dinsos+dppapp": 2}
    later = here.now + 366 * 86_400
    assert set(ordered_elsewhere(here.project, [there.project], later).values()) == {0}


def renaming(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: renaming(each) for key, each in value.items()}
    if isinstance(value, list):
        return [renaming(each) for each in value]
    return "dinsos-baru" if value == "dinsos" else value


# -- proposals ------------------------------------------------------------------------------


def proposal(law: str, cell: int, **change: Any) -> CharterBody:
    tree = {**charter_tree(), "law": law, **change}
    tree["release"] = {**tree["release"], "minimum_cell": cell}
    return body(scoped(tree))


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_a_squatted_id_is_no_obstacle(law: str) -> None:
    """One party signs its own text for the id that all others agreed on."""
    republic = under(law)
    republic.say("dppapp", proposal(law, 99))
    answers = [code_of(lambda p=p: republic.say(p, republic.body_charter())) for p in PARTIES]
    if law == FIRST_LAW:
        assert set(answers) == {"project.charter"}
        return
    assert answers == ["", "", ""]
    assert republic.project.in_force
    assert republic.project.charter.release.minimum_cell == 10
    republic.say("service", EpochOpened(at=republic.now, service_key=public_key()))
    for each in ("commit", "reveal", "confirm", "bundle"):
        if each == "commit":
            republic.except_privacy()
        getattr(republic, each)()


def public_key() -> str:
    return b64(SealKey.generate().public_bytes())


def test_signatures_on_several_proposals_are_no_agreement() -> None:
    """Each party signed something, and no text has all of them."""
    republic = under(LATEST_LAW)
    for cell, party in zip((10, 11, 12), PARTIES, strict=True):
        republic.say(party, proposal(LATEST_LAW, cell))
    assert not republic.project.in_force
    opened = EpochOpened(at=republic.now, service_key=public_key())
    with pytest.raises(NotYet):
        republic.say("service", opened)
    assert len(republic.project.proposals()) == 3
    republic.say("dinsos", proposal(LATEST_LAW, 12))
    assert republic.project.charter.release.minimum_cell == 12, "the one that most have signed"
    republic.say("bps", proposal(LATEST_LAW, 12))
    assert republic.project.in_force
    assert len(republic.project.proposals()) == 1
    assert code_of(lambda: republic.say("dppapp", proposal(LATEST_LAW, 10))) == "project.amendment"


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_one_party_proposes_without_end(law: str) -> None:
    republic = under(law).to("charter")
    answers = [
        code_of(lambda n=n: republic.say("dinsos", proposal(law, n, version=2)))
        for n in range(20, 30)
    ]
    if law == FIRST_LAW:
        assert answers == [""] * 10
        return
    assert answers == [""] * MOST_OPEN_PROPOSALS + ["project.proposals"] * 7
    # Signing what another one proposed is free, and a new version counts again.
    agreed = proposal(law, 50, version=2)
    for party in ("bps", *PARTIES[1:]):
        republic.say(party, agreed)
    assert republic.project.charter.version == 2
    assert code_of(lambda: republic.say("dinsos", proposal(law, 60, version=3))) == ""


def test_proposals_under_ever_other_numbers_are_counted_together() -> None:
    republic = under(LATEST_LAW)
    republic.charter_signed_by("bps")
    answers = [
        code_of(lambda n=n: republic.say("dinsos", proposal(LATEST_LAW, 20, version=n)))
        for n in range(1, 8)
    ]
    assert answers == [""] * MOST_OPEN_PROPOSALS + ["project.proposals"] * 4


def test_a_member_leaves_few_projects_unsigned() -> None:
    waiting = under(LATEST_LAW)
    waiting.charter_signed_by("dppapp")
    agreed = under(LATEST_LAW).to("charter")
    few = [waiting.project] * (MOST_OPEN_PROJECTS - 1) + [agreed.project] * 9
    require_few_open(few, "dppapp")
    require_few_open([waiting.project] * 99, "bps")
    with pytest.raises(Refused) as caught:
        require_few_open([*few, waiting.project], "dppapp")
    assert caught.value.code == "service.open-projects"


# -- size -----------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_one_charter_is_not_of_megabytes(law: str) -> None:
    tree = {**charter_tree(), "law": law}
    tree["encoding"]["encodings"][0]["linkage_schema"] = {"version": 3, "pad": "x" * 300_000}
    republic = Republic(tree=scoped(tree))
    answer = code_of(lambda: republic.charter_signed_by("bps"))
    assert answer == ("" if law == FIRST_LAW else "project.too-large")


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_one_officer_excepts_without_end(law: str) -> None:
    republic = under(law).to("charter")
    answers = []
    for number in range(bounds.MOST_OF_A_KIND[Excepted] + 3):
        excepted = Excepted(
            at=republic.now,
            rule="run.privacy",
            about=(republic.charter.encoding_digest(),),
            reference=f"PPDP/{number}/2026",
            until=republic.charter.valid_until,
        )
        answers.append(code_of(lambda each=excepted: republic.say("dpo", each)))
    if law == FIRST_LAW:
        assert set(answers) == {""}
    else:  # one was said when the story began
        assert answers == [""] * 19 + ["project.too-many"] * 4


def holds(republic: Republic, count: int) -> list[str]:
    said = (
        Hold(at=republic.now, basis=f"Surat {number}", owners=("bps",)) for number in range(count)
    )
    return [code_of(lambda each=each: republic.say("dpo", each)) for each in said]


def test_one_member_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_OF_ONE", 6)
    republic = under(LATEST_LAW).to("charter")
    assert holds(republic, 7) == [""] * 5 + ["project.too-many"] * 2
    assert set(holds(under(FIRST_LAW).to("charter"), 7)) == {""}
    republic.commit()  # what others say is theirs


def test_bytes_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    republic = under(LATEST_LAW).to("charter")
    spent = republic.project.bytes_of("dpo")
    assert spent == sum(len(e.statement.leaf) for e in republic.project.said_by("dpo"))
    monkeypatch.setattr(bounds, "MOST_BYTES_OF_ONE", spent + 1_500)
    answers = holds(republic, 5)
    assert answers[0] == ""
    assert answers[-1] == "project.too-many"


def test_a_whole_log_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    republic = under(LATEST_LAW).to("charter")
    monkeypatch.setattr(bounds, "MOST_STATEMENTS", republic.project.size)
    assert holds(republic, 1) == ["project.full"]


def test_evidence_within_these_bounds_is_readable() -> None:
    """Each entry gives at most one cosigned note; every member of a large roster says its most."""
    members, note_bytes = 40, 3_000
    leaves = members * bounds.MOST_BYTES_OF_ONE + bounds.MOST_STATEMENTS // 2 * 2_000
    assert bounds.MOST_STATEMENTS + 1_000 < MAX_MEMBERS
    assert leaves + bounds.MOST_STATEMENTS * note_bytes < MAX_TOTAL_BYTES


# -- silence --------------------------------------------------------------------------------


def dropping(republic: Republic, *leaving: str) -> Tree:
    """The next version without these parties and all that is theirs."""
    tree = copy.deepcopy(republic.tree)
    gone = {each["id"] for each in tree["datasets"] if each["owner"] in leaving}
    tree["version"] += 1
    tree["dropped"] = [*tree.get("dropped", []), *leaving]
    tree["parties"] = [each for each in tree["parties"] if each["member"] not in leaving]
    tree["datasets"] = [each for each in tree["datasets"] if each["id"] not in gone]
    for domain in tree["domains"]:
        domain["datasets"] = [each for each in domain["datasets"] if each not in gone]
        domain["learn"] = [each for each in domain["learn"] if each not in gone]
    tree["domains"] = [each for each in tree["domains"] if len(each["datasets"]) > 1]
    for part in (*tree["agreements"], *tree.get("walidata", [])):
        part["parties"] = [each for each in part["parties"] if each not in leaving]
    return scoped(tree)


def drop(republic: Republic, leaving: str, *signing: str) -> str:
    tree = dropping(republic, leaving)
    answer = ""
    for party in signing:
        answer = answer or code_of(lambda p=party: republic.say(p, body(tree)))
    if not answer:
        republic.tree, republic.charter = tree, charter_from(assessed(tree))
    return answer


@pytest.mark.parametrize("silent_from", ["commit", "reveal", "confirm"])
def test_the_others_go_on_without_a_silent_party(
    silent_from: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    republic = under(LATEST_LAW)
    republic.to("charter")
    for step in ("commit", "reveal", "confirm"):
        if step == silent_from:
            break
        getattr(republic, step)()
    old = dict(republic.shares)
    assert drop(republic, "dppapp", "bps", "dinsos") == ""
    assert republic.project.charter.party_ids == ("bps", "dinsos")
    assert not republic.project.of(Committed), "the ceremony begins again"
    assert code_of(lambda: republic.say("dppapp", republic.committed("dppapp"))) != ""
    monkeypatch.setattr(support, "PARTIES", ("bps", "dinsos"))
    republic.shares = {party: KeyShare.draw() for party in ("bps", "dinsos")}
    for step in ("commit", "reveal", "confirm", "bundle"):
        getattr(republic, step)()
    roots = {republic.project_keys(party).root for party in ("bps", "dinsos")}
    assert len(roots) == 1
    assert set(republic.project.by_sender(Confirmed)) == {"bps", "dinsos"}
    assert old["bps"].secret != republic.shares["bps"].secret


def test_what_was_said_in_the_first_ceremony_counts_no_more() -> None:
    republic = under(LATEST_LAW).to("reveal")
    assert drop(republic, "dppapp", "bps", "dinsos") == ""
    assert not republic.project.of(Revealed)
    with pytest.raises(NotYet):
        republic.say("bps", Revealed(at=republic.now, seals={"dinsos": "0" * 64}))


def test_under_the_first_law_nothing_helps_against_silence() -> None:
    republic = under(FIRST_LAW).to("commit")
    tree = {**dropping(under(LATEST_LAW), "dppapp"), "law": FIRST_LAW}
    tree.pop("dropped")
    assert code_of(lambda: republic.say("bps", body(scoped(tree)))) == "project.terms"


def test_nobody_is_dropped_once_there_are_keys() -> None:
    republic = under(LATEST_LAW).to("confirm")
    assert drop(republic, "dppapp", "bps", "dinsos") == "project.keys-exist"
    republic.bundle()


def test_one_party_alone_drops_nobody() -> None:
    republic = under(LATEST_LAW).to("commit")
    assert drop(republic, "dppapp", "bps") == ""
    assert republic.project.charter.party_ids == PARTIES
    assert republic.project.of(Committed)


def test_a_first_version_drops_nobody() -> None:
    """Neither the first proposal nor one beside it; and the first law knows no such thing."""
    for before in (0, 1):
        republic = under(LATEST_LAW)
        if before:
            republic.charter_signed_by("bps")
        tree = {**copy.deepcopy(republic.tree), "dropped": ["auditor"]}
        assert code_of(lambda r=republic, t=tree: r.say("dinsos", body(scoped(t)))) == (
            "project.charter"
        )
    with pytest.raises(PadanError):
        charter_from({**charter_tree(), "law": FIRST_LAW, "dropped": ["auditor"]})


@pytest.mark.parametrize(
    "more",
    [
        lambda tree: tree["encoding"].update(nik_leg="off"),
        lambda tree: tree["fields"].pop(),
        lambda tree: tree["datasets"][0].update(rows_max=5),
        lambda tree: tree["purpose"].update(code="lain"),
        lambda tree: tree.update(dropped=["dppapp", "auditor"]),
        lambda tree: tree.update(dropped=["auditor"]),
        lambda tree: tree.update(version=7),
    ],
)
def test_dropping_a_party_changes_nothing_else(more: Callable[[Tree], object]) -> None:
    republic = under(LATEST_LAW).to("commit")
    tree = dropping(republic, "dppapp")
    more(tree)
    assert code_of(lambda: republic.say("bps", body(scoped(tree)))) in (
        "project.drop",
        "project.amendment",
    )


def of_two(law: str) -> Republic:
    tree = dropping(under(LATEST_LAW), "dppapp")
    tree.pop("dropped")
    return Republic(tree=scoped({**tree, "version": 1, "law": law}))


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Republic]:
    """A project of two parties, up to a step."""

    def played(law: str, step: str) -> Republic:
        republic = of_two(law)
        with monkeypatch.context() as patch:
            patch.setattr(support, "PARTIES", ("bps", "dinsos"))
            return republic.to(step)

    return played


def test_one_of_two_ends_what_the_other_left(two: Callable[[str, str], Republic]) -> None:
    ended = Ended(at=support.NOON, reason="Surat BPS/12/2026")
    old = two(FIRST_LAW, "charter")
    assert code_of(lambda: old.say("bps", ended)) == "project.type"
    republic = two(LATEST_LAW, "charter")
    assert code_of(lambda: republic.say("auditor", ended)) == "project.not-entitled"
    republic.say("bps", ended)
    assert code_of(lambda: republic.say("bps", republic.committed("bps"))) == "project.ended"
    assert code_of(lambda: republic.say("dinsos", ended)) == "project.ended"
    republic.say("dpo", Hold(at=republic.now, basis="Surat 1"))


def test_nobody_ends_a_project_of_three_or_with_keys(two: Callable[[str, str], Republic]) -> None:
    ended = Ended(at=support.NOON, reason="Surat BPS/12/2026")
    three = under(LATEST_LAW).to("commit")
    assert code_of(lambda: three.say("bps", ended)) == "project.not-entitled"
    agreed = two(LATEST_LAW, "confirm")
    assert code_of(lambda: agreed.say("bps", ended)) == "project.keys-exist"
