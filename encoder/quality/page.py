"""The report as one self-contained HTML page: no script, no value of a row."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import Literal

from encoder.quality.counts import FileProfile
from encoder.quality.figures import sections
from encoder.quality.findings import QualityFinding
from encoder.quality.recall import Forecast, assumptions
from encoder.quality.table import SEVERITY
from encoder.source.cell_usage import OUTCOMES
from policy.base.dates import long_day
from policy.base.words import Language, Words
from policy.charts.numbers import Proportion, written
from policy.charts.page import style

Languages = Literal["id", "en", "both"]


def page(
    profile: FileProfile,
    found: tuple[QualityFinding, ...],
    expected: Forecast,
    written_on: date,
    languages: Languages = "both",
) -> str:
    """The whole page; with both languages, the reader can switch without a script."""
    from jinja2 import Environment, StrictUndefined

    chosen: list[Language] = ["id", "en"] if languages == "both" else [languages]
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = (resources.files("encoder.quality") / "page.html.j2").read_text("utf-8")
    return environment.from_string(template).render(
        languages=chosen,
        style=style(),
        profile=profile,
        findings=found,
        severity=SEVERITY,
        tallied=[
            (code, sum(each.severity == code for each in found)) for code in ("act", "look", "ok")
        ],
        sections=sections(profile, expected),
        outcomes=OUTCOMES,
        today=expected.scenarios[0],
        rows=expected.rows,
        assumptions=assumptions(),
        when=long_day(written_on),
        number=written,
        Share=Proportion,
        Words=Words,
    )
