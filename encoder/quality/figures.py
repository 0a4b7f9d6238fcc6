"""The charts of the page, in the order of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from encoder.quality.counts import DateCounts, FileProfile, NameCounts, NikCounts
from encoder.quality.labels import label
from encoder.quality.recall import Forecast
from encoder.quality.shapes import by_decade, cut_length
from policy.base.words import Words
from policy.charts.bars import Bar, BarChart

_CLASS = Words("Kelas", "Class")


@dataclass(frozen=True)
class FigureSection:
    code: str
    title: Words
    lead: Words
    charts: tuple[BarChart, ...]


def sections(profile: FileProfile, expected: Forecast) -> tuple[FigureSection, ...]:
    """All sections with charts; a field that the file lacks has no section."""
    found = [_recall(expected), _completeness(profile)]
    if profile.nik:
        found.append(_nik(profile.nik, profile.rows))
    if profile.date:
        found.append(_dates(profile.date, profile))
    if profile.name:
        found.append(_names(profile.name, profile.rows))
    if profile.sex:
        found.append(_sex(profile))
    return tuple(found)


def _recall(expected: Forecast) -> FigureSection:
    bars = tuple(
        Bar(each.name, each.found, "plain" if number == 0 else "good")
        for number, each in enumerate(expected.scenarios)
    )
    chart = BarChart(
        "recall",
        Words("Orang yang akan ditemukan", "People who will be found"),
        Words(
            "Bagian baris yang diperkirakan menemukan orangnya di berkas mitra yang bersih.",
            "The share of rows expected to find their person in a clean partner file.",
        ),
        bars,
        expected.rows,
        Words("Keadaan berkas", "State of the file"),
    )
    lead = Words(
        "Perkiraan untuk memilih perbaikan, bukan janji hasil. Asumsinya ada di akhir laporan.",
        "An estimate for choosing repairs, not a promise. Its assumptions are at the end.",
    )
    return FigureSection(
        "recall", Words("Perkiraan hasil padanan", "Expected recall"), lead, (chart,)
    )


def _completeness(profile: FileProfile) -> FigureSection:
    bars = tuple(
        Bar(
            each.title
            if each.in_file
            else Words(f"{each.title.id} (tidak ada)", f"{each.title.en} (not in the file)"),
            each.usable,
            "plain" if each.usable >= 0.9 * profile.rows else "warm",
        )
        for each in profile.fields
    )
    chart = BarChart(
        "fields",
        Words("Baris dengan isi yang dapat dipakai", "Rows with a usable value"),
        Words(
            "Satu batang untuk setiap kolom, dari 0 sampai 100 %.",
            "One bar for every field, on a scale from 0 to 100%.",
        ),
        bars,
        profile.rows,
        Words("Kolom", "Field"),
    )
    lead = Words(
        "Isi dapat dipakai bila terbaca menurut aturan normalisasi; kata seperti TIDAK ADA"
        " dihitung kosong.",
        "A value is usable if the normalisation rules can read it; words such as TIDAK ADA"
        " count as empty.",
    )
    return FigureSection("fields", Words("Kelengkapan", "Completeness"), lead, (chart,))


def _nik(nik: NikCounts, rows: int) -> FigureSection:
    kept = {"NIK_DATE", "NIK_REGION"}
    flagged = sorted(nik.flags.items(), key=lambda each: -each[1])
    bars = (
        Bar(label("NIK_OK"), nik.clean),
        *(Bar(label(flag), n, "mild" if flag in kept else "warm") for flag, n in flagged),
    )
    ladder = BarChart(
        "nik",
        Words("Keadaan NIK", "State of the NIKs"),
        Words("Satu NIK dapat diragukan karena dua hal.", "A NIK may be doubtful for two reasons."),
        bars,
        rows,
        _CLASS,
    )
    lead = Words(
        "NIK yang kosong, rusak, pengisi, atau sementara tidak dipakai. Yang diragukan tetap"
        " dipakai.",
        "Empty, damaged, filler and temporary NIKs are not used. Doubtful ones are kept.",
    )
    return FigureSection("nik", Words("NIK", "NIK"), lead, (ladder,))


def _dates(date: DateCounts, profile: FileProfile) -> FigureSection:
    filled = sum(date.patterns.values())
    forms = _classes(
        "dates",
        Words("Bentuk tanggal lahir", "Forms of birth dates"),
        Words("Cara tanggal ditulis di berkas.", "How dates are written in the file."),
        date.patterns,
        filled,
    )
    held = _classes(
        "placeholders",
        Words("Tanggal pengganti", "Placeholder dates"),
        Words(
            "Tanggal yang ditulis bila hari lahirnya tidak diketahui; kira-kira 0,3 % per tanggal"
            " adalah kebetulan.",
            "Dates that offices write for an unknown day; about 0.3% for each would be chance.",
        ),
        date.placeholders,
        profile.rows,
        "warm",
    )
    decades = by_decade(date.years, profile.today)
    last = max(decades)
    ages = BarChart(
        "ages",
        Words("Umur per dasawarsa", "Ages by decade"),
        Words(
            f"Umur pada tahun {profile.today}, dari tahun lahir.",
            f"Ages in {profile.today}, from the year of birth.",
        ),
        tuple(Bar(_decade(low, last), rows) for low, rows in decades.items()),
        sum(decades.values()),
        Words("Umur", "Age"),
        columns=True,
    )
    lead = Words(
        "Tanggal lahir memisahkan orang yang senama. Tanggal pengganti hanya menyumbang tahunnya.",
        "Birth dates tell people of one name apart. A placeholder contributes only its year.",
    )
    charts = (forms, held, ages) if date.placeholders else (forms, ages)
    return FigureSection("birth", Words("Tanggal lahir", "Birth dates"), lead, charts)


def _decade(low: int, last: int) -> Words:
    text = "100+" if low >= 100 else f"{low}–{low + 9}" if low <= last else str(low)
    return Words(text, text)


def _names(name: NameCounts, rows: int) -> FigureSection:
    words = BarChart(
        "words",
        Words("Jumlah kata dalam nama", "Words in a name"),
        Words(
            "Setelah gelar dilepas dan ABDUL digabung dengan kata berikutnya.",
            "After titles are taken off and ABDUL is joined to the next word.",
        ),
        tuple(
            Bar(Words(str(words), str(words)), n, "mild" if words == 1 else "plain")
            for words, n in name.words.items()
        ),
        name.filled,
        Words("Kata", "Words"),
        columns=True,
    )
    cut = cut_length(name.lengths)
    longest = max(name.lengths, default=0)
    lengths = BarChart(
        "lengths",
        Words("Panjang nama dalam huruf", "Length of names in characters"),
        Words(
            "Puncak tajam di ujung kanan berarti nama terpotong.",
            "A sharp peak at the right end means that names are cut.",
        ),
        tuple(
            Bar(
                Words(str(each), str(each)),
                name.lengths.get(each, 0),
                "warm" if each == cut else "plain",
            )
            for each in range(min(longest, 60) + 1)
        ),
        name.filled,
        Words("Huruf", "Characters"),
        columns=True,
    )
    marks = _classes(
        "marks",
        Words("Tanda di dalam nama", "Marks in names"),
        Words(
            "Gelar, alias, dan singkatan ditangani aturan nama; satu nama dapat punya beberapa.",
            "Titles, aliases and short forms are handled by rules; a name may have several.",
        ),
        name.marks,
        name.filled,
    )
    common = _classes(
        "common",
        Words("Kata nama yang sangat umum", "Very common parts of names"),
        Words(
            "Dari daftar milik Padan sendiri, bukan dari berkas ini.",
            "From Padan's own list, not from this file.",
        ),
        name.common,
        name.filled,
    )
    lead = Words(
        "Nama satu kata dan nama yang sangat umum paling sulit dipadankan tanpa NIK.",
        "One-word names and very common names are the hardest to link without a NIK.",
    )
    charts = tuple(each for each in (words, lengths, marks, common) if each.bars)
    return FigureSection("names", Words("Nama", "Names"), lead, charts)


def _sex(profile: FileProfile) -> FigureSection:
    assert profile.sex is not None
    codes = _classes(
        "sex",
        Words("Cara menulis jenis kelamin", "How sex is written"),
        Words("Bentuk kode di berkas.", "Forms of the codes in the file."),
        profile.sex.styles,
        profile.rows,
    )
    sexes = _classes(
        "sexes",
        Words("Jenis kelamin", "Sex"),
        Words("Menurut aturan: P berarti perempuan.", "By the rules: P means perempuan."),
        profile.sex.sexes,
        profile.rows,
    )
    return FigureSection(
        "sex",
        Words("Jenis kelamin", "Sex"),
        Words("Kode yang tidak terbaca dianggap kosong.", "Unreadable codes count as empty."),
        (codes, sexes),
    )


def _classes(
    code: str,
    title: Words,
    about: Words,
    counts: Mapping[str, int],
    whole: int,
    tone: str = "plain",
) -> BarChart:
    bars = tuple(Bar(label(each), rows, tone) for each, rows in counts.items())
    return BarChart(code, title, about, bars, whole, _CLASS)
