"""A province: two lists of a million people and more, from files to groups.

    make bench-province
    PADAN_BENCH_PROVINCE_ROWS=10000000    as many people
    PADAN_BENCH_PROVINCE_PROFILES=default     only this profile, of default and plain
    PADAN_BENCH_PROVINCE_FOLDER=DIR       keep what is made on the way, and use it again

Regsosek and Carik of one synthetic province are read, normalised and encoded by the encoder's
own code, once by the default terms with block tags and once as plain CLKs. The linkage then runs
on arrays mapped from files, on two cores: search, NIK leg, groups. Encodings are searched one
after the other, so that only one is in memory. What all pairs would have given is known for a
sample of rows. The more people, the more strangers are alike: the plain CLKs' threshold is the
charter's or the next at which the service does not refuse the run as a flood.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from encoder.encoding.canaries import Slots
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder
from encoder.source.mapping import load_mapping
from encoder.steps.bundle import encode_rows
from encoder.steps.prepare import Pass
from encoder.store.prepared import PreparedDataset
from encoder.synthetic import write_sources
from linkage_service.engines import SearchJob
from linkage_service.intake.arrays import RunData
from linkage_service.matching import Blocks, EncodedDataset, Unit, blocks_of, from_bytes
from linkage_service.runs import outcome, plans
from linkage_service.runs.estimates import searches
from policy.base.errors import BadInput
from policy.charter import Charter, parse_charter
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import HANDLE_BYTES
from policy.formats.contrary_code import CONTRARY_CODE_BYTES
from policy.statements import RunOrder
from tests.benchmarks.__main__ import write_figures
from tests.benchmarks.figures import Figure
from tests.benchmarks.memory import Memory
from tests.benchmarks.quality.methods import plain_charter, tagged_charter
from tests.benchmarks.quality.sources import TUTORIAL

ROWS = int(os.environ.get("PADAN_BENCH_PROVINCE_ROWS", "1000000"))
PROFILES = os.environ.get("PADAN_BENCH_PROVINCE_PROFILES", "default,plain").split(",")
LISTS = ("regsosek", "carik")
CORES = 2
RECALL_PPM = 990_000
TILE_ROWS = 20_000
_KEY = b"k" * 32
_STEP_PPM = 10_000


def charters() -> dict[str, Charter]:
    """The default with as many tag bits as lists of that size may have."""
    plain = plain_charter()
    terms = plain.matching.model_copy(update={"sampling_recall_ppm": RECALL_PPM})
    plain = plain.model_copy(update={"matching": terms})
    return {"default": tagged_charter(ROWS), "plain": plain}


def main() -> None:
    kept = os.environ.get("PADAN_BENCH_PROVINCE_FOLDER")
    with tempfile.TemporaryDirectory() as temporary:
        write_figures("bench-province.jsonl", _figures(Path(kept or temporary)))


def _figures(folder: Path) -> Iterator[Figure]:
    people = folder / f"people-{ROWS}"
    if not (people / "truth.csv").exists():
        write_sources(people, ROWS, 7, LISTS, shares=dict.fromkeys(LISTS, 0.99))
    for profile in PROFILES:
        charter = charters()[profile]
        encoded = folder / f"{profile}-{ROWS}-{charter.terms_digest()[:8]}"
        if not (encoded / "done").exists():
            rows, took = encode(people, encoded, charter)
            yield Figure(f"{profile}: prepared and encoded, {CORES} cores", rows / took, "rows/s")
        yield from _matched(profile, encoded)


def _matched(profile: str, encoded: Path) -> Iterator[Figure]:
    command = [sys.executable, "-m", "tests.benchmarks.province", str(encoded)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout)
    sides = " x ".join(f"{rows:,}" for rows in said["rows"])
    yield Figure(f"{profile}: {sides}, {CORES} cores, whole run", said["seconds"], "s")
    for part, took in said["parts"].items():
        yield Figure(f"  of that {part}", took, "s")
    yield Figure("  peak memory of all processes", said["peak"] / 2**30, "GiB")
    yield Figure("  candidate pairs", said["candidates"], "pairs")
    yield Figure("  groups", said["groups"], "people")
    thresholds = ", ".join(f"{name} {ppm / 1e6}" for name, ppm in said["thresholds_ppm"].items())
    yield Figure(f"  thresholds: {thresholds}", len(said["thresholds_ppm"]), "encodings")
    for each in said["search"]:
        name = f"  {each['encoding']}, {each['method']} ({each['tables']} tables)"
        if each["estimated_ppm"] is not None:
            found = each["estimated_ppm"] / 10_000
            yield Figure(f"{name}: found of {each['reached']:,} exact pairs", found, "%")


# -- the agencies ---------------------------------------------------------------------------


def encode(people: Path, folder: Path, charter: Charter) -> tuple[int, float]:
    """Both lists as arrays in files; the rows and the seconds that took."""
    folder.mkdir(parents=True)
    (folder / "charter.json").write_bytes(charter.canonical())
    keys = ProjectKeys(b"s" * 32, charter.terms_digest())
    layout = RowEncoder(charter, keys).layout
    started, total = time.perf_counter(), 0
    for name in LISTS:
        rows = _frozen(people / f"{name}.csv", folder / f"{name}.sqlite", name, charter)
        encoded = encode_rows(charter, keys, Slots(()), rows, lambda _: None, workers=CORES)
        total += _write(folder, name, encoded, layout)
        (folder / f"{name}.sqlite").unlink()
    took = time.perf_counter() - started
    (folder / "done").touch()
    return total, took


def _frozen(source: Path, path: Path, name: str, charter: Charter) -> PreparedDataset:
    mapping = load_mapping(TUTORIAL / f"mapping-{name}.yaml")
    kept = {field.name for field in charter.fields}
    fields = {name: of for name, of in mapping.fields.items() if name in kept}
    mapping = mapping.model_copy(update={"fields": fields})
    pass_ = Pass(charter, mapping, source, None, _KEY, lambda _: None, workers=CORES)
    return PreparedDataset.freeze(path, pass_.people(), pass_.refused, lambda _: [], {})


def _write(folder: Path, name: str, encoded: Iterator[bytes], layout: RowLayout) -> int:
    rows = 0
    for block in encoded:
        part = np.frombuffer(block, np.uint8).reshape(-1, layout.row_bytes)
        columns = {f"{at}.bits": each for at, each in layout.encodings(part).items()}
        columns |= {f"{at}.tags": each for at, each in layout.tags(part).items()}
        columns |= {f"{at}.codes": each for at, each in layout.contrary(part).items()}
        columns |= {"handles": layout.handles(part)}
        tokens = layout.tokens(part)
        columns["tokens"] = columns["handles"] if tokens is None else tokens
        for column, values in columns.items():
            with (folder / f"{name}.{column}").open("ab") as file:
                file.write(values.tobytes())
        rows += len(part)
    for shape in layout.shapes:
        if shape.tag_bits:
            tags = np.fromfile(folder / f"{name}.{shape.name}.tags", np.uint16)
            blocks = blocks_of(tags.astype(np.uint32), 1 << shape.tag_bits)
            blocks.order.tofile(folder / f"{name}.{shape.name}.order")
            blocks.starts.tofile(folder / f"{name}.{shape.name}.starts")
    return rows


# -- the linkage service --------------------------------------------------------------------


class Filters(Mapping[str, np.ndarray]):
    """The filters of a list by encoding, each mapped when it is asked for and as long as used."""

    def __init__(self, folder: Path, name: str, encodings: tuple[str, ...]) -> None:
        self._folder, self._name, self._encodings = folder, name, encodings

    def __getitem__(self, encoding: str) -> Any:
        rows = (self._folder / f"{self._name}.handles").stat().st_size // HANDLE_BYTES
        path = self._folder / f"{self._name}.{encoding}.bits"
        return _array(path, np.uint64).reshape(rows, -1)

    def __iter__(self) -> Iterator[str]:
        return iter(self._encodings)

    def __len__(self) -> int:
        return len(self._encodings)


def mapped(folder: Path, name: str, encodings: tuple[str, ...]) -> EncodedDataset:
    """A list as read-only views of its files, with these encodings alone."""
    tokens = _array(folder / f"{name}.tokens", np.uint8).reshape(-1, 16)
    blocks = {
        each: Blocks(
            _array(folder / f"{name}.{each}.order", np.uint32),
            _array(folder / f"{name}.{each}.starts", np.int64),
        )
        for each in encodings
        if (folder / f"{name}.{each}.order").exists()
    }
    codes = {
        each: _array(path, np.uint8).reshape(len(tokens), -1, CONTRARY_CODE_BYTES)
        for each in encodings
        if (path := folder / f"{name}.{each}.codes").exists()
    }
    return EncodedDataset(name, Filters(folder, name, encodings), tokens, blocks, codes)


def _array(path: Path, dtype: Any) -> Any:
    return np.memmap(path, dtype, "r")


def run_data(folder: Path, encodings: tuple[str, ...]) -> RunData:
    handles = [_array(folder / f"{name}.handles", np.uint8).reshape(-1, 16) for name in LISTS]
    return RunData(LISTS, [mapped(folder, name, encodings) for name in LISTS], handles)


def match(folder: Path) -> dict[str, Any]:
    charter = parse_charter((folder / "charter.json").read_bytes())
    terms = charter.matching
    order = RunOrder(
        at=0,
        purpose="uji",
        domains=("uji",),
        thresholds_ppm=terms.thresholds_ppm,
        nik_floor_ppm=terms.nik_floor_ppm,
    )
    order = _without_flood(folder, charter, order)
    clock = Clock()
    with Memory(look_seconds=1.0) as memory:
        parts = []
        with ProcessPoolExecutor(CORES) as pool:
            for name in sorted(order.thresholds_ppm):
                one = order.model_copy(
                    update={"thresholds_ppm": {name: order.thresholds_ppm[name]}}
                )
                units = plans.whole(run_data(folder, (name,)), charter, one, TILE_ROWS).units
                work = partial(_result, folder, one)
                # Units of some size: a message each way costs more than a small one's work.
                parts += [from_bytes(each) for each in pool.map(work, units, chunksize=4)]
                clock.lap(f"search, {name}")
        # The NIK leg asks encodings without a threshold too.
        data = run_data(folder, tuple(each.name for each in charter.encoding.encodings))
        found = outcome.candidates(data, charter, order, parts)
        del parts
        clock.lap("NIK leg, and all pairs in order")
        pairs = outcome.standing(found, data, charter, order)
        clock.lap("pairs that stand")
        groups = outcome.solve_domain(pairs.certain(), [0, 1], data.sizes)
        clock.lap("groups")
        peak = memory.peak
    sampled = plans.samplings(data, charter, order)
    return {
        "rows": data.sizes,
        "seconds": clock.total,
        "parts": clock.laps,
        "peak": peak,
        "groups": groups.count,
        "candidates": len(pairs),
        "thresholds_ppm": order.thresholds_ppm,
        "search": list(searches(found, data, order, sampled)),
    }


def _without_flood(folder: Path, charter: Charter, order: RunOrder) -> RunOrder:
    """This order, or one whose thresholds of encodings without tags are high enough."""
    data = run_data(folder, tuple(sorted(order.thresholds_ppm)))
    while True:
        try:
            plans.require_no_flood(data, charter, order)
        except BadInput:
            higher = {name: ppm + _STEP_PPM for name, ppm in order.thresholds_ppm.items()}
            order = order.model_copy(update={"thresholds_ppm": higher})
        else:
            return order


def _result(folder: Path, order: RunOrder, unit: Unit) -> bytes:
    (name,) = order.thresholds_ppm
    return _job(folder, name, order.thresholds_ppm[name]).result(unit)


@lru_cache(maxsize=1)
def _job(folder: Path, encoding: str, threshold_ppm: int) -> SearchJob:
    charter = parse_charter((folder / "charter.json").read_bytes())
    data = run_data(folder, (encoding,))
    thresholds = {encoding: threshold_ppm}
    order = RunOrder(
        at=0, purpose="uji", domains=("uji",), thresholds_ppm=thresholds, nik_floor_ppm=1
    )
    return SearchJob(data.datasets, thresholds, plans.samplings(data, charter, order))


class Clock:
    """Seconds since it was made, by part."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    @property
    def total(self) -> float:
        return self._last - self._started

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = now - self._last
        self._last = now


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(match(Path(sys.argv[1]))))
    else:
        main()
