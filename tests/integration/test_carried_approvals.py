"""Approvals by files: a machine that has the package `policy` and no network, and back again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from policy.base.canonical import b64, canonical_json, unb64
from policy.base.errors import Refused
from policy.crypto.sealing import seal
from policy.formats.ask import Ask
from policy.gates.facts import OpenedFacts
from policy.project.recipients import facts_binding
from tests.support.programme import Answer, command
from tests.support.service import Town
from tests.support.stored_town import town_at

RELEASE = "rilis-1"
# No network, and nothing but the base install, or with the extra `ui` for the page.
ALONE = """
import socket, sys
def refused(*_, **__): raise OSError("this machine has no network")
socket.socket.connect = socket.getaddrinfo = refused
blocked = ["encoder", "linkage_service", "numpy", "numba", "clkhash", "sqlalchemy", "dbos"]
if "ui" not in sys.argv:
    blocked += ["fastapi", "multipart", "uvicorn"]
sys.modules.update(dict.fromkeys(blocked))
import policy
assert policy.__file__.startswith(sys.argv.pop(1)), policy.__file__
from policy.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One release is staged and witnessed; nobody has decided yet."""
    town = town_at("matched", tmp_path_factory.mktemp("town"))
    with town.serving():
        stage(town, RELEASE)
        yield town


def stage(town: Town, release: str) -> None:
    town.request(release, "padan-1", "dtks-regsosek")
    town.stage(release)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of `policy`, and nothing else of ours."""
    machine = tmp_path_factory.mktemp("alone")
    source = Path(__file__).parents[2] / "policy"
    shutil.copytree(source, machine / "policy", ignore=shutil.ignore_patterns("__pycache__"))
    return machine


@pytest.fixture(scope="module")
def ask(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packed by the coordinator's machine, for all who may decide."""
    path = tmp_path_factory.mktemp("usb") / "ask.padan"
    packed = here(town, "service", "package", town.project_id, RELEASE, "--out", str(path))
    assert packed.code == 0, packed.err
    assert set(packed.json()[0]["for"]) == {
        "bps-approver",
        "dinsos-approver",
        "dppapp-approver",
        "dpo",
        "bps-dpo",
    }
    return path


def options(town: Town, member: str) -> list[str]:
    passphrase = town.lock(member)
    home = town.members[member].home.path
    return ["--home", str(home), "--passphrase-file", str(passphrase), "--json"]


def here(town: Town, member: str, *arguments: str) -> Answer:
    return command("padan-policy", *options(town, member), *arguments)


def there(
    town: Town, alone: Path, member: str, *arguments: str, text: bool = False
) -> subprocess.CompletedProcess[str]:
    """The same on the machine that is alone."""
    given = options(town, member)
    if text:
        given.remove("--json")
    return subprocess.run(
        [sys.executable, "-c", ALONE, str(alone), *given, *arguments],
        cwd=alone,
        env={"PYTHONPATH": str(alone), "PATH": "", "PADAN_LANG": "en", "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )


def offline(town: Town, member: str, *arguments: str, afresh: bool = False) -> Answer:
    """In this process, for speed; anything that asks the network fails the test."""
    if afresh:
        shutil.rmtree(town.members[member].home.path / "projects", ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "policy.wire.session.send_patiently", lambda *_: pytest.fail("asked the network")
        )
        return here(town, member, *arguments)


def code_of(answer: Answer) -> str:
    assert answer.error is not None, answer.out
    return answer.error.code


def words(town: Town, release: str = RELEASE) -> dict[str, str]:
    project = town.synced("auditor").project
    return {
        entry.statement.sender: entry.body.verdict for entry in project.release(release).approvals
    }


def test_there_and_back(town: Town, alone: Path, ask: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.padan"
    shown = there(town, alone, "dppapp-approver", "inspect", "--file", str(ask), text=True)
    assert shown.returncode == 0, shown.stderr
    for seen in (
        "Every cell is large enough",
        "0 other agencies approved (2 needed)",
        "dinsos",
        "which rows",
    ):
        assert seen in shown.stdout

    files = ("--file", str(ask), "--out", str(answer))
    signed = there(town, alone, "dppapp-approver", "approve", *files)
    assert signed.returncode == 0, signed.stderr
    assert "dppapp-approver" not in words(town)

    sent = here(town, "dinsos", "submit", str(answer))  # a party's machine carries it
    assert sent.code == 0, sent.err
    assert sent.json()[0]["signer"] == "dppapp-approver"
    assert words(town)["dppapp-approver"] == "approve"

    again = here(town, "service", "submit", str(answer))
    assert (again.code, again.json()[0]["again"]) == (0, True)

    withdrawn = tmp_path / "withdrawn.padan"
    early = offline(town, "dppapp-approver", "withdraw-approval", "--file", str(ask), "--out", "x")
    assert code_of(early) == "approval.none", "the log in the old file has no approval yet"
    newer = tmp_path / "newer.padan"
    here(town, "bps", "package", town.project_id, RELEASE, "--out", str(newer))
    files = ("--file", str(newer), "--out", str(withdrawn))
    assert offline(town, "dppapp-approver", "withdraw-approval", *files).code == 0
    assert here(town, "bps", "submit", str(withdrawn)).code == 0
    assert "dppapp-approver" not in words(town)


def test_with_a_network_a_yes_is_taken_back_once(town: Town, ask: Path) -> None:
    asked = (town.project_id, RELEASE)
    assert here(town, "dpo", "approve", *asked).code == 0
    assert words(town)["dpo"] == "approve"
    assert here(town, "dpo", "withdraw-approval", *asked).code == 0
    assert "dpo" not in words(town)
    assert code_of(here(town, "dpo", "withdraw-approval", *asked)) == "approval.none"
    time.sleep(1.1)  # the same yes in the same second is one statement
    assert code_of(here(town, "dpo", "approve", *asked)) == "project.withdrawn-before"


def test_the_page_needs_policy_and_its_extra(town: Town, alone: Path) -> None:
    arguments = [*options(town, "dppapp-approver"), "ui", "--no-open"]
    process = subprocess.Popen(
        [sys.executable, "-c", ALONE, str(alone), *arguments],
        cwd=alone,
        env={"PYTHONPATH": str(alone), "PATH": "", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process, httpx2.Client(timeout=60) as browser:
        try:
            assert process.stdout is not None
            address = json.loads(process.stdout.readline())["address"]
            assert browser.get(address).status_code == 303
            page = browser.get(address.split("/open")[0] + "/releases")
        finally:
            process.kill()
    assert page.status_code == 200
    assert "Perbarui dari layanan" in page.text or "Memeriksa layanan" in page.text


def test_a_release_by_files_alone(town: Town, tmp_path: Path) -> None:
    """Two agencies and the officer never touch the network; the release comes out."""
    stage(town, "rilis-2")
    for member in ("bps-approver", "dppapp-approver", "dpo"):
        ask, answer = tmp_path / f"{member}.ask", tmp_path / f"{member}.answer"
        arguments = ("package", town.project_id, "rilis-2", "--for", member, "--out", str(ask))
        assert here(town, "service", *arguments).code == 0
        files = ("--file", str(ask), "--out", str(answer))
        assert offline(town, member, "approve", *files).code == 0
        assert here(town, "service", "submit", str(answer)).code == 0
    assert town.decide("rilis-2")["verdict"] == "released"
    time.sleep(1.1)  # in the same second it would be the same statement
    late = tmp_path / "late.answer"
    files = ("--file", str(tmp_path / "dpo.ask"), "--out", str(late))
    assert offline(town, "dpo", "approve", *files).code == 0
    refused = here(town, "service", "submit", str(late))
    assert refused.error is not None
    assert refused.error.code == "release.decided"


def test_the_facts_are_for_those_who_decide(town: Town, ask: Path) -> None:
    """Whoever carries the file reads no count in it, and gets none for himself."""
    opened = json.loads(
        town.synced("dpo").get(f"/projects/{town.project_id}/facts/{town.stage(RELEASE).facts}")
    )
    assert opened["salt"] not in ask.read_text()
    for sealed in Ask.model_validate_json(ask.read_bytes()).facts.values():
        assert opened["salt"].encode() not in unb64(sealed)
    for member in ("dinsos", "walidata", "tidak-ada"):
        arguments = ("package", town.project_id, RELEASE, "--for", member, "--out", "x")
        refused = here(town, "dinsos", *arguments)
        assert refused.error is not None
        assert refused.error.code in ("service.facts-recipient", "roster.stranger")


# -- files that are not as they were made ------------------------------------------------------


def altered(ask: Path, **change: Any) -> bytes:
    return canonical_json({**json.loads(ask.read_bytes()), **change})


def log_of(ask: Path, **change: Any) -> dict[str, Any]:
    return {**json.loads(ask.read_bytes())["log"], **change}


def forged_facts(town: Town, ask: Path, signer: str) -> dict[str, str]:
    """Other counts, sealed properly, and signed by somebody else or over another commitment."""
    session = town.synced("dpo")
    commitment = town.stage(RELEASE).facts
    honest = session.open_facts(commitment)
    other = OpenedFacts.fresh(honest.facts.model_copy(update={"candidates": 10**6}))
    binding = facts_binding(session.project, commitment, "dpo")
    to = town.roster.member("dpo").seal_public()
    return {"dpo": b64(seal(other.canonical(), to, binding, town.keys[signer].signing).canonical())}


def test_requests_that_are_not_as_they_were_made(town: Town, ask: Path, tmp_path: Path) -> None:
    entries = json.loads(ask.read_bytes())["log"]["entries"]
    facts = json.loads(ask.read_bytes())["facts"]
    last = unb64(entries[-1]).replace(b'"sig":"', b'"sig":"A', 1)
    cases: dict[str, tuple[bytes, str]] = {
        "no file of ours": (b"\x00\x01", "ask.malformed"),
        "cut": (ask.read_bytes()[:-100], "ask.malformed"),
        "other roster": (altered(ask, roster="ab" * 32), "ask.roster"),
        "other release": (altered(ask, release="rilis-9"), "ask.not-for-you"),
        "not mine": (
            altered(ask, facts={"bps-approver": facts["bps-approver"]}),
            "ask.not-for-you",
        ),
        "another's facts": (altered(ask, facts={"dpo": facts["bps-approver"]}), "seal.closed"),
        "end cut off": (altered(ask, log=log_of(ask, entries=entries[:-1])), "log.fork"),
        "order": (
            altered(ask, log=log_of(ask, entries=[entries[1], entries[0], *entries[2:]])),
            "project.wait-roster",
        ),
        "altered entry": (
            altered(ask, log=log_of(ask, entries=[*entries[:-1], b64(last)])),
            "base64.malformed",
        ),
        "no witnesses": (altered(ask, log=log_of(ask, cosigned=[])), "project.wait-cosigned"),
        "facts by a stranger": (
            altered(ask, facts=forged_facts(town, ask, "bps")),
            "envelope.signature",
        ),
        "other facts": (
            altered(ask, facts=forged_facts(town, ask, "service")),
            "facts.commitment",
        ),
    }
    for name, (data, expected) in cases.items():
        path = tmp_path / "altered.padan"
        path.write_bytes(data)
        files = ("--file", str(path), "--out", str(tmp_path / "a"))
        refused = offline(town, "dpo", "approve", *files, afresh=True)
        assert code_of(refused) == expected, name
        assert not (tmp_path / "a").exists(), name


def test_a_fork_is_seen_by_whoever_saw_the_log_before(
    town: Town, ask: Path, tmp_path: Path
) -> None:
    """An honest shorter log is no fork; a longer one that leaves out what was seen is."""
    assert offline(town, "bps-dpo", "inspect", "--file", str(ask)).code == 0
    entries = json.loads(ask.read_bytes())["log"]["entries"]
    path = tmp_path / "fork.padan"
    path.write_bytes(altered(ask, log=log_of(ask, entries=[*entries[:-2], entries[-1]])))
    assert code_of(offline(town, "bps-dpo", "inspect", "--file", str(path))) == "log.fork"


def test_answers_that_are_not_as_they_were_made(town: Town, ask: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.padan"
    files = ("--file", str(ask), "--out", str(answer))
    assert offline(town, "bps-approver", "approve", "--refuse", *files).code == 0
    envelope = json.loads(answer.read_bytes())
    yes = json.loads(unb64(envelope["payload"]))
    yes["verdict"] = "approve"
    turned = canonical_json({**envelope, "payload": b64(canonical_json(yes))})
    dinsos = {**envelope, "payloadType": envelope["payloadType"].replace("bps-app", "dinsos-app")}
    signed_by = [{**envelope["signatures"][0], "keyid": "dinsos-approver"}]
    elsewhere = envelope["payloadType"].replace(town.project_id, "../../homes")
    unsigned = {**envelope, "signatures": []}
    cases = {
        "no file of ours": (b"PK\x03\x04", "answer.malformed"),
        "cut": (answer.read_bytes()[:-9], "answer.malformed"),
        "a no turned into a yes": (turned, "envelope.signature"),
        "in another's name": (
            canonical_json({**dinsos, "signatures": signed_by}),
            "envelope.signature",
        ),
        "unsigned": (canonical_json(unsigned), "envelope.signature"),
        "a path for a project": (
            canonical_json({**envelope, "payloadType": elsewhere}),
            "answer.malformed",
        ),
        "a statement of another kind": (
            unb64(json.loads(ask.read_bytes())["log"]["entries"][1]),
            "answer.malformed",
        ),
    }
    before = words(town)
    for name, (data, expected) in cases.items():
        path = tmp_path / "altered.padan"
        path.write_bytes(data)
        refused = here(town, "service", "submit", str(path))
        assert refused.error is not None, name
        assert refused.error.code == expected, name
        if expected != "answer.malformed":
            raw = town.session("service")
            with pytest.raises(type(refused.error)):
                raw.post(f"/projects/{town.project_id}/statements", data)
    assert words(town) == before


def test_strangers_to_the_charter_carry_nothing(town: Town, ask: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.padan"
    files = ("--file", str(ask), "--out", str(answer))
    assert offline(town, "dinsos-approver", "approve", *files).code == 0
    with pytest.raises(Refused) as caught:
        town.session("walidata").post(
            f"/projects/{town.project_id}/statements", answer.read_bytes()
        )
    assert caught.value.code == "service.sender"
