"""Small tables of every library, for tests of the Python API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

BACKENDS = ("pandas", "polars", "pyarrow")


def made(columns: Mapping[str, Sequence[Any]], backend: str) -> Any:
    """A table of that library, as its own users make it."""
    library = pytest.importorskip(backend, reason=f'pip install "padan[{backend}]"')
    if backend == "pyarrow":
        return library.table({name: list(cells) for name, cells in columns.items()})
    return library.DataFrame({name: list(cells) for name, cells in columns.items()})


def cells(table: Any) -> dict[str, list[Any]]:
    """All columns as lists."""
    import narwhals as nw

    frame = nw.from_native(table, eager_only=True)
    return {name: frame[name].to_list() for name in frame.columns}
