"""Asks the encoder's command line for what a charter takes from it, as a person would.

`policy` never imports the encoder; an approver's machine need not have it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from policy.base.extras import require_extra

# Lists of a million rows and more are searched by block tags.
_TAGGED = 1_000_000


@cache
def rules_digest() -> str:
    """The digest of the normalisation rules in force; raises BadInput without the encoder."""
    return _asked("rules").strip()


@cache
def encodings(rows: int) -> bytes:
    """The text of the encodings padan-id-5, with block tags for lists of a million rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "padan-id-5.yaml"
        tags = ["--rows", str(rows)] if rows >= _TAGGED else []
        _asked("schema", "padan-id-5", "--out", str(file), *tags)
        return file.read_bytes()


def _asked(*arguments: str) -> str:
    # All of the extra: the extra "service" has some of these modules too.
    for module in ("numba", "numpy", "openpyxl", "python_calamine", "xlsxwriter"):
        require_extra("encoder", module)
    command = [sys.executable, "-m", "encoder", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)  # noqa: S603
    return done.stdout
