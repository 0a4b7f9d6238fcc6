"""Sections about the coverage of one list: before and after, overlaps, areas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from policy.base.words import Words, number
from policy.charter import Charter
from policy.charter.source_names import domain_title
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, Notes, ReportTable, Section
from policy.charts.stacked import StackedBars, StackedPart, StackedRow
from policy.charts.upset import Combination, UpsetPlot
from policy.gates.bands import in_words
from policy.gates.coverage import Coverage, SourceCounts
from policy.gates.reverse_coverage import ReverseCoverage, given_for
from policy.papers.meeting.areas import areas_section, left_out
from policy.papers.meeting.missing import missing_section
from policy.papers.meeting.who_counted import where_from

_PARTS = (
    StackedPart(Words("belum dipadankan", "not linked yet"), "track"),
    StackedPart(Words("dikonfirmasi", "confirmed"), "good"),
    StackedPart(Words("perlu dicek", "to check"), "look"),
    StackedPart(Words("tidak ditemukan", "not found"), "plain"),
    StackedPart(Words("tidak ditemukan atau perlu dicek", "not found or to check"), "plain"),
)
_UNKNOWN = Words("tidak diketahui", "not known")
_NONE = Words("-", "-")
_SHARE = Words("Bagian", "Share")
_SOURCE = Words("Sumber", "Source")
_CONFIRMED = Words("Dikonfirmasi", "Confirmed")


def headline(coverage: Coverage) -> tuple[tuple[Words, Cell], ...]:
    """The numbers that a page about this list begins with."""
    shares = tuple(
        (
            Words(f"dikonfirmasi {each.title.id}", f"confirmed by {each.title.en}"),
            Proportion(each.confirmed or 0, coverage.people),
        )
        for each in coverage.shown
    )
    return ((Words("orang di daftar", "people on the list"), coverage.people), *shares)


def coverage_sections(
    coverage: Coverage,
    charter: Charter,
    reverse: Sequence[ReverseCoverage] = (),
    prefix: str = "",
    without: Collection[str] = (),
    *,
    with_areas: bool = True,
) -> tuple[Section, ...]:
    """The sections of one list; `prefix` keeps their codes apart on a page of several lists.

    `reverse` is what owners of other lists gave about people who are not on this one. `without` are
    domains of which the other list's sections have the areas. Without `with_areas` no source is
    shown by the areas of this list.
    """
    code = f"{prefix}coverage"
    given = given_for(coverage, reverse)
    sections = [_before_and_after(coverage, f"{code}-list", charter, given, without)]
    if coverage.combinations and len(coverage.shown) > 1:
        sections.append(_overlaps(coverage, f"{code}-overlaps"))
    if coverage.districts and any(each.domain not in without for each in coverage.shown):
        areas = f"{code}-areas"
        sections.append(areas_section(coverage, areas, without) if with_areas else left_out(areas))
    if any(each.districts for each in given.values()):
        sections.append(missing_section(coverage, given, f"{code}-missing"))
    return tuple(sections)


def _before_and_after(
    coverage: Coverage,
    code: str,
    charter: Charter,
    given: Mapping[str, ReverseCoverage],
    without: Collection[str],
) -> Section:
    title = coverage.title.words()
    bars = StackedBars(
        code,
        Words("Daftar sebelum dan sesudah pemadanan", "The list before and after linkage"),
        Words(
            "Baris pertama: daftar hari ini. Baris berikutnya: yang diketahui dari tiap sumber.",
            "First bar: the list as it is today. Next bars: what each source tells.",
        ),
        _PARTS,
        (
            StackedRow(Words("Sebelum", "Before"), (coverage.people, None, None, None, None)),
            *(_after(each) for each in coverage.shown),
        ),
    )
    return Section(
        code,
        Words(f"Cakupan: {title.id}", f"Coverage: {title.en}"),
        Words(
            f"Dihitung penerima dari {coverage.release}. Tiap hitungan memuat sedikitnya"
            f" {coverage.minimum_cell} orang.",
            f"Counted by the recipient from {coverage.release}. Every count has at least"
            f" {coverage.minimum_cell} people.",
        ),
        (
            Figure(bars.title, bars.about, bars, _sources(coverage, code, given)),
            Notes(code + "-notes", _notes(coverage, charter, given, without)),
        ),
    )


def _after(source: SourceCounts) -> StackedRow:
    undivided = source.not_confirmed if source.not_found is None else None
    name = Words(f"Sesudah: {source.title.id}", f"After: {source.title.en}")
    return StackedRow(name, (None, source.confirmed, source.to_check, source.not_found, undivided))


def _sources(coverage: Coverage, code: str, given: Mapping[str, ReverseCoverage]) -> ReportTable:
    return ReportTable(
        code,
        Words(
            f"Yang dikatakan tiap sumber tentang {number(coverage.people).id} orang di daftar",
            f"What each source says of the {number(coverage.people).en} people on the list",
        ),
        (
            _SOURCE,
            _CONFIRMED,
            Words("Perlu dicek", "To check"),
            Words("Di daftar, tidak di sumber", "On the list, not at the source"),
            Words("Di sumber, tidak di daftar", "At the source, not on the list"),
        ),
        tuple(
            (
                each.title.words(),
                each.confirmed,
                each.to_check if each.to_check is not None else _absent(each),
                each.not_found,
                _not_on_list(each, given),
            )
            for each in coverage.sources
        ),
    )


def _not_on_list(source: SourceCounts, given: Mapping[str, ReverseCoverage]) -> Cell:
    """The count that the source's owner gave, else the band, else unknown."""
    if not source.is_shown:
        return None
    if source.domain in given:
        return given[source.domain].people
    return in_words(source.not_on_list) if source.not_on_list else _UNKNOWN


def _absent(source: SourceCounts) -> Cell:
    """Nothing to check without grades; hidden if the people not confirmed are not divided."""
    return _NONE if source.not_found is not None else None


def _notes(
    coverage: Coverage,
    charter: Charter,
    given: Mapping[str, ReverseCoverage],
    without: Collection[str],
) -> tuple[Words, ...]:
    notes = [
        Words(
            "Di daftar tetapi tidak di sumber: mungkin salah masuk (inklusi). Di sumber tetapi"
            " tidak di daftar: mungkin terlewat (eksklusi). Keduanya mungkin juga padanan yang"
            " tidak ditemukan; orang yang memeriksa dan memutuskan.",
            "On the list and not at the source: perhaps an inclusion error. At the source and not"
            " on the list: perhaps an exclusion error. Either may also be a match that was not"
            " found; people check and decide.",
        ),
        *where_from(coverage, charter, given, without),
    ]
    for count, words in (
        (coverage.deceased, Words("bertanda meninggal", "are marked as deceased")),
        (coverage.moved, Words("bertanda pindah", "are marked as moved away")),
    ):
        if count is not None:
            n = number(count)
            notes.append(
                Words(
                    f"{n.id} orang di daftar {words.id}.", f"{n.en} people on the list {words.en}."
                )
            )
    if coverage.left_out:
        titles = [domain_title(charter, each) for each in coverage.left_out]
        notes.append(
            Words(
                "Tidak dihitung, karena memuat sumber yang sudah dihitung:"
                f" {'; '.join(each.id for each in titles)}.",
                "Not counted, because they hold a source that is counted already:"
                f" {'; '.join(each.en for each in titles)}.",
            )
        )
    return tuple(notes)


def _overlaps(coverage: Coverage, code: str) -> Section:
    shown = coverage.shown
    place = {each.domain: at for at, each in enumerate(shown)}
    plot = UpsetPlot(
        code,
        Words("Siapa dikonfirmasi sumber mana saja", "Who was confirmed by which sources"),
        Words(
            "Tiap tiang satu gabungan sumber; titik di bawahnya menyebut sumbernya. Tanpa titik:"
            " tidak dikonfirmasi siapa pun.",
            "Each column is one combination of sources; the dots below name them. Without dots:"
            " confirmed by no source.",
        ),
        tuple(each.title.words() for each in shown),
        tuple(each.confirmed or 0 for each in shown),
        tuple(
            Combination(frozenset(place[name] for name in each.confirmed_by), each.people)
            for each in coverage.combinations
        ),
    )
    rows: list[tuple[Cell, ...]] = [
        (_named(each.confirmed_by, shown), each.people, Proportion(each.people, coverage.people))
        for each in sorted(coverage.combinations, key=lambda each: -each.people)
    ]
    heads = (Words("Dikonfirmasi oleh", "Confirmed by"), Words("Orang", "People"), _SHARE)
    table = ReportTable(code, plot.title, heads, tuple(rows))
    return Section(
        code,
        Words("Tumpang tindih sumber", "How the sources overlap"),
        Words(
            "Satu orang dihitung sekali, di gabungan yang persis mengonfirmasinya.",
            "Each person counts once, in the combination that confirmed them.",
        ),
        (Figure(plot.title, plot.about, plot, table),),
    )


def _named(domains: Sequence[str], shown: Sequence[SourceCounts]) -> Words:
    titles = [each.title for each in shown if each.domain in domains]
    if not titles:
        return Words("tidak satu pun", "none of them")
    return Words(" + ".join(t.id for t in titles), " + ".join(t.en for t in titles))
