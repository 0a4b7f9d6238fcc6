"""How many people of another source are not on one's own list: a band, from the log alone.

Nobody tells a recipient which rows of another agency matched, nor how many of them an area has. All
parties know from the log how many rows each agency sent. That number less one's own matches is what
a recipient can work out anyway, for the whole list only:

- the ID domain has just these two lists, so that a match is with that source;
- the run gives one row at most one partner, so that rows of both sides are equally many;
- it is said in the bands in which data owners may know counts (`policy.gates.bands`), and not at
  all below the smallest cell.

Exact counts are in the facts of the release, which approvers, data protection officers and auditors
may open (`padan-policy papers meeting-report`).
"""

from __future__ import annotations

from encoder.steps.check_release import OpenedFile
from policy.charter import Charter
from policy.formats.http_api import CountBand
from policy.gates.bands import Bands
from policy.project import ReleaseRecord
from policy.project.canary_counts import canaries_in
from policy.project.row_counts import change_since, rows_of


def not_on_list(charter: Charter, record: ReleaseRecord, opened: OpenedFile) -> CountBand | None:
    """The band of the other list's people without a match here; None if unknown or small."""
    datasets = charter.domain(opened.file.domain).datasets
    others = [each for each in datasets if each != opened.file.dataset]
    if len(others) != 1 or charter.matching.cardinality != "one-to-one":
        return None
    stage, run = record.require_stage(), record.run
    gone = change_since(record.project.until(stage.index), others[0], run.order.index).gone
    rows = rows_of(run.before_order(), others[0]) - gone
    people = rows - canaries_in(record.project, others[0])
    matched = len({row.handle for row in opened.rows})
    band = Bands(charter.release.minimum_cell).of(max(0, people - matched))
    return band if band.low else None
