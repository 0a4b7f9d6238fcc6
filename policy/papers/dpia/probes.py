"""The attack probes' figures on the charter's encodings, next to the floors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.base.words import Words
from policy.charter import FIRST_LAW, Charter
from policy.charter.probe_report import DENSE_FLOORS, MICRO, Floor, ProbeFigure, ProbeReport
from policy.charter.shipped_probes import ASSERTED, is_shipped
from policy.gates.cases import exceptions
from policy.papers.paper import (
    DASH,
    NOT_GIVEN,
    NOT_IN_LOG,
    Code,
    Datum,
    Fact,
    Facts,
    PaperColumn,
    PaperSection,
    PaperTable,
    Text,
)
from policy.project import Entry, Project
from policy.statements import Excepted, Probed

_PROBES: dict[str, Words] = {
    "nn10": Words("tetangga terdekat yang tersisa (nn10)", "nearest neighbours kept (nn10)"),
    "nearest": Words("nama menurut pasangan terdekat", "name by the nearest known pair"),
    "ridge": Words("regresi atas bigram nama (AUC)", "regression on name bigrams (AUC)"),
    "xor-4": Words("bobot XOR empat baris (z)", "XOR weight of four rows (z)"),
    "graph": Words("pencocokan graf", "graph matching"),
    "known-1": Words("1 % baris diketahui", "1 % of rows known"),
    "known-5": Words("5 % baris diketahui", "5 % of rows known"),
    "known-20": Words("20 % baris diketahui", "20 % of rows known"),
    "iterated": Words("pencocokan graf berulang", "iterated graph matching"),
    "household": Words("kerabat serumah", "relatives of a household"),
}
_GROUPS: dict[str, Words] = {
    "year": Words("satu tahun lahir", "one year of birth"),
    "date": Words("satu tanggal lahir", "one date of birth"),
    "region": Words("sepadat daftar terbesar", "as dense as the largest list"),
    "salt": Words("satu kelompok garam", "one salt's group"),
}


def probes(project: Project) -> PaperSection:
    charter = project.charter
    reports = [(e, e.body.report) for e in project.of(Probed)]
    mine = [(e, r) for e, r in reports if r.encoding == charter.encoding_digest()]
    return PaperSection(
        "probes",
        Words("Uji serangan atas penyandian", "Attack probes on the encoding"),
        (
            Text(
                Words(
                    "Piagam dapat memperketat ambang, tidak melonggarkannya. Angka rendah"
                    " berarti serangan itu gagal, bukan bahwa tidak ada serangan yang berhasil.",
                    "A charter may tighten the floors, never loosen them. A low figure means"
                    " that this attack failed, not that none can succeed.",
                )
            ),
            Facts(
                (
                    Fact(
                        "probe_cited",
                        Words("Laporan yang dirujuk piagam", "Report cited by the charter"),
                        Code(charter.dpia.probe) if charter.dpia.probe else NOT_GIVEN,
                    ),
                    Fact(
                        "probe_logged",
                        Words("Laporan tentang penyandian ini di log", "Reports on it in the log"),
                        tuple(part for each in mine for part in _logged(*each)) or NOT_IN_LOG,
                    ),
                    Fact(
                        "exceptions",
                        Words("Pengecualian pejabat PDP", "Exceptions by a DPO"),
                        tuple(_exceptions(project)) or Words("tidak ada", "none"),
                    ),
                )
            ),
            PaperTable(
                "figures",
                Words("Hasil", "Figures"),
                (
                    PaperColumn("report", Words("Laporan", "Report")),
                    PaperColumn("probe", Words("Serangan", "Probe")),
                    PaperColumn("group", Words("Di dalam", "Inside")),
                    PaperColumn("figure", Words("Hasil", "Figure")),
                    PaperColumn("floor", Words("Ambang", "Floor")),
                    PaperColumn("holds", Words("Tahan", "Withstood")),
                ),
                tuple(row for _, report in mine for row in _figures(_asked(charter), report)),
                NOT_IN_LOG.why,
            ),
        ),
        duties=(10,),
    )


def _asked(charter: Charter) -> tuple[Floor, ...]:
    dense = () if charter.law == FIRST_LAW else DENSE_FLOORS
    return (*charter.dpia.floors, *dense)


def _logged(entry: Entry, report: ProbeReport) -> tuple[Datum, ...]:
    who, rows, known = entry.statement.sender, report.rows, report.known
    small = ("", "") if report.enough else ("; grup terlalu kecil", "; groups too small")
    origin = Words("", "")
    if is_shipped(report.digest()):
        origin = Words(f"; {ASSERTED.id}", f"; {ASSERTED.en}")
    return (
        Code(report.digest()),
        Words(
            f"dicatat {who}; {rows} orang, {known} pasangan dikenal penyerang{small[0]}{origin.id}",
            f"logged by {who}; {rows} people, {known} pairs known to the attacker{small[1]}"
            f"{origin.en}",
        ),
    )


def _exceptions(project: Project) -> Iterator[Words]:
    standing = exceptions(project)
    for entry in project.of(Excepted):
        body = entry.body
        ended = ("", "") if entry in standing else (", sudah diakhiri", ", ended since")
        yield Words(
            f"{body.rule}, oleh {entry.statement.sender}, {body.reference}, sampai"
            f" {body.until}{ended[0]}",
            f"{body.rule}, by {entry.statement.sender}, {body.reference}, until"
            f" {body.until}{ended[1]}",
        )


def _figures(asked: Sequence[Floor], report: ProbeReport) -> Iterator[tuple[Datum, ...]]:
    floors = {(floor.probe, floor.group): floor for floor in asked}
    for figure in report.figures:
        # A floor applies only within its own group.
        floor = floors.get((figure.probe, figure.group))
        yield (
            Code(report.digest()[:12]),
            _PROBES.get(figure.probe, Words(figure.probe, figure.probe)),
            _GROUPS[figure.group],
            _number(figure.micro),
            _bound(floor),
            _holds(floor, figure),
        )


def _bound(floor: Floor | None) -> Words:
    if floor is None:
        return Words("tanpa ambang", "no floor")
    sign, value = "≤" if floor.at_most else "≥", _number(floor.micro)
    return Words(f"{sign} {value.id}", f"{sign} {value.en}")


def _holds(floor: Floor | None, figure: ProbeFigure) -> Words:
    if floor is None:
        return DASH
    return Words("ya", "yes") if floor.holds(figure) else Words("TIDAK", "NO")


def _number(micro: int) -> Words:
    english = f"{micro / MICRO:.3f}"
    return Words(english.replace(".", ","), english)
