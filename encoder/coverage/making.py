"""The coverage of one release at its recipient: counted once, kept, and given again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from encoder.coverage.counting import count
from encoder.coverage.kept import keep, kept
from encoder.coverage.protecting import protect
from encoder.coverage.reverse import not_on_list
from encoder.error_codes import EncoderCode
from encoder.lists.joined import JoinedTable
from encoder.steps.check_release import OpenedFile
from encoder.steps.workspace import Workspace
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.charter.words import Bilingual
from policy.gates.coverage import Coverage
from policy.gates.pooling import Floor


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

    Raises NotYet if no file of the release says who matched, otherwise as `protect` and `keep`.
    """
    session, charter = workspace.session, workspace.session.charter
    if not table.sources:
        raise _nothing_known(release, dataset)
    record, floor = session.project.release(release), Floor.of(charter.release)
    telling = [each for each in opened if each.file.form == "membership"]
    reverse = {each.file.domain: not_on_list(charter, record, each) for each in telling}
    exact = count(table.rows(), table.sources)
    counts = protect(exact, floor, reverse)
    used = {source.domain for source in exact.sources}
    agreed = charter.dataset(dataset)
    coverage = Coverage(
        project=charter.project,
        epoch=charter.epoch,
        release=release,
        stage=record.require_stage().digest,
        dataset=dataset,
        owner=agreed.owner,
        title=Bilingual(id=agreed.title.id, en=agreed.title.en),
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
    keep(workspace.folder, coverage)
    return coverage


def _nothing_known(release: str, dataset: str) -> NotYet:
    return NotYet(
        EncoderCode.COVERAGE_NOTHING,
        Words(
            f"{release} tidak memberi tahu siapa di {dataset} yang padan.",
            f"{release} does not tell who of {dataset} matched.",
        ),
        Words(
            "Cakupan dihitung penerima yang boleh tahu baris mana yang padan ('learn').",
            "Coverage is counted by a recipient that may learn which rows matched ('learn').",
        ),
    )
