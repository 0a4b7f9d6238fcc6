"""The frozen rows of one dataset, on the agency's own machine.

`prepare` reads, normalises, refuses and freezes; from then on only this store is
read. Rows of one person (`encoder.store.identity`) are collapsed into the first of them (T1);
canary slots count towards the total and the root like any other row (T17).

Rows are only ever appended. Rows to be sent are stored in pieces (see `pieces`), which are read a
bucket of handles at a time: the store grows with the file, memory does not, and no clear text is
written elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from encoder.base.pieces import as_list, bucket_of, packed, split_rows, unpacked
from encoder.encoding.canaries.shape import MeasuredShape
from encoder.error_codes import EncoderCode
from encoder.source.cell_usage import UsageTable
from encoder.source.file_notes import kept_notes
from encoder.source.lines import Lines, kept_lines
from encoder.source.readers.source import SourceNote
from encoder.store.generations import Before, Changes
from encoder.store.handles import People
from encoder.store.objections import objected_rows, write_objections
from encoder.store.repeats import Repeats
from encoder.store.row_tables import (
    COPY_WITHOUT_FIELDS,
    PIECES,
    collapse_repeats,
    count_people,
    create_store,
    describe_rows,
    pieces_to_send,
    refused_numbers,
)
from encoder.store.sheets import (
    StoredRow,
    copy_sheets,
    layout_of,
    stored_rows,
    write_sheet,
)
from policy.base.canonical import Model
from policy.base.errors import NotYet
from policy.base.files import folder_beside, replace_and_shred
from policy.base.words import Words
from policy.statements import DatasetCommitment

# Layout 3 identified people by normalised fields only; its stores are read with that rule.
_LAYOUTS = (3, 4)
_BEFORE_OWN_IDS = 3
DigestsOf = Literal["fields", "persons"]
DigestsAre = Literal["plain", "sealed", "gone"]
_ROWS_TO_TELL = 1_000


@dataclass(frozen=True)
class FrozenRows:
    """Rows to be encoded: 16-byte handles, and fields joined by `join_fields`."""

    handles: list[bytes]
    fields: list[str] = field(repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        return _arrived, (b"".join(self.handles), packed(self.fields))


def _arrived(handles: bytes, fields: str | list[str]) -> FrozenRows:
    """Rebuild rows in another process."""
    return FrozenRows(as_list(handles), unpacked(fields))


class Digests(Model):
    """How the digests of a store's rows were made, and whether they were sealed or deleted.

    `persons` are those of `encoder.store.identity`; `fields` cover only the normalised fields.
    """

    made_of: DigestsOf
    state: DigestsAre


@dataclass(frozen=True)
class Reconciliation:
    """Rows in = rows linked + duplicates collapsed + rows refused."""

    rows_in: int
    people: int
    collapsed: int
    refused: dict[str, int]


class PreparedDataset:
    """The SQLite store of one dataset."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise NotYet(
                EncoderCode.PREPARE_MISSING,
                Words(
                    f"Sumber data {path.stem} belum disiapkan.",
                    f"The dataset {path.stem} is not prepared yet.",
                ),
                Words("Jalankan 'padan-encoder prepare'.", "Run 'padan-encoder prepare'."),
            )
        self.path = path
        self._require_layout()

    @classmethod
    def freeze(
        cls,
        path: Path,
        people: Iterable[People],
        refused: Iterable[tuple[int, str]],
        canaries: Callable[[int], Sequence[tuple[bytes, bytes]]],
        meta: dict[str, str],
        noted: Iterable[tuple[int, str]] = (),
        before: Before | None = None,
        look: Callable[[PreparedDataset], dict[str, str]] = lambda _: {},
        objected: Iterable[tuple[str, bytes, bool]] = (),
    ) -> PreparedDataset:
        """Write the store to a temporary place, then move it: a store is never half-written.

        `people` is consumed before `refused`, `objected` and `noted` (rows kept without a damaged
        identifier), so that one pass over the file fills them all. `canaries` gives (nonce, handle)
        for each slot, for a number of people. With `before`, canaries are carried over like people
        who stay. `look` sees the store before it takes its place: it raises, or gives more values
        to store.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with folder_beside(path, f"{path.stem}-") as folder:
            temporary = folder / path.name
            temporary.touch(mode=0o600)
            with (
                closing(create_store(temporary)) as connection,
                closing(Repeats(folder / "digests.sqlite")) as repeats,
            ):
                if before:
                    before.attach(connection, folder / "scratch.sqlite")
                for some in people:
                    write_sheet(connection, some)
                    connection.executemany("INSERT INTO pieces VALUES (?, ?, ?)", some.by_handle)
                    repeats.add(some.by_digest)
                connection.executemany("INSERT INTO refused VALUES (?, ?)", refused)
                connection.executemany("INSERT INTO noted VALUES (?, ?)", noted)
                if before:
                    before.leave_out_objected(connection)
                connection.executemany("INSERT INTO objected VALUES (?, ?, ?)", objected)
                collapse_repeats(connection, repeats.found(refused_numbers(connection)))
                if before is None:
                    slots = enumerate(canaries(count_people(connection)))
                    connection.executemany(
                        "INSERT INTO canaries VALUES (?, ?, ?)",
                        ((slot, *canary) for slot, canary in slots),
                    )
                connection.commit()
                stored = meta | describe_rows(connection, before)
                connection.executemany("INSERT INTO meta VALUES (?, ?)", stored.items())
                connection.commit()
                more = look(cls(temporary))
                connection.executemany("INSERT INTO meta VALUES (?, ?)", more.items())
                connection.commit()
            temporary.replace(path)
        return cls(path)

    def commitment(self) -> DatasetCommitment:
        """Merkle root over the sorted handles (RFC 6962 leaves), their count, and the shape."""
        measured = self.meta("shape")
        return DatasetCommitment(
            handle_root=self.meta("handle_root"),
            count=int(self.meta("count")),
            shape=MeasuredShape.model_validate_json(measured).committed(len(self.canary_handles()))
            if measured
            else None,
        )

    def rows(self, canaries: Sequence[str], rows_at_once: int) -> Iterator[FrozenRows]:
        """The rows to be sent, in handle order: rows that no earlier generation had.

        `canaries` are the fields for the slots.
        """
        handles: list[bytes] = []
        fields: list[str] = []
        with closing(self._open()) as connection:
            for keys, theirs in pieces_to_send(connection, self.generation, canaries):
                handles += keys
                fields += theirs
                while len(handles) >= rows_at_once:
                    yield FrozenRows(handles[:rows_at_once], fields[:rows_at_once])
                    del handles[:rows_at_once], fields[:rows_at_once]
        if handles:
            yield FrozenRows(handles, fields)

    def rows_to_send(self) -> int:
        """The number of rows that `rows` gives."""
        return int(self.meta("fresh")) + (0 if self.generation else len(self.canary_handles()))

    def canary_handles(self) -> dict[bytes, int]:
        with closing(self._open()) as connection:
            return dict(connection.execute("SELECT handle, slot FROM canaries").fetchall())

    def canary_slots(self) -> dict[bytes, tuple[int, bytes]]:
        """Slot and nonce of each canary, by handle."""
        with closing(self._open()) as connection:
            query = "SELECT handle, slot, nonce FROM canaries"
            return {handle: (slot, nonce) for handle, slot, nonce in connection.execute(query)}

    def fields_of(self, handles: Collection[bytes]) -> dict[bytes, str]:
        """The joined fields of rows whose handles were made in this store."""
        found: dict[bytes, str] = {}
        with closing(self._open()) as connection:
            for bucket in {bucket_of(handle) for handle in handles}:
                for keys, texts in connection.execute(PIECES, (bucket,)):
                    rows = zip(as_list(keys), split_rows([texts]), strict=True)
                    found |= {handle: fields for handle, fields in rows if handle in handles}
        return found

    def source_rows(self) -> Iterator[tuple[int, str, bytes]]:
        """(row number, record id, handle of the person) in the order of the source file.

        Leaves out rows that objected while another row of the same person stays.
        """
        for row in self.frozen_rows():
            yield row.row_number, row.record_id, row.handle

    def frozen_rows(self, *, objected: bool = False) -> Iterator[StoredRow]:
        """Everything known about each row, in the order of the source file."""
        out = set() if objected else self.objected_rows()
        return (row for row in self._stored() if row.row_number not in out)

    def objected_rows(self) -> set[int]:
        """Row numbers of `encoder.store.objections`."""
        with closing(self._open()) as connection:
            return objected_rows(connection)

    def rows_of(self, record_id: str, *, objected: bool = True) -> list[tuple[int, bytes]]:
        """(row number, handle) of a record's rows; without `objected`, rows that objected are left
        out."""
        out = set() if objected else self.objected_rows()
        rows = ((row.row_number, row.handle) for row in self._stored(record_id))
        return [row for row in rows if row[0] not in out]

    def present(self, handles: Collection[bytes]) -> set[bytes]:
        """The handles among these that belong to a row."""
        return {row.handle for row in self._stored() if row.handle in handles}

    def _stored(self, record_id: str | None = None) -> Iterator[StoredRow]:
        with closing(self._open()) as connection:
            yield from stored_rows(connection, self.generation, record_id)

    def refused_rows(self) -> Iterator[tuple[int, str]]:
        """(row number, rule) of every row that was not encoded, in the source's order."""
        with closing(self._open()) as connection:
            yield from connection.execute("SELECT row_number, rule FROM refused ORDER BY 1")

    def noted_rows(self) -> Iterator[tuple[int, str]]:
        """(row number, rule) of rows that were encoded without a damaged identifier."""
        with closing(self._open()) as connection:
            yield from connection.execute("SELECT row_number, rule FROM noted ORDER BY 1, 2")

    @property
    def generation(self) -> int:
        return int(self.meta("generation"))

    @property
    def own_ids(self) -> bool:
        """Whether the source has its own record ids; otherwise ids are row numbers."""
        with closing(self._open()) as connection:
            if layout_of(connection) == _BEFORE_OWN_IDS:
                rows = islice(stored_rows(connection, self.generation), _ROWS_TO_TELL)
                return any(row.record_id != str(row.row_number) for row in rows)
        return bool(self.meta("own_ids"))

    def changes(self) -> Changes:
        """The differences from the previous generation."""
        fresh, changed = int(self.meta("fresh")), int(self.meta("changed"))
        left, people = len(self.left_out()), self.reconciliation().people
        return Changes(fresh - changed, changed, left - changed, people - fresh)

    def left_out(self) -> list[bytes]:
        """The handles of people of the previous generation who left, ascending."""
        with closing(self._open()) as connection:
            query = "SELECT handle FROM left_out ORDER BY handle"
            return [handle for (handle,) in connection.execute(query)]

    def meta(self, key: str) -> str:
        with closing(self._open()) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def notes(self) -> tuple[SourceNote, ...]:
        """Notes on the source as a whole from the time when it was prepared."""
        return kept_notes(self.meta("notes"))

    def same_fields(self) -> int:
        """How many rows of different people have equal fields, so that no match can separate
        them."""
        return int(self.meta("same_fields") or 0)

    def lines(self) -> Lines:
        """The lines of the rows in their spreadsheet, if it is one."""
        return kept_lines(self.meta("first_line"), self.meta("sheets"))

    def usage(self) -> UsageTable:
        """How many cells became values, and which rules the others met; empty if unknown."""
        kept = self.meta("usage")
        return UsageTable.model_validate_json(kept) if kept else UsageTable(rows=0)

    def reconciliation(self) -> Reconciliation:
        people = int(self.meta("count")) - len(self.canary_handles())
        with closing(self._open()) as connection:
            (collapsed,) = connection.execute("SELECT COUNT(*) FROM repeats").fetchone()
            by_rule = "SELECT rule, COUNT(*) FROM refused GROUP BY rule"
            refused = dict(connection.execute(by_rule).fetchall())
        rows_in = people + collapsed + sum(refused.values())
        return Reconciliation(rows_in, people, collapsed, refused)

    def _require_layout(self) -> None:
        with closing(self._open()) as connection:
            layout = layout_of(connection)
        if layout not in _LAYOUTS:
            raise NotYet(
                EncoderCode.PREPARE_LAYOUT,
                Words(
                    f"Sumber data {self.path.stem} disiapkan oleh versi Padan yang lain.",
                    f"The dataset {self.path.stem} was prepared by another version of Padan.",
                ),
                Words(
                    "Selesaikan periode kunci ini dengan versi itu, atau siapkan ulang sebelum"
                    " baris dikunci.",
                    "Finish this epoch with that version, or prepare again before the commitment.",
                ),
            )

    @property
    def layout(self) -> int:
        with closing(self._open()) as connection:
            return layout_of(connection)

    @property
    def digests(self) -> Digests:
        """How the rows' digests were made, for comparison with a row that is read again."""
        made_of: DigestsOf = "persons" if self.layout > _BEFORE_OWN_IDS else "fields"
        if state := self.meta("digests"):
            return Digests.model_validate_json(state)
        return Digests(made_of=made_of, state="plain")

    def forget_fields(self, seal: Callable[[bytes], bytes] | None = None) -> None:
        """Delete the contents of all records; keep only which record a handle means.

        `seal` replaces the digests of the rows; without it they are deleted too.
        The new store takes the old one's place before the old one is overwritten, so that a crash
        leaves one complete store.
        """
        temporary = self.path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
        digests, own_ids = self.digests, self.own_ids
        if digests.state == "plain":
            state: DigestsAre = "sealed" if seal else "gone"
            digests = Digests(made_of=digests.made_of, state=state)
            convert = seal or (lambda _: b"")
        else:
            convert = bytes
        described = {"digests": digests.model_dump_json(), "own_ids": "yes" if own_ids else ""}
        with closing(create_store(temporary)) as connection, connection:
            connection.execute("ATTACH DATABASE ? AS old", (str(self.path),))
            connection.executescript(COPY_WITHOUT_FIELDS)
            copy_sheets(connection, convert)
            write_objections(connection, self.objected_rows())
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", described.items())
        replace_and_shred(temporary, self.path)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA cache_size = -65536")
        return connection
