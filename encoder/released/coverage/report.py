"""The coverage of one list as a report page."""

from __future__ import annotations

from collections.abc import Sequence

from policy.base.dates import long_day, read_day
from policy.base.words import Words
from policy.charter import Charter
from policy.charts.page import ReportPage
from policy.gates.coverage import Coverage
from policy.gates.reverse_coverage import ReverseCoverage
from policy.papers.meeting.coverage import coverage_sections, headline


def report(
    coverage: Coverage, charter: Charter, reverse: Sequence[ReverseCoverage] = ()
) -> ReportPage:
    """The page for the officer, and for those to whom the agency gives it.

    `reverse` is what owners of other lists gave about people who are not on this one.
    """
    title, day = coverage.title.words(), long_day(read_day(coverage.counted_on))
    return ReportPage(
        "coverage",
        Words(
            f"Cakupan dan salah sasaran · dihitung {day.id}",
            f"Coverage and errors of targeting · counted on {day.en}",
        ),
        title,
        Words(
            f"Berapa orang di daftar ini dikonfirmasi sumber lain menurut {coverage.release}."
            " Halaman ini hanya memuat jumlah.",
            f"How many people on this list other sources confirmed, by {coverage.release}. This"
            " page holds counts alone.",
        ),
        headline(coverage),
        coverage_sections(coverage, charter, reverse),
        Words(
            "Dibuat oleh Padan di komputer penerima. Padan bukan berarti berhak; orang yang"
            " memutuskan.",
            "Made by Padan on the recipient's own machine. A match is not an entitlement; people"
            " decide.",
        ),
    )
