"""A second operator repeats a run from the sealed bundles, and a lie of the first shows."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linkage_service.audit.hand_over import request, write
from linkage_service.audit.rerun import rerun as repeat
from linkage_service.intake.arrays import RunData
from linkage_service.matching import Candidates, Groups
from linkage_service.runs import outcome, plans
from linkage_service.service import Service
from linkage_service.settings import EngineSettings
from policy.base.canonical import sha256
from policy.base.errors import Refused
from policy.base.output import Output
from policy.charter import Charter
from policy.crypto.sealing import encrypt_stream
from policy.evidence import read_bundle, verify_bundle
from policy.statements import Excepted, HandedOver
from tests.support.clock import Clock
from tests.support.programme import Answer, command, expect
from tests.support.ray_cluster import running_ray
from tests.support.service import Town
from tests.support.stored_town import RUN, town_at


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A service that was honest in one run and lied in two others."""
    town = town_at("matched", tmp_path_factory.mktemp("town"))
    for member in ("service", "auditor", "dinsos"):
        town.lock(member)
    with town.serving():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(outcome, "groups", drops_one_in_a_hundred)
            town.match("membuang")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plans, "whole", lowers_the_threshold)
            town.match("melonggarkan")
        town.synced("auditor")
        yield town


def drops_one_in_a_hundred(
    pairs: Candidates, data: RunData, charter: Charter, domain: str, same: Groups | None
) -> Groups:
    honest = HONEST_GROUPS(pairs, data, charter, domain, same)
    kept = honest.group >= np.uint32(-(-honest.count // 100))
    return Groups(honest.dataset[kept], honest.row[kept], honest.group[kept])


def lowers_the_threshold(*arguments: Any) -> plans.SearchPlan:
    plan = HONEST_PLAN(*arguments)
    lower = dict.fromkeys(plan.job.thresholds_ppm, 450_000)
    return replace(plan, job=replace(plan.job, thresholds_ppm=lower))


HONEST_GROUPS = outcome.groups
HONEST_PLAN = plans.whole


def linkage(town: Town, member: str, *arguments: str, code: int = 0) -> Answer:
    home = str(town.members[member].home.path)
    options = ("--home", home, "--passphrase-file", str(town.folder / "passphrase"), "--json")
    answer = command("padan-linkage", *options, *arguments)
    assert answer.code == code, (answer.code, answer.err)
    return answer


def handed_over(town: Town, folder: Path) -> Path:
    asked, handover = folder / "request.json", folder / "handover.zip"
    project = town.project_id
    linkage(town, "auditor", "rerun-request", project, "--out", str(asked), "--force")
    paths = ("--request", str(asked), "--out", str(handover), "--force")
    linkage(town, "service", "hand-over", project, *paths)
    return handover


def rerun(town: Town, run: str, handover: Path, *options: str, code: int) -> dict[str, Any]:
    answer = linkage(
        town, "auditor", "rerun", town.project_id, run, str(handover), *options, code=code
    )
    return answer.json()[-1]


def test_a_second_operator_reaches_the_result_in_the_log(town: Town, tmp_path: Path) -> None:
    handover = handed_over(town, tmp_path)
    options = ("--tile-rows", "23", "--processes", "2")

    found = rerun(town, RUN, handover, *options, code=0)

    assert found["agree"]
    assert found["counts"] == "as-logged"
    assert found["log_complete"]
    assert found["logged"] == found["found"] == town.result(RUN)
    assert found["tiles"] > town.run_state(RUN)["tiles_total"]
    # Its key is gone: neither the file nor the auditor's own keys open the bundles now.
    again = ("rerun", town.project_id, RUN, str(handover))
    expect(linkage(town, "auditor", *again, code=6), "vault.missing")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning")
def test_a_cluster_reaches_the_same_result(town: Town, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason='Ray is not installed: pip install "padan[ray]"')
    handover = handed_over(town, tmp_path)
    with running_ray():
        found = rerun(town, RUN, handover, "--engine", "ray", "--tile-rows", "50", code=0)
    assert found["found"] == town.result(RUN)


@pytest.mark.parametrize("run", ["membuang", "melonggarkan"])
def test_a_lying_service_is_caught(town: Town, tmp_path: Path, run: str) -> None:
    found = rerun(town, run, handed_over(town, tmp_path), code=1)

    assert not found["agree"]
    assert found["logged"] == town.result(run)
    # What the rerun finds is what an honest run found in the same bundles.
    assert found["found"] == town.result(RUN)


def test_the_verdict_is_a_statement_that_a_verifier_names(town: Town, tmp_path: Path) -> None:
    for run, code in ((RUN, 0), ("membuang", 1), ("melonggarkan", 1)):
        rerun(town, run, handed_over(town, tmp_path), "--log", code=code)
    path = tmp_path / "evidence.zip"
    path.write_bytes(town.session("auditor").get(f"/projects/{town.project_id}/evidence"))
    report = verify_bundle(read_bundle(path), town.roster.digest(), None)

    named = {finding.id: finding.detail.en for finding in report.failed}
    assert named.keys() == {"decisions.rerun.membuang", "decisions.rerun.melonggarkan"}
    assert "auditor repeated it and got another result" in named["decisions.rerun.membuang"]
    confirmed = report.finding(f"decisions.rerun.{RUN}")
    assert confirmed is not None
    assert confirmed.standing == "attested"


def test_a_hand_over_stands_in_the_log_and_in_the_file_itself(town: Town, tmp_path: Path) -> None:
    before = len(town.synced("bps").project.of(HandedOver))
    time.sleep(1.1)  # the same hand-over in the same second is one statement
    handover = handed_over(town, tmp_path)
    project = town.synced("bps").project
    said = project.of(HandedOver)
    assert len(said) == before + 1
    body = said[-1].body
    assert (said[-1].statement.sender, body.to) == ("service", "auditor")
    assert set(body.bundles) == {entry.digest for entry in project.bundles().values()}
    with zipfile.ZipFile(handover) as archive:
        (tmp_path / "evidence.zip").write_bytes(archive.read("evidence.zip"))
    bundle = read_bundle(tmp_path / "evidence.zip")
    assert said[-1].statement.leaf in bundle.leaves
    assert verify_bundle(bundle, town.roster.digest(), None).check("encodings").failed == []


def test_a_log_that_went_on_since_the_hand_over_is_no_fork(town: Town, tmp_path: Path) -> None:
    """Whoever repeats a run and then looks at the log again repeats it all the same."""
    handover = handed_over(town, tmp_path)
    later = Excepted(
        at=int(time.time()),
        rule="run.privacy",
        about=(town.charter.encoding_digest(),),
        reference="PPDP/2",
        until=town.charter.valid_until,
    )
    town.synced("dpo").say(later)
    town.synced("auditor")
    found = rerun(town, RUN, handover, code=0)
    assert found["agree"]
    assert found["log_complete"]


def test_whoever_asks_twice_within_a_second_is_told_of_once(town: Town, tmp_path: Path) -> None:
    asked = request(town.members["auditor"], town.synced("auditor").project)
    second = town.clock()
    told = []
    for now in (second, second, second + 1):
        service = Service.open(town.settings(), town.members["service"], partial(int, now))
        write(service, town.project_id, asked, Output(tmp_path / f"{len(told)}.zip"))
        service.close()
        told.append(len(town.synced("auditor").project.of(HandedOver)))
    assert told == [told[0], told[0], told[0] + 1]


def test_rows_that_no_agency_signed_are_refused(town: Town, tmp_path: Path) -> None:
    """The first operator knows the keys and seals other rows under the same handles."""
    handover = handed_over(town, tmp_path)
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(handover) as honest, zipfile.ZipFile(forged, "w") as lying:
        for name in honest.namelist():
            data = honest.read(name)
            if name.startswith("chunks/"):
                data = next(encrypt_stream([bytes(len(data) - 16)], bytes(32), sha256(b"seal")))
            lying.writestr(name, data)
    answer = linkage(town, "auditor", "rerun", town.project_id, RUN, str(forged), code=7)
    expect(answer, "rerun.altered")


def test_a_handover_is_of_no_use_after_the_last_day_of_the_encodings(
    town: Town, tmp_path: Path
) -> None:
    path = handed_over(town, tmp_path)
    until = town.charter.retention.encodings_until
    clock = Clock()
    clock.days = (until - clock.today).days + 1
    with pytest.raises(Refused) as refused:
        repeat(
            *(town.members["auditor"], town.project_id, RUN, path),
            *(EngineSettings(), town.tile_rows, tmp_path / "scratch", lambda *_: None),
            clock,
        )
    assert refused.value.code == "retention.ended"
    assert until.isoformat() in refused.value.problem.en
    again = ("rerun", town.project_id, RUN, str(path))
    expect(linkage(town, "auditor", *again, code=6), "vault.missing")


def test_a_data_owner_receives_no_encodings(town: Town, tmp_path: Path) -> None:
    asked = ("rerun-request", town.project_id, "--out", str(tmp_path / "request.json"))
    expect(linkage(town, "dinsos", *asked, code=4), "rerun.not-entitled")
