"""Certificate of destruction (Berita Acara Pemusnahan): what was attested, and what is still kept.

A signature on a statement attests destruction. It cannot prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from policy.base.dates import WIB, at_second
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.papers import agreed
from policy.papers.minutes import Meeting, all_called, minutes
from policy.papers.paper import (
    BY_HAND,
    DASH,
    Code,
    Datum,
    Fact,
    Facts,
    Missing,
    Paper,
    PaperColumn,
    PaperSection,
    PaperTable,
    Text,
)
from policy.papers.reading import Reading
from policy.project import Entry, Project
from policy.retention import STATES, THINGS, HeldBy, Item, holds, schedule
from policy.statements import Destroyed

_NOT_ATTESTED = Missing(Words("belum dinyatakan", "not attested"))
_ALL = Words("semua", "all")


def destruction(
    reading: Reading, now: datetime, owner: str | None = None, meeting: Meeting | None = None
) -> Paper:
    """The certificate for one member or for all.

    Raises NotYet if nothing was attested, otherwise as `minutes`.
    """
    project = reading.project
    attested = [e for e in project.of(Destroyed) if owner in (None, e.statement.sender)]
    if not attested:
        raise NotYet(
            PolicyCode.PAPERS_NOTHING_DESTROYED,
            Words(
                "Belum ada pemusnahan yang dinyatakan di log.",
                "No destruction is attested in the log yet.",
            ),
            Words(
                "Lihat yang jatuh tempo dengan 'padan-policy retention'.",
                "See what is due with 'padan-policy retention'.",
            ),
        )
    today = now.astimezone(WIB).date()
    items = [item for item in schedule(project, today) if owner in (None, item.owner)]
    members = sorted({entry.statement.sender for entry in attested})
    return Paper(
        kind="destruction",
        title=Words(
            "Berita Acara Pemusnahan Data Pribadi", "Certificate of Destruction of Personal Data"
        ),
        law="UU 27/2022 Ps. 44; UU 43/2009",
        origin=reading.origin(now),
        sections=(
            _act(project),
            _destroyed(project, attested),
            _schedule(project, items),
            _holds(project, holds(project)),
        ),
        minutes=minutes(
            project,
            meeting or Meeting(),
            now,
            members,
            _stated(project, len(members)),
            at_second(max(entry.body.at for entry in attested)),
        ),
    )


def _stated(project: Project, members: int) -> Words:
    title = project.charter.title
    who = all_called(range(1, members + 1))
    return Words(
        f'{who.id} telah memusnahkan data pribadi dari kegiatan "{title.id}" yang diuraikan di'
        " bawah ini, disaksikan oleh para saksi yang turut menandatangani.",
        f'The {who.en} destroyed personal data of the activity "{title.en}" as set out below, seen'
        " by the witnesses who sign as well.",
    )


def _act(project: Project) -> PaperSection:
    return PaperSection(
        "act",
        Words("Pelaksanaan", "The act"),
        (
            Facts(
                (
                    Fact(
                        "jra",
                        Words("Kode jadwal retensi arsip", "Archive retention code"),
                        project.charter.retention.jra,
                        Words(
                            "kode JRA dan apakah penilaian arsip mendahului pemusnahan",
                            "the code, and whether an archive appraisal comes before destruction",
                        ),
                    ),
                    Fact(
                        "method",
                        Words("Cara", "Method"),
                        Words(
                            "berkas ditimpa lalu dihapus; sandi tersegel menjadi tak terbuka karena"
                            " kuncinya dimusnahkan",
                            "files overwritten and removed; sealed encodings cannot be opened once"
                            " their key is destroyed",
                        ),
                    ),
                    Fact(
                        "copies",
                        Words("Cadangan dan salinan lain", "Backups, other copies"),
                        BY_HAND,
                    ),
                )
            ),
            Text(
                Words(
                    "Pernyataan bertanda tangan membuktikan siapa menyatakan apa dan kapan, bukan"
                    " bahwa tidak ada salinan lain.",
                    "A signed statement proves who attested what and when, not that no other copy"
                    " exists.",
                )
            ),
        ),
        duties=(11, 31),
    )


def _destroyed(project: Project, attested: Sequence[Entry[Destroyed]]) -> PaperSection:
    return PaperSection(
        "destroyed",
        Words("Yang dimusnahkan", "What was destroyed"),
        (
            PaperTable(
                "destroyed",
                Words("Pernyataan pemusnahan", "Statements of destruction"),
                (
                    PaperColumn("entry", Words("Entri log", "Log entry")),
                    PaperColumn("by", Words("Oleh", "By")),
                    PaperColumn("at", Words("Waktu", "Time")),
                    PaperColumn("what", Words("Jenis", "Kind")),
                    PaperColumn("found", Words("Berkas atau kunci", "Files or keys")),
                    PaperColumn("due", Words("Wajib sejak", "Due from")),
                    PaperColumn("early", Words("Sebelum waktunya", "Before its day")),
                    PaperColumn("objects", Words("Meliputi sidik", "Covering digests")),
                    PaperColumn("digest", Words("Sidik pernyataan", "Statement digest")),
                ),
                tuple(_statement(project, each) for each in attested),
            ),
        ),
    )


def _statement(project: Project, entry: Entry[Destroyed]) -> tuple[Datum, ...]:
    body = entry.body
    return (
        entry.index,
        agreed.office(project, entry.statement.sender),
        at_second(body.at),
        THINGS[body.what],
        body.count,
        body.due,
        agreed.yes_no(body.early),
        tuple(map(Code, body.objects)),
        Code(entry.digest),
    )


def _schedule(project: Project, items: Sequence[Item]) -> PaperSection:
    return PaperSection(
        "schedule",
        Words("Jadwal dan keadaannya hari ini", "The schedule, and its state today"),
        (
            PaperTable(
                "schedule",
                Words("Yang disimpan", "What is kept"),
                (
                    PaperColumn("owner", Words("Pemegang", "Keeper")),
                    PaperColumn("what", Words("Jenis", "Kind")),
                    PaperColumn("due", Words("Wajib sejak", "Due from")),
                    PaperColumn("deadline", Words("Paling lambat", "At the latest")),
                    PaperColumn("state", Words("Keadaan", "State")),
                    PaperColumn("attested_on", Words("Dinyatakan", "Attested")),
                    PaperColumn("in_time", Words("Tepat waktu", "In time")),
                ),
                tuple(
                    (
                        agreed.office(project, item.owner),
                        THINGS[item.what],
                        item.due,
                        item.deadline,
                        STATES[item.state],
                        _attested(item),
                        _in_time(item),
                    )
                    for item in items
                ),
            ),
        ),
    )


def _attested(item: Item) -> Datum:
    """The moment of the attestation; a day alone would depend on the time zone."""
    if item.attested is None:
        return _NOT_ATTESTED
    return at_second(item.attested.body.at)


def _in_time(item: Item) -> Datum:
    if item.attested is None:
        return DASH
    return Words("ya", "yes") if item.in_time else Words("TIDAK", "NO")


def _holds(project: Project, placed: Sequence[HeldBy]) -> PaperSection:
    return PaperSection(
        "holds",
        Words("Penangguhan pemusnahan", "Legal holds on destruction"),
        (
            PaperTable(
                "holds",
                Words("Penangguhan", "Holds"),
                (
                    PaperColumn("by", Words("Oleh", "By")),
                    PaperColumn("basis", Words("Dasar", "Basis")),
                    PaperColumn("days", Words("Masa", "Days")),
                    PaperColumn("scope", Words("Jenis", "Kinds")),
                    PaperColumn("owners", Words("Pemegang", "Keepers")),
                    PaperColumn("lifted", Words("Dicabut", "Lifted")),
                ),
                tuple(
                    (
                        agreed.office(project, each.entry.statement.sender),
                        each.body.basis,
                        agreed.span(each.first, each.last),
                        tuple(THINGS[what] for what in each.body.scope) or _ALL,
                        tuple(agreed.office(project, owner) for owner in each.body.owners) or _ALL,
                        agreed.yes_no(each.lifted),
                    )
                    for each in placed
                ),
            ),
        ),
    )
