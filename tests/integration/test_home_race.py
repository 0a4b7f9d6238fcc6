"""Two commands of one home learn of the log at once: nobody accuses an honest service."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from policy.base.canonical import b64
from policy.base.errors import Unverified
from policy.log import parse_checkpoint, parse_note
from policy.wire.replica import Replica
from tests.support.home_race import EarlierReplica
from tests.support.processes import PATIENCE_SECONDS
from tests.support.republic import Republic
from tests.support.server import ROOT

SMALL, LARGE = 4, 8


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic().to("commit")


@pytest.fixture
def folder(republic: Republic, tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "roster.json").write_bytes(republic.roster_data)
    (tmp_path / "project").write_text(republic.charter.project)
    for size in range(1, len(republic.leaves) + 1):
        page = republic.page().model_copy(
            update={
                "entries": tuple(map(b64, republic.leaves[:size])),
                "checkpoint": republic.checkpoint(size),
            }
        )
        (tmp_path / "pages" / str(size)).write_bytes(page.canonical())
    return tmp_path


def command(form: str, folder: Path, name: str, *sizes: int) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "tests.support.home_race", form, str(folder), name]
    return subprocess.Popen(
        [*program, *map(str, sizes)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for(path: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)


def let(folder: Path, name: str, number: int, seconds: float) -> None:
    """Once the process has come to this write, or a lock keeps it from coming there so long."""
    wait_for(folder / f"{name}.ready", PATIENCE_SECONDS)
    reached = folder / f"{name}-{number}.reached"
    wait_for(reached, seconds)
    (folder / f"{name}-{number}.go").touch()
    if reached.exists():  # what a lock keeps out writes once its turn has come
        wait_for(folder / f"{name}-{number}.written", PATIENCE_SECONDS)


def interleaved(form: str, folder: Path) -> None:
    """Slow has looked and not written; quick writes its entries; slow writes all; quick ends."""
    slow = command(form, folder, "slow", SMALL)
    wait_for(folder / "slow-0.reached", PATIENCE_SECONDS)
    quick = command(form, folder, "quick", LARGE)
    for name, number in (("quick", 0), ("slow", 0), ("slow", 1), ("quick", 1)):
        let(folder, name, number, PATIENCE_SECONDS if form == "earlier" else 1)
    for process in (slow, quick):
        _, error = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, error.decode()


def test_forced_into_each_others_way_they_keep_what_both_saw(
    republic: Republic, folder: Path
) -> None:
    interleaved("present", folder)
    kept = Replica(folder / "home", republic.roster, republic.charter.project)
    assert kept.load().size == LARGE
    note = kept.remembered()
    assert note is not None
    assert parse_checkpoint(parse_note(note).text).size == LARGE


def test_two_files_without_a_lock_end_in_an_accusation(republic: Republic, folder: Path) -> None:
    """The negative control: the copy as earlier builds kept it."""
    interleaved("earlier", folder)
    kept = EarlierReplica(folder / "home", republic.roster, republic.charter.project)
    with pytest.raises(Unverified) as caught:
        kept.load()
    assert caught.value.code == "log.fork"


def test_many_commands_at_once(republic: Republic, folder: Path) -> None:
    sizes = [range(1, len(republic.leaves) + 1, step) for step in (1, 2, 3)]
    for step in range(40):
        for name in ("a", "b", "c"):
            (folder / f"{name}-{step}.go").touch()
    running = [
        command("present", folder, name, *each)
        for name, each in zip(("a", "b", "c"), sizes, strict=True)
    ]
    for process in running:
        _, error = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, error.decode()
    kept = Replica(folder / "home", republic.roster, republic.charter.project)
    assert kept.load().size >= len(republic.leaves) - 2
