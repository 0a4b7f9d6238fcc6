"""`padan-policy witness --watch`: looks again and again, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE_SECONDS
from tests.support.server import ROOT
from tests.support.service import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    with town.serving():
        town.sign_charter()
        yield town


def watching(town: Town, *options: str) -> subprocess.Popen[str]:
    passphrase = town.lock("auditor")
    home = town.members["auditor"].home.path
    program = [sys.executable, "-m", "policy", "--home", str(home)]
    return subprocess.Popen(
        [*program, "--passphrase-file", str(passphrase), "witness", town.project_id, *options],
        cwd=ROOT,
        env={**os.environ, "PADAN_LANG": "en", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_sees_what_comes_and_stops_when_told(town: Town) -> None:
    process = watching(town, "--watch", "--every", "0.02")
    assert process.stdout is not None
    first = process.stdout.readline()
    size = town.synced("bps").project.size
    assert f"{size} entries, sound" in first
    town.commit()
    until = time.monotonic() + PATIENCE_SECONDS
    while f"{size + 3} entries, sound" not in process.stdout.readline():
        assert time.monotonic() < until
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in error
    assert process.returncode == -signal.SIGTERM
    cosigned = town.synced("bps").replica().cosigned_sizes()
    assert any(each.size == size + 3 and "auditor" in each.members for each in cosigned)


def test_it_is_bounded_and_without_it_there_is_one_look(town: Town) -> None:
    for options in ((), ("--watch", "--every", "61", "--hours", "1")):
        process = watching(town, *options)
        out, error = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, error
        assert out.count("sound") == 1
