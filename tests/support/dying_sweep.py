"""A retention sweep whose process is killed once a key is destroyed, and before the log says so.

    python -m tests.support.dying_sweep HOME PASSPHRASE_FILE DATABASE_URL_FILE PROJECT SHIFT

SHIFT are the seconds by which the clock of this service is ahead.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from linkage_service import retention
from linkage_service.service import Service
from linkage_service.settings import Settings
from linkage_service.storage.keystore import Keystore
from policy.members.home import Home
from tests.support.clock import Clock


class Deadly(Keystore):
    """The last thing that its process does is to destroy a key."""

    def destroy(self, project: str, epoch: int) -> None:
        super().destroy(project, epoch)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    home, passphrase, url, project, shift = sys.argv[1:]
    me = Home(Path(home)).unlock(Path(passphrase).read_bytes())
    clock = Clock(ahead=int(shift))
    service = Service.open(Settings.under(me.home.path, Path(url).read_text()), me, clock)
    deadly = replace(service, keystore=Deadly(service.keystore.vault))
    retention.sweep(deadly, clock(), project)
