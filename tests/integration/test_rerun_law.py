"""A second operator counts a run again by the law of the day on which it ended."""

from __future__ import annotations

from pathlib import Path

from policy.charter import FIRST_LAW, LATEST_LAW
from policy.statements import CharterBody
from tests.integration.test_rerun import handed_over, rerun
from tests.support.republic import PARTIES, charter_tree, scoped
from tests.support.service import Town


def test_a_run_of_the_first_law_is_counted_again_by_the_law_of_its_day(tmp_path: Path) -> None:
    """The run ended under the first law, its stage was made under the second: both agree."""
    tree = {**charter_tree(), "law": FIRST_LAW}
    tree["encoding"]["canaries"] = {"pairs": 0, "singles": 0}
    town = Town(tmp_path / "town", tree=scoped(tree))
    for member in ("service", "auditor"):
        town.lock(member)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("satu")
        town.tree = scoped({**tree, "version": 2, "law": LATEST_LAW})
        for party in PARTIES:
            town.synced(party).say(CharterBody.model_validate(town.charter.model_dump()))
        town.witness()
        town.request("rilis-1", "satu", "dtks-regsosek")
        town.stage("rilis-1")
        compared = rerun(town, "satu", handed_over(town, tmp_path), code=0)
        assert [each["counts"] for each in compared["stages"]] == ["as-logged"]
