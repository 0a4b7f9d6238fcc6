"""The record of all processing (UU PDP art. 31): participants, data, purpose, times and charter."""

from __future__ import annotations

from datetime import datetime

from policy.base.words import Words
from policy.papers import agreed
from policy.papers.paper import (
    BY_HAND,
    DASH,
    Code,
    Column,
    Fact,
    Facts,
    Paper,
    Section,
    Signature,
    Table,
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
            Section(
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
            Section(
                "purpose",
                Words("Tujuan dan dasar", "Purpose and basis"),
                (agreed.purpose(charter),),
                duties=(1, 18),
            ),
            Section(
                "data",
                Words("Data dan penerima", "Data and recipients"),
                (
                    agreed.datasets(charter),
                    agreed.fields(charter),
                    agreed.recipients(charter),
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
            Section(
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
            Signature(Words("Pengendali", "Controller"), party) for party in charter.party_ids
        ),
    )


def _activities(reading: Reading) -> Table:
    project = reading.project
    return Table(
        "activities",
        Words("Kegiatan", "Activities"),
        (
            Column("entry", Words("Entri", "Entry")),
            Column("at", Words("Waktu", "Time")),
            Column("actor", Words("Pelaku", "Actor")),
            Column("agency", Words("Instansi", "Agency")),
            Column("activity", Words("Kegiatan", "Activity")),
            Column("sort", Words("Golongan", "Sort")),
            Column("about", Words("Tentang", "About")),
            Column("purpose", Words("Tujuan", "Purpose")),
            Column("charter", Words("Versi piagam", "Charter version")),
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
