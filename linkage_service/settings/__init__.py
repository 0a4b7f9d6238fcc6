"""Everything that can be set, read once at start and passed down."""

from linkage_service.settings.groups import (
    EngineSettings,
    LimitSettings,
    PeopleSettings,
    StoreSettings,
    TokenSettings,
)
from linkage_service.settings.meaning import (
    LEAST_FREE_BYTES,
    MAX_BODY_BYTES,
    RUNS_AT_ONCE,
    SWEEP_SECONDS,
    TILE_ROWS,
    UPLOAD_DAYS,
    VARIABLES,
    EngineKind,
    Meaning,
)
from linkage_service.settings.whole import Settings

__all__ = [
    "LEAST_FREE_BYTES",
    "MAX_BODY_BYTES",
    "RUNS_AT_ONCE",
    "SWEEP_SECONDS",
    "TILE_ROWS",
    "UPLOAD_DAYS",
    "VARIABLES",
    "EngineKind",
    "EngineSettings",
    "LimitSettings",
    "Meaning",
    "PeopleSettings",
    "Settings",
    "StoreSettings",
    "TokenSettings",
]
