"""What is wrong, how grave it is, and what to do next.

Severities: `ok` needs nothing, `look` deserves a look before encoding, `act` should be
mended at the source first. Thresholds are shares of the rows that were read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from encoder.quality.codebook import codebook_suspicion
from encoder.quality.counts import DateCounts, FieldCounts, FileProfile, NameCounts, NikCounts
from encoder.quality.labels import label
from encoder.quality.numbers import Share, sentence
from encoder.quality.shapes import PLACEHOLDERS, cut_length, whipple
from policy.words import Words

Severity = Literal["ok", "look", "act"]
_GRAVITY: dict[Severity, int] = {"act": 0, "look": 1, "ok": 2}
_DAMAGED = ("NIK_FORMAT", "NIK_FILLER", "NIK_TEMP")
_DOUBTFUL = ("NIK_DATE", "NIK_REGION", "NIK_SERIAL0")
_NOTHING = Words("Tidak perlu apa-apa.", "Nothing to do.")


@dataclass(frozen=True)
class Finding:
    """`rows` of the file are concerned; for findings about the file as a whole it is 0."""

    code: str
    severity: Severity
    rows: int
    title: Words
    found: Words
    todo: Words


def findings(profile: FileProfile) -> tuple[Finding, ...]:
    """All findings, the gravest first, then in the order of the report."""
    found = [
        *_rows(profile),
        *_absent(profile),
        *_fields(profile.fields, profile.rows),
        *(_nik(profile.nik, profile.rows) if profile.nik else ()),
        *_repeats(profile),
        *(_dates(profile.date, profile) if profile.date else ()),
        *(_names(profile.name) if profile.name else ()),
        *_sex(profile),
        *_codebook(profile),
    ]
    return tuple(sorted(found, key=lambda each: _GRAVITY[each.severity]))


def _graded(share: float, look: float, act: float) -> Severity:
    if share >= act:
        return "act"
    return "look" if share >= look else "ok"


def _rows(profile: FileProfile) -> Iterator[Finding]:
    refused = profile.rows_in - profile.rows
    share = Share(refused, profile.rows_in)
    yield Finding(
        "rows-refused",
        _graded(share.value, 1e-9, 0.01),
        refused,
        Words("Baris yang tidak dapat dibaca", "Rows that cannot be read"),
        sentence(
            "{n} dari {all} baris ({share}) ditolak dan tidak akan dipadankan.",
            "{n} of {all} rows ({share}) are refused and will not be linked.",
            n=refused,
            all=profile.rows_in,
            share=share,
        ),
        Words(
            "Perbaiki di sumber: jumlah sel, baris kosong, atau id baris.",
            "Mend them at the source: number of cells, blank rows, or record ids.",
        )
        if refused
        else _NOTHING,
    )


def _absent(profile: FileProfile) -> Iterator[Finding]:
    """Whole columns that linkage lives on."""
    columns = (
        ("nik", profile.nik, Words("Tidak ada kolom NIK", "There is no NIK column")),
        ("date", profile.date, Words("Tidak ada kolom tanggal lahir", "There is no birth date")),
        ("name", profile.name, Words("Tidak ada kolom nama", "There is no name column")),
    )
    for code, counts, title in columns:
        if counts is None:
            yield Finding(
                f"{code}-absent",
                "act",
                profile.rows,
                title,
                Words("Pemetaan tidak memetakannya.", "The mapping does not map it."),
                Words(
                    "Petakan bila kolomnya ada di berkas; tanpa itu hasil padanan turun.",
                    "Map it if the file has the column; without it recall is lower.",
                ),
            )


def _fields(fields: tuple[FieldCounts, ...], rows: int) -> Iterator[Finding]:
    for each in fields:
        if each.kind in ("nik", "date") or not each.in_file:
            continue  # the NIK and the birth date have findings of their own
        share = Share(rows - each.usable, rows)
        look, act = (0.001, 0.02) if each.kind == "name" else (0.05, 0.3)
        severity = _graded(share.value, look, act)
        if severity == "ok":
            continue
        yield Finding(
            f"field-{each.name}",
            severity,
            rows - each.usable,
            Words(f"Kolom '{each.name}' tidak lengkap", f"Field '{each.name}' is incomplete"),
            sentence(
                "{share} baris tidak memiliki isi yang dapat dipakai ({empty} kosong,"
                " {bad} tidak terbaca).",
                "{share} of the rows have no usable value ({empty} empty, {bad} unreadable).",
                share=share,
                empty=each.empty,
                bad=each.unusable,
            ),
            Words(
                "Periksa pemetaan kolom; lengkapi dari sumber bila ada.",
                "Check the column mapping; complete it from the source if you can.",
            ),
        )


def _nik(nik: NikCounts, rows: int) -> Iterator[Finding]:
    missing = rows - nik.usable
    share = Share(missing, rows)
    yield Finding(
        "nik-missing",
        _graded(share.value, 0.02, 0.10),
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
    yield from _nik_flags(nik, rows)
    yield from _nik_against(nik)


def _nik_flags(nik: NikCounts, rows: int) -> Iterator[Finding]:
    excel = nik.flags.get("NIK_SCI", 0)
    if excel:
        yield Finding(
            "nik-excel",
            _graded(excel / rows, 0.0, 0.005),
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
        yield Finding(
            "nik-damaged",
            _graded(damaged / rows, 0.0, 0.05),
            damaged,
            Words(
                "NIK pengisi, sementara, atau salah panjang", "Filler, temporary or misshapen NIKs"
            ),
            sentence(
                "{format} bukan 16 angka, {filler} angka pengisi, {temp} nomor sementara desa.",
                "{format} are not 16 digits, {filler} are fillers, {temp} are temporary numbers.",
                format=nik.flags.get("NIK_FORMAT", 0),
                filler=nik.flags.get("NIK_FILLER", 0),
                temp=nik.flags.get("NIK_TEMP", 0),
            ),
            Words(
                "Dianggap kosong. Betulkan di sumber; lihat barisnya dengan --show-values.",
                "They count as empty. Correct them at the source; see the rows with --show-values.",
            ),
        )
    doubtful = sum(nik.flags.get(flag, 0) for flag in _DOUBTFUL)
    if doubtful:
        yield Finding(
            "nik-doubtful",
            _graded(doubtful / rows, 0.005, 0.05),
            doubtful,
            Words("NIK yang diragukan", "Doubtful NIKs"),
            sentence(
                "{n} NIK bertanggal mustahil, berprovinsi tidak dikenal, atau bernomor urut 0000.",
                "{n} NIKs hold an impossible date, an unknown province, or serial 0000.",
                n=doubtful,
            ),
            Words(
                "Tetap dipakai, tetapi kemungkinan salah ketik; periksa cuplikannya.",
                "They are kept, but probably mistyped; check a sample.",
            ),
        )


def _nik_against(nik: NikCounts) -> Iterator[Finding]:
    share = Share(nik.date_differs, nik.date_compared)
    if nik.date_compared:
        yield Finding(
            "nik-birth-date",
            _graded(share.value, 0.03, 0.15),
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
    share = Share(nik.sex_differs, nik.sex_compared)
    if nik.sex_compared:
        yield Finding(
            "nik-sex",
            _graded(share.value, 0.02, 0.10),
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
                "If many: the husband's or the head's NIK may stand for other members.",
            ),
        )


def _repeats(profile: FileProfile) -> Iterator[Finding]:
    shared = profile.same_nik
    if profile.nik:
        yield Finding(
            "nik-shared",
            _graded(shared.rows / max(1, profile.rows), 0.001, 0.03),
            shared.rows,
            Words("Satu NIK pada beberapa baris", "One NIK on several rows"),
            sentence(
                "{keys} NIK berdiri pada {n} baris (paling banyak {most} baris); {other} NIK di"
                " antaranya dengan nama atau tanggal lahir yang berbeda.",
                "{keys} NIKs stand on {n} rows (at most {most} rows each); {other} of them with"
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
            else _NOTHING,
        )
    twice = profile.same_person
    extra = twice.rows - twice.keys
    yield Finding(
        "person-repeated",
        _graded(extra / max(1, profile.rows), 0.001, 0.03),
        extra,
        Words("Orang yang sama lebih dari sekali", "The same person more than once"),
        sentence(
            "{keys} orang (nama, tanggal lahir, jenis kelamin, dan kelurahan sama) berdiri pada"
            " {n} baris; {other} di antaranya dengan NIK yang berbeda.",
            "{keys} people (equal name, birth date, sex and place) stand on {n} rows; {other} of"
            " them with different NIKs.",
            keys=twice.keys,
            n=twice.rows,
            other=twice.differing,
        ),
        Words(
            "Baris kembar disatukan saat 'prepare' bila semua isinya sama; sisanya periksa.",
            "'prepare' merges rows that are equal in everything; look at the others.",
        )
        if extra
        else _NOTHING,
    )


def _dates(date: DateCounts, profile: FileProfile) -> Iterator[Finding]:
    rows = profile.rows
    missing = rows - sum(date.years.values())
    share = Share(missing, rows)
    yield Finding(
        "date-missing",
        _graded(share.value, 0.02, 0.10),
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
        else _NOTHING,
    )
    held = sum(date.placeholders.get(each, 0) for each in PLACEHOLDERS)
    share = Share(held, rows)
    yield Finding(
        "date-placeholder",
        _graded(share.value, 0.015, 0.15),
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
    yield from _date_writing(date, rows)
    yield from _heaping(date, profile.today)


def _date_writing(date: DateCounts, rows: int) -> Iterator[Finding]:
    filled = sum(date.patterns.values())
    common = [each for each, n in date.patterns.items() if n >= 0.005 * filled]
    listed_id, listed_en = (
        ", ".join(label(each).in_language(lang) for each in common) for lang in ("id", "en")
    )
    risky = date.patterns.get("two-digit-year", 0) + date.patterns.get("excel-serial", 0)
    yield Finding(
        "date-formats",
        "look" if len(common) > 1 or risky > 0.005 * filled else "ok",
        0,
        Words("Cara menulis tanggal", "How dates are written"),
        sentence("{n} bentuk: " + listed_id + ".", "{n} forms: " + listed_en + ".", n=len(common)),
        Words(
            "Bila ada lebih dari satu bentuk, pastikan hari selalu di depan bulan.",
            "If there is more than one form, make sure that the day always precedes the month.",
        )
        if len(common) > 1
        else _NOTHING,
    )
    bad = date.flags.get("DATE_UNREADABLE", 0) + date.flags.get("DATE_RANGE", 0)
    swapped = date.flags.get("DATE_SWAPPED", 0)
    if bad or swapped:
        yield Finding(
            "date-impossible",
            _graded((bad + swapped) / rows, 0.001, 0.02),
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
    share = Share(date.day_15, max(1, date.complete))
    if share.value >= 0.06:
        yield Finding(
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


def _heaping(date: DateCounts, today: int) -> Iterator[Finding]:
    index = whipple(date.years, today)
    if index is None:
        return
    yield Finding(
        "age-heaping",
        _graded(index, 125, 175),
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


def _names(name: NameCounts) -> Iterator[Finding]:
    filled = name.filled
    single = Share(name.words.get(1, 0), filled)
    yield Finding(
        "name-mononym",
        _graded(single.value, 0.40, 0.75),
        name.words.get(1, 0),
        Words("Nama satu kata", "One-word names"),
        sentence(
            "{share} nama terdiri dari satu kata; di Jakarta sekitar 29 % itu biasa.",
            "{share} of the names are one word; in Jakarta about 29% is usual.",
            share=single,
        ),
        Words(
            "Nama satu kata tanpa NIK dan tanggal lahir hampir tidak dapat dipadankan.",
            "A one-word name without NIK and birth date can hardly be linked.",
        ),
    )
    cut = cut_length(name.lengths)
    if cut:
        yield Finding(
            "name-cut",
            "act",
            name.lengths[cut],
            Words("Nama tampaknya terpotong", "Names seem to be cut"),
            sentence(
                "{n} nama tepat {cut} huruf panjangnya, jauh lebih banyak daripada yang sedikit"
                " lebih pendek.",
                "{n} names are exactly {cut} characters long, far more than slightly shorter ones.",
                n=name.lengths[cut],
                cut=cut,
            ),
            Words(
                "Sistem asal mungkin memotong nama; minta ekspor dengan kolom yang lebih lebar.",
                "The system of origin may cut names; ask for an export with a wider column.",
            ),
        )
    for mark in ("digit", "odd-mark", "alias"):
        marked = Share(name.marks.get(mark, 0), filled)
        if marked.value >= 0.002:
            yield Finding(
                f"name-{mark}",
                _graded(marked.value, 0.002, 0.05),
                name.marks[mark],
                Words(f"Nama: {label(mark).id.lower()}", f"Names: {label(mark).en.lower()}"),
                sentence(
                    "{n} nama ({share}).", "{n} names ({share}).", n=name.marks[mark], share=marked
                ),
                Words(
                    "Aturan nama menanganinya; periksa cuplikannya bila banyak.",
                    "The rules for names handle them; look at a sample if there are many.",
                ),
            )


def _sex(profile: FileProfile) -> Iterator[Finding]:
    if profile.sex is None:
        return
    known = sum(profile.sex.sexes.values())
    women = Share(profile.sex.sexes.get("F", 0), known)
    if known >= 100 and not 0.35 <= women.value <= 0.65:
        yield Finding(
            "sex-balance",
            "look",
            0,
            Words("Perbandingan jenis kelamin tidak biasa", "Unusual balance of the sexes"),
            sentence("{share} perempuan.", "{share} are women.", share=women),
            Words(
                "Wajar pada daftar khusus; jika tidak, periksa arti kodenya (P = perempuan).",
                "Normal in special lists; otherwise check what the codes mean (P = perempuan).",
            ),
        )


def _codebook(profile: FileProfile) -> Iterator[Finding]:
    counts = profile.codebook
    if counts is None or codebook_suspicion(counts) != "bps":
        return
    yield Finding(
        "codebook",
        "act",
        counts.compared,
        Words("Kode wilayah tampaknya kode BPS", "Region codes seem to be BPS codes"),
        sentence(
            "Dari {n} baris dengan kode Jakarta, {same} cocok dengan NIK sebagai kode Kemendagri"
            " dan {bps} sebagai kode BPS.",
            "Of {n} rows with a Jakarta code, {same} agree with the NIK as Kemendagri codes and"
            " {bps} as BPS codes.",
            n=counts.compared,
            same=counts.same,
            bps=counts.same_if_bps,
        ),
        Words(
            "Ubah ke kode Kemendagri sebelum memadankan: 3171 BPS bukan 31.71 Kemendagri.",
            "Convert to Kemendagri codes before linking: BPS 3171 is not Kemendagri 31.71.",
        ),
    )
