"""The console script `padan-linkage`."""

from __future__ import annotations

from policy.base.extras import stop_if_missing
from policy.base.start import loading

# The import names of the packages in the extra `service`.
NEEDS = (
    "alembic",
    "fastapi",
    "multipart",
    "numba",
    "numpy",
    "obstore",
    "prometheus_client",
    "segno",
    "sqlalchemy",
    "structlog",
    "uvicorn",
)


def main() -> None:
    stop_if_missing("padan-linkage", "service", NEEDS)
    with loading():
        from linkage_service.cli import run

    run()


if __name__ == "__main__":
    main()
