"""Services that are started again when they end, as systemd does it.

    python -m tests.support.kept_up FOLDER PORT,PORT serve OPTION...

Each service is `padan-linkage serve` in a copy of this process, which has loaded the program and
opened nothing yet: a service is up again in a moment. FOLDER/PORT.pid holds its process id. A file
FOLDER/MOMENT (`dying_run.INSIDE`) has the next run that comes to that moment end its service and
itself by SIGKILL. All of it ends with standard input.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

_FOLDER = "PADAN_TEST_KEPT_UP"
# Loaded once, and not in every copy.
_LOADED = ("alembic.command", "psycopg", "linkage_service.app", "linkage_service.cli")


@contextmanager
def kept_up(
    folder: Path, ports: Sequence[int], home: Path, passphrase: Path, options: Sequence[str]
) -> Iterator[None]:
    """Keep a service of this home up on each of these ports of loopback."""
    from tests.support.server import ROOT

    folder.mkdir()
    program = [sys.executable, "-m", "tests.support.kept_up", str(folder)]
    own = {"PADAN_HOME": str(home), "PADAN_PASSPHRASE_FILE": str(passphrase), _FOLDER: str(folder)}
    with subprocess.Popen(
        [*program, ",".join(map(str, ports)), "serve", *options],
        cwd=ROOT,
        env={**os.environ, **own},
        stdin=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        try:
            yield
        finally:
            process.stdin.close()


def pid_of(folder: Path, port: int) -> int:
    return int((folder / f"{port}.pid").read_text())


def die_at(folder: Path, moment: str) -> None:
    """Have the next run that comes to this moment end there, with its service."""
    (folder / moment).touch()


def _start(folder: Path, port: str, command: list[str]) -> int:
    from linkage_service.__main__ import main

    child = os.fork()
    if child == 0:
        # Before it listens: who reaches a service can name its process.
        part = folder / f"{port}.part"
        part.write_text(str(os.getpid()))
        part.replace(folder / f"{port}.pid")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = ["padan-linkage", *command, "--port", port]
        with suppress(SystemExit):
            main()
        os._exit(1)
    return child


def _keep_up(folder: Path, ports: Sequence[str], command: list[str]) -> None:
    for module in _LOADED:
        import_module(module)
    living = {_start(folder, port, command): port for port in ports}
    while not select.select([0], [], [], 0.02)[0]:
        ended, _ = os.waitpid(-1, os.WNOHANG)
        if ended:
            port = living.pop(ended)
            living[_start(folder, port, command)] = port
    for child in living:
        os.kill(child, signal.SIGKILL)


def _obey(folder: Path) -> None:
    """In the process of a run: end at the moments that the test named, each once."""
    from tests.support.dying_run import INSIDE

    for moment, (owner, name) in INSIDE.items():
        setattr(owner, name, _deadly(getattr(owner, name), folder / moment))


def _deadly(act: Any, named: Path) -> Any:
    def patched(*arguments: Any, **more: Any) -> Any:
        done = act(*arguments, **more)
        with suppress(FileNotFoundError):
            named.unlink()
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return patched


if __name__ == "__main__":
    folder, ports, *command = sys.argv[1:]
    _keep_up(Path(folder), ports.split(","), command)
elif __name__ == "__mp_main__":  # a process that carries out one of its runs
    _obey(Path(os.environ[_FOLDER]))
