"""The console script `padan-encoder`."""

from __future__ import annotations

from policy.base.extras import stop_if_missing
from policy.base.start import loading

# The import names of the packages in the extra `encoder`.
NEEDS = ("numba", "numpy", "openpyxl", "python_calamine", "xlsxwriter")


def main() -> None:
    stop_if_missing("padan-encoder", "encoder", NEEDS)
    with loading():
        from encoder.cli import run

    run()


if __name__ == "__main__":
    main()
