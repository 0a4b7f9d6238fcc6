"""`padan-encoder selftest`: can this machine be used?"""

from __future__ import annotations

import typer

from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(selftest)


def selftest() -> None:
    """Periksa komputer ini sebelum dipakai / check this machine before it is used."""
    from datetime import UTC, datetime

    from encoder.selftest import run_checks
    from policy.terminal import checks

    if not checks.show(run_checks(console.options.home, datetime.now(UTC))):
        raise typer.Exit(1)
