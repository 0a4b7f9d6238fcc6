"""A release of a project, opened by its recipient and joined to the recipient's own table."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from narwhals.typing import IntoDataFrameT

from encoder.steps.check_release import OpenedFile
from encoder.steps.open_release import open_all, opened_before, prepared_for
from encoder.steps.workspace import Workspace
from padan.frames import Backend, Values, opened, require_columns, series, table, texts
from padan.secret import Secret, secret_bytes
from policy.base.errors import BadInput
from policy.base.words import Words, number
from policy.members.home import Home
from policy.wire.session import Session

_COLUMNS = ("match_id", "grade")


@dataclass(frozen=True)
class Release:
    """A release's information on the agency's own rows.

    `files` has `dataset`, `domain`, `form` (`membership` or `private-index`), `people` (Int64)
    and `canaries` (the verdict; null from `read_release`). `ids` has, for every row with a match
    ID, `dataset`, `domain`, `row_number` (Int64), `record_id`, `match_id` (hexadecimal) and
    `grade` (`certain`, `verify`; null if the charter gives no grades).
    """

    project: str
    release: str
    files: Any = field(repr=False)
    ids: Any = field(repr=False)

    def of(self, dataset: str, domain: str) -> Any:
        """The rows of `ids` of one dataset and domain; BadInput (`release.no-file`) for others."""
        files, ids = opened(self.files), opened(self.ids)
        mine = zip(files["dataset"].to_list(), files["domain"].to_list(), strict=True)
        if (dataset, domain) not in set(mine):
            raise _no_file(dataset, domain)
        return ids.filter((ids["dataset"] == dataset) & (ids["domain"] == domain)).to_native()


def open_release(
    home: str | os.PathLike[str],
    passphrase: Secret | bytes,
    project: str,
    release: str,
    *,
    backend: Backend = "pandas",
) -> Release:
    """Download, check and store all files for this member, and sign their receipts.

    Like `padan-encoder open`: the service must be reachable. Raises WrongKey for the passphrase,
    NotYet (`release.undecided`), Refused (`release.refused`), BadInput (`release.altered`) and
    Unreachable.
    """
    session = _session(home, passphrase, project)
    files, verdicts = [], []
    for file, canaries in open_all(session, release):
        files.append(file)
        verdicts.append(str(canaries))
    return _release(session, release, files, verdicts, backend)


def read_release(
    home: str | os.PathLike[str],
    passphrase: Secret | bytes,
    project: str,
    release: str,
    *,
    backend: Backend = "pandas",
) -> Release:
    """Read the files that `open_release` or `padan-encoder open` stored; needs no network.

    Raises WrongKey for the passphrase, NotYet if it was not opened here.
    """
    session = _session(home, passphrase, project)
    session.recall()
    files: list[OpenedFile] = []
    for dataset in Workspace(session).own_datasets():
        files += opened_before(session, release, dataset)
    return _release(session, release, files, [None] * len(files), backend)


def join_release(
    frame: IntoDataFrameT, ids: Any, *, record_id: str = "record_id"
) -> IntoDataFrameT:
    """The table with `match_id` and `grade` added to each row, null for a row without them.

    `ids` is `Release.of(dataset, domain)`; `record_id` is the table's column of ids. All rows of
    the table stay, in their order. Raises BadInput: `join.repeated` if an id has several match
    IDs, or occurs on another number of rows than when it was encoded; `join.missing` if an id
    with a match ID is on no row, so that the table is not the encoded one.
    """
    given, released = opened(frame), opened(ids)
    require_columns(released, "record_id", *_COLUMNS)
    taken = [name for name in _COLUMNS if name in given.columns]
    if taken:
        raise _taken(taken)
    own = [each.strip() for each in texts(given, record_id)]
    theirs = texts(released, "record_id")
    _require_same_rows(own, theirs, texts(released, "match_id"))
    at = {each: row for row, each in enumerate(theirs)}
    columns = []
    for name in _COLUMNS:
        cells: list[str | None] = released[name].to_list()
        found = [cells[at[each]] if each in at else None for each in own]
        columns.append(series(name, found, given.implementation))
    joined: IntoDataFrameT = given.with_columns(*columns).to_native()
    return joined


def _session(home: str | os.PathLike[str], passphrase: Secret | bytes, project: str) -> Session:
    return Session(Home(Path(home)).unlock(secret_bytes(passphrase)), project)


def _release(
    session: Session,
    release: str,
    files: Iterable[OpenedFile],
    verdicts: list[str] | list[None],
    backend: Backend,
) -> Release:
    workspace, files = Workspace(session), list(files)
    grades = {None: None, False: "certain", True: "verify"}
    rows: list[tuple[str, str, int, str, str, str | None]] = []
    for each in files:
        file, found = each.file, {row.handle: row for row in each.rows}
        prepared = prepared_for(workspace, release, file.dataset)
        rows += [
            (file.dataset, file.domain, row_number, record_id, row.match_id.hex(), grade)
            for row_number, record_id, handle in prepared.source_rows()
            if (row := found.get(handle)) is not None
            for grade in (grades[row.verify],)
        ]
    listed: dict[str, Values] = {
        "dataset": [each.file.dataset for each in files],
        "domain": [each.file.domain for each in files],
        "form": [each.file.form for each in files],
        "people": np.array([len(each.rows) for each in files], np.int64),
        "canaries": verdicts,
    }
    ids: dict[str, Values] = {
        "dataset": [row[0] for row in rows],
        "domain": [row[1] for row in rows],
        "row_number": np.array([row[2] for row in rows], np.int64),
        "record_id": [row[3] for row in rows],
        "match_id": [row[4] for row in rows],
        "grade": [row[5] for row in rows],
    }
    return Release(session.project_id, release, table(listed, backend), table(ids, backend))


def _require_same_rows(own: list[str], released: list[str], match_ids: list[str]) -> None:
    """Every released id is on as many rows of the table, and has one match ID."""
    counts, theirs = Counter(own), Counter(released)
    matches = Counter(record_id for record_id, _ in set(zip(released, match_ids, strict=True)))
    repeated = sum(counts[each] not in (0, theirs[each]) or matches[each] > 1 for each in theirs)
    if repeated:
        told = number(repeated)
        raise BadInput(
            "join.repeated",
            Words(
                f"{told.id} id baris yang dirilis berulang, dan tidak jelas baris mana yang"
                " dimaksud.",
                f"{told.en} released record ids repeat, and which row is meant is not clear.",
            ),
            Words(
                "Gabungkan lewat row_number, atau perbaiki id yang berulang.",
                "Join by row_number, or correct the ids that repeat.",
            ),
        )
    missing = sum(each not in counts for each in theirs)
    if missing:
        told = number(missing)
        raise BadInput(
            "join.missing",
            Words(
                f"{told.id} id baris yang dirilis tidak ada di tabel ini.",
                f"{told.en} released record ids are not in this table.",
            ),
            Words(
                "Pakai tabel yang disandikan untuk proyek ini, atau sebut kolom record_id-nya.",
                "Use the table that was encoded for this project, or name its record_id column.",
            ),
        )


def _taken(names: list[str]) -> BadInput:
    listed = ", ".join(names)
    return BadInput(
        "join.columns",
        Words(f"Tabel ini sudah punya kolom: {listed}.", f"The table already has: {listed}."),
        Words("Ganti nama kolom itu lebih dulu.", "Rename these columns first."),
    )


def _no_file(dataset: str, domain: str) -> BadInput:
    return BadInput(
        "release.no-file",
        Words(
            f"Rilis ini tidak memuat {dataset} dalam domain {domain} untuk Anda.",
            f"The release has no file of {dataset} in domain {domain} for you.",
        ),
        Words("Lihat tabel `files` rilis ini.", "See the table `files` of the release."),
    )
