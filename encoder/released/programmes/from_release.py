"""A programme's lists from a release: own columns, received ones, and other sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.lists.joined import (
    JoinedRow,
    JoinedTable,
    SourceColumn,
    Verdict,
    source_header,
)
from encoder.released.lists.list_columns import confirmed_by
from encoder.released.lists.of_release import AskedTable, charter_of, table_of
from encoder.released.lists.wording import all_in_list
from encoder.released.programmes.case_table import Advance, CaseMaker, CaseTable, RowFacts, counted
from encoder.released.programmes.cases import Caution, Truth
from encoder.released.programmes.columns import MappedTable, wanted_columns
from encoder.released.programmes.evaluation import Terms, evaluate
from encoder.released.programmes.present import PresentChoice
from encoder.released.programmes.rules import ConfirmedBySource, Programme
from encoder.released.programmes.sheets import ProgrammeList
from encoder.source.mapping import Mapping as SourceMapping
from encoder.steps.open_release import prepared_for
from encoder.steps.source_match import source_now
from encoder.steps.workspace import Workspace
from policy.base.errors import BadInput
from policy.base.words import Language, Words
from policy.charter import Charter
from policy.statements import Decided

_TRUTH = {
    Verdict.NOT_FOUND: Truth.NO,
    Verdict.TO_CHECK: Truth.UNKNOWN,
    Verdict.CONFIRMED: Truth.YES,
}
_STATES = {"meninggal": Caution.DECEASED, "pindah": Caution.MOVED}


def list_of_release(
    workspace: Workspace,
    release: str,
    dataset: str,
    programme: Programme,
    present: PresentChoice,
    *,
    day: date,
    seed: str | None = None,
    source: Path | None = None,
    mapping: Path | None = None,
    despite_changes: bool = False,
    language: Language = "id",
    advance: Advance = lambda step: None,
) -> ProgrammeList:
    """Judge all rows of a dataset by a release that was opened here; needs no network.

    Without a seed, the lottery follows from the decision in the log.
    """
    charter = charter_of(workspace, release)
    prepared = prepared_for(workspace, release, dataset)
    now = source_now(prepared, charter, source, mapping, workspace.seal())
    header = source_header(now.path, now.mapping)
    columns = wanted_columns(programme, [name for name in header if header.count(name) == 1])
    asked = AskedTable(release, dataset, source, mapping, columns, despite_changes)
    joined = table_of(workspace, asked)
    table = cases_of(joined, programme, now.mapping, charter, present, advance, language)
    drawn = seed or lottery_seed(workspace, release, programme)
    terms = Terms(day, drawn, table.columns.date_order)
    return ProgrammeList(evaluate(programme, table.cases, terms, table.absent), table, language)


def cases_of(
    table: JoinedTable,
    programme: Programme,
    mapping: SourceMapping,
    charter: Charter,
    present: PresentChoice,
    advance: Advance = lambda step: None,
    language: Language = "id",
) -> CaseTable:
    """All rows of the table; a person is a handle, so that equal rows are one person."""
    names = (*table.own, *(each.name for each in table.attributes))
    kinds = {each.name: each.kind for each in charter.fields}
    maker = CaseMaker(programme, MappedTable(names, mapping, kinds), present)
    sources = _positions(programme, table.sources)
    outside: list[int] = []
    for row in counted(table.rows(outside.append), advance):
        facts = RowFacts(
            row.number,
            row.handle.hex(),
            row.record_id,
            tuple(_TRUTH[row.verdicts[at]] for at in sources),
            _cautions(row),
            all_in_list(map(str, row.verdicts), language),
        )
        maker.add((*row.own, *row.attributes), facts)
    titles = [confirmed_by(table.sources, each, language) for each in table.sources]
    return maker.table(titles, outside)


def lottery_seed(workspace: Workspace, release: str, programme: Programme) -> str:
    """The seed: what the service signed when it decided on the release, and the programme.

    Handles were fixed in the log before that, so that nobody could choose either by its result.
    """
    session = workspace.session
    decided = session.project.named(Decided, release)[0]
    return f"{session.project_id}/{release}/{decided.digest}/{programme.id}"


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
        if isinstance(each, ConfirmedBySource) and each.confirmed_by == name
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
