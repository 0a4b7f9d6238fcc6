"""`padan-encoder selftest`: can this machine be used?"""

from __future__ import annotations

import typer

from policy.base.words import Words
from policy.terminal import console

_MARKS = {
    "fine": Words("baik", "fine"),
    "look": Words("lihat", "check"),
    "fix": Words("perbaiki", "fix"),
}


def register(app: typer.Typer) -> None:
    app.command()(selftest)


def selftest() -> None:
    """Periksa komputer ini sebelum dipakai / check this machine before it is used."""
    from collections import Counter
    from dataclasses import asdict
    from datetime import UTC, datetime

    from encoder.selftest import Standing, run_checks

    counts: Counter[Standing] = Counter()
    for check in run_checks(console.options.home, datetime.now(UTC)):
        counts[check.standing] += 1
        mark = _MARKS[check.standing]
        more = check.remedy or Words("", "")
        console.result(
            asdict(check),
            Words(
                f"{mark.id:9} {check.found.id}" + (f"\n          {more.id}" if more.id else ""),
                f"{mark.en:9} {check.found.en}" + (f"\n          {more.en}" if more.en else ""),
            ),
        )
    console.say(
        Words(
            f"{counts[Standing.FINE]} baik, {counts[Standing.LOOK]} perlu dilihat,"
            f" {counts[Standing.FIX]} harus diperbaiki.",
            f"{counts[Standing.FINE]} fine, {counts[Standing.LOOK]} to check,"
            f" {counts[Standing.FIX]} to fix.",
        )
    )
    if counts[Standing.FIX]:
        raise typer.Exit(1)
