"""What a program found out about the machine it runs on, shown check by check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from policy.base.words import Words
from policy.terminal import console


class Standing(StrEnum):
    """Fine, worth a look, or to be fixed before this machine is used."""

    FINE = "fine"
    LOOK = "look"
    FIX = "fix"


_MARKS = {
    Standing.FINE: Words("baik", "fine"),
    Standing.LOOK: Words("lihat", "check"),
    Standing.FIX: Words("perbaiki", "fix"),
}


@dataclass(frozen=True)
class SelfCheck:
    """One check: what was looked at, what was found, and what to do if it is not fine."""

    id: str
    standing: Standing
    found: Words
    remedy: Words | None = None


def holds(name: str, ok: bool, found: Words, remedy: Words) -> SelfCheck:
    """A check that is fine or has to be fixed."""
    return SelfCheck(name, Standing.FINE if ok else Standing.FIX, found, None if ok else remedy)


def show(checks: Iterable[SelfCheck]) -> bool:
    """Print each check and their counts; returns whether nothing has to be fixed."""
    counts: Counter[Standing] = Counter()
    for check in checks:
        counts[check.standing] += 1
        mark, more = _MARKS[check.standing], check.remedy or Words("", "")
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
    return not counts[Standing.FIX]
