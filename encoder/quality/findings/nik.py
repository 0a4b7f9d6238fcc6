"""NIKs: missing, damaged, doubtful, inconsistent with the row, or on several rows."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.quality.counts import FileProfile, NikCounts, RepeatCounts
from encoder.quality.findings.finding import NOTHING, QualityFinding, graded
from policy.base.words import Words
from policy.charts.numbers import Proportion, sentence

_SPREADSHEET = ("NIK_SCI", "NIK_NUMBER", "NIK_ROUNDED")
_DAMAGED = ("NIK_FORMAT", "NIK_LETTER", "NIK_WORDS", "NIK_FILLER", "NIK_TEMP", "NIK_SERIAL0")
_MISSHAPEN = ("FORMAT", "LETTER", "WORDS")
_DOUBTFUL = ("NIK_DATE", "NIK_REGION")


def niks(profile: FileProfile) -> Iterator[QualityFinding]:
    """Findings on NIKs; empty if the file has none."""
    nik, rows = profile.nik, profile.rows
    if nik is None:
        return
    missing = rows - nik.usable
    share = Proportion(missing, rows)
    yield QualityFinding(
        "nik-missing",
        graded(share.value, 0.02, 0.10),
        missing,
        Words("Tanpa NIK yang dapat dipakai", "Without a usable NIK"),
        sentence(
            "{n} baris ({share}) tidak memiliki NIK yang dapat dipakai.",
            "{n} rows ({share}) have no usable NIK.",
            n=missing,
            share=share,
        ),
        Words(
            "Baris ini dipadankan lewat nama dan tanggal lahir saja. Lengkapi lewat Dukcapil"
            " bila ada dasar hukumnya.",
            "These rows are linked by name and birth date alone. Complete them through Dukcapil"
            " where the law allows it.",
        ),
    )
    yield from _flagged(nik, rows)
    yield from _at_odds(nik)
    yield from _shared(profile.same_nik, rows)


def _flagged(nik: NikCounts, rows: int) -> Iterator[QualityFinding]:
    excel = sum(nik.flags.get(flag, 0) for flag in _SPREADSHEET)
    if excel:
        yield QualityFinding(
            "nik-excel",
            graded(excel / rows, 0.0, 0.005),
            excel,
            Words("NIK rusak oleh Excel", "NIKs damaged by Excel"),
            sentence(
                "{n} NIK tersimpan sebagai bilangan dan kehilangan angka terakhirnya.",
                "{n} NIKs were stored as numbers and have lost their last digits.",
                n=excel,
            ),
            Words(
                "Ekspor ulang dari sumber dengan kolom NIK sebagai teks; jangan lewat Excel.",
                "Export again from the source with the NIK as text; do not pass through Excel.",
            ),
        )
    damaged = sum(nik.flags.get(flag, 0) for flag in _DAMAGED)
    if damaged:
        yield QualityFinding(
            "nik-damaged",
            graded(damaged / rows, 0.0, 0.05),
            damaged,
            Words(
                "NIK pengisi, sementara, atau salah panjang", "Filler, temporary or misshapen NIKs"
            ),
            sentence(
                "{format} bukan 16 angka, {filler} angka pengisi, {temp} nomor sementara desa,"
                " {serial} bernomor urut 0000.",
                "{format} are not 16 digits, {filler} are fillers, {temp} are temporary numbers,"
                " {serial} have serial 0000.",
                format=sum(nik.flags.get(f"NIK_{each}", 0) for each in _MISSHAPEN),
                filler=nik.flags.get("NIK_FILLER", 0),
                temp=nik.flags.get("NIK_TEMP", 0),
                serial=nik.flags.get("NIK_SERIAL0", 0),
            ),
            Words(
                "Dianggap kosong. Betulkan di sumber; lihat barisnya dengan --show-values.",
                "They count as empty. Correct them at the source; see the rows with --show-values.",
            ),
        )
    doubtful = sum(nik.flags.get(flag, 0) for flag in _DOUBTFUL)
    if doubtful:
        yield QualityFinding(
            "nik-doubtful",
            graded(doubtful / rows, 0.005, 0.05),
            doubtful,
            Words("NIK yang diragukan", "Doubtful NIKs"),
            sentence(
                "{n} NIK bertanggal mustahil atau dari kabupaten atau kota yang tidak dikenal.",
                "{n} NIKs hold an impossible date or an unknown kabupaten or kota.",
                n=doubtful,
            ),
            Words(
                "Tetap dipakai, tetapi kemungkinan salah ketik; periksa cuplikannya.",
                "They are kept, but probably mistyped; check a sample.",
            ),
        )


def _at_odds(nik: NikCounts) -> Iterator[QualityFinding]:
    share = Proportion(nik.date_differs, nik.date_compared)
    if nik.date_compared:
        yield QualityFinding(
            "nik-birth-date",
            graded(share.value, 0.03, 0.15),
            nik.date_differs,
            Words("NIK berbeda dari tanggal lahir", "NIK and birth date disagree"),
            sentence(
                "{n} dari {all} baris ({share}). NIK tidak berubah bila tanggal lahir dikoreksi,"
                " jadi sedikit perbedaan itu wajar.",
                "{n} of {all} rows ({share}). A NIK does not change when a birth date is"
                " corrected, so a few are normal.",
                n=nik.date_differs,
                all=nik.date_compared,
                share=share,
            ),
            Words(
                "Bila banyak: periksa urutan hari dan bulan, dan apakah NIK milik kepala keluarga.",
                "If many: check the order of day and month, and whether the NIK is the head's.",
            ),
        )
    share = Proportion(nik.sex_differs, nik.sex_compared)
    if nik.sex_compared:
        yield QualityFinding(
            "nik-sex",
            graded(share.value, 0.02, 0.10),
            nik.sex_differs,
            Words("NIK berbeda dari jenis kelamin", "NIK and sex disagree"),
            sentence(
                "{n} dari {all} baris ({share}).",
                "{n} of {all} rows ({share}).",
                n=nik.sex_differs,
                all=nik.sex_compared,
                share=share,
            ),
            Words(
                "Bila banyak: NIK suami atau kepala keluarga mungkin dipakai untuk anggota lain.",
                "If many: the husband's or the head's NIK may be used for other members.",
            ),
        )


def _shared(shared: RepeatCounts, rows: int) -> Iterator[QualityFinding]:
    yield QualityFinding(
        "nik-shared",
        graded(shared.rows / max(1, rows), 0.001, 0.03),
        shared.rows,
        Words("Satu NIK pada beberapa baris", "One NIK on several rows"),
        sentence(
            "{keys} NIK muncul di {n} baris (paling banyak {most} baris); {other} NIK di"
            " antaranya dengan nama atau tanggal lahir yang berbeda.",
            "{keys} NIKs are on {n} rows (at most {most} rows each); {other} of them with"
            " different names or birth dates.",
            keys=shared.keys,
            n=shared.rows,
            most=shared.largest,
            other=shared.differing,
        ),
        Words(
            "Kabarkan kepada pemilik data: satu NIK milik satu orang.",
            "Tell the owner of the data: a NIK belongs to one person.",
        )
        if shared.rows
        else NOTHING,
    )
