"""The coverage of one release at its recipient: counted once, kept, and given again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from encoder.released.coverage.counting import count
from encoder.released.coverage.kept import keep, kept
from encoder.released.coverage.protecting import protect
from encoder.released.coverage.reverse import not_on_list
from encoder.released.lists.joined import JoinedTable
from encoder.steps.check_release import OpenedFile
from encoder.steps.workspace import Workspace
from policy.charter.source_names import source_title
from policy.charter.words import Bilingual
from policy.gates.coverage import Coverage
from policy.gates.pooling import CellFloor


def kept_coverage(workspace: Workspace, release: str, dataset: str) -> Coverage | None:
    """The counts made before; None before the first ones."""
    return kept(workspace.folder, release, dataset)


def make_coverage(
    workspace: Workspace,
    release: str,
    dataset: str,
    table: JoinedTable,
    opened: Sequence[OpenedFile],
    today: date,
) -> Coverage:
    """Count, protect and keep the coverage.

    Raises as `protect` and `keep`.
    """
    session, charter = workspace.session, workspace.session.charter
    record, floor = session.project.release(release), CellFloor.of(charter.release)
    telling = [each for each in opened if each.file.form == "membership"]
    reverse = {each.file.domain: not_on_list(charter, record, each) for each in telling}
    exact = count(table.rows(), table.sources)
    counts = protect(exact, floor, reverse)
    used = {source.domain for source in exact.sources}
    title = source_title(charter, dataset)
    coverage = Coverage(
        project=charter.project,
        epoch=charter.epoch,
        release=release,
        stage=record.require_stage().digest,
        dataset=dataset,
        owner=charter.dataset(dataset).owner,
        title=Bilingual(id=title.id, en=title.en),
        minimum_cell=floor.minimum,
        empty_cell_allowed=floor.empty_allowed,
        counted_on=today.isoformat(),
        people=counts.people,
        deceased=counts.deceased,
        moved=counts.moved,
        sources=counts.sources,
        left_out=tuple(each.domain for each in table.sources if each.domain not in used),
        combinations=counts.combinations,
        districts=counts.districts,
        areas=counts.areas,
    )
    coverage.require_protected(floor)
    return keep(workspace.folder, coverage)
