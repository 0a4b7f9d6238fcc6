"""The rows of a run in files: what was sent, in handle order, private, and not in memory."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from linkage_service.engines import SearchJob
from linkage_service.intake.arrays import RowColumns
from linkage_service.matching import EncodedDataset, blocks_of, pack_words
from policy.base.errors import NotYet
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import EncodingShape
from tests.integration.test_engine_local import full_disk

LAYOUT = RowLayout(
    (
        EncodingShape(name="nama", bits=1024, tag_bits=4, contrary=2),
        EncodingShape(name="lahir", bits=200, tag_bits=4),
        EncodingShape(name="alamat", bits=512),
    ),
    token_bytes=16,
)


def sent(rows: int, seed: int, layout: RowLayout = LAYOUT) -> NDArray[np.uint8]:
    """Random rows of this layout, in handle order."""
    drawn = np.random.default_rng(seed).integers(0, 256, (rows, layout.row_bytes), np.uint8)
    for place in layout.places.tags.values():
        drawn[:, place] &= np.array([15, 0], np.uint8)
    return drawn[np.lexsort(layout.handles(drawn).T[::-1])]


def written(folder: Path, *blocks: NDArray[np.uint8]) -> tuple[EncodedDataset, NDArray[np.uint8]]:
    columns = RowColumns(folder, "dtks", LAYOUT)
    columns.create()
    for block in blocks:
        columns.append(block)
    columns.close()
    return columns.dataset(in_order=len(blocks) == 1)


@pytest.mark.parametrize("cut", [None, 70])
def test_files_have_the_rows_in_handle_order(tmp_path: Path, cut: int | None) -> None:
    """Of one bundle, or of a bundle and a delta whose handles lie between its own."""
    rows = sent(100, 1)
    drawn = np.random.default_rng(2).permutation(100)
    parts = [rows] if cut is None else [rows[np.sort(drawn[:cut])], rows[np.sort(drawn[cut:])]]
    dataset, handles = written(tmp_path, *parts)
    np.testing.assert_array_equal(handles, LAYOUT.handles(rows))
    np.testing.assert_array_equal(dataset.tokens, LAYOUT.tokens(rows))
    for name, filters in LAYOUT.encodings(rows).items():
        np.testing.assert_array_equal(dataset.encoding(name), pack_words(filters))
        assert not dataset.encoding(name).flags.writeable
    assert set(dataset.blocks) == {"nama", "lahir"}
    for name in dataset.blocks:
        wanted = blocks_of(LAYOUT.tags(rows)[name].astype(np.uint32), 16)
        np.testing.assert_array_equal(dataset.blocks[name].order, wanted.order)
        np.testing.assert_array_equal(dataset.blocks[name].starts, wanted.starts)
    np.testing.assert_array_equal(dataset.contrary["nama"], LAYOUT.contrary(rows)["nama"])
    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}


def test_a_job_for_another_machine_needs_no_file_of_this_one(tmp_path: Path) -> None:
    rows = sent(50, 3)
    dataset, _ = written(tmp_path, rows)
    job = SearchJob([dataset], {"nama": 600_000}).in_memory()
    for path in tmp_path.iterdir():
        path.unlink()
    carried = job.datasets[0]
    filters = LAYOUT.encodings(rows)["nama"]
    np.testing.assert_array_equal(carried.encoding("nama"), pack_words(filters))
    with pytest.raises(FileNotFoundError):
        dataset.encoding("nama")


def test_rows_on_a_full_disk_are_told(tmp_path: Path) -> None:
    from linkage_service.intake.arrays import writing

    columns = RowColumns(tmp_path, "dtks", LAYOUT)
    columns.create()
    with full_disk(10_000), pytest.raises(NotYet, match="disk is full"), writing(tmp_path):
        columns.append(sent(1000, 4))
    columns.close()


_CHILD = """
import json, sys
from pathlib import Path
import numpy as np
from linkage_service.intake.arrays import RowColumns
from linkage_service.matching import blocks_of
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import EncodingShape
from tests.unit.test_row_files import held_bytes, sent

folder, how = Path(sys.argv[1]), sys.argv[2]
shapes = tuple(EncodingShape(name=f"e{i}", bits=1024, tag_bits=4) for i in range(8))
layout = RowLayout(shapes, 16)
columns, block = RowColumns(folder, "dtks", layout), sent(2000, 1, layout)
columns.create()
blocks_of(np.zeros(1, np.uint32), 1)  # compiled before anything is measured
before, most = held_bytes(folder), [0, 0]

def look():
    for kind, now in enumerate(held_bytes(folder)):
        most[kind] = max(most[kind], now - before[kind])

for _ in range(50):
    columns.append(block)
    look()
columns.close()
dataset, handles = columns.dataset(in_order=True)
rows = {
    "as used": lambda: dataset.encodings,
    "all mapped": lambda: dict(dataset.encodings),
    "held": lambda: {name: np.array(each) for name, each in dataset.encodings.items()},
}[how]()
for name in rows:
    filters = rows[name]
    filters.max()
    look()
    del filters
print(json.dumps({"allocated": most[0], "mapped": most[1]}))
"""


def held_bytes(folder: Path) -> tuple[int, int]:
    """What this process has allocated, and what it has in memory of the files in this folder."""
    status = Path("/proc/self/status").read_text()
    allocated = re.search(r"RssAnon:\s+(\d+) kB", status)
    mapped, ours = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            ours = str(folder) in line
        elif ours and line.startswith("Rss:"):
            mapped += int(line.split()[1])
    assert allocated is not None
    return int(allocated[1]) * 1024, mapped * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_rows_take_the_memory_of_the_column_in_use(tmp_path: Path) -> None:
    """100,000 rows of 1,072 bytes: 107 MB, of which an encoding is 13 MB."""

    def measured(how: str) -> dict[str, int]:
        folder = tmp_path / how
        folder.mkdir()
        child = [sys.executable, "-c", _CHILD, str(folder), how]
        done = subprocess.run(child, check=True, capture_output=True, text=True)
        found: dict[str, int] = json.loads(done.stdout)
        return found

    used, mapped, held = (measured(how) for how in ("as used", "all mapped", "held"))
    assert used["allocated"] < 30_000_000
    assert used["mapped"] < 20_000_000
    assert held["allocated"] > 100_000_000, "rows that are held must fail the first bound"
    assert mapped["mapped"] > 100_000_000, "rows that stay mapped must fail the second bound"
