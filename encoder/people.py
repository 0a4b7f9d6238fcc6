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
from encoder.results import OpenedFile, ReleasedRow
from policy.errors import BadInput
from policy.files import write_stream
from policy.words import Words

# By whether a row is to be verified.
GRADES = {False: "pasti", True: "perlu diperiksa"}


def write_people(
    prepared: PreparedDataset,
    opened: Iterable[OpenedFile],
    out: Path,
    columns: tuple[str, ...],
) -> int:
    """The by-name-by-address list: own rows that matched, with the domains that say so.

    Only membership files tell which rows matched; a private index says nothing and is
    left out. Columns are those of the mapping and those asked for, then the match ID of each
    domain, with its grade where the charter gives one. Returns the rows.
    """
    domains = {
        each.file.domain: {row.handle: _match(row) for row in each.rows}
        for each in opened
        if each.file.form == "membership"
    }
    heads = {name: _heads(name, ids.values()) for name, ids in domains.items()}
    names = sorted(domains)
    mapping = load_mapping(Path(prepared.meta("mapping")))
    wanted = tuple(dict.fromkeys((*mapping.source_columns(), *columns)))
    matched = {
        number: (
            record_id,
            [
                cell
                for name in names
                for cell in domains[name].get(handle, ("", ""))[: len(heads[name])]
            ],
        )
        for number, record_id, handle in prepared.source_rows()
        if any(handle in ids for ids in domains.values())
    }
    source = Path(prepared.meta("source"))
    rows = (
        [*_unchanged(source, mapping, number, values, matched[number][0]), *matched[number][1]]
        for number, values in read_columns(source, mapping, wanted)
        if number in matched
    )
    return _write(out, [*wanted, *(head for name in names for head in heads[name])], rows)


def _match(row: ReleasedRow) -> tuple[str, ...]:
    """Match ID, and the grade if there is one."""
    return (row.match_id.hex(), *([] if row.verify is None else [GRADES[row.verify]]))


def _heads(domain: str, matches: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    graded = any(len(each) > 1 for each in matches)
    return (f"id_padanan_{domain}", *([f"kepastian_{domain}"] if graded else []))


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
    """record_id, match_id, and its grade if there is one, for every row with an ID; how many."""
    ids = {row.handle: _match(row) for each in opened for row in each.rows}
    rows = (
        [record_id, *ids[handle]]
        for _, record_id, handle in prepared.source_rows()
        if handle in ids
    )
    head = ["record_id", "match_id", "kepastian"]
    graded = any(len(each) > 1 for each in ids.values())
    return _write(out, head if graded else head[:2], rows)


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
