"""All checks of a machine, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from encoder.selftest.encodings import check_encodings
from encoder.selftest.machine import check_machine
from encoder.selftest.vectors import check_vectors
from policy.terminal.checks import SelfCheck


def run_checks(home: Path, now: datetime) -> Iterator[SelfCheck]:
    """Each check as soon as it is done; `home` need not exist."""
    yield from check_machine(home, now)
    yield from check_vectors()
    yield from check_encodings()
