"""The programs of Padan with their modules loaded: each command is a fork of one process.

A story of two hundred commands spends most of its time on loading the same modules again. Here one
process loads them once; each command is then a process of its own, with its arguments, variables,
working folder and files, and it runs the `main` of the program. Its standard streams are those of
the caller, who gets its exit code, and whose signals reach it.

`warm_programs(folder)` starts that process and gives a folder for PATH. The programs in it are
small scripts that hand a command over. Of what an interpreter does at its start, a command gets the
time zone and the `sitecustomize` of PYTHONPATH. A passphrase is derived once, as in the tests of
one process (`passphrases.py`); the keys lie in `folder`.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib
import io
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from policy.base.start import loading
from policy.crypto import keys
from scripts.warm import encode_two_rows, match_two_small_datasets
from tests.support.processes import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    "padan-encoder": "encoder",
    "padan-linkage": "linkage_service",
    "padan-policy": "policy",
}
# Ray sets variables and takes seconds; migrations are loaded by Alembic alone.
_LEFT_OUT = ("linkage_service.engines.ray", "linkage_service.storage.records.migrations.")
_STREAMS = 3
_SCRIPT = """#!{python} -ISE
import _signal, _socket, os, sys
SOL_SOCKET, SCM_RIGHTS = {rights}
ask = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
ask.connect({address!r})
parts = [{package!r}, os.getcwd(), str(len(sys.argv)), *sys.argv]
said = [os.fsencode(each) for each in parts] + [k + b"=" + v for k, v in os.environb.items()]
said = b"\\0".join(said)
streams = b"".join(fd.to_bytes(4, sys.byteorder) for fd in (0, 1, 2))
ask.sendmsg([len(said).to_bytes(4, "big")], [(SOL_SOCKET, SCM_RIGHTS, streams)])
ask.sendall(said)
pid = int.from_bytes(ask.recv(4), "big")
if not pid:
    os._exit(70)
for number in (_signal.SIGTERM, _signal.SIGINT, _signal.SIGHUP):
    _signal.signal(number, lambda number, _: os.kill(pid, number))
code = ask.recv(4)
os._exit(int.from_bytes(code, "big") if code else 70)
"""


@contextmanager
def warm_programs(folder: Path) -> Iterator[Path]:
    """The folder with `padan-encoder`, `padan-linkage` and `padan-policy`, until the end."""
    scripts = folder / "bin"
    scripts.mkdir(parents=True)
    address = folder / "socket"
    for name, package in PROGRAMS.items():
        script = scripts / name
        script.write_text(
            _SCRIPT.format(
                python=sys.executable,
                rights=(socket.SOL_SOCKET, socket.SCM_RIGHTS),
                address=str(address),
                package=package,
            )
        )
        script.chmod(0o700)
    server = subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not address.exists():
            assert server.poll() is None, "the programs could not be loaded"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield scripts
    finally:
        server.communicate()  # it ends with its standard input


class _Server:
    """Forks a child for each command; a caller that goes away takes its child with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._callers: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        ended, self._woken = socket.socketpair()
        for each in (ended, self._woken):
            each.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ended.fileno())
        self._ended = ended

    def serve(self) -> None:
        """Until standard input ends."""
        hidden = self._folder / "binding"
        self._listening.bind(str(hidden))
        self._listening.listen(64)
        for each in (self._listening, self._woken, sys.stdin):
            self._selector.register(each, selectors.EVENT_READ)
        hidden.rename(self._folder / "socket")
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is sys.stdin:
                    self._kill(list(self._callers))
                    return
                if key.fileobj is self._listening:
                    self._take(self._listening.accept()[0])
                elif key.fileobj is self._woken:
                    self._woken.recv(4096)
                    self._reap()
                else:
                    self._kill([pid for pid, at in self._callers.items() if at is key.fileobj])
                    self._selector.unregister(key.fileobj)

    def _take(self, caller: socket.socket) -> None:
        size, streams, _, _ = socket.recv_fds(caller, 4, _STREAMS)
        said = _received(caller, int.from_bytes(size, "big"))
        pid = os.fork() if said else 0
        if said and not pid:
            self._become(said, streams)
        for each in streams:
            os.close(each)
        if not said:
            caller.close()
            return
        self._callers[pid] = caller
        self._selector.register(caller, selectors.EVENT_READ)
        with suppress(OSError):  # the caller may have ended: the next look at it ends its child
            caller.sendall(pid.to_bytes(4, "big"))

    def _reap(self) -> None:
        for pid in list(self._callers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            caller = self._callers.pop(pid)
            with suppress(KeyError):
                self._selector.unregister(caller)
            code = os.waitstatus_to_exitcode(status)
            with suppress(OSError):
                caller.sendall((code if code >= 0 else 128 - code).to_bytes(4, "big"))
            caller.close()

    def _kill(self, pids: list[int]) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _become(self, said: bytes, streams: list[int]) -> NoReturn:
        """In the child: leave what belongs to the parent, then be the command."""
        code = 70
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._selector.close()
            for each in (self._listening, self._woken, self._ended, *self._callers.values()):
                each.close()
            for at, stream in enumerate(streams):
                os.dup2(stream, at)
                os.close(stream)
            code = _run(said, self._folder)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)


def _received(caller: socket.socket, size: int) -> bytes:
    """All words of a caller; nothing if it ended in the middle of them."""
    said = b""
    with suppress(ConnectionError):
        while len(said) < size:
            more = caller.recv(size - len(said))
            if not more:
                return b""
            said += more
        return said
    return b""


def _run(said: bytes, folder: Path) -> int:
    """The exit code of the command that these words describe."""
    package, cwd, count, *rest = (os.fsdecode(each) for each in said.split(b"\0"))
    sys.argv = rest[: int(count)]
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(each.split("=", 1) for each in rest[int(count) :])
    time.tzset()
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout = _writing(1, "strict")
    sys.stderr = _writing(2, "backslashreplace")
    # Processes that it starts shall not take the module of this server for their own.
    sys.modules["__main__"] = ModuleType("__main__")
    for path in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        if path and (Path(path) / "sitecustomize.py").exists():
            runpy.run_path(str(Path(path) / "sitecustomize.py"))
    keys.Argon2id = partial(_KeptArgon2id, folder)
    try:
        importlib.import_module(f"{package}.__main__").main()
        code = 0
    except SystemExit as end:
        code = _code(end.code)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _writing(fd: int, errors: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(fd, "w", closefd=False)),
        encoding="utf-8",
        errors=errors,
        line_buffering=fd == 2 or os.isatty(fd),
    )


def _code(code: Any) -> int:
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


class _KeptArgon2id:
    """Argon2id whose keys another command finds again, by what they were derived from."""

    def __init__(self, folder: Path, **cost: Any) -> None:
        self._folder, self._cost = folder, sorted(cost.items())
        self._kdf = Argon2id(**cost)

    def derive(self, passphrase: bytes) -> bytes:
        question = hashlib.sha256(repr((self._cost, bytes(passphrase))).encode()).hexdigest()
        kept = self._folder / f"derived-{question}"
        if not kept.exists():
            unfinished = self._folder / f"deriving-{os.getpid()}"
            unfinished.write_bytes(self._kdf.derive(passphrase))
            unfinished.replace(kept)
        return kept.read_bytes()


def load() -> None:
    """All modules of the three packages, and the machine code of the kernels."""
    for package in PROGRAMS.values():
        path = [str(ROOT / package)]
        for found in pkgutil.walk_packages(path, f"{package}."):
            if not found.name.startswith(_LEFT_OUT):
                importlib.import_module(found.name)
    match_two_small_datasets()
    encode_two_rows()


def main(folder: Path) -> None:
    with loading():
        load()
    assert threading.active_count() == 1, "a fork takes no thread along"
    _Server(folder).serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
