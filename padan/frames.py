"""Tables in and out, of pandas, Polars and Arrow, through narwhals.

Text is String, numbers are Int64 or Float64, filters are bytes (pandas: `object`, Polars:
`Binary`, Arrow: `binary`). A missing cell is '' on the way in; a missing id is null on the way out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import narwhals as nw
import numpy as np
from narwhals.exceptions import NarwhalsError
from numpy.typing import NDArray

from encoder.source.readers.source import lost_digits, text_of
from padan.errors import require
from policy.base.errors import BadInput
from policy.base.words import Words

Backend = Literal["pandas", "polars", "pyarrow"]
# Receives the work done and the total; the total is 0 if it is unknown.
Progress = Callable[[int, int], None]
Frame = nw.DataFrame[Any]
Values = Sequence[str | None] | NDArray[Any]

_EXTRAS = {"pandas": "pandas", "polars": "polars", "pyarrow": "parquet"}
_TYPES: dict[str, Any] = {"i": nw.Int64, "u": nw.Int64, "f": nw.Float64, "b": nw.Boolean}


def silent(done: int, total: int) -> None:
    """No progress."""


def opened(table: object) -> Frame:
    """The table in narwhals; raises BadInput (`frame.type`) for anything else."""
    try:
        return nw.from_native(table, eager_only=True)
    except (TypeError, NarwhalsError):
        raise BadInput(
            "frame.type",
            Words(
                f"Ini bukan tabel melainkan {type(table).__name__}, atau kolomnya berulang.",
                f"This is not a table but {type(table).__name__}, or its columns repeat.",
            ),
            Words(
                "Berikan DataFrame pandas atau Polars, atau Table Arrow.",
                "Give a DataFrame of pandas or Polars, or a Table of Arrow.",
            ),
        ) from None


def require_columns(frame: Frame, *columns: str) -> None:
    """Raises BadInput (`frame.columns`) that names missing columns."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        names, there = ", ".join(missing), ", ".join(map(str, frame.columns))
        raise BadInput(
            "frame.columns",
            Words(f"Tabel ini tanpa kolom: {names}.", f"The table has no column: {names}."),
            Words(f"Yang ada: {there}.", f"There are: {there}."),
        )


def texts(frame: Frame, column: str, *, identifier: bool = False) -> list[str]:
    """The cells as text, '' for null; dates in ISO form, whole numbers without a point.

    Raises BadInput (`frame.digits`) if the column is an `identifier` of numbers that may have lost
    digits, such as a NIK read as a floating point number.
    """
    require_columns(frame, column)
    series = frame[column]
    cells = series.to_list()
    if series.null_count():
        nulls = series.is_null().to_list()
        cells = ["" if null else cell for cell, null in zip(cells, nulls, strict=True)]
    if identifier:
        lost = next((row for row, cell in enumerate(cells) if lost_digits(cell)), None)
        if lost is not None:
            raise _lost_digits(column, lost)
    return [cell if type(cell) is str else text_of(cell) for cell in cells]


def filters(frame: Frame, column: str) -> NDArray[np.uint8]:
    """Bytes of one length, uint8 (rows, bytes); raises BadInput (`frame.filters`) otherwise."""
    require_columns(frame, column)
    cells = frame[column].to_list()
    lengths = {len(cell) if isinstance(cell, bytes) else 0 for cell in cells}
    if len(lengths) > 1 or 0 in lengths:
        raise BadInput(
            "frame.filters",
            Words(
                f"Kolom '{column}' harus berisi bytes yang semuanya sama panjang.",
                f"The column '{column}' must hold bytes, all of one length.",
            ),
            Words(
                "Buat ulang dengan encode_plain atau encode_hardened.",
                "Make it again by encode_plain or encode_hardened.",
            ),
        )
    width = lengths.pop() if lengths else 0
    return np.frombuffer(b"".join(cells), np.uint8).reshape(len(cells), width)


def numbers(frame: Frame, column: str) -> NDArray[np.int64]:
    """Whole numbers from 0, int64 (rows,); raises BadInput (`frame.numbers`) for anything else."""
    require_columns(frame, column)
    try:
        cells = np.asarray(frame[column].to_numpy())
        whole = cells.astype(np.int64)
        if len(whole) and (np.any(whole != cells) or whole.min() < 0):
            raise ValueError
    except (TypeError, ValueError):
        raise BadInput(
            "frame.numbers",
            Words(
                f"Kolom '{column}' harus berisi bilangan bulat mulai dari 0.",
                f"The column '{column}' must hold whole numbers from 0.",
            ),
            Words("Pakai tabel dari padan.compare.", "Use a table that padan.compare gave."),
        ) from None
    return whole


def table(columns: Mapping[str, Values], backend: Backend | nw.Implementation) -> Any:
    """A table of that library. Two-dimensional arrays become bytes, one value per row."""
    if isinstance(backend, str):
        if backend not in _EXTRAS:
            raise _unknown_backend(backend)
        require(_EXTRAS[backend], backend)
    made = [series(name, values, backend).to_frame() for name, values in columns.items()]
    return nw.concat(made, how="horizontal").to_native()


def series(name: str, values: Values, backend: Backend | nw.Implementation) -> nw.Series[Any]:
    """One column of a table."""
    library: Any = backend
    if not isinstance(values, np.ndarray):
        return nw.new_series(name, list(values), nw.String, backend=library)
    if values.ndim == 2:
        # pandas has no separate type for bytes.
        kind = None if _is_pandas(backend) else nw.Binary()
        return nw.new_series(name, [row.tobytes() for row in values], kind, backend=library)
    kind = _TYPES[values.dtype.kind]
    return nw.new_series(name, values.tolist(), kind, backend=library)


def _is_pandas(backend: Backend | nw.Implementation) -> bool:
    return backend == "pandas" or backend is nw.Implementation.PANDAS


def _unknown_backend(backend: str) -> BadInput:
    return BadInput(
        "frame.backend",
        Words(f"Pustaka tabel '{backend}' tidak dikenal.", f"No table library '{backend}'."),
        Words("Pilih pandas, polars, atau pyarrow.", "Choose pandas, polars or pyarrow."),
    )


def _lost_digits(column: str, row: int) -> BadInput:
    return BadInput(
        "frame.digits",
        Words(
            f"Kolom '{column}', baris ke-{row} (dihitung dari 0): angka pecahan yang mungkin"
            " kehilangan digit.",
            f"Column '{column}', row {row} (counted from 0): a floating point number that may"
            " have lost digits.",
        ),
        Words("Baca kolom itu sebagai teks: dtype=str.", "Read that column as text: dtype=str."),
    )
