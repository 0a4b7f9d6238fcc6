"""Renders the files with which a region starts: text from data, no clock and no files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from policy.charter import Region as CharterRegion
from policy.charter.agreement import LATEST_LAW
from policy.charter.shipped_probes import shipped_bytes
from policy.regions import CODEBOOK, EDITION, YEAR, BookRegion, Level, inside
from policy.starter.known_lists import KnownList
from policy.starter.roster_plan import HEADER as ROSTER_HEADER
from policy.starter.roster_plan import roster_plan
from policy.starter.schedule import HEADER as SCHEDULE_HEADER
from policy.starter.schedule import schedule

CHARTER = "charter.yaml"
_CODES_HEADER = ("codebook", "edition", "code", "level", "name", "postal", "residents")
_LEVELS: tuple[Level, ...] = ("province", "regency", "district", "village")
_MARK = "ISI / FILL IN"
# A list may have this many rows more than the region has residents, in percent.
_MORE_ROWS = 10
# Canary rows for a million people, by the residents of the region.
_SHARES = ((30_000, 50_000), (300_000, 5_000))
_FEWEST_CANARIES = 500
_REPORT = "practice-probe-report.json"


@dataclass(frozen=True)
class Start:
    """What distinguishes one region's start from another's.

    `rules` is the encoder's rules digest, `encodings` the text of its encodings.
    """

    region: BookRegion
    lists: tuple[KnownList, ...]
    day: date
    rules: str
    encodings: bytes

    @property
    def until(self) -> date:
        """The last day of the charter: a year, less one day."""
        day = self.day - timedelta(days=1)
        return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)

    @property
    def residents(self) -> int:
        return residents(self.region)

    @property
    def rows_max(self) -> int:
        """The most rows of a list: a tenth more than residents, in whole thousands."""
        return -(-self.residents * (100 + _MORE_ROWS) // 100_000) * 1000

    @property
    def rows_min(self) -> int:
        """The fewest rows of a list of everybody: half of the residents, in whole thousands."""
        return max(1000, self.residents // 2000 * 1000)


def residents(region: BookRegion) -> int:
    """Residents of a province or kab/kota."""
    return sum(each.residents for each in inside(region.code, "regency"))


def starter_files(start: Start) -> dict[str, bytes]:
    """The files by their names in the project's folder."""
    data = _data(start)
    steps = schedule(start.day, start.until, quarterly=data["quarterly"])
    files = {
        "README.md": _render("README.md.j2", data),
        CHARTER: _render("charter.yaml.j2", data),
        "padan-id-5.yaml": start.encodings,
        "roster-plan.csv": _table(ROSTER_HEADER, roster_plan(start.region.name)),
        "schedule.csv": _table(SCHEDULE_HEADER, steps),
        "codes.csv": _table(_CODES_HEADER, _codes(start.region)),
        "walk-through.sh": _render("walk-through.sh.j2", data),
        _REPORT: shipped_bytes(),
    }
    for each in start.lists:
        files[f"mapping/{each.id}.yaml"] = _template(f"mapping/{each.synthetic}.yaml")
    return files


def to_fill_in(charter: bytes) -> list[tuple[int, str]]:
    """What only people can say: line number and text of every marked line."""
    return [
        (number, line.strip().removeprefix("# "))
        for number, line in enumerate(charter.decode().splitlines(), 1)
        if f"# {_MARK}:" in line
    ]


def _data(start: Start) -> dict[str, Any]:
    region = start.region
    own = [each.id for each in start.lists if each.owner == "dinsos"]
    others = [each.id for each in start.lists if each.owner == "bps"]
    named = CharterRegion(code=region.code, codebook=CODEBOOK, vintage=YEAR)
    return {
        "name": region.name,
        "code": region.code,
        "dotted": region.dotted,
        "edition": EDITION,
        "codebook": CODEBOOK,
        "law": LATEST_LAW,
        "vintage": named.book_years()[-1],
        "project": f"padan-{region.code}-{start.day.year}",
        "start": start.day.isoformat(),
        "until": start.until.isoformat(),
        "rows_min": start.rows_min,
        "rows_max": start.rows_max,
        "share_ppm": _share(start.residents),
        "rules": start.rules,
        "lists": start.lists,
        "bps": others,
        "dinsos": own,
        "domains": [
            {"id": f"{one}-{other}", "own": one, "other": other} for one in own for other in others
        ],
        "quarterly": any(each.id == "dtsen" for each in start.lists),
        "zeros": "0" * 64,
    }


def _share(people: int) -> int:
    return next((share for most, share in _SHARES if people <= most), _FEWEST_CANARIES)


def _codes(region: BookRegion) -> Iterable[Sequence[object]]:
    for level in _LEVELS:
        for each in inside(region.code, level):
            yield (
                CODEBOOK,
                EDITION,
                each.dotted,
                level,
                each.name,
                each.postal,
                each.residents or "",
            )


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(header)
    for row in rows:
        write(row)
    return text.getvalue().encode()


@cache
def _template(name: str) -> bytes:
    return resources.files("policy.starter").joinpath("templates", name).read_bytes()


def _render(name: str, data: dict[str, Any]) -> bytes:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - no HTML
    return environment.from_string(_template(name).decode()).render(data).encode()


def record(start: Start) -> bytes:
    """What was chosen, so that the same files come out at another day."""
    chosen = {
        "region": start.region.code,
        "codebook": CODEBOOK,
        "edition": EDITION,
        "lists": [each.id for each in start.lists],
        "start": start.day.isoformat(),
    }
    return (json.dumps(chosen, indent=2) + "\n").encode()
