"""The whole report, from a log and the files that parties choose to give.

The log has no counts of matches. They come from the recipients' coverage files, which were
protected where they were made, and from the facts in an auditor's bundle, which are protected here.
Of one domain the report has one of the two, so that nothing follows from their difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.base.dates import WIB, long_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.charts.page import Notes, ReportPage, Section
from policy.gates.coverage import Coverage
from policy.gates.facts import OpenedFacts, ReleaseFacts
from policy.gates.pooling import CellFloor
from policy.gates.reverse_coverage import ReverseCoverage, given_for, reverse_of
from policy.gates.suppression import PublishedTable, release_table
from policy.papers.meeting import log
from policy.papers.meeting.coverage import coverage_sections
from policy.papers.meeting.decisions import releases
from policy.papers.meeting.quality import CalibrationFile, estimated, measured, quality_section
from policy.papers.reading import Reading
from policy.project import Project


@dataclass(frozen=True)
class Given:
    """What parties gave for the report. `facts` are those of an evidence bundle, by commitment."""

    coverages: Sequence[Coverage] = ()
    reverse: Sequence[ReverseCoverage] = ()
    calibrations: Sequence[CalibrationFile] = ()
    facts: Mapping[str, OpenedFacts | None] | None = None


def meeting_report(reading: Reading, now: datetime, given: Given) -> ReportPage:
    """The report; raises BadInput for a coverage file of another log."""
    project, charter = reading.project, reading.project.charter
    for coverage in given.coverages:
        _require_of_this_log(project, coverage)
    _require_once(given.coverages)
    moment, title = long_moment(now), charter.title
    tables = _facts(project, given)
    smallest = charter.release.minimum_cell
    strata = list(measured(project))
    strata += [each for file in given.calibrations for each in estimated(file, charter)]
    sections = [
        log.sources(project),
        *list_sections(charter, given),
        *([log.published_overlaps(charter, tables)] if tables else []),
        quality_section(strata),
        releases(project, int(now.timestamp())),
        log.destruction(project, now.astimezone(WIB).date()),
        _origin(reading, now, len(given.coverages)),
    ]
    return ReportPage(
        "meeting",
        Words(
            f"Laporan pemadanan untuk Forum Satu Data · {moment.id}",
            f"Linkage report for Forum Satu Data · {moment.en}",
        ),
        Words(title.id, title.en),
        Words(
            f"Hanya jumlah dan keputusan; tidak ada seorang pun di dalamnya. Setiap hitungan orang"
            f" memuat {smallest} orang atau lebih.",
            f"Counts and decisions alone; no person is in it. Every count of people has {smallest}"
            " people or more.",
        ),
        tuple(log.numbers(project)),
        tuple(sections),
        Words(
            "Dibuat oleh Padan dari log yang disaksikan, tanpa jaringan. Padan bukan berarti"
            " berhak; orang yang memutuskan.",
            "Made by Padan from the witnessed log, without a network. A match is not an"
            " entitlement; people decide.",
        ),
    )


def list_sections(charter: Charter, given: Given) -> Iterator[Section]:
    """The sections of every list, in the order given.

    If both lists of a domain are given, people on both are told by the areas of the first alone,
    and of the second those who are on it only: what two counts of the same people by two addresses
    tell together, nobody protected. A list whose own people by area an earlier section told has no
    areas for any other source either: its people less those would be the same people again.
    """
    told: set[tuple[str, str]] = set()
    missing: set[tuple[str, str]] = set()
    for coverage in given.coverages:
        release = coverage.release
        reverse = {(e.domain, e.on_list): e for e in given.reverse if e.release == release}
        for other in given.coverages:
            for each in _from_both(charter, other, coverage):
                reverse.setdefault((each.domain, each.on_list), each)
        without = {domain for name, domain in told if name == release}
        mine = [each for each in reverse.values() if each.domain not in without]
        yield from coverage_sections(
            charter=charter,
            coverage=coverage,
            reverse=mine,
            prefix=f"{coverage.dataset}-",
            without=without,
            with_areas=(release, coverage.dataset) not in missing,
        )
        told |= {(release, each.domain) for each in coverage.shown}
        missing |= {(release, each.dataset) for each in given_for(coverage, mine).values()}


def _from_both(charter: Charter, other: Coverage, coverage: Coverage) -> Iterator[ReverseCoverage]:
    """What the other list's own coverage says of people who are not on this one."""
    both = {other.dataset, coverage.dataset}
    shared = (e for e in other.shown if set(charter.domain(e.domain).datasets) == both)
    if other.release == coverage.release and len(both) > 1 and any(True for _ in shared):
        yield reverse_of(other, charter, coverage.dataset)


def _facts(project: Project, given: Given) -> dict[str, PublishedTable]:
    """Protected tables of the released releases whose facts are there, by release."""
    covered = {(c.release, each.domain) for c in given.coverages for each in c.sources}
    covered |= {(c.release, domain) for c in given.coverages for domain in c.left_out}
    found = {}
    for record in project.releases():
        stage = record.released_stage
        opened = (given.facts or {}).get(stage.body.facts) if stage else None
        if stage is None or opened is None:
            continue
        opened.require(stage.body.facts)
        if isinstance(opened.facts, ReleaseFacts):
            domains = {
                name: each
                for name, each in opened.facts.domains.items()
                if (record.name, name) not in covered
            }
            if domains:
                facts = opened.facts.model_copy(update={"domains": domains})
                found[record.name] = release_table(project.charter, facts)
    return found


def _require_of_this_log(project: Project, coverage: Coverage) -> None:
    """Raises BadInput unless the coverage is of a release of this log, under its charter."""
    charter = project.charter
    record = project.release(coverage.release)
    stage = record.released_stage if record.is_requested else None
    fits = (
        stage is not None
        and coverage.stage == stage.digest
        and (coverage.project, coverage.epoch) == (charter.project, charter.epoch)
        and coverage.dataset in charter.dataset_ids
        and charter.dataset(coverage.dataset).owner == coverage.owner
    )
    if not fits:
        raise BadInput(
            PolicyCode.PAPERS_COVERAGE_OTHER,
            Words(
                f"Cakupan {coverage.dataset} bukan dari rilis di log ini.",
                f"The coverage of {coverage.dataset} is not of a release of this log.",
            ),
            Words(
                "Pakai bundel bukti dan cakupan dari proyek yang sama.",
                "Use an evidence bundle and coverage files of the same project.",
            ),
        )
    coverage.require_protected(CellFloor.of(charter.release))


def _require_once(coverages: Sequence[Coverage]) -> None:
    """Raises BadInput for two coverages of one dataset: their difference is few persons."""
    named = [each.dataset for each in coverages]
    twice = next((each for each in named if named.count(each) > 1), None)
    if twice is not None:
        raise BadInput(
            PolicyCode.PAPERS_COVERAGE_TWICE,
            Words(
                f"Dua cakupan untuk {twice}: selisihnya dapat menunjukkan beberapa orang.",
                f"Two coverages of {twice}: their difference can show a few persons.",
            ),
            Words("Beri satu berkas per daftar.", "Give one file for each list."),
        )


def _origin(reading: Reading, now: datetime, coverages: int) -> Section:
    project = reading.project
    moment = long_moment(now)
    return Section(
        "origin",
        Words("Dari mana laporan ini", "Where this report comes from"),
        Words(
            "Siapa pun yang memegang bundel bukti dapat memeriksanya: 'padan-policy verify'.",
            "Who holds the evidence bundle can check it: 'padan-policy verify'.",
        ),
        (
            Notes(
                "origin",
                (
                    Words(
                        f"Log: {project.size} entri, {reading.witnessed} di antaranya disaksikan;"
                        f" akar {reading.root}.",
                        f"Log: {project.size} entries, {reading.witnessed} of them witnessed; root"
                        f" {reading.root}.",
                    ),
                    Words(
                        f"Sidik piagam {project.charter_digest}; sidik roster"
                        f" {project.roster_digest}.",
                        f"Digest of the charter {project.charter_digest}; of the roster"
                        f" {project.roster_digest}.",
                    ),
                    Words(
                        f"Cakupan dari {coverages} daftar diberikan penerimanya; log tidak"
                        " membuktikannya.",
                        f"Coverage of {coverages} list{'s' * (coverages != 1)} was given by"
                        " recipients; the log does not prove it.",
                    ),
                    Words(f"Disusun {moment.id}.", f"Compiled {moment.en}."),
                ),
            ),
        ),
    )
