"""How many mutations were tried, and which check caught them: printed when the tests end.

Tests run in several processes; a property recorded with a test's report reaches the one that
prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

Tally = Callable[[str, str], None]
_PROPERTY = "tampering"


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """`tally(kind, check)`: a mutation of this kind was caught by this check."""
    caught: dict[str, int] = {}

    def count(kind: str, check: str) -> None:
        caught[f"{kind}\t{check}"] = caught.get(f"{kind}\t{check}", 0) + 1

    # Recorded by reference: what the test counts until it ends is in its report.
    record_property(_PROPERTY, caught)
    return count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    total: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == _PROPERTY and isinstance(value, dict):
                total.update(value)
    if not total:
        return
    terminalreporter.section("tampering: mutations tried, and the check that caught each")
    kinds = sorted({line.split("\t")[0] for line in total})
    for kind in kinds:
        own = {line.split("\t")[1]: n for line, n in total.items() if line.startswith(f"{kind}\t")}
        by = ", ".join(f"{check} {n}" for check, n in sorted(own.items()))
        terminalreporter.write_line(f"{kind}: {sum(own.values())} tried, all caught ({by})")
    terminalreporter.write_line(f"{total.total()} mutations tried, {total.total()} caught")
