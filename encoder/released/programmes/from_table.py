"""A programme's lists from a plain table, for an agency without a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import file_digest
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.normalise.nik import nik
from encoder.released.programmes.case_table import Advance, CaseMaker, RowFacts, counted
from encoder.released.programmes.columns import MappedTable
from encoder.released.programmes.evaluation import Terms, evaluate
from encoder.released.programmes.present import PresentChoice
from encoder.released.programmes.rules import ConfirmedBySource, Programme
from encoder.released.programmes.sheets import ProgrammeList
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.presets.proposal import DEFAULT_FIELDS, OPTIONAL_FIELDS
from encoder.source.readers import read_columns
from encoder.steps.inspect import inspect_source
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import FieldKind

_KINDS: Mapping[str, FieldKind] = {
    each.name: each.kind for each in (*DEFAULT_FIELDS, *OPTIONAL_FIELDS)
}


def list_of_file(
    path: Path,
    programme: Programme,
    present: PresentChoice,
    *,
    day: date,
    seed: str | None = None,
    mapping: SourceMapping | None = None,
    advance: Advance = lambda step: None,
) -> ProgrammeList:
    """Judge all rows of a file. A person is a valid NIK, else a record id, else the row itself.

    Without a seed, the lottery follows from the content of the file and the programme's id.
    """
    _require_no_release(programme)
    found = inspect_source(path)
    used = mapping or found.mapping
    names = tuple(name for name in found.columns if name and found.columns.count(name) == 1)
    maker = CaseMaker(programme, MappedTable(names, used, _KINDS), present)
    for number, cells in counted(read_columns(path, used, names), advance):
        one_each = {name: [cell] for name, cell in zip(names, cells, strict=True)}
        record_id = "" if used.record_id is None else used.record_ids(one_each, [number])[0]
        person = nik(maker.nik_cell(cells))[0] or record_id or f"row {number}"
        maker.add(cells, RowFacts(number, person, record_id))
    table = maker.table()
    terms = Terms(day, seed or _seed_of(path, programme), table.columns.date_order)
    return ProgrammeList(evaluate(programme, table.cases, terms, table.absent), table)


def _seed_of(path: Path, programme: Programme) -> str:
    with path.open("rb") as file:
        return f"{file_digest(file, 'sha256').hexdigest()}/{programme.id}"


def _require_no_release(programme: Programme) -> None:
    for rule in programme.leaves():
        if isinstance(rule, ConfirmedBySource):
            title = rule.title.words()
            raise BadInput(
                EncoderCode.PROGRAMME_NO_RELEASE,
                Words(
                    f"Program {programme.id}, aturan '{title.id}': sebuah tabel saja tidak"
                    " memberi tahu siapa yang dikonfirmasi sumber lain.",
                    f"Programme {programme.id}, rule '{title.en}': a table alone does not tell"
                    " who is confirmed by another source.",
                ),
                Words(
                    "Pakai 'padan-encoder programme apply' dengan sebuah rilis.",
                    "Use 'padan-encoder programme apply' with a release.",
                ),
            )
