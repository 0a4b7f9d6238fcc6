"""Tables of the agency's own records with their match IDs, and of its own repeated people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from encoder.steps.check_release import OpenedFile
from encoder.store.prepared import PreparedDataset
from policy.formats.release_file import ReleasedRow
from policy.terminal.table_files import TableFile

# By whether a row needs verification.
GRADES = {False: "pasti", True: "perlu diperiksa"}


def _match(row: ReleasedRow) -> tuple[str, ...]:
    """Match ID, and the grade if there is one."""
    return (row.match_id.hex(), *([] if row.verify is None else [GRADES[row.verify]]))


def write_ids(prepared: PreparedDataset, opened: Iterable[OpenedFile], out: TableFile) -> int:
    """Write record_id, match_id and any grade for every row with an ID; returns the rows."""
    ids = {row.handle: _match(row) for each in opened for row in each.rows}
    rows = (
        [record_id, *ids[handle]]
        for _, record_id, handle in prepared.source_rows()
        if handle in ids
    )
    head = ["record_id", "match_id", "kepastian"]
    graded = any(len(each) > 1 for each in ids.values())
    return out.write(head if graded else head[:2], rows)


def write_duplicates(
    prepared: PreparedDataset, people: Sequence[Sequence[str]], out: TableFile
) -> int:
    """Write person, row_number, record_id for every source row that repeats a person.

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
    out.require_room(len(found))
    return out.write(["person", "row_number", "record_id"], found)
