"""Commands of one home as processes of their own, each write of which a test lets happen.

    python -m tests.support.home_race FORM FOLDER NAME SIZE...

The process learns the log up to each SIZE in turn from FOLDER/pages, and keeps it in FOLDER/home.
It says when it is about to keep something (FOLDER/NAME.ready), and before it writes its n-th file
(FOLDER/NAME-n.reached), where it waits for FOLDER/NAME-n.go. FORM is `present`, or `earlier` for
entries and checkpoint in two files without a lock, as earlier builds wrote them.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from policy.base.canonical import unb64
from policy.base.files import read_file, write_file
from policy.formats.log_page import LogPage
from policy.members.roster import open_roster, roster_digest
from policy.wire import log_copy, replica
from policy.wire.log_copy import LogCopy
from policy.wire.replica import Replica
from tests.support.processes import PATIENCE_SECONDS


@dataclass(frozen=True)
class EarlierCopy(LogCopy):
    """Two files and no lock."""

    def read(self) -> LogPage:
        return self._read()

    def write(self, page: LogPage) -> None:
        write(self._entries, b"".join(unb64(entry) + b"\n" for entry in page.entries))
        write(self._checkpoint, page.checkpoint.encode())


class EarlierReplica(Replica):
    @property
    def copy(self) -> LogCopy:
        return EarlierCopy(self.folder)

    def _keep(self, entries: tuple[str, ...], page: LogPage) -> None:
        if len(self.copy.read().entries) <= len(entries):
            self.copy.write(page.model_copy(update={"entries": entries}))


_numbers = count()


def write(path: Path, data: bytes) -> None:
    """Once the test lets it."""
    number, folder, name = next(_numbers), Path(sys.argv[2]), sys.argv[3]
    (folder / f"{name}-{number}.reached").touch()
    go, until = folder / f"{name}-{number}.go", time.monotonic() + PATIENCE_SECONDS
    while not go.exists() and time.monotonic() < until:
        time.sleep(0.01)
    write_file(path, data)
    (folder / f"{name}-{number}.written").touch()


def main() -> None:
    form, folder, sizes = sys.argv[1], Path(sys.argv[2]), sys.argv[4:]
    roster_data = read_file(folder / "roster.json")
    roster = open_roster(roster_data, roster_digest(roster_data))
    log_copy.write_file = write  # type: ignore[attr-defined]
    kind = {"present": replica.Replica, "earlier": EarlierReplica}[form]
    for size in sizes:
        mine = kind(folder / "home", roster, (folder / "project").read_text())
        replay = mine.load()
        whole = LogPage.model_validate_json(read_file(folder / "pages" / size))
        if replay.size <= len(whole.entries):
            rest = whole.model_copy(update={"entries": whole.entries[replay.size :]})
            (folder / f"{sys.argv[3]}.ready").touch()
            mine.advance(replay, rest)


if __name__ == "__main__":
    main()
