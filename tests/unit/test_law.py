"""The law of a project's life: each step at its time, by who may, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from policy.base.errors import BadInput, NotYet, PadanError, Refused, WrongKey
from policy.statements import (
    Accepted,
    CharterBody,
    Committed,
    DatasetCommitment,
    EncodingShape,
    HandedOver,
    Staged,
    Withdrawn,
)
from tests.support.republic import (
    PARTIES,
    STEPS,
    TODAY,
    Republic,
    charter_from,
    charter_tree,
    scoped,
)

# With one contrary code, which the charter does not agree.
CODED = EncodingShape(name="utama", bits=1024, contrary=1)


def test_the_whole_story_ends_released() -> None:
    republic = Republic().to("receipt")
    decision = republic.project.release("rilis-1").decision
    assert decision is not None
    assert republic.decided().verdict == "released"
    assert len(republic.project.entries) == len(republic.leaves)


@pytest.mark.parametrize("step", STEPS[1:])
def test_no_step_can_be_done_twice(step: str) -> None:
    republic = Republic().to(step)
    with pytest.raises(PadanError) as caught:
        getattr(republic, step)()
    assert isinstance(caught.value, Refused | NotYet)


@pytest.mark.parametrize(
    ("done", "attempt"),
    [("commit", "reveal"), ("confirm", "bundle"), ("order", "run"), ("stage", "approve")],
)
def test_a_step_waits_for_witnesses(done: str, attempt: str) -> None:
    republic = Republic().to(done)
    republic.witness = lambda *members: None  # type: ignore[method-assign]
    with pytest.raises(NotYet) as caught:
        getattr(republic, attempt)()
    assert caught.value.code == "project.wait-cosigned"


def test_reveal_needs_all_parties_not_only_a_quorum() -> None:
    republic = Republic().to("commit")
    republic.witness("bps", "dinsos", "auditor")
    with pytest.raises(NotYet):
        republic.say("bps", republic.revealed("bps"))
    republic.witness("dppapp")
    republic.say("bps", republic.revealed("bps"))


def test_cosignatures_of_strangers_do_not_count() -> None:
    republic = Republic().to("confirm")
    republic.witness("bps", "bps-approver", "dpo", "walidata")
    with pytest.raises(NotYet):
        republic.say("bps", republic.manifest("regsosek"))


def test_parties_must_sign_the_same_charter() -> None:
    """Under the first law; under the second it is one more proposal."""
    republic = Republic(tree=scoped({**charter_tree(), "law": "padan-law-1"}))
    republic.charter_signed_by("bps")
    other = {**charter_tree(), "law": "padan-law-1"}
    other["release"]["minimum_cell"] = 11
    body = CharterBody.model_validate(charter_from(other).model_dump())
    with pytest.raises(Refused) as caught:
        republic.say("dinsos", body)
    assert caught.value.code == "project.charter"


def test_nothing_starts_before_all_parties_signed() -> None:
    republic = Republic()
    republic.charter_signed_by("bps")
    with pytest.raises(NotYet):
        republic.say("bps", republic.committed("bps"))


def test_an_expired_charter_stops_the_commit() -> None:
    republic = Republic(tree=charter_tree(TODAY - timedelta(days=900)))
    republic.charter_step()
    with pytest.raises(Refused) as caught:
        republic.say("bps", republic.committed("bps"))
    assert caught.value.code == "gate.run.charter-in-force"


def test_counts_outside_the_window_are_refused() -> None:
    tree = charter_tree()
    tree["datasets"][0]["rows_max"] = 900
    republic = Republic(tree=tree)
    republic.charter_step()
    with pytest.raises(Refused) as caught:
        republic.say("bps", republic.committed("bps", count=1032))
    assert caught.value.code == "project.count-window"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"handle_root": "ab" * 32}, "project.commitment"),
        ({"count": 1031}, "project.commitment"),
        ({"terms": "cd" * 32}, "project.terms"),
        ({"rules": "cd" * 32}, "project.rules"),
        ({"row_bytes": 161}, "project.shape"),
        ({"token_bytes": 0, "row_bytes": 144}, "project.shape"),
        ({"encodings": (CODED,), "row_bytes": 176}, "project.shape"),
        ({"encodings": (CODED,)}, "project.shape"),
    ],
)
def test_a_bundle_must_be_what_was_committed(change: dict[str, object], code: str) -> None:
    republic = Republic().to("confirm")
    republic.witness()
    with pytest.raises(Refused) as caught:
        republic.say("bps", republic.manifest("regsosek", **change))
    assert caught.value.code == code


def test_a_party_cannot_upload_for_another() -> None:
    republic = Republic().to("confirm")
    republic.witness()
    with pytest.raises(Refused) as caught:
        republic.say("dinsos", republic.manifest("regsosek"))
    assert caught.value.code == "project.not-entitled"


def test_only_the_service_accepts_bundles() -> None:
    republic = Republic().to("confirm")
    republic.witness()
    digest = republic.say("bps", republic.manifest("regsosek"))
    with pytest.raises(Refused):
        republic.say("bps", Accepted(at=republic.now, dataset="regsosek", bundle=digest))


def test_a_recipient_says_once_that_another_file_came_and_once_that_it_opened_the_right_one() -> (
    None
):
    republic = Republic().to("decide")
    republic.witness()
    file = republic.project.entry(republic.stage_digest, Staged).body.files[0]
    other = {"ciphertext": "cd" * 32, "canaries": "not-looked-at"}
    for change in ({"ciphertext": "cd" * 32}, {"canaries": "not-looked-at"}):
        with pytest.raises(Refused) as caught:
            republic.say(file.recipient, republic.received(file, **change), run="rilis-1")
        assert caught.value.code == "project.receipt"
    for said in (other, {}):
        republic.say(file.recipient, republic.received(file, **said), run="rilis-1")
        republic.now += 1
        with pytest.raises(Refused) as caught:
            republic.say(file.recipient, republic.received(file, **said), run="rilis-1")
        assert caught.value.code == "project.again"


def test_only_a_second_operator_confirms_a_run() -> None:
    republic = Republic().to("run")
    with pytest.raises(NotYet):
        republic.say("auditor", republic.rerun(), run="run-1")
    republic.witness()
    for member in ("bps", "service", "dpo"):
        with pytest.raises(Refused) as caught:
            republic.say(member, republic.rerun(), run="run-1")
        assert caught.value.code == "project.not-entitled"
    with pytest.raises(Refused):
        republic.say("auditor", republic.rerun(), run="run-2")
    republic.say("auditor", republic.rerun(), run="run-1")
    with pytest.raises(Refused) as caught:
        republic.say("auditor", republic.rerun(result="ab" * 32), run="run-1")
    assert caught.value.code == "project.again"


def test_no_statement_is_appended_twice() -> None:
    republic = Republic().to("bundle")
    body = Withdrawn(at=republic.now, dataset="dtks", handles="ab" * 32, count=1)
    republic.say("dinsos", body)
    with pytest.raises(Refused) as caught:
        republic.say("dinsos", body)
    assert caught.value.code == "project.again"


def test_differing_confirmations_stop_the_project() -> None:
    republic = Republic().to("reveal")
    for party in ("bps", "dinsos"):
        republic.say(party, republic.confirmed(party))
    other = republic.confirmed("dppapp").model_copy(update={"records_mac": "00" * 32})
    republic.say("dppapp", other)
    republic.witness()
    with pytest.raises(Refused) as caught:
        republic.say("bps", republic.manifest("regsosek"))
    assert caught.value.code == "project.confirmation"


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds_ppm": {"utama": 800_000}},
        {"thresholds_ppm": {"lain": 900_000}},
        {"nik_floor_ppm": 1},
        {"domains": ("tidak-ada",)},
        {"purpose": "lain"},
    ],
)
def test_orders_outside_the_charter_are_refused(change: dict[str, object]) -> None:
    republic = Republic().to("bundle")
    with pytest.raises(Refused) as caught:
        republic.say("dinsos", republic.run_order(**change), run="run-1")
    assert caught.value.code == "gate.run.parameters"


def test_the_run_budget_is_spent_by_orders() -> None:
    republic = Republic().to("bundle")
    for number in range(republic.charter.budget.runs):
        republic.say("dinsos", republic.run_order(), run=f"run-{number}")
    with pytest.raises(Refused) as caught:
        republic.say("dinsos", republic.run_order(), run="one-more")
    assert caught.value.code == "gate.run.budget"


def test_the_last_run_of_the_budget_can_be_released() -> None:
    tree = charter_tree()
    tree["budget"] = {"runs": 1, "releases": 1}
    republic = Republic(tree=tree).to("decide")
    assert republic.decided().verdict == "released"


def test_the_service_must_run_what_was_ordered() -> None:
    republic = Republic().to("order")
    republic.witness()
    lower = republic.run_finished(thresholds_ppm={"utama": 850_000})
    with pytest.raises(Refused) as caught:
        republic.say("service", lower, run="run-1")
    assert caught.value.code == "project.executed"


@pytest.mark.parametrize(
    ("approvers", "verdict"),
    [
        (("bps-approver", "dppapp-approver"), "released"),
        (("bps-approver", "dinsos-approver"), "refused"),
        (("bps-approver",), "refused"),
        ((), "refused"),
    ],
)
def test_two_other_agencies_must_approve(approvers: tuple[str, ...], verdict: str) -> None:
    republic = Republic(approvers=approvers).to("decide")
    assert republic.decided().verdict == verdict


def test_one_refusal_by_the_dpo_refuses() -> None:
    republic = Republic().to("approve")
    refusal = republic.approval(verdict="refuse")
    republic.say("dpo", refusal, run="rilis-1", manifest=republic.stage_digest)
    assert republic.decided().verdict == "refused"


def test_parties_and_strangers_cannot_approve() -> None:
    republic = Republic().to("stage")
    republic.witness()
    for member in ("bps", "walidata", "service"):
        with pytest.raises(Refused):
            republic.say(member, republic.approval(), run="rilis-1", manifest=republic.stage_digest)


def test_an_approval_names_exactly_the_staged_manifest() -> None:
    republic = Republic().to("stage")
    republic.witness()
    for change in ({"stage": "ab" * 32}, {"facts": "ab" * 32}):
        with pytest.raises(Refused):
            republic.say(
                "bps-approver",
                republic.approval(**change),
                run="rilis-1",
                manifest=republic.stage_digest,
            )


@pytest.mark.parametrize(
    ("matched", "verdict"),
    [
        (9, "refused"),
        (10, "released"),
        (11, "released"),
        (991, "refused"),
        (990, "released"),
        (0, "refused"),
        (1000, "refused"),
    ],
)
def test_small_cells_refuse_on_both_sides(matched: int, verdict: str) -> None:
    republic = Republic(matched=matched).to("decide")
    assert republic.decided().verdict == verdict


def test_the_refusal_names_no_count() -> None:
    republic = Republic(matched=7).to("approve")
    from policy.gates.cases import release_case
    from policy.gates.decision import release_gate

    case = release_case(republic.project, "rilis-1", republic.facts.facts, republic.now)
    failing = [f for f in release_gate(case).findings if not f.passed]
    assert [f.rule.id for f in failing] == ["release.minimum-cell"]
    assert "7" not in failing[0].reason.id + failing[0].reason.en


@pytest.mark.parametrize(
    "change",
    [
        {"project": "lain"},
        {"epoch": 2},
        {"charter": "ab" * 32},
        {"roster": "ab" * 32},
    ],
)
def test_statements_of_elsewhere_are_refused(change: dict[str, object]) -> None:
    republic = Republic()
    republic.charter_step()
    leaf = republic.statement("bps", republic.committed("bps"), **change)
    with pytest.raises(PadanError) as caught:
        republic.append(leaf)
    assert isinstance(caught.value, Refused | BadInput)


def test_one_member_cannot_speak_for_another() -> None:
    republic = Republic()
    republic.charter_step()
    republic.keys["dinsos"], honest = republic.keys["bps"], republic.keys["dinsos"]
    forged = republic.statement("dinsos", republic.committed("dinsos"))
    republic.keys["dinsos"] = honest
    with pytest.raises(WrongKey):
        republic.append(forged)


def test_a_commitment_names_all_own_datasets() -> None:
    republic = Republic()
    republic.charter_step()
    body = republic.committed("bps")
    extra = {**body.datasets, "dtks": DatasetCommitment(handle_root="ab" * 32, count=1032)}
    with pytest.raises(Refused):
        republic.say("bps", Committed(**{**dict(body), "datasets": extra}))


def test_every_party_can_sign_the_charter_once() -> None:
    republic = Republic()
    for party in PARTIES:
        republic.charter_signed_by(party)
    with pytest.raises(Refused):
        republic.charter_signed_by("bps")


def test_the_service_hands_all_bundles_to_a_second_operator_and_to_nobody_else() -> None:
    republic = Republic().to("run")
    all_of_them = tuple(entry.digest for entry in republic.project.accepted())
    allowed = HandedOver(at=republic.now, to="auditor", bundles=all_of_them)
    for sender, body, code in (
        ("bps", allowed, "project.not-entitled"),
        ("service", allowed.model_copy(update={"to": "bps"}), "project.not-entitled"),
        ("service", allowed.model_copy(update={"to": "dpo"}), "project.not-entitled"),
        ("service", allowed.model_copy(update={"bundles": all_of_them[:1]}), "project.handed-over"),
        ("service", allowed.model_copy(update={"bundles": ()}), "project.handed-over"),
    ):
        with pytest.raises(Refused) as caught:
            republic.say(sender, body)
        assert caught.value.code == code
    republic.say("service", allowed)
