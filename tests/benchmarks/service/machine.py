"""What a measurement was made on: figures of another machine, or of a busy one, are others."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.processes import descendants


def facts() -> dict[str, Any]:
    """The processor, its cores, memory, and what else this machine was doing just now."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(
            int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20
        ),
        "python": platform.python_version(),
        "load": load(),
    }


def load() -> float:
    """How many processes wanted a core over the last minute."""
    return round(os.getloadavg()[0], 2)


def processor_seconds(roots: Iterable[int]) -> float:
    """What these processes and their descendants have used of the processor, ended ones too."""
    return sum(_used(pid) for root in roots for pid in (root, *descendants(root)))


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has just ended
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _first(path: str, name: str) -> str:
    """The value of the first line of this name in a file of the kernel's; empty without one."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, "")
