"""A command of the loaded programs does and says what that of the installed ones does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.warm_programs import warm_programs

INSTALLED = Path(sys.executable).parent
AGAIN = pytest.mark.thorough("test_it_ends_and_speaks_as_the_installed_one")


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with warm_programs(tmp_path_factory.mktemp("warm") / "programs") as programs:
        yield programs


@pytest.mark.parametrize(
    ("command", "language", "code"),
    [
        (("padan-linkage", "--version"), "en", 0),
        pytest.param(
            ("padan-encoder", "check", "gone.csv", "--mapping", "gone.yaml"),
            "id",
            None,
            marks=AGAIN,
        ),
        pytest.param(("padan-policy", "nonsense"), "en", 2, marks=AGAIN),
    ],
)
def test_it_ends_and_speaks_as_the_installed_one(
    warm: Path, tmp_path: Path, command: tuple[str, ...], language: str, code: int | None
) -> None:
    name, *arguments = command
    environment = {**os.environ, "PADAN_LANG": language, "COLUMNS": "90"}
    warm_one, installed = (
        subprocess.run(
            [folder / name, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for folder in (warm, INSTALLED)
    )
    assert warm_one.returncode == installed.returncode
    assert (warm_one.stdout, warm_one.stderr) == (installed.stdout, installed.stderr)
    assert installed.returncode == code or (code is None and installed.returncode > 0)
    assert installed.stdout or installed.stderr


@pytest.mark.parametrize("sent", [0, 3, None])
def test_a_caller_that_ends_early_ends_no_other(
    warm: Path, tmp_path: Path, sent: int | None
) -> None:
    """Before its words, in the middle of them, or before it hears who runs them."""
    words = b"\0".join(map(os.fsencode, ("linkage_service", tmp_path, "1", "padan-linkage")))
    for _ in range(5):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.connect(str(warm.parent / "socket"))
            with Path(os.devnull).open("r+b") as nowhere:
                streams = [nowhere.fileno()] * 3
                socket.send_fds(caller, [len(words).to_bytes(4, "big")], streams)
            caller.sendall(words[:sent])
    command = [warm / "padan-linkage", "--version"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
