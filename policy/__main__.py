"""The console script `padan-policy`. The base install carries all that it needs."""

from __future__ import annotations

from policy.base.start import loading


def main() -> None:
    with loading():
        from policy.cli import run

    run()


if __name__ == "__main__":
    main()
