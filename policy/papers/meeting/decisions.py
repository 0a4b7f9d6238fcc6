"""The section of what was released and sent, to whom and why, from the log."""

from __future__ import annotations

from collections.abc import Iterable

from policy.base.dates import at_second, long_day
from policy.base.words import Words
from policy.charter import Charter, LawId
from policy.charter.source_names import domain_title
from policy.charts.page import Cell, Notes, ReportTable, Section
from policy.gates.rules import failing
from policy.papers.meeting.names import DASH, name_of, names_of
from policy.project import Project, ReleaseRecord
from policy.project.progress import TRANSFER_STATES
from policy.statements import Approval, TransferRequest


def releases(project: Project, at: int) -> Section:
    """Every release and transfer of attributes that was asked for, as of `at` (Unix seconds)."""
    charter = project.charter
    purpose, title = charter.purpose.text, charter.title
    basis = Notes(
        "basis",
        (
            Words(f"Kegiatan: {title.id}.", f"Activity: {title.en}."),
            Words(f"Tujuan: {purpose.id}.", f"Purpose: {purpose.en}."),
            *(
                Words(f"Dasar: {each.text}.", f"Basis: {each.text}.")
                for each in charter.lawful_basis.citations
            ),
        ),
    )
    rows = tuple(_release(project, each) for each in project.releases())
    heads = (
        Words("Rilis", "Release"),
        Words("Diminta", "Requested by"),
        Words("Daftar yang dipadankan", "Lists linked"),
        Words("Putusan", "Decision"),
        Words("Disetujui", "Approved by"),
        Words("Penerima", "Recipients"),
        Words("Dibuka", "Opened"),
    )
    table = ReportTable("releases", Words("Rilis menurut log", "Releases by the log"), heads, rows)
    return Section(
        "releases",
        Words("Apa yang dirilis, kepada siapa, dan mengapa", "What was released, to whom and why"),
        Words(
            "Setiap baris adalah permintaan di log, dengan putusan dan persetujuannya.",
            "Each row is a request in the log, with its decision and approvals.",
        ),
        (basis, table, *([_transfers(project, at)] if project.transfers() else [])),
    )


def _transfers(project: Project, at: int) -> ReportTable:
    """Columns that an agency sent to another under match IDs, each a decision of its own."""
    charter = project.charter
    heads = (
        Words("Pengiriman", "Transfer"),
        Words("Dari", "From"),
        Words("Kepada", "To"),
        Words("Kolom", "Columns"),
        Words("Keadaan", "State"),
        Words("Disetujui", "Approved by"),
    )
    rows = tuple(
        (
            each.name,
            name_of(project, each.sender),
            name_of(project, each.request.body.recipient),
            _columns(charter, each.request.body),
            TRANSFER_STATES[each.state(at)],
            names_of(project, (v.sender for v in each.votes if v.body.approves)),
        )
        for each in project.transfers()
    )
    return ReportTable(
        "transfers", Words("Atribut yang dikirim", "Attributes that were sent"), heads, rows
    )


def _columns(charter: Charter, asked: TransferRequest) -> Words:
    """The titles of the columns by the charter; a column that it no longer has keeps its name."""
    titles = {
        column.name: column.title.words()
        for each in charter.attributes
        if (each.dataset, each.recipient) == (asked.dataset, asked.recipient)
        for column in each.columns
    }
    found = [titles.get(name, Words(name, name)) for name in asked.columns]
    return Words(", ".join(t.id for t in found), ", ".join(t.en for t in found))


def _release(project: Project, record: ReleaseRecord) -> tuple[Cell, ...]:
    decision = record.decision
    approvals = decision.body.approvals if decision else ()
    approvers = (project.entry(digest, Approval).statement.sender for digest in approvals)
    files = record.released_files
    opened = sum(each.is_opened for each in files)
    return (
        record.name,
        name_of(project, record.request.sender),
        _domains(project.charter, record.domains),
        _decided(project.charter.law, record),
        names_of(project, approvers),
        names_of(project, sorted(record.recipients)),
        Words(f"{opened} dari {len(files)} berkas", f"{opened} of {len(files)} files")
        if files
        else DASH,
    )


def _domains(charter: Charter, names: Iterable[str]) -> Words:
    titles = [domain_title(charter, each) for each in names]
    return Words("; ".join(t.id for t in titles), "; ".join(t.en for t in titles))


def _decided(law: LawId, record: ReleaseRecord) -> Words:
    if record.decision is None:
        return Words("belum diputuskan", "not decided yet")
    day = long_day(at_second(record.decision.body.at).date())
    if record.is_released:
        return Words(f"dirilis {day.id}", f"released on {day.en}")
    rules = failing(law, record.decision.body.rules)
    return Words(
        f"ditolak {day.id}. Tidak terpenuhi: {rules.id}",
        f"refused on {day.en}. Not fulfilled: {rules.en}",
    )
