"""Run every bench_*.py here and write what they measured: `python -m tests.benchmarks`.

Each module has `run() -> list[Figure]`. The table goes to the terminal, one line
of JSON a figure to bench-results.jsonl, which starts empty.
"""

from __future__ import annotations

import importlib
import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Figure

HERE = Path(__file__).parent


def main() -> None:
    # The peers clkhash and anonlink import pkg_resources, and know it.
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    write_figures("bench-results.jsonl", measured())


def write_figures(name: str, figures: Iterable[Figure]) -> None:
    """A line of JSON each into the file of this name, as they come; the table at the end."""
    path = Path(name)
    path.write_text("")
    table = Table("what", "ours", "peer", "times better", "unit", "which peer")
    for figure in figures:
        with path.open("a") as results:
            results.write(json.dumps(asdict(figure)) + "\n")
        table.add_row(*as_row(figure))
    Console().print(table)


def measured() -> Iterator[Figure]:
    console = Console(stderr=True)
    for path in sorted(HERE.glob("bench_*.py")):
        console.print(f"running {path.stem} ...")
        yield from importlib.import_module(f"tests.benchmarks.{path.stem}").run()


def as_row(figure: Figure) -> tuple[str, ...]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}x"
    return (
        figure.name,
        number(figure.value),
        number(figure.peer_value),
        ratio,
        figure.unit,
        figure.peer or "",
    )


def number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


if __name__ == "__main__":
    main()
