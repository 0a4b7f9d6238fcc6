"""The coverage of one list as a report page, and as one table."""

from __future__ import annotations

from collections.abc import Iterator

from policy.base.dates import long_day, read_day
from policy.base.words import Words
from policy.charts.page import ReportPage
from policy.gates.coverage import Coverage
from policy.papers.meeting.coverage import coverage_sections, headline
from policy.terminal.table_files import Row

HEADER = ("tingkat", "kecamatan", "kelurahan", "sumber", "dikonfirmasi", "belum", "orang")


def report(coverage: Coverage) -> ReportPage:
    """The page for the officer, and for those to whom the agency gives it."""
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
        coverage_sections(coverage),
        Words(
            "Dibuat oleh Padan di komputer penerima. Padan bukan berarti berhak; orang yang"
            " memutuskan.",
            "Made by Padan on the recipient's own machine. A match is not an entitlement; people"
            " decide.",
        ),
    )


def rows(coverage: Coverage) -> Iterator[Row]:
    """One row for each area and source that is shown; pooled areas say how many they are."""
    shown = coverage.shown
    for source in shown:
        split = (source.confirmed or 0, source.not_confirmed or 0)
        yield ("daftar", "", "", source.domain, *split, coverage.people)
    for level, areas in (("kecamatan", coverage.districts), ("kelurahan", coverage.areas)):
        for area in areas:
            others = f"{area.pooled} {level} lainnya"
            district = others if area.pooled and level == "kecamatan" else area.district
            village = others if area.pooled and level == "kelurahan" else area.area
            for source, each in zip(shown, area.sources, strict=True):
                counts = (each.confirmed, each.not_confirmed, each.people)
                yield (level, district, village, source.domain, *counts)
