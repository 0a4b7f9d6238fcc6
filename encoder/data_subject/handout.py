"""The trace of one record as a paper that the officer can hand out (UU PDP art. 32).

It contains no match ID and no row secret: a finder of the paper could use these to join other
agencies' files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from encoder.data_subject.tickets import Ticket
from encoder.data_subject.trace import NotFound, OwnFile, Trace
from policy.base.words import Words
from policy.papers import agreed
from policy.papers.clock import clock
from policy.papers.paper import (
    BY_HAND,
    DASH,
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
    SignatureBlock,
    Text,
)
from policy.papers.reading import Reading
from policy.papers.rights import (
    NOT_RESTRICTED,
    articles_of_requests,
    name_of_right,
    rights_under,
)
from policy.papers.trail import concerning
from policy.project import Project, ReleasedFile

_NOT_OPENED = Missing(Words("belum dibuka di sini", "not opened here"))
_NOT_RECEIVED = Missing(Words("belum dibuka penerima", "not opened by the recipient"))


def handout(
    reading: Reading, now: datetime, ticket: Ticket, looked: Sequence[Trace | NotFound]
) -> Paper:
    project = reading.project
    found = [each for each in looked if isinstance(each, Trace)]
    return Paper(
        kind="subject",
        title=Words("Jejak pemrosesan satu catatan", "Trace of the processing of one record"),
        law=articles_of_requests(project.charter.lawful_basis.ground),
        origin=reading.origin(now),
        sections=(
            _request(project, ticket, now),
            _where(project, looked),
            *(_processing(project, each) for each in found),
            _recipients(project, found),
            _rights(project),
        ),
        signatures=(SignatureBlock(Words("Petugas", "Officer")),),
    )


def _request(project: Project, ticket: Ticket, now: datetime) -> PaperSection:
    return PaperSection(
        "request",
        Words("Permintaan", "The request"),
        (
            Facts(
                (
                    Fact("number", Words("Nomor", "Number"), ticket.number),
                    Fact(
                        "record_id",
                        Words("Id catatan di instansi ini", "Record id at this agency"),
                        Code(ticket.record_id),
                    ),
                    Fact("right", Words("Hak", "Right"), name_of_right(ticket.right)),
                    Fact("received", Words("Diterima", "Received"), ticket.received),
                    *clock(ticket.received, now),
                    Fact(
                        "identity",
                        Words("Identitas pemohon diperiksa dengan", "Identity checked by"),
                        BY_HAND,
                    ),
                )
            ),
        ),
        duties=(7,),
    )


def _where(project: Project, looked: Sequence[Trace | NotFound]) -> PaperSection:
    return PaperSection(
        "where",
        Words("Daftar instansi ini", "Lists of this agency"),
        (
            PaperTable(
                "lists",
                Words("Daftar", "Lists"),
                (
                    PaperColumn("dataset", Words("Daftar", "List")),
                    PaperColumn("title", Words("Nama", "Title")),
                    PaperColumn("rows", Words("Baris", "Rows")),
                    PaperColumn("handles", Words("Pegangan baris", "Row handles")),
                    PaperColumn("runs", Words("Ikut dalam pemadanan", "Took part in runs")),
                    PaperColumn(
                        "stands", Words("Ikut pada pemadanan berikutnya", "In the next run")
                    ),
                ),
                tuple(_list(project, each) for each in looked),
            ),
            Text(
                Words(
                    "Yang dibaca penyandi dari catatan ini hanya kolom:"
                    f" {', '.join(f.name for f in project.charter.fields)}. Isian lain tidak"
                    " disandikan dan tidak dikirim.",
                    "Of this record the encoder read these fields alone:"
                    f" {', '.join(f.name for f in project.charter.fields)}. Nothing else was"
                    " encoded or sent.",
                )
            ),
        ),
    )


def _list(project: Project, each: Trace | NotFound) -> tuple[Datum, ...]:
    title = project.charter.dataset(each.dataset).title.words()
    if isinstance(each, NotFound):
        return (Code(each.dataset), title, Missing(each.why), DASH, DASH, DASH)
    return (
        Code(each.dataset),
        title,
        tuple(Words(str(number), str(number)) for number in each.rows),
        tuple(Code(handle.hex()) for handle in each.handles),
        tuple(map(Code, each.runs)),
        _next_run(each),
    )


def _next_run(each: Trace) -> Datum:
    """The next run: another row may keep the person in, although this record has left."""
    own = agreed.yes_no(each.stands)
    if each.stands or not each.same_person:
        return own
    rows = ", ".join(map(str, each.same_person))
    return Words(
        f"{own.id}; baris {rows} memuat orang yang sama dan tetap ikut",
        f"{own.en}; row {rows} is the same person's and stays",
    )


def _processing(project: Project, found: Trace) -> PaperSection:
    return PaperSection(
        f"processing-{found.dataset}",
        Words(f"Pemrosesan daftar {found.dataset}", f"Processing of the list {found.dataset}"),
        (
            PaperTable(
                "events",
                Words("Menurut log", "By the log"),
                (
                    PaperColumn("at", Words("Waktu", "Time")),
                    PaperColumn("actor", Words("Pelaku", "Actor")),
                    PaperColumn("activity", Words("Kegiatan", "Activity")),
                    PaperColumn("about", Words("Tentang", "About")),
                ),
                tuple(
                    (event.when, Code(event.actor), event.what, event.about or DASH)
                    for event in concerning(project, found.dataset)
                ),
            ),
            PaperTable(
                "own_files",
                Words("Rilis yang diterima instansi ini", "Releases that this agency received"),
                (
                    PaperColumn("release", Words("Rilis", "Release")),
                    PaperColumn("domain", Words("Domain ID", "ID domain")),
                    PaperColumn("form", Words("Bentuk", "Form")),
                    PaperColumn("meaning", Words("Catatan ini", "This record")),
                ),
                tuple(
                    (
                        Code(own.released.release.name),
                        Code(own.released.file.domain),
                        agreed.FORMS[own.released.file.form],
                        _meaning(own),
                    )
                    for own in found.own
                ),
            ),
        ),
    )


def _meaning(own: OwnFile) -> Datum:
    if own.has_id is None:
        return _NOT_OPENED
    if own.released.file.form == "private-index":
        return Words(
            "ber-ID seperti semua baris; tidak berarti padan",
            "has an ID like every row; that says nothing of a match",
        )
    if own.has_id:
        return Words(
            "padan; ada dalam daftar yang ditulis dari rilis ini",
            "matched; is in lists written from this release",
        )
    return Words("tidak padan, atau sudah ditarik", "not matched, or withdrawn before")


def _recipients(project: Project, found: Sequence[Trace]) -> PaperSection:
    return PaperSection(
        "recipients",
        Words("Penerima lain", "Other recipients"),
        (
            PaperTable(
                "others",
                Words(
                    "Berkas yang mungkin memuat ID orang ini",
                    "Files that may hold an ID of this person",
                ),
                (
                    PaperColumn("release", Words("Rilis", "Release")),
                    PaperColumn("recipient", Words("Penerima", "Recipient")),
                    PaperColumn("domain", Words("Domain ID", "ID domain")),
                    PaperColumn("opened", Words("Dibuka", "Opened")),
                    PaperColumn("contact", Words("Narahubung", "Contact")),
                ),
                tuple(_other(project, each) for each in _each_once(found)),
            ),
            Text(
                Words(
                    "Berkas itu memuat pegangan baris penerimanya sendiri dan ID padanan, tanpa"
                    " nama. Padan bukan putusan tentang hak atas bantuan.",
                    "Those files hold the recipient's own row handles and match IDs, no names. A"
                    " match is not a decision about anyone's entitlement.",
                )
            ),
        ),
        duties=(32,),
    )


def _each_once(found: Sequence[Trace]) -> Iterator[ReleasedFile]:
    yield from {each.file.ciphertext: each for one in found for each in one.others}.values()


def _other(project: Project, each: ReleasedFile) -> tuple[Datum, ...]:
    return (
        Code(each.release.name),
        agreed.name_of(project, each.file.recipient),
        Code(each.file.domain),
        each.received_at or _NOT_RECEIVED,
        project.charter.party(each.file.recipient).contact,
    )


def _rights(project: Project) -> PaperSection:
    charter = project.charter
    return PaperSection(
        "rights",
        Words("Yang dapat diminta", "What can be asked for"),
        (
            Items("rights", tuple(map(name_of_right, rights_under(charter.lawful_basis.ground)))),
            Text(
                NOT_RESTRICTED,
                Words(
                    "bunyi Ps. 41(2) menurut naskah resminya",
                    "the wording of art. 41(2) in the official text",
                ),
            ),
            agreed.purpose(charter),
            Facts(
                (
                    Fact(
                        "exemptions",
                        Words("Hak yang dikecualikan piagam", "Rights that the charter excepts"),
                        agreed.exemptions(charter),
                        Words(
                            "apakah hak yang diminta berlaku bagi pemrosesan ini",
                            "whether the right that is asked for applies to this processing",
                        ),
                    ),
                )
            ),
            agreed.retention(charter),
        ),
        duties=(4,),
    )
