"""Lists of the agency's own people: the recipient's records joined to its match IDs.

Names and addresses come from the agency's own source file. The file is read again, and the frozen
rows are found by content (`encoder.steps.source_match`). The service sent only handles, match IDs
and secrets.
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

# By whether a row needs verification.
GRADES = {False: "pasti", True: "perlu diperiksa"}
# For a row whose content has changed since it matched.
_CHANGED_HEAD, _CHANGED = "perubahan", "berubah sejak disiapkan"


@dataclass(frozen=True)
class PeopleWritten:
    """The rows of a list, and the differences of the source from the frozen rows."""

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

    Only membership files show which rows matched; a private index does not and is
    left out. Columns are those of the mapping and the requested ones, then the match ID of each
    domain, with its grade if the charter gives one.

    Raises BadInput if a row of these people is missing or changed in the source, and then writes
    nothing. `despite_changes` writes the rows that are there, and marks changed ones.
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
    if not despite_changes:
        require_unchanged(source.path, found.differences)
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


def require_unchanged(source: Path, found: Differences) -> None:
    """Raises BadInput if a row of these people is missing or changed in the source."""
    if not found:
        return
    raise BadInput(
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
