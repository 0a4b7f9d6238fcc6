"""CLKs as clkhash and anonlink-client exchange them, matched one to one."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.encodings import pack_words
from linkage_service.matching.flood import require_no_flood
from linkage_service.matching.similarity import check_filters, dice_pairs
from linkage_service.matching.solver import greedy_solve
from policy.errors import BadInput
from policy.files import read_file
from policy.words import Words

_MOST_BYTES = 1 << 34


def match_files(left: Path, right: Path, threshold_ppm: int) -> list[tuple[int, int]]:
    """Pairs of rows, counted from 0, as anonlink's greedy solver gives them."""
    ours, theirs = _read(left), _read(right)
    check_filters(ours, theirs)
    require_no_flood("clks", ours, theirs, threshold_ppm)
    found = dice_pairs(ours, theirs, threshold_ppm)
    groups = greedy_solve(found, [len(ours), len(theirs)])
    rows: dict[int, dict[int, int]] = {}
    for dataset, row, group in zip(
        groups.dataset.tolist(), groups.row.tolist(), groups.group.tolist(), strict=True
    ):
        rows.setdefault(group, {})[dataset] = row
    return sorted((pair[0], pair[1]) for pair in rows.values())


def _read(path: Path) -> NDArray[np.uint64]:
    try:
        texts = json.loads(read_file(path, limit=_MOST_BYTES))["clks"]
        clks = [base64.b64decode(text, validate=True) for text in texts]
    except (ValueError, TypeError, KeyError):
        raise _bad(path) from None
    if not clks or len({len(clk) for clk in clks}) != 1 or not clks[0]:
        raise _bad(path)
    return pack_words(np.frombuffer(b"".join(clks), np.uint8).reshape(len(clks), -1))


def _bad(path: Path) -> BadInput:
    return BadInput(
        "clk.json",
        Words(f"{path}: bukan CLK dalam JSON clkhash.", f"{path}: no CLKs in clkhash's JSON."),
        Words(
            'Bentuknya {"clks": [...]}: base64, semua sama panjang.',
            'Its form is {"clks": [...]}: base64, all of one length.',
        ),
    )
