"""Birth dates: missing, replaced by a placeholder, in several formats, impossible, or guessed."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.quality.counts import DateCounts, FileProfile
from encoder.quality.findings.finding import NOTHING, QualityFinding, graded
from encoder.quality.labels import label
from encoder.quality.shapes import PLACEHOLDERS, whipple
from policy.base.words import Words
from policy.charts.numbers import Proportion, sentence

_FEWEST_OF_A_SPIKE = 10
_SHARE_OF_A_SPIKE = 0.02


def birth_dates(profile: FileProfile) -> Iterator[QualityFinding]:
    """Findings on birth dates; empty if the file has none."""
    date, rows = profile.date, profile.rows
    if date is None:
        return
    missing = rows - sum(date.years.values())
    share = Proportion(missing, rows)
    yield QualityFinding(
        "date-missing",
        graded(share.value, 0.02, 0.10),
        missing,
        Words("Tanpa tanggal lahir yang terbaca", "Without a readable birth date"),
        sentence(
            "{n} baris ({share}) tanpa tahun lahir.",
            "{n} rows ({share}) have no year of birth.",
            n=missing,
            share=share,
        ),
        Words("Lengkapi dari sumber bila ada.", "Complete them from the source if you can.")
        if missing
        else NOTHING,
    )
    held = sum(date.placeholders.get(each, 0) for each in PLACEHOLDERS)
    share = Proportion(held, rows)
    yield QualityFinding(
        "date-placeholder",
        graded(share.value, 0.015, 0.15),
        held,
        Words("Tanggal lahir pengganti", "Placeholder birth dates"),
        sentence(
            "{n} baris ({share}) bertanggal 1 Juli, 31 Desember, 1 Januari, atau tanpa hari."
            " Yang disandikan hanya tahunnya.",
            "{n} rows ({share}) hold 1 July, 31 December, 1 January, or no day. Only their year"
            " is encoded.",
            n=held,
            share=share,
        ),
        Words(
            "Tidak salah, tetapi menurunkan hasil padanan. Pakai akta atau KTP-el bila ada.",
            "Not an error, but it lowers recall. Use birth certificates or e-KTPs where present.",
        ),
    )
    yield from _writing(date, rows)
    yield from _heaping(date, profile.today)


def _writing(date: DateCounts, rows: int) -> Iterator[QualityFinding]:
    filled = sum(date.patterns.values())
    common = [each for each, n in date.patterns.items() if n >= 0.005 * filled]
    listed_id, listed_en = (
        ", ".join(label(each).in_language(lang) for each in common) for lang in ("id", "en")
    )
    risky = date.patterns.get("two-digit-year", 0) + date.patterns.get("excel-serial", 0)
    yield QualityFinding(
        "date-formats",
        "look" if len(common) > 1 or risky > 0.005 * filled else "ok",
        0,
        Words("Cara menulis tanggal", "How dates are written"),
        Words(f"Bentuk: {listed_id}.", f"Forms: {listed_en}."),
        Words(
            "Bila ada lebih dari satu bentuk, pastikan hari selalu di depan bulan.",
            "If there is more than one form, make sure that the day always precedes the month.",
        )
        if len(common) > 1
        else NOTHING,
    )
    bad = date.flags.get("DATE_UNREADABLE", 0) + date.flags.get("DATE_RANGE", 0)
    swapped = date.flags.get("DATE_SWAPPED", 0)
    if bad or swapped:
        yield QualityFinding(
            "date-impossible",
            graded((bad + swapped) / rows, 0.001, 0.02),
            bad + swapped,
            Words("Tanggal mustahil atau terbalik", "Impossible or exchanged dates"),
            sentence(
                "{bad} tidak terbaca atau mustahil; {swapped} menulis bulan di depan hari.",
                "{bad} are unreadable or impossible; {swapped} put the month before the day.",
                bad=bad,
                swapped=swapped,
            ),
            Words(
                "Bulan di depan hari berarti tanggal lain mungkin tertukar diam-diam: ekspor ulang"
                " sebagai YYYY-MM-DD.",
                "Months before days mean that other dates may be exchanged unseen: export again"
                " as YYYY-MM-DD.",
            ),
        )
    yield from _spike(date)
    share = Proportion(date.day_15, max(1, date.complete))
    if share.value >= 0.06:
        yield QualityFinding(
            "date-day-15",
            "look",
            date.day_15,
            Words("Terlalu banyak tanggal 15", "Too many days 15"),
            sentence(
                "{share} lahir pada tanggal 15; wajarnya sekitar 3,3 %.",
                "{share} are born on a 15th; about 3.3% would be normal.",
                share=share,
            ),
            Words(
                "Tanggal 15 dipakai bila hanya bulannya diketahui.",
                "The 15th is written where only the month is known.",
            ),
        )


def _spike(date: DateCounts) -> Iterator[QualityFinding]:
    """A day with far too many births: an import writes such a day for missing dates."""
    share = Proportion(date.commonest, max(1, date.complete))
    if date.commonest >= _FEWEST_OF_A_SPIKE and share.value >= _SHARE_OF_A_SPIKE:
        yield QualityFinding(
            "date-spike",
            "act",
            date.commonest,
            Words("Terlalu banyak orang lahir pada satu hari", "Too many people born on one day"),
            sentence(
                "{n} baris ({share} dari tanggal yang lengkap) bertanggal sama.",
                "{n} rows ({share} of the complete dates) have one and the same date.",
                n=date.commonest,
                share=share,
            ),
            Words(
                "Mungkin tanggal impor mengisi tanggal yang kosong: kosongkan sel itu di sumber.",
                "Perhaps the date of an import fills missing dates: empty those cells at the"
                " source.",
            ),
        )


def _heaping(date: DateCounts, today: int) -> Iterator[QualityFinding]:
    index = whipple(date.years, today)
    if index is None:
        return
    yield QualityFinding(
        "age-heaping",
        graded(index, 125, 175),
        0,
        Words("Penumpukan umur pada 0 dan 5", "Ages heaped at 0 and 5"),
        sentence(
            "Indeks Whipple {index} (100 tanpa penumpukan, 500 semua umur dibulatkan).",
            "Whipple's index is {index} (100 is no heaping, 500 is all ages rounded).",
            index=round(index),
        ),
        Words(
            "Di atas 125 banyak tahun lahir ditaksir; tahun lahir yang sama kurang berarti.",
            "Above 125 many birth years were guessed; an equal birth year then says less.",
        ),
    )
