"""Usage of population data in one semester (Permendagri 102/2019): it counts acts, not people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from policy.base.dates import WIB, at_second
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.papers import agreed
from policy.papers.paper import (
    BY_HAND,
    NOT_GIVEN,
    Code,
    Datum,
    Fact,
    Facts,
    Missing,
    Paper,
    PaperColumn,
    PaperSection,
    PaperTable,
    SignatureBlock,
    Text,
)
from policy.papers.reading import Reading
from policy.project import Entry, Project, sealed_of
from policy.statements import (
    Accepted,
    Body,
    Decided,
    Received,
    ReleaseRequest,
    RunFinished,
    RunOrder,
    Withdrawn,
)

B = TypeVar("B", bound=Body)

_NO_DUKCAPIL = Missing(
    Words(
        "piagam ini tidak menyebut Dukcapil sebagai sumber",
        "this charter names no population register (Dukcapil) as source",
    )
)
_WITHHELD = Words(
    "Jumlah orang yang padan tidak dicantumkan: hanya penyetuju, pejabat PDP, dan auditor yang"
    " boleh membuka komitmennya.",
    "How many people matched is not stated: only approvers, the DPO and the auditor may open that"
    " commitment.",
)


@dataclass(frozen=True)
class Semester:
    """January to June, or July to December, in the capital's time zone (WIB)."""

    year: int
    half: int

    @classmethod
    def of(cls, moment: datetime) -> Semester:
        here = moment.astimezone(WIB)
        return cls(here.year, 1 if here.month <= 6 else 2)

    @classmethod
    def parse(cls, text: str) -> Semester:
        """A semester from YEAR-1 or YEAR-2; raises BadInput."""
        found = re.fullmatch(r"(20\d\d)-([12])", text)
        if found is None:
            raise BadInput(
                PolicyCode.PAPERS_SEMESTER,
                Words("Semester ditulis TAHUN-1 atau TAHUN-2.", "Write YEAR-1 or YEAR-2."),
                Words("Contoh: 2026-2.", "For example: 2026-2."),
            )
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    def holds(self, seconds: int) -> bool:
        return self.first <= at_second(seconds).astimezone(WIB).date() <= self.last


def usage_report(reading: Reading, now: datetime, semester: Semester) -> Paper:
    """The report of one semester."""
    project = reading.project
    half = ("", "I", "II")[semester.half]
    return Paper(
        kind="usage-report",
        title=Words(
            f"Laporan pemanfaatan data, semester {half} {semester.year}",
            f"Report on the use of data, semester {half} of {semester.year}",
        ),
        law="Permendagri 102/2019",
        origin=reading.origin(now),
        sections=(
            _basis(project, semester, now),
            PaperSection(
                "use",
                Words("Pemanfaatan", "Use"),
                (
                    Text(_WITHHELD),
                    _counts(project, semester),
                    _by_party(project, semester),
                    _sent(project, semester),
                ),
                duties=(19,),
            ),
            PaperSection(
                "return",
                Words("Data balikan dan kendala", "Returned data and difficulties"),
                (
                    Facts(
                        (
                            Fact("returned", Words("Data balikan", "Data returned"), BY_HAND),
                            Fact("difficulties", Words("Kendala", "Difficulties"), BY_HAND),
                        )
                    ),
                ),
            ),
        ),
        signatures=(
            SignatureBlock(Words("Pelapor", "Reporting officer")),
            SignatureBlock(Words("Penanggung jawab", "Responsible official")),
        ),
    )


def _basis(project: Project, semester: Semester, now: datetime) -> PaperSection:
    charter = project.charter
    uses = charter.dukcapil is not None or any(d.source == "dukcapil" for d in charter.datasets)
    missing = NOT_GIVEN if uses else _NO_DUKCAPIL
    terms = charter.dukcapil
    over = semester.last < now.astimezone(WIB).date()
    return PaperSection(
        "basis",
        Words("Dasar akses dan masa laporan", "Basis of access, and period"),
        (
            Facts(
                (
                    Fact(
                        "pks_number",
                        Words("Nomor PKS Dukcapil", "Dukcapil agreement (PKS) number"),
                        terms.pks_number if terms else missing,
                    ),
                    Fact(
                        "pks_valid_until",
                        Words("PKS berlaku sampai", "PKS valid until"),
                        terms.valid_until if terms else missing,
                    ),
                    Fact(
                        "period",
                        Words("Masa laporan", "Period"),
                        agreed.span(semester.first, semester.last),
                    ),
                    Fact(
                        "closed",
                        Words("Keadaan masa laporan", "State of the period"),
                        Words("sudah berakhir", "over")
                        if over
                        else Words(
                            "masih berjalan; angka sementara", "still running; figures so far"
                        ),
                    ),
                    Fact(
                        "addressee",
                        Words("Alamat dan batas penyampaian", "Addressee and due date"),
                        BY_HAND,
                        Words(
                            "kepada siapa dan kapan laporan disampaikan, dan bentuk bakunya",
                            "to whom and by when it is due, and its prescribed form",
                        ),
                    ),
                )
            ),
            agreed.agreements(project, ("pks",)),
        ),
        duties=(19,),
    )


def _counts(project: Project, semester: Semester) -> Facts:
    decided = [e.body for e in _within(project.of(Decided), semester)]
    released = sum(each.is_released for each in decided)

    def count(body: type[Body]) -> int:
        return sum(1 for _ in _within(project.of(body), semester))

    return Facts(
        (
            Fact("orders", Words("Pemadanan diperintahkan", "Runs ordered"), count(RunOrder)),
            Fact("runs", Words("Pemadanan dijalankan", "Runs executed"), count(RunFinished)),
            Fact("requests", Words("Rilis diminta", "Releases requested"), count(ReleaseRequest)),
            Fact("released", Words("Rilis dikabulkan", "Releases granted"), released),
            Fact("refused", Words("Rilis ditolak", "Releases refused"), len(decided) - released),
            Fact("receipts", Words("Berkas dibuka penerima", "Files opened"), count(Received)),
            Fact(
                "withdrawals",
                Words("Penarikan atas keberatan subjek", "Withdrawals after objections"),
                count(Withdrawn),
            ),
        )
    )


def _by_party(project: Project, semester: Semester) -> PaperTable:
    def by(body: type[Body], party: str) -> int:
        return sum(e.statement.sender == party for e in _within(project.of(body), semester))

    return PaperTable(
        "by_party",
        Words("Menurut pihak", "By party"),
        (
            PaperColumn("party", Words("Pihak", "Party")),
            PaperColumn("orders", Words("Perintah pemadanan", "Runs ordered")),
            PaperColumn("requests", Words("Permintaan rilis", "Releases requested")),
            PaperColumn("receipts", Words("Berkas dibuka", "Files opened")),
        ),
        tuple(
            (
                agreed.name_of(project, party),
                by(RunOrder, party),
                by(ReleaseRequest, party),
                by(Received, party),
            )
            for party in project.charter.party_ids
        ),
    )


def _sent(project: Project, semester: Semester) -> PaperTable:
    """Rows that owners declared in signed manifests, including canaries."""
    charter = project.charter

    def rows() -> Iterable[tuple[Datum, ...]]:
        for entry in _within(project.of(Accepted), semester):
            accepted = entry.body
            sent = sealed_of(project.entry(accepted.bundle)).sent
            dataset = charter.dataset(accepted.dataset)
            yield (
                Code(dataset.id),
                Code(dataset.owner),
                at_second(accepted.at),
                sent,
            )

    return PaperTable(
        "sent",
        Words("Sandi yang diterima layanan", "Encodings that the service accepted"),
        (
            PaperColumn("dataset", Words("Daftar", "List")),
            PaperColumn("owner", Words("Pemilik", "Owner")),
            PaperColumn("at", Words("Diterima layanan", "Accepted by the service")),
            PaperColumn(
                "rows",
                Words("Baris menurut manifes, dengan kenari", "Rows by manifest, with canaries"),
            ),
        ),
        tuple(rows()),
    )


def _within(entries: Iterable[Entry[B]], semester: Semester) -> Iterable[Entry[B]]:
    return (entry for entry in entries if semester.holds(entry.body.at))
