"""A real PostgreSQL for the tests: a temporary cluster on loopback, gone at the end.

Runs Debian's binaries, or those whose pg_ctl is on PATH, as a child process of
this one. PostgreSQL refuses to run as root; then it runs as user `postgres`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

START_SECONDS = 300
STOP_SECONDS = 30

# Only this machine gets in: through the socket in the temporary folder, and
# through 127.0.0.1.
_WHO = ("local all all", "host all all 127.0.0.1/32", "host replication all 127.0.0.1/32")
HBA = "".join(f"{each} trust\n" for each in _WHO)

# The data is thrown away, so nothing needs to survive a crash.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}


# A cluster that is recovered needs whole pages in its WAL.
_SAFE = {"full_page_writes": "on", "synchronous_commit": "on"}


class PostgresMissingError(Exception):
    """PostgreSQL cannot run on this machine; the message says what to install."""


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`, newest version first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates = sorted(debian, key=lambda path: _version(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path is not None:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissingError("PostgreSQL is not installed: apt-get install postgresql")


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


class Cluster:
    """A running cluster. Make one with `running_cluster`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = itertools.count(1)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, as CREATE DATABASE needs it."""
        import psycopg

        with psycopg.connect(**self.address(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def address(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": "postgres",
            "dbname": "postgres",
            "connect_timeout": 10,
        }

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database, which is dropped with whoever is still in it."""
        name = f"padan_test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster of its own folder, port and process; stop it by its own pid."""
    binaries = find_binaries()
    owner = _owner()
    home = Path(tempfile.mkdtemp(prefix="padan-pg-"))
    try:
        if owner:
            os.chown(home, owner["user"], owner["group"])
        _initialise(binaries, home, owner)
        process, port = _start(binaries, home, owner)
        try:
            yield Cluster(port)
        finally:
            _stop(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)


class StoppedCluster:
    """A cluster whose folder a test may change while it does not run.

    `settings` are those of a postgresql.conf, as text. Its folder belongs to `run_as`, and is
    deleted by whoever gave it.
    """

    def __init__(self, home: Path, settings: str) -> None:
        self.home, self.data, self.run_as = home, home / "data", _owner()
        self._binaries, self._port = find_binaries(), free_port()
        home.mkdir(parents=True, exist_ok=True)
        self.own(home)
        _initialise(self._binaries, home, self.run_as)
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(settings)

    def own(self, path: Path) -> None:
        if self.run_as:
            os.chown(path, self.run_as["user"], self.run_as["group"])

    def environment(self) -> dict[str, str]:
        """What a client program needs to find it, and its programs on PATH."""
        path = f"{self._binaries}{os.pathsep}{os.environ['PATH']}"
        names = {"PGHOST": "127.0.0.1", "PGPORT": str(self._port), "PGUSER": "postgres"}
        return {**os.environ, **names, "PATH": path}

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        process, port = _start(self._binaries, self.home, self.run_as, self._port, _SAFE)
        try:
            yield Cluster(port)
        finally:
            _stop(process)


def _owner() -> dict[str, Any]:
    """How a child process becomes `postgres`, where we are root."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresMissingError(
            "PostgreSQL refuses to run as root and there is no user postgres: "
            "apt-get install postgresql"
        ) from None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _initialise(binaries: Path, home: Path, owner: dict[str, Any]) -> None:
    command = [
        str(binaries / "initdb"),
        *("--pgdata", str(home / "data")),
        *("--username", "postgres"),
        *("--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C"),
        "--no-sync",
    ]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, **owner)
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
    (home / "data" / "pg_hba.conf").write_text(HBA)


def _start(
    binaries: Path,
    home: Path,
    owner: dict[str, Any],
    wanted: int | None = None,
    more: Mapping[str, str] = {},
) -> tuple[subprocess.Popen[bytes], int]:
    """Start it; another port if somebody took ours between choosing and listening."""
    for _ in range(5):
        port = wanted or free_port()
        settings = SETTINGS | {"port": str(port), "unix_socket_directories": str(home), **more}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries / "postgres"), "-D", str(home / "data"), *options]
        with (home / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **owner
            )
        if _answers(process, port, home):
            return process, port
    raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")


def _answers(process: subprocess.Popen[bytes], port: int, home: Path) -> bool:
    """True once it serves; False if it ended; an error if it does neither in time."""
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        try:
            # Through our own folder: another server may sit on that port.
            address = Cluster(port).address() | {"host": str(home)}
            with psycopg.connect(**address):
                return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    _stop(process)
    raise RuntimeError(f"PostgreSQL does not answer:\n{(home / 'log').read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then the immediate one. Its children follow it in both."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        if process.poll() is None:
            process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()
