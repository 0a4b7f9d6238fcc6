"""An auditor's whole work on a log of ten thousand entries: open the bundle, make the ten checks.

In a process of its own, so that its peak memory is its own. The log is one project's: a release
with its receipts, a run that an auditor repeated, and rows withdrawn day after day; witnesses
cosign every fiftieth entry.

    PADAN_BENCH_ENTRIES=100000    as many entries
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from policy.evidence import EXIT_VERIFIED, read_bundle, verify_bundle
from policy.statements import Withdrawn
from tests.benchmarks.figures import Figure
from tests.support.bundles import write_bundle
from tests.support.memory import peak_bytes
from tests.support.republic import Republic

ENTRIES = int(os.environ.get("PADAN_BENCH_ENTRIES", "10000"))
_WITNESSED_EVERY = 50


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        republic = grown(ENTRIES)
        write_bundle(path, republic.evidence())
        kept = Path(folder) / "mine.txt"
        kept.write_text(republic.notes[sorted(republic.notes)[-2]])
        measured = measure(path, kept, republic.roster.digest())
    return [
        Figure(f"verify a bundle of {ENTRIES:,} entries", measured["seconds"], "s"),
        Figure("  of that processor time", measured["processor"], "s"),
        Figure("  peak memory", measured["peak"] / 1024, "MiB"),
    ]


def grown(entries: int) -> Republic:
    """A log of so many entries; withdrawals come in after all else was released."""
    republic = Republic().to("receipt")
    republic.say("auditor", republic.rerun(), run="run-1")
    while republic.project.size < entries:
        number = republic.project.size
        dataset = republic.charter.datasets[number % len(republic.charter.datasets)]
        body = Withdrawn(at=republic.now, dataset=dataset.id, handles=f"{number:064x}", count=1)
        republic.say(dataset.owner, body)
        if republic.project.size % _WITNESSED_EVERY == 0:
            republic.witness()
    republic.witness()
    return republic


def measure(path: Path, kept: Path, digest: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_log", str(path), str(kept), digest]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def audit(path: Path, kept: Path, digest: str) -> dict[str, float]:
    started, processor = time.perf_counter(), time.process_time()
    report = verify_bundle(read_bundle(path), digest, kept.read_text())
    assert report.exit_code == EXIT_VERIFIED
    return {
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - processor,
        "peak": peak_bytes() // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(audit(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
