"""The whole way of a row on an agency's machine: read, normalise, freeze, encode, seal.

`prepare` and `encode` are commands of their own, so each runs in its own process, whose peak
memory is its own. Rows are synthetic Regsosek records repeated with other NIKs, so that none is
a duplicate.

    PADAN_BENCH_ROWS=10000000    as many rows
"""

from __future__ import annotations

import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from encoder.encoding.canaries import Slots
from encoder.encoding.project_keys import ProjectKeys
from encoder.source.mapping import load_mapping
from encoder.steps.bundle import encode_rows
from encoder.steps.prepare import Pass
from encoder.store.prepared import PreparedDataset
from encoder.synthetic import write_sources
from policy.charter import Charter
from policy.crypto.sealing import encrypt_stream
from tests.benchmarks.bench_clk import PEER_RECORDS, SCHEMA, clkhash, records
from tests.benchmarks.figures import Figure, faster
from tests.benchmarks.quality.methods import default_charter, plain_charter
from tests.benchmarks.quality.sources import TUTORIAL
from tests.support.memory import peak_bytes

ROWS = int(os.environ.get("PADAN_BENCH_ROWS", "500000"))
_BASE = 100_000
STORE = "rows.sqlite"


def run() -> list[Figure]:
    figures = []
    peer = peers_rate()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.csv"
        write_rows(Path(folder), source, ROWS)
        for profile in CHARTERS:
            for cores in (1, os.cpu_count() or 1):
                measured = measure(source, Path(folder), profile, cores)
                figures += of_one(f"{profile}, {cores} core(s)", measured, peer)
    return figures


def of_one(what: str, measured: dict[str, float], peer: float) -> list[Figure]:
    """The processor's rate is what counts where other programs run on the machine, too."""
    rate = ROWS / sum(measured[each] for each in STAGES)
    busy = ROWS / sum(measured[f"{each}-processor"] for each in STAGES)
    rates = {"ours": busy, "peer": peer}
    found = [Figure(f"whole way of a row, {what}", rate, "rows/s")]
    name = f"  by processor time, {what}"
    found.append(faster(name, "rows/s", "clkhash 0.17, encoding alone", rates))
    for each in STAGES:
        found += [
            Figure(f"  of that {each}, {what}", ROWS / measured[each], "rows/s"),
            Figure(f"  {each}, {what}", measured[f"{each}-processor"] / ROWS * 1e6, "us a row"),
        ]
    memory = measured["peak"] / 1024
    return [*found, Figure(f"  peak memory of the largest process, {what}", memory, "MiB")]


def peers_rate() -> float:
    """Records a second of processor time that clkhash encodes by the plain schema."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    rows = records(PEER_RECORDS, seed=1)
    clkhash(schema, rows[:100])
    times = []
    for _ in range(3):
        started = time.process_time()
        clkhash(schema, rows)
        times.append(time.process_time() - started)
    return PEER_RECORDS / statistics.median(times)


def write_rows(folder: Path, out: Path, rows: int) -> None:
    write_sources(folder, min(rows, _BASE), 3, ("regsosek",))
    with (
        (folder / "regsosek.csv").open(newline="", encoding="utf-8") as file,
        out.open("w", newline="", encoding="utf-8") as copies,
    ):
        header, *base = csv.reader(file)
        writer = csv.writer(copies, lineterminator="\n")
        writer.writerow(header)
        nik = header.index("403_NIK")
        for number in range(rows):
            row = list(base[number % len(base)])
            row[0] = f"R{number:09d}"
            if row[nik]:
                copy = f"{row[nik][:4]}9{number // len(base) % 10}{row[nik][6:12]}"
                row[nik] = f"{copy}{number % 9999 + 1:04d}"
            writer.writerow(row)


def measure(source: Path, folder: Path, profile: str, cores: int) -> dict[str, float]:
    """Of each stage its seconds and those of all processors, and the peak memory in KiB."""
    of_profile = folder / f"{profile}-{cores}"
    of_profile.mkdir()
    measured: dict[str, float] = {}
    for stage in STAGES:
        command = [sys.executable, "-m", "tests.benchmarks.bench_encoder", stage]
        done = subprocess.run(
            [*command, str(source), str(of_profile), profile, str(cores)],
            check=True,
            capture_output=True,
            text=True,
        )
        found: dict[str, float] = json.loads(done.stdout)
        measured |= {stage: found["seconds"], f"{stage}-processor": found["processor"]}
        measured["peak"] = max(found["peak"], measured.get("peak", 0))
    return measured


def prepare(source: Path, folder: Path, charter: Charter, cores: int) -> None:
    mapping = load_mapping(TUTORIAL / "mapping-regsosek.yaml")
    kept = {field.name for field in charter.fields}
    fields = {name: of for name, of in mapping.fields.items() if name in kept}
    mapping = mapping.model_copy(update={"fields": fields})
    key = b"k" * 32
    pass_ = Pass(charter, mapping, source, None, key, lambda _: None, workers=cores)
    PreparedDataset.freeze(folder / STORE, pass_.people(), pass_.refused, lambda _: [], {})


def encode(_: Path, folder: Path, charter: Charter, cores: int) -> None:
    keys = ProjectKeys(b"s" * 32, charter.terms_digest())
    prepared = PreparedDataset(folder / STORE)
    rows = encode_rows(charter, keys, Slots(()), prepared, lambda _: None, workers=cores)
    with (folder / "sealed.bin").open("wb") as sealed:
        sealed.writelines(encrypt_stream(rows, b"f" * 32, "00" * 32))


def timed(stage: Stage, source: Path, folder: Path, charter: Charter, cores: int) -> dict[str, Any]:
    began = _times()
    stage(source, folder, charter, cores)
    done = _times()
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = max(peak_bytes() // 1024, others)
    return {"seconds": done[0] - began[0], "processor": done[1] - began[1], "peak": peak}


def _times() -> tuple[float, float]:
    """On the wall and of all processors that worked for this process."""
    spent = os.times()
    return time.perf_counter(), sum(spent[:4])


Stage = Callable[[Path, Path, Charter, int], None]
STAGES: dict[str, Stage] = {"prepare": prepare, "encode": encode}
CHARTERS = {"plain": plain_charter, "default": default_charter}

if __name__ == "__main__":
    asked, source, folder, profile, cores = sys.argv[1:]
    found = timed(STAGES[asked], Path(source), Path(folder), CHARTERS[profile](), int(cores))
    print(json.dumps(found))
