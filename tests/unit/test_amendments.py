"""What an amendment touches under the second law: the assessment, and approvals given before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policy.base.errors import Refused
from policy.charter import FIRST_LAW, LATEST_LAW, Charter
from policy.gates.cases import release_case
from policy.gates.decision import release_gate
from policy.gates.facts import release_facts
from policy.statements import CharterBody
from tests.support.republic import PARTIES, Republic, charter_from, charter_tree, scoped

Tree = dict[str, Any]


def under(law: str) -> Republic:
    return Republic(tree=scoped({**charter_tree(), "law": law}))


def amend(republic: Republic, change: Callable[[Tree], Any], *, assessed: bool) -> Charter:
    """All parties sign the next version; its impact assessment was renewed or not."""
    tree: Tree = republic.project.charter.model_dump(mode="json")
    tree["version"] += 1
    change(tree)
    later = charter_from(scoped(tree) if assessed else tree)
    for party in PARTIES:
        republic.say(party, CharterBody.model_validate(later.model_dump()))
    return later


def failing(republic: Republic) -> list[str]:
    case = release_case(republic.project, "rilis-1", release_facts(republic.facts), republic.now)
    return [f.rule.id for f in release_gate(case).findings if not f.passed]


CHANGES: dict[str, Callable[[Tree], Any]] = {
    "who learns": lambda tree: tree["domains"][0].update(learn=["dtks", "regsosek"]),
    "cell size": lambda tree: tree["release"].update(minimum_cell=6),
    "thresholds": lambda tree: tree["matching"].update(thresholds_ppm={"utama": 700_000}),
    "retention": lambda tree: tree["retention"].update(jra="lain"),
    "quorum": lambda tree: tree["witnesses"].update(quorum=4),
    "purpose text": lambda tree: tree["purpose"]["text"].update(id="lain", en="other"),
    "sensitivity": lambda tree: tree["datasets"][0].update(sensitive=True),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_assessment_covers_everything_but_dates_and_contacts(name: str) -> None:
    old, new = under(FIRST_LAW).to("run"), under(LATEST_LAW).to("run")
    for republic in (old, new):
        amend(republic, CHANGES[name], assessed=False)
    old.request()
    with pytest.raises(Refused) as refused:
        new.request()
    assert refused.value.code == "gate.run.dpia"


def test_dates_and_contacts_need_no_new_assessment() -> None:
    republic = under(LATEST_LAW).to("run")

    def change(tree: Tree) -> None:
        tree["parties"][0]["contact"] = "ppdp@contoh.go.id"
        tree["agreements"][0]["valid_from"] = "2020-01-01"

    amend(republic, change, assessed=False)
    republic.request()


def test_a_yes_ends_with_the_version_it_was_given_to() -> None:
    """Approved while the gate would refuse, then the cell is made smaller by an amendment."""
    for law, released in ((FIRST_LAW, True), (LATEST_LAW, False)):
        republic = under(law)
        republic.matched = 7
        republic.to("approve")
        assert "release.minimum-cell" in failing(republic)
        amend(republic, lambda tree: tree["release"].update(minimum_cell=6), assessed=True)
        assert (failing(republic) == []) is released
    assert failing(republic) == ["release.approvals"]
    republic.approve()
    assert failing(republic) == []


def test_a_no_stays_whatever_is_amended() -> None:
    republic = under(LATEST_LAW).to("stage")
    republic.witness()
    no = republic.approval(verdict="refuse")
    republic.say("bps-approver", no, run="rilis-1", manifest=republic.stage_digest)
    amend(republic, lambda tree: tree["release"].update(minimum_cell=6), assessed=True)
    with pytest.raises(Refused):
        republic.approve()
    assert "release.approvals" in failing(republic)
