"""Notice of a breach (UU PDP art. 46): the three parts, the deadline, and the affected data.

1. The clock starts when the breach was discovered, as the caller says; it runs 3 x 24 hours.
2. The named datasets are affected (all, if none is named), as far as they were stored during the
   breach: sent before its last day, and not attested as destroyed before its first day.
3. Only people know what happened and how, so they write these parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from policy.base.dates import WIB, at_second, long_day
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.papers import agreed
from policy.papers.clock import CLOCK, clock
from policy.papers.paper import (
    BY_HAND,
    NOT_IN_LOG,
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
from policy.papers.trail import Batch, batch, people_in, people_of
from policy.project import Project, ReleasedFile, sealed_of
from policy.retention import due_day, item_of

_NOT_OPENED = Missing(Words("belum dibuka", "not opened"))


@dataclass(frozen=True)
class Incident:
    """What the caller knows: the time of discovery, the lists, the days of the breach."""

    discovered: datetime
    datasets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def deadline(self) -> datetime:
        return self.discovered + CLOCK

    def touches(self, seconds: int) -> bool:
        """Whether something made at that time (Unix seconds) existed before the breach ended."""
        return self.until is None or at_second(seconds).astimezone(WIB).date() <= self.until

    def follows(self, day: date | None) -> bool:
        """Whether something destroyed on that day was gone before the breach started."""
        return day is not None and self.since is not None and day < self.since


def breach(reading: Reading, now: datetime, incident: Incident) -> Paper:
    """The notice; raises BadInput for a future discovery, or a dataset not in the charter."""
    project = reading.project
    if incident.discovered > now:
        raise BadInput(
            PolicyCode.PAPERS_DISCOVERED,
            Words("Waktu penemuan ada di masa depan.", "The time of discovery lies ahead."),
            Words("Periksa tanggal, jam, dan zona waktunya.", "Check day, hour and time zone."),
        )
    chosen = incident.datasets or project.charter.dataset_ids
    batches = [batch(project, dataset) for dataset in chosen]
    return Paper(
        kind="breach",
        title=Words(
            "Pemberitahuan kegagalan pelindungan data pribadi",
            "Notice of a personal data protection failure",
        ),
        law="UU 27/2022 Ps. 46",
        origin=reading.origin(now),
        sections=(
            _clock(incident, now),
            _what(project, batches),
            _how(),
            _response(project),
            _affected(project, incident, batches),
        ),
        signatures=(
            SignatureBlock(Words("Pengendali", "Controller")),
            SignatureBlock(Words("Pejabat pelindungan data", "Data protection officer")),
        ),
    )


def _clock(incident: Incident, now: datetime) -> PaperSection:
    return PaperSection(
        "clock",
        Words("Jam pemberitahuan", "The clock"),
        (
            Facts(
                (
                    Fact(
                        "discovered",
                        Words("Ditemukan", "Discovered"),
                        incident.discovered,
                        Words(
                            "sejak kapan 3 x 24 jam dihitung: kejadian atau diketahui",
                            "from when the 3 x 24 hours count: occurrence or discovery",
                        ),
                    ),
                    *clock(incident.discovered, now),
                    Fact(
                        "addressees",
                        Words("Disampaikan kepada", "Sent to"),
                        (
                            Words("subjek data yang terdampak", "the data subjects affected"),
                            Words("lembaga pelindungan data pribadi", "the data protection agency"),
                        ),
                        Words(
                            "alamat lembaga itu, dan apakah masyarakat juga harus diberi tahu",
                            "the agency's address, and whether the public must be told as well",
                        ),
                    ),
                )
            ),
        ),
        duties=(12,),
    )


def _what(project: Project, batches: Sequence[Batch]) -> PaperSection:
    charter = project.charter
    return PaperSection(
        "what",
        Words("Bagian 1: data pribadi yang terungkap", "Part 1: the personal data disclosed"),
        (
            PaperTable(
                "lists",
                Words("Daftar", "Lists"),
                (
                    PaperColumn("dataset", Words("Daftar", "List")),
                    PaperColumn("owner", Words("Pengendali", "Controller")),
                    PaperColumn("data_class", Words("Kelas data", "Data class")),
                    PaperColumn("rows", Words("Orang menurut manifes", "People by manifest")),
                    PaperColumn("encodings", Words("Sandi setiap baris", "Encodings of a row")),
                ),
                tuple(_list(project, each) for each in batches),
            ),
            Items(
                "nature",
                (
                    Words(
                        "Di layanan tidak ada nama, NIK, alamat, atau id baris: yang ada sandi dari"
                        f" kolom {', '.join(f.name for f in charter.fields)}"
                        + (", dan token NIK berkunci." if charter.nik_field else "."),
                        "The service holds no name, NIK, address or local id: it holds encodings of"
                        f" {', '.join(f.name for f in charter.fields)}"
                        + (", and keyed NIK tokens." if charter.nik_field else "."),
                    ),
                    Words(
                        "Kenari, yaitu baris buatan untuk memeriksa layanan, bukan orang dan tidak"
                        " dihitung.",
                        "Canaries, made-up rows that check the service, are nobody and are not"
                        " counted.",
                    ),
                    Words(
                        "Sandi tetap data pribadi. Bersama kunci proyek dari satu instansi, NIK"
                        " dapat ditemukan kembali; tanpa kunci itu pun perlindungannya terbatas.",
                        "Encodings remain personal data. With one agency's project key NIKs can be"
                        " found again; without it protection is limited as well.",
                    ),
                ),
            ),
            Facts((Fact("disclosed", Words("Yang terungkap", "What was disclosed"), BY_HAND),)),
        ),
    )


def _list(project: Project, each: Batch) -> tuple[Datum, ...]:
    dataset = project.charter.dataset(each.dataset)
    sent = [sealed_of(entry) for entry in each.uploads]
    shapes = dict.fromkeys(shape for rows in sent for shape in rows.encodings)
    return (
        Code(each.dataset),
        agreed.name_of(project, each.owner),
        agreed.CLASSES[dataset.data_class],
        people_of(project, each.uploads) if sent else NOT_IN_LOG,
        tuple(Code(f"{shape.name}: {shape.bits} bit") for shape in shapes) or NOT_IN_LOG,
    )


def _how() -> PaperSection:
    return PaperSection(
        "how",
        Words("Bagian 2: kapan dan bagaimana terungkap", "Part 2: when and how it was disclosed"),
        (
            Facts(
                (
                    Fact("occurred", Words("Kapan terjadi", "When it happened"), BY_HAND),
                    Fact("cause", Words("Bagaimana terjadi", "How it happened"), BY_HAND),
                )
            ),
        ),
    )


def _response(project: Project) -> PaperSection:
    kept = long_day(due_day(project.charter, "encodings"))
    return PaperSection(
        "response",
        Words("Bagian 3: penanganan dan pemulihan", "Part 3: response and recovery"),
        (
            Text(
                Words(
                    "Yang dapat segera dilakukan; tandai yang sudah.",
                    "What can be done at once; mark what has been.",
                )
            ),
            Items(
                "measures",
                (
                    Words(
                        "hentikan rilis: penyetuju dan pejabat PDP menolak; rilis ditolak tercatat",
                        "stop releases: approvers and DPO refuse; refusals are in the log",
                    ),
                    Words(
                        "tarik baris yang terdampak: padan-encoder withdraw",
                        "withdraw the rows affected: padan-encoder withdraw",
                    ),
                    Words(
                        f"layanan memusnahkan kunci periode dan sandi pada {kept.id}, tidak lebih"
                        " awal; untuk memajukannya, semua pihak menandatangani perubahan piagam"
                        " dengan retention.encodings_until yang lebih awal",
                        f"the service destroys epoch key and encodings on {kept.en}, not earlier;"
                        " to bring that forward, all parties sign an amendment of the charter with"
                        " an earlier retention.encodings_until",
                    ),
                    Words(
                        "bila kunci sebuah instansi bocor, proyek berikutnya memakai periode kunci"
                        " baru; pemusnahan berkas di instansi sendiri: padan-encoder destroy",
                        "if an agency's key leaked, the next project uses a new key epoch; an"
                        " agency destroys its own files with padan-encoder destroy",
                    ),
                    Words(
                        "bila kunci anggota bocor: terbitkan roster versi berikutnya tanpa kunci"
                        " itu, dan minta kedua otoritas menandatanganinya ke dalam log",
                        "if a member's key leaked: issue the next roster version without that key,"
                        " and let both authorities sign it into the log",
                    ),
                    Words(
                        "simpan bundel bukti: padan-policy evidence",
                        "keep the evidence bundle: padan-policy evidence",
                    ),
                ),
            ),
            Facts(
                (
                    Fact("done", Words("Yang sudah dilakukan", "What has been done"), BY_HAND),
                    Fact("recovery", Words("Pemulihan", "Recovery"), BY_HAND),
                    Fact(
                        "contacts",
                        Words("Narahubung subjek data", "Contacts for data subjects"),
                        tuple(
                            Words(*(2 * (f"{p.member}: {p.contact}",)))
                            for p in project.charter.parties
                        ),
                    ),
                )
            ),
        ),
    )


def _affected(project: Project, incident: Incident, batches: Sequence[Batch]) -> PaperSection:
    return PaperSection(
        "affected",
        Words("Kumpulan data yang terdampak menurut log", "Batches affected, by the log"),
        (
            Facts(
                (
                    Fact(
                        "asked_lists",
                        Words("Daftar yang ditanyakan", "Lists that were asked about"),
                        tuple(Code(each.dataset) for each in batches),
                    ),
                    Fact(
                        "asked_days",
                        Words("Masa kebocoran", "Days of the breach"),
                        agreed.span(incident.since, incident.until),
                    ),
                )
            ),
            PaperTable(
                "uploads",
                Words("Bundel dan perubahannya", "Bundles and their changes"),
                (
                    PaperColumn("dataset", Words("Daftar", "List")),
                    PaperColumn("at", Words("Dikirim", "Sent")),
                    PaperColumn("rows", Words("Baris orang", "Rows of people")),
                    PaperColumn("bundle", Words("Sidik pernyataan", "Statement digest")),
                    PaperColumn("runs", Words("Ikut dalam pemadanan", "Took part in runs")),
                ),
                tuple(_uploads(project, incident, batches)),
                Words(
                    "Tidak ada bundel tersimpan pada masa itu.", "No bundle was held in those days."
                ),
            ),
            PaperTable(
                "files",
                Words("Berkas rilis", "Release files"),
                (
                    PaperColumn("release", Words("Rilis", "Release")),
                    PaperColumn("recipient", Words("Penerima", "Recipient")),
                    PaperColumn("dataset", Words("Daftar penerima", "Recipient's list")),
                    PaperColumn("domain", Words("Domain ID", "ID domain")),
                    PaperColumn("ciphertext", Words("Sidik berkas", "File digest")),
                    PaperColumn("opened", Words("Dibuka", "Opened")),
                ),
                tuple(
                    (
                        Code(each.release.name),
                        Code(each.file.recipient),
                        Code(each.file.dataset),
                        Code(each.file.domain),
                        Code(each.file.ciphertext),
                        each.received_at or _NOT_OPENED,
                    )
                    for each in _files(incident, batches)
                ),
                Words("Tidak ada berkas rilis yang terkait.", "No release file is concerned."),
            ),
        ),
    )


def _uploads(
    project: Project, incident: Incident, batches: Sequence[Batch]
) -> Iterable[tuple[Datum, ...]]:
    encodings = item_of(
        project, project.roster.service().id, "encodings", incident.discovered.date()
    )
    if encodings is not None and incident.follows(encodings.attested_on):
        return
    for each in batches:
        ended = (e for e in each.runs if incident.touches(e.body.at))
        runs = [project.run_ended_by(entry.digest) for entry in ended]
        for entry in each.uploads:
            sent = sealed_of(entry)
            if incident.touches(sent.at):
                yield (
                    Code(each.dataset),
                    at_second(sent.at),
                    people_in(project, entry),
                    Code(entry.digest),
                    # A run uses everything that was accepted before its order.
                    tuple(Code(r.name) for r in runs if entry in r.before_order().accepted()),
                )


def _files(incident: Incident, batches: Sequence[Batch]) -> Iterable[ReleasedFile]:
    """Each file once, even if it concerns several of the lists."""
    seen = {
        each.file.ciphertext: each
        for one in batches
        for each in one.releases
        if incident.touches(each.release.require_decision().body.at)
    }
    return seen.values()
