"""Cases from a plain table, for an agency without a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.normalise.nik import kk, nik
from encoder.programmes.cases import Case, Truth
from encoder.programmes.columns import (
    MappedTable,
    RuleColumns,
    find_columns,
    presence,
    require_present_list,
)
from encoder.programmes.present import PresentList, load_present, row_keys
from encoder.programmes.rules import Programme
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.mapping import columns_of
from encoder.source.presets.proposal import DEFAULT_FIELDS, OPTIONAL_FIELDS
from encoder.source.readers import read_columns
from encoder.steps.inspect import inspect_source
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import FieldKind

_KINDS: Mapping[str, FieldKind] = {
    each.name: each.kind for each in (*DEFAULT_FIELDS, *OPTIONAL_FIELDS)
}


@dataclass(frozen=True)
class CaseTable:
    """Cases, and the cells that a list shows for each. `absent` as in `evaluate`."""

    header: tuple[str, ...]
    cases: tuple[Case, ...] = field(repr=False)
    shown: Mapping[int, str] = field(repr=False)
    columns: RuleColumns
    absent: tuple[str, ...] = field(default=(), repr=False)

    def shown_cells(self, number: int) -> list[str]:
        """The cells of one row, in the order of the header."""
        return self.shown[number].split(_BETWEEN)


# One text a row takes a third of the memory of its cells.
_BETWEEN = "\x1f"


def as_shown(cells: Sequence[str]) -> str:
    """Cells as one text, for `CaseTable.shown`."""
    return _BETWEEN.join(cell.replace(_BETWEEN, " ") for cell in cells)


def cases_of_file(
    path: Path,
    programme: Programme,
    present: Path | None = None,
    *,
    nobody_present: bool = False,
    mapping: SourceMapping | None = None,
) -> CaseTable:
    """All rows of a file. A person is a valid NIK, else a record id, else the row itself."""
    found = inspect_source(path)
    used = mapping or found.mapping
    if programme.used_sources():
        raise _no_release(programme)
    names = tuple(name for name in found.columns if name and found.columns.count(name) == 1)
    table = MappedTable(names, used, _KINDS)
    columns = find_columns(programme, table)
    given = present is not None
    require_present_list(programme, columns, is_given=given, nobody=nobody_present)
    by_household = programme.unit == "household"
    earlier = (
        load_present(present, columns_of(used.record_id), by_household=by_household)
        if (present is not None)
        else None
    )
    return _cases(path, programme, table, columns, earlier)


def _cases(
    path: Path,
    programme: Programme,
    table: MappedTable,
    columns: RuleColumns,
    earlier: PresentList | None,
) -> CaseTable:
    mapping, names = table.mapping, table.names
    numbers = columns_of(table.field("nik"))
    wanted_keys = earlier.keys() if earlier else frozenset()
    seen: list[frozenset[str]] = []
    cases, shown = [], {}
    for number, row in read_columns(path, mapping, names):
        by_name = dict(zip(names, row, strict=True))
        one_each = {name: [cell] for name, cell in by_name.items()}
        record_id = "" if mapping.record_id is None else mapping.record_ids(one_each, [number])[0]
        nik_cell = by_name[numbers[0]] if numbers else ""
        card = columns.household(row) if columns.household else ""
        keys = row_keys(record_id, nik_cell, card, by_household=programme.unit == "household")
        seen.append(keys & wanted_keys)
        cells = columns.row(row)
        listed = Truth.YES if keys & wanted_keys else presence(programme, columns, cells)
        person = nik(nik_cell)[0] or record_id or f"row {number}"
        cases.append(Case(number, person, kk(card), cells, (), (), listed))
        shown[number] = as_shown(row)
    absent = earlier.absent(seen) if earlier else ()
    return CaseTable(names, tuple(cases), shown, columns, absent)


def seed_of_file(path: Path) -> str:
    """A seed that follows from the file alone, so that the same file gives the same list."""
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _no_release(programme: Programme) -> BadInput:
    rule = next(each for each in programme.leaves() if hasattr(each, "confirmed_by"))
    title = rule.title.words()
    return BadInput(
        EncoderCode.PROGRAMME_SOURCE,
        Words(
            f"Program {programme.id}, aturan '{title.id}': sebuah tabel saja tidak memberi tahu"
            " siapa yang dikonfirmasi sumber lain.",
            f"Programme {programme.id}, rule '{title.en}': a table alone does not tell who is"
            " confirmed by another source.",
        ),
        Words(
            "Pakai 'padan-encoder programme apply' dengan sebuah rilis.",
            "Use 'padan-encoder programme apply' with a release.",
        ),
    )
