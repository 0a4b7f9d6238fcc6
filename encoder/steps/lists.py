"""Lists of one's own people: the recipient's records joined to the match IDs it holds.

Names and addresses come from the agency's own source file. It is read again, and the frozen rows
are found in it by what they are (`encoder.steps.source_match`). The service sent handles, match IDs
and secrets alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.source.readers import read_columns
from encoder.steps.check_release import OpenedFile
from encoder.steps.source_match import Differences, SourceNow, match_source
from encoder.store.prepared import PreparedDataset
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.formats.release_file import ReleasedRow
from policy.terminal.table_files import Table, TableFile

# By whether a row is to be verified.
GRADES = {False: "pasti", True: "perlu diperiksa"}
# Of a row whose content is no longer that of the row that matched.
_CHANGED_HEAD, _CHANGED = "perubahan", "berubah sejak disiapkan"


@dataclass(frozen=True)
class PeopleWritten:
    """The rows of a list, and what of the source is no longer as it was frozen."""

    rows: int
    differences: Differences


def write_people(
    prepared: PreparedDataset,
    charter: Charter,
    source: SourceNow,
    opened: Iterable[OpenedFile],
    out: Table,
    columns: tuple[str, ...],
    *,
    despite_changes: bool = False,
) -> PeopleWritten:
    """The by-name-by-address list: own rows that matched, with the domains that say so.

    Only membership files tell which rows matched; a private index says nothing and is
    left out. Columns are those of the mapping and those asked for, then the match ID of each
    domain, with its grade where the charter gives one.

    Raises BadInput if a row of these people is not in the source as it was frozen, and writes
    nothing. `despite_changes` writes those that are there, and marks those that have changed.
    """
    domains = {
        each.file.domain: {row.handle: _match(row) for row in each.rows}
        for each in opened
        if each.file.form == "membership"
    }
    heads = {name: _heads(name, ids.values()) for name, ids in domains.items()}
    names = sorted(domains)
    wanted = tuple(dict.fromkeys((*source.mapping.source_columns(), *columns)))
    people = {handle for ids in domains.values() for handle in ids}
    found = match_source(prepared, charter, source, people)
    if found.differences and not despite_changes:
        raise _changed(source.path, found.differences)
    handles = {**found.rows, **found.changed}

    def row(number: int, values: list[str]) -> list[str]:
        ids = [domains[name].get(handles[number], ("", ""))[: len(heads[name])] for name in names]
        mark = [[_CHANGED if number in found.changed else ""]] if despite_changes else []
        return [*values, *chain.from_iterable([*ids, *mark])]

    rows = (
        row(number, values)
        for number, values in read_columns(source.path, source.mapping, wanted)
        if number in handles
    )
    marks = [_CHANGED_HEAD] if despite_changes else []
    header = [*wanted, *(head for name in names for head in heads[name]), *marks]
    out.require_room(len(handles))
    return PeopleWritten(out.write(header, rows), found.differences)


def _match(row: ReleasedRow) -> tuple[str, ...]:
    """Match ID, and the grade if there is one."""
    return (row.match_id.hex(), *([] if row.verify is None else [GRADES[row.verify]]))


def _heads(domain: str, matches: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    graded = any(len(each) > 1 for each in matches)
    return (f"id_padanan_{domain}", *([f"kepastian_{domain}"] if graded else []))


def _changed(source: Path, found: Differences) -> BadInput:
    return BadInput(
        EncoderCode.FILE_CHANGED,
        Words(
            f"{source} tidak lagi seperti saat 'prepare': dari baris orang-orang di daftar ini"
            f" {found.changed} berubah isinya, {found.missing} berubah atau tidak ada lagi, dan"
            f" {found.unclear} tidak dapat dibedakan dari baris orang lain;"
            f" {found.new} baris di berkas itu baru. Tidak ada yang ditulis.",
            f"{source} is no longer as it was at 'prepare': of the rows of this list's people"
            f" {found.changed} have other content, {found.missing} have changed or are gone, and"
            f" {found.unclear} cannot be told from another person's row;"
            f" {found.new} rows of the file are new. Nothing was written.",
        ),
        Words(
            "Kembalikan sumbernya, atau sebut tempatnya dengan --source (dan --mapping)."
            " --despite-changes menulis baris yang masih ada dan menandai yang berubah.",
            "Restore the source, or name its place by --source (and --mapping)."
            " --despite-changes writes the rows that are there and marks those that changed.",
        ),
    )


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
