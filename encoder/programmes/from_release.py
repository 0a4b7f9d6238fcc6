"""Cases from the joined table of a release: own columns, received ones, and other sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.lists.joined import JoinedRow, JoinedTable, SourceColumn, Verdict
from encoder.normalise.nik import kk
from encoder.programmes.cases import Case, Caution, Truth
from encoder.programmes.columns import (
    MappedTable,
    find_columns,
    presence,
    require_present_list,
)
from encoder.programmes.from_table import CaseTable, as_shown
from encoder.programmes.present import load_present, row_keys
from encoder.programmes.rules import Confirmed, Programme
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.mapping import columns_of
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.project import Project
from policy.statements import Decided

_TRUTH = {
    Verdict.NOT_FOUND: Truth.NO,
    Verdict.TO_CHECK: Truth.UNKNOWN,
    Verdict.CONFIRMED: Truth.YES,
}
_STATES = {"meninggal": Caution.DECEASED, "pindah": Caution.MOVED}


def cases_of_release(
    table: JoinedTable,
    programme: Programme,
    mapping: SourceMapping,
    charter: Charter,
    present: Path | None = None,
    *,
    nobody_present: bool = False,
) -> CaseTable:
    """All rows of the table; a person is a handle, so that equal rows are one person."""
    names = (*table.own, *(each.name for each in table.attributes))
    kinds = {each.name: each.kind for each in charter.fields}
    mapped = MappedTable(names, mapping, kinds)
    columns = find_columns(programme, mapped)
    given = present is not None
    require_present_list(programme, columns, is_given=given, nobody=nobody_present)
    sources = _positions(programme, table.sources)
    by_household = programme.unit == "household"
    earlier = (
        None
        if present is None
        else load_present(present, columns_of(mapping.record_id), by_household=by_household)
    )
    wanted_keys = earlier.keys() if earlier else frozenset()
    numbers = columns_of(mapped.field("nik"))
    at_nik = names.index(numbers[0]) if numbers else None
    seen: list[frozenset[str]] = []
    cases, shown = [], {}
    for row in table.rows():
        cells = (*row.own, *row.attributes)
        card = columns.household(cells) if columns.household else ""
        nik_cell = "" if at_nik is None else cells[at_nik]
        keys = row_keys(row.record_id, nik_cell, card, by_household=by_household)
        seen.append(keys & wanted_keys)
        used = columns.row(cells)
        listed = Truth.YES if keys & wanted_keys else presence(programme, columns, used)
        cases.append(
            Case(
                row.number,
                row.handle.hex(),
                kk(card),
                used,
                tuple(_TRUTH[row.verdicts[at]] for at in sources),
                _cautions(row),
                listed,
            )
        )
        shown[row.number] = as_shown((*cells, *row.verdicts))
    header = (*names, *(each.title.id for each in table.sources))
    absent = earlier.absent(seen) if earlier else ()
    return CaseTable(header, tuple(cases), shown, columns, absent)


def lottery_seed(project_id: str, project: Project, release: str, programme: Programme) -> str:
    """The seed: what the service signed when it decided on the release, and the programme.

    Handles were fixed in the log before that, so that nobody could choose either by its result.
    """
    decided = project.named(Decided, release)
    return f"{project_id}/{release}/{decided[0].digest}/{programme.id}"


def _cautions(row: JoinedRow) -> tuple[Caution, ...]:
    state = (_STATES[row.state],) if row.state else ()
    return (*state, *((Caution.CHANGED,) if row.changed else ()))


def _positions(programme: Programme, sources: Sequence[SourceColumn]) -> tuple[int, ...]:
    """For each source that a rule names, the column that tells of it alone; raises BadInput."""
    found = []
    for name in programme.used_sources():
        told = [
            at for at, each in enumerate(sources) if each.domain == name or each.sources == (name,)
        ]
        if not told:
            raise _not_told(programme, name, sources)
        found.append(told[0])
    return tuple(found)


def _not_told(programme: Programme, name: str, sources: Sequence[SourceColumn]) -> BadInput:
    rule = next(
        each.title.words()
        for each in programme.leaves()
        if isinstance(each, Confirmed) and each.confirmed_by == name
    )
    known = ", ".join(each.domain for each in sources) or "-"
    return BadInput(
        EncoderCode.PROGRAMME_SOURCE,
        Words(
            f"Program {programme.id}, aturan '{rule.id}': rilis ini tidak memberi tahu siapa yang"
            f" dikonfirmasi {name} saja. Domain ID yang memberi tahu: {known}.",
            f"Programme {programme.id}, rule '{rule.en}': this release does not tell who is"
            f" confirmed by {name} alone. ID domains that tell: {known}.",
        ),
        Words(
            "Sebut salah satu domain itu di 'confirmed_by', atau pakai rilis lain.",
            "Name one of these domains in 'confirmed_by', or use another release.",
        ),
    )
