"""Lists of one's own people: the recipient's records joined to the match IDs it holds.

Names and addresses come from the agency's own source file, read again; nothing
but handles, match IDs and secrets ever came from the service.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from encoder.mapping import Mapping, load_mapping
from encoder.prepared import PreparedDataset
from encoder.readers import read_columns
from encoder.results import OpenedFile, ReleasedRow
from policy.errors import BadInput
from policy.table_files import TableFile
from policy.words import Words

# By whether a row is to be verified.
GRADES = {False: "pasti", True: "perlu diperiksa"}


def write_people(
    prepared: PreparedDataset,
    opened: Iterable[OpenedFile],
    out: TableFile,
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
    out.require_room(len(matched))
    return out.write([*wanted, *(head for name in names for head in heads[name])], rows)


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


def write_ids(prepared: PreparedDataset, opened: Iterable[OpenedFile], out: TableFile) -> int:
    """record_id, match_id, and its grade if there is one, for every row with an ID; how many."""
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
    out.require_room(len(found))
    return out.write(["person", "row_number", "record_id"], found)
