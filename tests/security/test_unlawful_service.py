"""A service that logs what its law forbids is stopped by the next client, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from linkage_service.storage.ledger import Append
from policy.base.errors import Refused
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.log import leaf_hash, parse_checkpoint, parse_note
from policy.project import Entry
from policy.statements import (
    AnyBody,
    Approval,
    Decided,
    ReleaseRequest,
    Staged,
    parse_statement,
)
from policy.wire.replica import Replay
from policy.witnessing.cosigned import CosignedSize
from tests.support.republic import charter_tree, scoped
from tests.support.service import Town

Change = Callable[[Any], AnyBody]
APPROVERS = ("bps-approver", "dppapp-approver")


class Lawless(Replay):
    """The service's own copy of the log, which asks no law."""

    def extend(self, leaves: Sequence[bytes], cosigned: Sequence[CosignedSize]) -> None:
        for leaf in leaves:
            self.project.add(parse_statement(leaf))
            self.frontier = self.frontier.append(leaf_hash(leaf))
            self.roots.append(self.frontier.root())


@pytest.fixture(autouse=True)
def _lawless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkage_service.storage.log_state.Replay", Lawless)


@contextmanager
def saying(kind: type[AnyBody], change: Change) -> Iterator[None]:
    """The service says something else than it found, wherever it says a thing of this kind."""
    honest = Append.own

    def own(self: Append, body: AnyBody, *, run: str = "") -> Entry:
        return honest(self, change(body) if isinstance(body, kind) else body, run=run)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Append, "own", own)
        yield


def town_under(folder: Path, law: str) -> Town:
    """With a budget of one release."""
    tree = {**charter_tree(), "law": law}
    tree["budget"] = {**tree["budget"], "releases": 1}
    return Town(folder, tree=scoped(tree))


def to_a_request(town: Town) -> None:
    town.agree()
    for dataset in town.persons:
        town.upload(dataset)
    town.match("padan-1")
    town.request("rilis-1", "padan-1", "semua")


@pytest.fixture(scope="module")
def requested(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Until then the service is honest: every test goes on from a copy."""
    town = town_under(tmp_path_factory.mktemp("town"), LATEST_LAW)
    with town.serving():
        to_a_request(town)
    return town


@pytest.fixture
def town(requested: Town, tmp_path: Path) -> Iterator[Town]:
    town = requested.copied_to(tmp_path)
    with town.serving():
        yield town


def decide(town: Town) -> None:
    """As the coordinator does; nobody looks at the log afterwards."""
    path = f"/projects/{town.project_id}/releases/rilis-1/decide"
    town.session("service").post(path, params={"final": "true"})


def stopped(town: Town, member: str) -> str:
    with pytest.raises(Refused) as error:
        town.synced(member)
    return error.value.code


def cosigned_sizes(town: Town) -> list[int]:
    """Of the checkpoints that the service holds cosignatures on."""
    page = town.session("auditor").get(f"/projects/{town.project_id}/log")
    from policy.formats.log_page import LogPage

    notes = LogPage.model_validate_json(page).cosigned
    return [parse_checkpoint(parse_note(note).text).size for note in notes]


def released(decided: Decided) -> Decided:
    rules = tuple(rule.model_copy(update={"passed": True}) for rule in decided.rules)
    return decided.model_copy(update={"rules": rules, "verdict": "released"})


def without_rules(decided: Decided) -> Decided:
    return decided.model_copy(update={"rules": (), "verdict": "released"})


def too_late(decided: Decided) -> Decided:
    return released(decided).model_copy(update={"at": decided.at + 100 * 86_400})


def object_to(town: Town) -> None:
    """The data protection officer says no."""
    session = town.synced("dpo")
    stage = session.project.release("rilis-1").stage
    assert stage is not None
    staged = stage.body
    no = Approval(
        at=int(time.time()),
        release="rilis-1",
        stage=stage.digest,
        facts=staged.facts,
        verdict="refuse",
        expires=staged.expires,
    )
    session.say(no, run="rilis-1", manifest=stage.digest)


def nothing(_: Town) -> None:
    pass


# What happens before, who approves, and what the service says instead.
LIES: dict[str, tuple[Callable[[Town], None], tuple[str, ...], Change]] = {
    "a veto": (object_to, APPROVERS, released),
    "no approval": (nothing, (), released),
    "one agency": (nothing, APPROVERS[:1], released),
    "no rules": (nothing, APPROVERS, without_rules),
    "a stale stage": (nothing, APPROVERS, too_late),
}


@pytest.mark.parametrize("name", LIES)
def test_the_next_client_stops_at_an_unlawful_decision(name: str, town: Town) -> None:
    before, approvers, lie = LIES[name]
    town.stage("rilis-1")
    town.approve("rilis-1", *approvers)
    before(town)
    town.witness()
    size = town.synced("auditor").project.size
    with saying(Decided, lie):
        decide(town)
    for member in ("dinsos", "auditor", "bps"):
        assert stopped(town, member).startswith("project.decision-rules")
    assert max(cosigned_sizes(town)) <= size, "nobody cosigns what is unlawful"


def test_under_the_first_law_it_went_through(tmp_path: Path) -> None:
    """The negative control: the old law let every client cosign a release against a veto."""
    town = town_under(tmp_path, FIRST_LAW)
    with town.serving():
        to_a_request(town)
        town.stage("rilis-1")
        town.approve("rilis-1", *APPROVERS)
        object_to(town)
        with saying(Decided, released):
            decide(town)
        town.witness()
        decision = town.synced("dinsos").project.release("rilis-1").decision
        assert decision is not None
        assert decision.body.verdict == "released"
        assert max(cosigned_sizes(town)) > decision.index


def test_the_next_client_stops_at_a_file_that_the_charter_does_not_give(town: Town) -> None:
    def for_everybody(staged: Staged) -> Staged:
        files = tuple(f.model_copy(update={"form": "membership"}) for f in staged.files)
        return staged.model_copy(update={"files": files})

    with saying(Staged, for_everybody):
        path = f"/projects/{town.project_id}/releases/rilis-1/stage"
        town.session("service").post(path)
    assert stopped(town, "dinsos") == "project.stage"


def test_the_next_client_stops_at_a_budget_that_is_spent(town: Town) -> None:
    body = ReleaseRequest(at=int(time.time()), release="rilis-2", domains=("semua",))
    with pytest.raises(Refused) as own:
        town.synced("dinsos").say(body, run="padan-1")
    assert own.value.code == "project.release-budget"
    assert stopped(town, "auditor") == "project.release-budget"
