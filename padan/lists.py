"""The by-name-by-address list of a release as a table."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder.released.lists.list_columns import ListColumns
from encoder.released.lists.of_release import AskedTable, table_of
from encoder.steps.workspace import Workspace
from padan.frames import Backend, Values, table
from padan.secret import Secret, secret_bytes
from policy.members.home import Home
from policy.wire.session import Session


def read_list(
    home: str | os.PathLike[str],
    passphrase: Secret | bytes,
    project: str,
    release: str,
    dataset: str,
    *,
    columns: Sequence[str] = (),
    source: str | os.PathLike[str] | None = None,
    mapping: str | os.PathLike[str] | None = None,
    despite_changes: bool = False,
    backend: Backend = "pandas",
) -> Any:
    """One's own rows of `dataset`, with what an opened release says of them; needs no network.

    Like `padan-encoder list`, with everybody in the order of the file: `row_number` (Int64),
    the mapped columns, those of the address and `columns`, then for each source
    `dikonfirmasi SOURCE` (`ya`, `tidak`, `perlu dicek`), received columns, `keadaan` (`meninggal`,
    `pindah` or ''), `perubahan` with `despite_changes`, the place and `id_padanan_DOMAIN` ('' if
    there is none). All but `row_number` is text.

    Raises WrongKey for the passphrase, NotYet if the release was not opened here, Refused
    (`list.learns-nothing`) if the charter tells this agency nothing, and BadInput (`file.changed`)
    if rows are missing or changed since they were prepared.
    """
    session = Session(Home(Path(home)).unlock(secret_bytes(passphrase)), project)
    session.recall()
    asked = AskedTable(
        release,
        dataset,
        None if source is None else Path(source),
        None if mapping is None else Path(mapping),
        tuple(columns),
        despite_changes,
    )
    joined = table_of(Workspace(session), asked)
    shown = ListColumns.of(joined, marks_changes=despite_changes, ids=True)
    numbers: list[int] = []
    cells: list[list[str]] = [[] for _ in shown.header]
    for row in joined.rows():
        numbers.append(row.number)
        for column, cell in zip(cells, shown.cells(joined, row), strict=True):
            column.append(cell)
    listed: dict[str, Values] = {"row_number": np.array(numbers, np.int64)}
    listed |= dict(zip(shown.header, cells, strict=True))
    return table(listed, backend)
