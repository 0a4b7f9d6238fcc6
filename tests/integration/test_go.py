"""A whole linkage with `go` alone, stopped and given again, with its commands counted."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.officer import at_step_2, page_without_browser
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import (
    OWNER,
    PARTIES,
    PROJECT,
    ROOT,
    TUTORIAL,
    Answer,
    Programme,
    expect,
    the_same_keys,
)

DOMAIN = "dtks-regsosek"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("go"), persons=900)
    programme.reach("signed")
    with programme.serving():
        yield programme


class Counted:
    """The commands `go` of one story."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.commands = programme, 0

    def go(self, who: str, *more: str, script: str = "", code: int = 0) -> Answer:
        self.commands += 1
        return self.programme.run(who, script or "padan-encoder", "go", PROJECT, *more, code=code)

    def events(self, who: str, *more: str, script: str = "") -> list[dict[str, Any]]:
        return self.go(who, *more, script=script).json()


def done(events: list[dict[str, Any]]) -> list[str]:
    return [each["step"] for each in events if each["event"] == "done"]


def files(programme: Programme, who: str) -> list[str]:
    """The answers that only a person can give: which file, and by which checked mapping."""
    given = []
    for dataset in (each for each, owner in OWNER.items() if owner == who):
        given += ["--file", f"{dataset}={programme.folder / 'sources' / dataset}.csv"]
        given += ["--mapping", f"{dataset}={TUTORIAL / f'mapping-{dataset}.yaml'}"]
    return given


def process(
    programme: Programme,
    who: str,
    *more: str,
    terminal: int | None = None,
    module: str = "encoder",
) -> subprocess.Popen[str]:
    """The command in a process of its own: to be stopped, or at a terminal."""
    passphrase = programme.folder / "passphrases" / who
    options = ["--home", programme.home(who), "--passphrase-file", passphrase]
    options += ["--json"] if terminal is None else ["--lang", "en"]
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, options), "go", PROJECT, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stdin=terminal,
        stderr=subprocess.PIPE if terminal is None else terminal,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def wait_for(found: Path, running: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while not list(found.parent.glob(found.name)):
        assert running.poll() is None, running.communicate()[1]
        assert time.monotonic() < until
        time.sleep(0.005)


def what_only_a_person_can_answer_is_asked_for(programme: Programme) -> None:
    """Without a terminal it stops, names what is missing, and gives the one command."""
    missing = expect(programme.run("dppapp", "padan-encoder", "go", PROJECT, code=6), "go.file")
    assert f"padan-encoder go {PROJECT} --file=carik=" in missing.hint.en
    source = programme.folder / "sources" / "carik.csv"
    unchecked = ("go", PROJECT, "--file", str(source), "--yes")
    missing = expect(programme.run("dppapp", "padan-encoder", *unchecked, code=6), "go.file")
    assert f"--file=carik={source} --mapping=carik=map.yaml" in missing.hint.en

    foreign = ("go", PROJECT, "--file", f"regsosek={source}")
    expect(programme.run("dppapp", "padan-encoder", *foreign, code=3), "go.option")
    several = ("go", PROJECT, "--file", str(source))
    expect(programme.run("dinsos", "padan-encoder", *several, code=3), "go.option")


def waiting_ends_by_its_time_and_by_ctrl_c(programme: Programme) -> None:
    began = time.monotonic()
    watch = ("go", PROJECT, "--watch", "--every", "0.1", "--for", "0.3")
    events = programme.run("service", "padan-linkage", *watch).json()
    assert [each["step"] for each in events] == ["commit"]  # told once, however often it looks
    assert 0.3 <= time.monotonic() - began < PATIENCE_SECONDS
    # A person who must answer first is not waited for.
    expect(programme.run("dppapp", "padan-encoder", *watch, code=6), "go.file")

    options = ("--watch", "--every", "60")
    waiting = process(programme, "service", *options, module="linkage_service")
    assert waiting.stdout is not None
    assert '"event"' in waiting.stdout.readline()
    time.sleep(0.5)
    waiting.send_signal(signal.SIGINT)
    said = waiting.communicate(timeout=PATIENCE_SECONDS)[1]
    assert waiting.returncode == 0
    assert "Traceback" not in said
    assert "perintah yang sama" in said


@pytest.mark.thorough("integration/test_first_linkage.py::test_from_nothing_to_an_opened_list")
def test_a_whole_linkage(programme: Programme) -> None:
    what_only_a_person_can_answer_is_asked_for(programme)
    waiting_ends_by_its_time_and_by_ctrl_c(programme)
    counted = Counted(programme)

    # Killed while it prepares: the same command begins again.
    killed = process(programme, "dinsos", *files(programme, "dinsos"), "--yes")
    wait_for(programme.home("dinsos") / "projects" / PROJECT / "prepared" / "dtks*", killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    answer = counted.go("dppapp", *files(programme, "dppapp"), code=6)
    assert answer.error is not None
    assert answer.error.code == "go.numbers"
    assert f"padan-encoder go {PROJECT} --yes" in answer.error.hint.en
    assert done(answer.json()) == ["prepare"]
    counted.commands += 1
    at_a_terminal(programme)
    assert done(counted.events("bps")) == []  # given again, it only says who is awaited
    awaited = counted.events("dppapp", "--yes")
    assert done(awaited) == ["commit"]
    assert [(e["step"], e["who"]) for e in awaited if e["event"] == "waiting"] == [
        ("commit", ["dinsos"])
    ]
    assert awaited[-1]["since"]
    said = counted.events("dinsos", *files(programme, "dinsos"), "--yes")
    assert done(said)[-1] == "commit"

    with the_same_keys():
        for _ in range(4):
            for party in PARTIES:
                counted.go(party)
    assert set(programme_state(programme).bundles()) == set(OWNER)

    # Nobody is made to spend the budget: a party that wants the run says so.
    asked = counted.events("dinsos")
    assert [e["commands"] for e in asked if e["event"] == "asks"] == [
        [f"padan-encoder go {PROJECT} --order"]
    ]
    the_page_and_the_single_commands_agree(programme)
    assert done(counted.events("dinsos", "--order")) == ["order"]
    for party in ("bps", "dppapp"):  # as witnesses
        assert done(counted.events(party)) == []
    assert done(counted.events("service", script="padan-linkage")) == ["run"]
    assert done(counted.events("service", script="padan-linkage")) == []
    assert done(counted.events("dinsos", "--request", "--domain", DOMAIN)) == ["request"]
    assert done(counted.events("service", script="padan-linkage")) == ["stage"]
    for party in PARTIES:
        counted.go(party)

    approved(counted)
    assert done(counted.events("service", script="padan-linkage")) == ["decide"]
    for party in (*PARTIES, "bps"):  # BPS comes before there are enough witnesses
        counted.go(party)
    assert done(counted.events("dinsos")) == ["open"]
    end = counted.events("dinsos")
    assert [each["event"] for each in end] == ["complete"]
    released = programme_state(programme).release("rilis-1")
    assert all(each.is_opened for each in released.released_files)
    out = programme.folder / "list.csv"
    programme.run("dinsos", "padan-encoder", "list", PROJECT, "rilis-1", "dtks", "--out", str(out))
    assert out.read_text(encoding="utf-8").count("\n") > 100
    assert counted.commands <= 41  # turn by turn; with --watch it is one for each person


def the_page_and_the_single_commands_agree(programme: Programme) -> None:
    with page_without_browser(at_step_2(programme, "dtks")) as page:
        status = page.get("/step/status").text
    assert "Giliran Anda" in status
    assert '<input type="checkbox" name="order"' in status, "the one button takes it"
    for step in ("commit", "reveal", "confirm"):  # given again: harmless, and said
        (again,) = programme.run("dinsos", "padan-encoder", step, PROJECT).json()
        assert again["again"] is True


def approved(counted: Counted) -> None:
    """Each approver is shown what waits, and gives the command that was named."""
    (officer,) = counted.programme.run("bps-dpo", "padan-policy", "go", PROJECT).json()
    assert (officer["event"], officer["step"]) == ("asks", "vote")
    assert officer["commands"][-1].endswith("--refuse")
    assert len(officer["commands"]) == 2, "no approval is asked of an officer"
    for approver in ("bps-approver", "dppapp-approver"):
        (asks,) = counted.events(approver, script="padan-policy")
        assert (asks["event"], asks["step"], asks["about"]) == ("asks", "vote", "rilis-1")
        command = asks["commands"][1].split()
        assert command[1] == "approve"
        counted.programme.run(approver, *command)
        counted.commands += 1
        (nothing,) = counted.events(approver, script="padan-policy")
        assert nothing["event"] == "nothing"


def at_a_terminal(programme: Programme) -> None:
    """BPS is asked for the file, for its columns and for the numbers, and then commits."""
    person, terminal = pty.openpty()
    running = process(programme, "bps", terminal=terminal)
    os.close(terminal)
    source = programme.folder / "sources" / "regsosek.csv"
    os.write(person, f"{source}x\n{source}\ny\ny\n".encode())
    seen = b""
    with suppress(OSError):  # the other end closes it
        while some := os.read(person, 65536):
            seen += some
    os.close(person)
    out = running.communicate(timeout=PATIENCE_SECONDS)[0]
    asked = seen.decode().replace("\r", "")
    assert running.returncode == 0, asked
    assert asked.count("The file of regsosek") == 2
    assert "regsosek.csvx does not exist" in asked
    assert "Is this mapping right?" in asked
    assert "Are these numbers right?" in asked
    assert "✓ The rows are committed" in out
    assert "Awaited: dinsos, dppapp, to commit the rows, since " in out


def programme_state(programme: Programme) -> Any:
    from policy.members.home import Home
    from policy.wire.replica import replica_of

    return replica_of(Home(programme.home("dinsos")), PROJECT).load().project
