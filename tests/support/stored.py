"""What the tests of one run need again and again is made once, and copied.

A stored folder is a project as far as some stage, with the homes of its members and the data of
its service. The test processes of a run share them: the first that asks for one makes it, under a
lock. A module copies it and goes on, as if it had taken those steps itself.
"""

from __future__ import annotations

import atexit
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from policy.base.canonical import sha256

_shared: list[Path] = []


def keep_in(factory: pytest.TempPathFactory) -> None:
    """Share what is stored with the other test processes of this run."""
    base = factory.getbasetemp()
    # Each process of a run that has several has a folder of its own in that of the run.
    run = base.parent if base.name.startswith("popen-") else base
    _shared[:] = [run / "stored"]


def stored(key: object, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled, to be copied and not changed.

    `key` says by its `repr` all that the content follows from.
    """
    folder = _shared[0] if _shared else _of_this_process()
    folder.mkdir(exist_ok=True)
    place = folder / sha256(repr(key).encode())[:16]
    done = place.with_suffix(".done")
    with FileLock(place.with_suffix(".lock")):
        if not done.exists():
            shutil.rmtree(place, ignore_errors=True)  # of an attempt that failed
            place.mkdir()
            make(place)
            done.touch()
    return place


def begin_from(place: Path, to: Path, url: str) -> None:
    """Copy a stored project into `to`; its members speak to the service at `url`.

    Their homes lie in `homes`, and what a home says about sources is that they lie in the copy.
    """
    shutil.copytree(place, to, dirs_exist_ok=True)
    for address in to.glob("homes/*/service.json"):
        told = json.loads(address.read_bytes())
        address.write_text(json.dumps({**told, "url": url}), encoding="utf-8")
    for prepared in to.glob("homes/*/projects/*/prepared/*.sqlite"):
        with closing(sqlite3.connect(prepared)) as database, database:
            moved = "UPDATE meta SET value = replace(value, ?, ?) WHERE key = 'source'"
            database.execute(moved, (f"{place}/", f"{to}/"))


@cache
def _of_this_process() -> Path:
    """Where no test run is: of a benchmark, for one."""
    folder = Path(tempfile.mkdtemp(prefix="padan-stored-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
