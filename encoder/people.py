"""Lists of one's own people: the recipient's records joined to the match IDs it holds.

Names and addresses come from the agency's own source file, read again; nothing
but handles, match IDs and secrets ever came from the service.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from encoder.mapping import Mapping, load_mapping
from encoder.prepared import PreparedDataset
from encoder.readers import read_columns
from encoder.results import OpenedFile
from policy.errors import BadInput
from policy.files import write_stream
from policy.words import Words


def write_people(
    prepared: PreparedDataset,
    opened: Iterable[OpenedFile],
    out: Path,
    columns: tuple[str, ...],
) -> int:
    """The by-name-by-address list: own rows that matched, with the domains that say so.

    Only membership files tell which rows matched; a private index says nothing and is
    left out. Columns are those of the mapping and those asked for. Returns the rows.
    """
    domains = {
        each.file.domain: {row.handle: row.match_id for row in each.rows}
        for each in opened
        if each.file.form == "membership"
    }
    names = sorted(domains)
    mapping = load_mapping(Path(prepared.meta("mapping")))
    wanted = tuple(dict.fromkeys((*mapping.source_columns(), *columns)))
    matched = {
        number: (record_id, [domains[name].get(handle, b"").hex() for name in names])
        for number, record_id, handle in prepared.source_rows()
        if any(handle in ids for ids in domains.values())
    }
    source = Path(prepared.meta("source"))
    rows = (
        [*_unchanged(source, mapping, number, values, matched[number][0]), *matched[number][1]]
        for number, values in read_columns(source, mapping, wanted)
        if number in matched
    )
    return _write(out, [*wanted, *(f"id_padanan_{name}" for name in names)], rows)


def _unchanged(
    source: Path, mapping: Mapping, number: int, values: list[str], record_id: str
) -> list[str]:
    """The cells, if the row is still the one that was encoded: never a stranger's name."""
    if mapping.record_id is not None and values[0].strip() != record_id:
        raise BadInput(
            "file.changed",
            Words(
                f"{source}: baris {number} bukan lagi baris yang disiapkan.",
                f"{source}: row {number} is no longer the row that was prepared.",
            ),
            Words(
                "Kembalikan sumber seperti saat 'prepare', lalu ulangi.",
                "Restore the source as it was at 'prepare', then try again.",
            ),
        )
    return values


def write_ids(prepared: PreparedDataset, opened: Iterable[OpenedFile], out: Path) -> int:
    """record_id, match_id for every source row that has an ID. Returns the rows."""
    ids = {row.handle: row.match_id for each in opened for row in each.rows}
    rows = (
        [record_id, ids[handle].hex()]
        for _, record_id, handle in prepared.source_rows()
        if handle in ids
    )
    return _write(out, ["record_id", "match_id"], rows)


def write_duplicates(prepared: PreparedDataset, people: Sequence[Sequence[str]], out: Path) -> int:
    """person, row_number, record_id for every source row that is one of several of a person.

    `people` are the handles, in hexadecimal, of each person's rows. Returns the rows.
    """
    person_of = {
        bytes.fromhex(handle): person
        for person, handles in enumerate(people, start=1)
        for handle in handles
    }
    found = sorted(
        (person_of[handle], number, record_id)
        for number, record_id, handle in prepared.source_rows()
        if handle in person_of
    )
    rows = ([str(person), str(number), record_id] for person, number, record_id in found)
    return _write(out, ["person", "row_number", "record_id"], rows)


def _write(out: Path, header: list[str], rows: Iterator[list[str]]) -> int:
    counted = _Count(rows)
    write_stream(out, _lines(header, counted), private=True)
    return counted.seen


class _Count:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterator[list[str]]) -> None:
        self.rows = rows
        self.seen = 0

    def __iter__(self) -> Iterator[list[str]]:
        for row in self.rows:
            self.seen += 1
            yield row


def _lines(header: list[str], rows: Iterable[list[str]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 1 << 20:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
