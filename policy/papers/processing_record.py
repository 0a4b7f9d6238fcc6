"""The record of all processing (UU PDP art. 31): participants, data, purpose, times and charter."""

from __future__ import annotations

from datetime import datetime

from policy.base.words import Words
from policy.papers import agreed
from policy.papers.paper import (
    BY_HAND,
    DASH,
    Code,
    Fact,
    Facts,
    Paper,
    PaperColumn,
    PaperSection,
    PaperTable,
    SignatureBlock,
    Text,
)
from policy.papers.reading import Reading
from policy.papers.trail import events


def processing_record(reading: Reading, now: datetime) -> Paper:
    """The record of one project, as of `now`."""
    project = reading.project
    charter = project.charter
    return Paper(
        kind="processing-record",
        title=Words("Rekaman Kegiatan Pemrosesan", "Record of Processing Activities"),
        law="UU 27/2022 Ps. 31",
        origin=reading.origin(now),
        sections=(
            PaperSection(
                "responsible",
                Words("Pengendali dan prosesor", "Controllers and processor"),
                (
                    agreed.parties(project),
                    agreed.walidata(project),
                    agreed.processor(project),
                    agreed.subprocessors(project),
                    agreed.agreements(project),
                ),
                duties=(5, 13, 28),
            ),
            PaperSection(
                "purpose",
                Words("Tujuan dan dasar", "Purpose and basis"),
                (agreed.purpose(charter),),
                duties=(1, 18),
            ),
            PaperSection(
                "data",
                Words("Data dan penerima", "Data and recipients"),
                (
                    agreed.datasets(charter),
                    agreed.fields(charter),
                    agreed.recipients(charter),
                    *agreed.attributes(charter),
                    Facts(
                        (
                            Fact(
                                "abroad",
                                Words("Transfer ke luar negeri", "Transfers abroad"),
                                BY_HAND,
                            ),
                        )
                    ),
                    agreed.retention(charter),
                ),
                duties=(11, 15),
            ),
            PaperSection(
                "activities",
                Words("Kegiatan menurut log", "Activities by the log"),
                (
                    Text(
                        Words(
                            "Waktu adalah jam pengirim, dan dibatasi oleh titik periksa saksi. Yang"
                            " dikerjakan instansi di komputernya sendiri (membaca berkas, menulis"
                            " daftar) tidak masuk log ini dan direkam instansi itu.",
                            "Times are the sender's clock, bounded by the witnesses' checkpoints."
                            " What an agency does on its own machine (reading files, writing lists)"
                            " is not in this log and is for that agency to record.",
                        )
                    ),
                    _activities(reading),
                ),
                duties=(8, 23),
            ),
        ),
        signatures=tuple(
            SignatureBlock(Words("Pengendali", "Controller"), party) for party in charter.party_ids
        ),
    )


def _activities(reading: Reading) -> PaperTable:
    project = reading.project
    return PaperTable(
        "activities",
        Words("Kegiatan", "Activities"),
        (
            PaperColumn("entry", Words("Entri", "Entry")),
            PaperColumn("at", Words("Waktu", "Time")),
            PaperColumn("actor", Words("Pelaku", "Actor")),
            PaperColumn("agency", Words("Instansi", "Agency")),
            PaperColumn("activity", Words("Kegiatan", "Activity")),
            PaperColumn("sort", Words("Golongan", "Sort")),
            PaperColumn("about", Words("Tentang", "About")),
            PaperColumn("purpose", Words("Tujuan", "Purpose")),
            PaperColumn("charter", Words("Versi piagam", "Charter version")),
        ),
        tuple(
            (
                event.index,
                event.when,
                Code(event.actor),
                Code(project.known(event.actor).agency),
                event.what,
                event.sort.value,
                event.about or DASH,
                Code(event.purpose) if event.purpose else DASH,
                event.charter or DASH,
            )
            for event in events(project)
        ),
    )
