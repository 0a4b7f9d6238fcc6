"""What a setting is for, the bounds that are no settings, and variables of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policy.base.words import Words

MAX_BODY_BYTES = 8 * 1024 * 1024
TILE_ROWS = 8192
SWEEP_SECONDS = 3600
RUNS_AT_ONCE = 2
UPLOAD_DAYS = 7
LEAST_FREE_BYTES = 512 * 1024 * 1024


EngineKind = Literal["local", "ray"]


@dataclass(frozen=True)
class Meaning:
    """What a setting is for, and the unit of its value ('' where it has none)."""

    words: Words
    unit: str = ""


# What the programs read from the environment besides their own options.
VARIABLES: Mapping[str, Words] = {
    "RAY_AUTH_MODE": Words(
        "Harus `token` untuk klaster Ray di mesin lain",
        "Must be `token` for a Ray cluster on another machine",
    ),
    "RAY_USE_TLS": Words(
        "Harus 1 atau true untuk klaster Ray di mesin lain",
        "Must be 1 or true for a Ray cluster on another machine",
    ),
}
