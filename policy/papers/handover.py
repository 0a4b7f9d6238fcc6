"""Handover of one release (Berita Acara Serah Terima): files, recipients and their receipts."""

from __future__ import annotations

from datetime import datetime

from policy.base.dates import at_second
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.papers import agreed
from policy.papers.minutes import Meeting, all_called, minutes
from policy.papers.paper import (
    Code,
    Datum,
    Fact,
    Facts,
    Items,
    Missing,
    Paper,
    PaperColumn,
    PaperSection,
    PaperTable,
)
from policy.papers.reading import Reading
from policy.project import Entry, Project, ReleasedFile, ReleaseRecord, taken
from policy.statements import Approval, Decided
from policy.statements.kinds.received import CANARY_WORDS

_NOT_RECEIVED = Missing(Words("belum ada tanda terima", "no receipt yet"))


def handover(
    reading: Reading, now: datetime, release: str, meeting: Meeting | None = None
) -> Paper:
    """The record of a released release.

    Raises NotYet before the decision, Refused if the release was refused, otherwise as `minutes`.
    """
    project = reading.project
    record = project.release(release)
    decision, recipients = _require_released(record), sorted(record.recipients)
    unit = project.charter.linkage_unit
    giver = unit.member if unit else project.roster.service().id
    return Paper(
        kind="handover",
        title=Words(
            f"Berita Acara Serah Terima hasil pemadanan {release}",
            f"Record of handover of linkage results, {release}",
        ),
        law="UU 27/2022 Ps. 51-52; Perpres 39/2019",
        origin=reading.origin(now),
        sections=(
            _basis(project),
            _subject(record),
            _decision(record, decision),
            _conditions(project),
        ),
        minutes=minutes(
            project,
            meeting or Meeting(),
            now,
            (giver, *recipients),
            _stated(project, release, len(recipients)),
            at_second(decision.body.at),
        ),
    )


def _stated(project: Project, release: str, recipients: int) -> Words:
    """The statement that the first party hands over and the others receive."""
    title = project.charter.title
    receiving = all_called(range(2, recipients + 2))
    return Words(
        f'PIHAK PERTAMA menyerahkan hasil pemadanan {release} dari kegiatan "{title.id}" kepada'
        f" {receiving.id}, yang menerimanya, sebagaimana diuraikan di bawah ini.",
        f'The FIRST PARTY hands over the linkage results {release} of the activity "{title.en}" to'
        f" the {receiving.en}, which receives them, as set out below.",
    )


def _require_released(record: ReleaseRecord) -> Entry[Decided]:
    """The decision; raises NotYet before there is one, and Refused if it refused the release."""
    release, decision = record.name, record.decision
    if decision is None:
        raise NotYet(
            PolicyCode.PAPERS_UNDECIDED,
            Words(f"{release} belum diputuskan.", f"{release} is not decided yet."),
            Words("Berita acara dibuat setelah rilis.", "A handover follows a release."),
        )
    if record.is_refused:
        raise Refused(
            PolicyCode.PAPERS_REFUSED,
            Words(
                f"{release} ditolak; tidak ada yang diserahkan.",
                f"{release} was refused; nothing was handed over.",
            ),
            Words("Sebut rilis yang dirilis.", "Name a release that was released."),
        )
    return decision


def _basis(project: Project) -> PaperSection:
    return PaperSection(
        "agreements",
        Words("Dasar", "Basis"),
        (
            agreed.agreements(project, ("pks", "nda", "mou", "processing")),
            agreed.processor_duties(project),
            agreed.subprocessors(project),
            Facts(
                (
                    Fact(
                        "form",
                        Words("Bentuk naskah", "Form of the document"),
                        Words("susunan ini buatan sendiri", "this outline is our own"),
                        Words(
                            "tata naskah dinas instansi masing-masing",
                            "each agency's rules for official documents",
                        ),
                    ),
                )
            ),
        ),
        duties=(13,),
    )


def _subject(record: ReleaseRecord) -> PaperSection:
    project, staged = record.project, taken(record.released_stage, "decision").body
    columns = agreed.output_columns(project.charter)
    return PaperSection(
        "subject",
        Words("Yang diserahkan", "What is handed over"),
        (
            Facts(
                (
                    Fact("release", Words("Rilis", "Release"), Code(record.name)),
                    Fact("run", Words("Pernyataan pemadanan", "Run statement"), Code(staged.run)),
                    Fact("result", Words("Sidik hasil", "Result digest"), Code(staged.result)),
                    Fact(
                        "columns",
                        Words("Isi setiap baris", "Content of each row"),
                        Words(
                            f"{columns.id}; tanpa nama, NIK, skor, atau pegangan pihak lain",
                            f"{columns.en}; no name, NIK, score, or handle of another party",
                        ),
                    ),
                    Fact(
                        "rows",
                        Words("Jumlah baris", "Number of rows"),
                        Words(
                            "tidak dicantumkan; tertutup dalam komitmen fakta di bawah",
                            "not stated; closed in the commitment below",
                        ),
                    ),
                    Fact("facts", Words("Komitmen fakta", "Facts commitment"), Code(staged.facts)),
                )
            ),
            PaperTable(
                "files",
                Words("Berkas", "Files"),
                (
                    PaperColumn("recipient", Words("Penerima", "Recipient")),
                    PaperColumn("dataset", Words("Daftar", "List")),
                    PaperColumn("domain", Words("Domain ID", "ID domain")),
                    PaperColumn("form", Words("Bentuk", "Form")),
                    PaperColumn("plaintext", Words("Sidik isi", "Digest of content")),
                    PaperColumn(
                        "ciphertext", Words("Sidik berkas tersegel", "Digest of sealed file")
                    ),
                    PaperColumn("received", Words("Dibuka penerima", "Opened by recipient")),
                    PaperColumn("canaries", Words("Kenari", "Canaries")),
                ),
                tuple(_file(project, each) for each in record.released_files),
            ),
        ),
        duties=(17,),
    )


def _file(project: Project, each: ReleasedFile) -> tuple[Datum, ...]:
    received = each.received
    return (
        agreed.office(project, each.file.recipient),
        Code(each.file.dataset),
        Code(each.file.domain),
        agreed.FORMS[each.file.form],
        Code(each.file.plaintext),
        Code(each.file.ciphertext),
        each.received_at or _NOT_RECEIVED,
        CANARY_WORDS[received.canaries] if received else _NOT_RECEIVED,
    )


def _decision(record: ReleaseRecord, decision: Entry[Decided]) -> PaperSection:
    project = record.project
    approvals = [project.entry(digest, Approval) for digest in decision.body.approvals]
    return PaperSection(
        "decision",
        Words("Putusan rilis", "The release's decision"),
        (
            Facts(
                (
                    Fact(
                        "requested_by",
                        Words("Diminta oleh", "Requested by"),
                        agreed.office(project, record.request.sender),
                    ),
                    Fact(
                        "domains",
                        Words("Domain ID yang diminta", "Domains requested"),
                        tuple(map(Code, record.domains)),
                    ),
                    Fact("decided_at", Words("Diputuskan", "Decided"), at_second(decision.body.at)),
                    Fact(
                        "decision", Words("Sidik putusan", "Decision digest"), Code(decision.digest)
                    ),
                )
            ),
            PaperTable(
                "approvals",
                Words("Persetujuan", "Approvals"),
                (
                    PaperColumn("approver", Words("Penyetuju", "Approver")),
                    PaperColumn("at", Words("Waktu", "Time")),
                    PaperColumn("digest", Words("Sidik persetujuan", "Approval digest")),
                ),
                tuple(
                    (
                        agreed.office(project, e.statement.sender),
                        at_second(e.body.at),
                        Code(e.digest),
                    )
                    for e in approvals
                ),
            ),
        ),
    )


def _conditions(project: Project) -> PaperSection:
    purpose = project.charter.purpose.text
    until = agreed.span(None, project.charter.retention.releases_until)
    return PaperSection(
        "conditions",
        Words("Ketentuan bagi penerima", "Conditions for recipients"),
        (
            Items(
                "conditions",
                (
                    Words(
                        f"Dipakai hanya untuk: {purpose.id}",
                        f"Used only for: {purpose.en}",
                    ),
                    Words(
                        "Tidak dipakai untuk mengenali orang dalam daftar pihak lain, dan tidak"
                        " digabungkan dengan rilis lain.",
                        "Not used to recognise people in another party's list, nor joined with"
                        " other releases.",
                    ),
                    Words(
                        "Padan bukan berarti berhak, tidak padan bukan berarti tidak berhak; orang"
                        " yang memutuskan.",
                        "A match is not an entitlement, and no match is not the lack of one;"
                        " people decide.",
                    ),
                    Words(
                        f"Disimpan {until.id}, lalu dimusnahkan dengan pernyataan di log.",
                        f"Kept {until.en}, then destroyed with a statement in the log.",
                    ),
                ),
            ),
        ),
        duties=(16, 32),
    )
