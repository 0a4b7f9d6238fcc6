"""What is matched, why and for how long, as fields and tables."""

from __future__ import annotations

from datetime import date

from policy.base.dates import long_day
from policy.base.words import Words, number
from policy.charter import Charter, Citation, Dataset
from policy.papers.agreed.words import CATEGORIES, CHECK_OFFICIAL_TEXT, CLASSES, GROUNDS, KINDS
from policy.papers.paper import (
    NOT_GIVEN,
    Code,
    Datum,
    Fact,
    Facts,
    PaperColumn,
    PaperTable,
)


def given(value: str | int | None) -> Datum:
    return NOT_GIVEN if value is None else value


def span(start: date | None, end: date | None) -> Words:
    """From one day to another; either may be open."""
    since, until = (long_day(day) if day else Words("", "") for day in (start, end))
    if start and end:
        return Words(f"{since.id} s.d. {until.id}", f"{since.en} to {until.en}")
    if start or end:
        return Words(
            f"sejak {since.id}" if start else f"sampai {until.id}",
            f"from {since.en}" if start else f"until {until.en}",
        )
    return Words("tanpa batas waktu", "without limit of time")


def purpose(charter: Charter) -> Facts:
    """The purpose, its basis, and its duration."""
    wanted, basis = charter.purpose, charter.lawful_basis
    category = CATEGORIES[wanted.category] if wanted.category else NOT_GIVEN
    return Facts(
        (
            Fact("title", Words("Nama kegiatan", "Activity"), charter.title.words()),
            Fact("purpose", Words("Tujuan", "Purpose"), wanted.text.words()),
            Fact("purpose_code", Words("Kode tujuan", "Purpose code"), Code(wanted.code)),
            Fact("category", Words("Golongan kegunaan", "Category of use"), category),
            Fact(
                "purpose_valid",
                Words("Tujuan berlaku", "Purpose valid"),
                span(wanted.valid_from, wanted.valid_until),
            ),
            Fact("ground", Words("Dasar pemrosesan", "Lawful basis"), GROUNDS[basis.ground]),
            Fact(
                "citations",
                Words("Peraturan yang dirujuk", "Regulations cited"),
                tuple(cited(each) for each in basis.citations),
                CHECK_OFFICIAL_TEXT,
            ),
        )
    )


def datasets(charter: Charter) -> PaperTable:
    return PaperTable(
        "datasets",
        Words("Daftar yang dipadankan", "Lists that are matched"),
        (
            PaperColumn("dataset", Words("Daftar", "List")),
            PaperColumn("title", Words("Nama", "Title")),
            PaperColumn("owner", Words("Pemilik", "Owner")),
            PaperColumn("data_class", Words("Kelas data", "Data class")),
            PaperColumn("sensitive", Words("Peka bila tercantum", "Sensitive membership")),
            PaperColumn("rows", Words("Jumlah baris yang disepakati", "Rows agreed")),
        ),
        tuple(
            (
                Code(d.id),
                d.title.words(),
                Code(d.owner),
                CLASSES[d.data_class],
                yes_no(d.sensitive),
                _window(d),
            )
            for d in charter.datasets
        ),
    )


def fields(charter: Charter) -> PaperTable:
    """All fields that an encoder may read of a record."""
    return PaperTable(
        "fields",
        Words(
            "Kolom yang dibaca penyandi, dan tidak ada yang lain",
            "Fields that the encoder reads, and no others",
        ),
        (
            PaperColumn("field", Words("Kolom", "Field")),
            PaperColumn("kind", Words("Jenis", "Kind")),
        ),
        tuple((Code(f.name), KINDS[f.kind]) for f in charter.fields),
    )


def recipients(charter: Charter) -> PaperTable:
    """What each recipient may receive, by ID domain."""
    return PaperTable(
        "recipients",
        Words("Siapa menerima apa", "Who receives what"),
        (
            PaperColumn("domain", Words("Domain ID", "ID domain")),
            PaperColumn("datasets", Words("Daftar yang dipadankan", "Lists matched")),
            PaperColumn(
                "learn", Words("Boleh tahu baris yang padan", "May learn which rows matched")
            ),
            PaperColumn("index", Words("Menerima ID semua baris", "Receives a private index")),
        ),
        tuple(
            (
                Code(d.id),
                tuple(map(Code, d.datasets)),
                tuple(map(Code, d.learn)),
                tuple(Code(each) for each in d.datasets if each not in d.learn),
            )
            for d in charter.domains
        ),
    )


def output_columns(charter: Charter) -> Words:
    """The columns of a released file; it has no others."""
    grade = ("", "")
    if charter.release.grades:
        grade = (", tingkat (pasti atau perlu diperiksa orang)", ", grade (certain or to verify)")
    return Words(
        f"pegangan baris, ID padanan, rahasia baris{grade[0]}",
        f"row handle, match ID, row secret{grade[1]}",
    )


def retention(charter: Charter) -> Facts:
    terms = charter.retention

    def own(day: date | None) -> Datum:
        if day is not None:
            return day
        until = long_day(terms.releases_until)
        return Words(f"bersama rilis, {until.id}", f"with the releases, {until.en}")

    return Facts(
        (
            Fact("jra", Words("Kode jadwal retensi arsip", "Archive retention code"), terms.jra),
            Fact(
                "encodings_until",
                Words("Sandi dan kunci periode sampai", "Encodings and epoch key until"),
                terms.encodings_until,
            ),
            Fact(
                "maps_until", Words("Peta lokal sampai", "Local maps until"), own(terms.maps_until)
            ),
            Fact(
                "releases_until",
                Words("Rilis dan daftar sampai", "Releases and lists until"),
                terms.releases_until,
            ),
            Fact(
                "attributes_until",
                Words("Atribut sampai", "Attributes until"),
                own(terms.attributes_until),
            ),
        )
    )


def region(charter: Charter) -> Datum:
    """The region code with its code book, without which a code is ambiguous."""
    if charter.region is None:
        return NOT_GIVEN
    r = charter.region
    book, year = {"kemendagri": "Kemendagri", "bps": "BPS"}[r.codebook], r.book_years()[-1]
    if r.vintage in r.book_years():
        return Words(
            f"{r.code} (kode {book}, buku {r.vintage})", f"{r.code} ({book} code, {r.vintage} book)"
        )
    return Words(
        f"{r.code} (kode {book}; piagam menyebut buku {r.vintage}, tabel yang dipakai dari {year})",
        f"{r.code} ({book} code; the charter names the {r.vintage} book, the tables used are of"
        f" {year})",
    )


def specific(charter: Charter) -> tuple[Dataset, ...]:
    return tuple(d for d in charter.datasets if d.data_class == "spesifik" or d.sensitive)


def _window(dataset: Dataset) -> Words:
    least, most = number(dataset.rows_min), number(dataset.rows_max)
    return Words(f"{least.id} s.d. {most.id}", f"{least.en} to {most.en}")


def cited(citation: Citation) -> Words:
    """A citation with its days of validity."""
    if citation.valid_from is None and citation.valid_until is None:
        return Words(citation.text, citation.text)
    valid = span(citation.valid_from, citation.valid_until)
    return Words(f"{citation.text} ({valid.id})", f"{citation.text} ({valid.en})")


def exemptions(charter: Charter) -> Datum:
    """Rights of data subjects that the charter excepts."""
    excepted = (
        Words(f"{e.article}: {e.text.id}", f"{e.article}: {e.text.en}") for e in charter.exemptions
    )
    return tuple(excepted) or Words("tidak ada", "none")


def yes_no(holds: bool) -> Words:
    return Words("ya", "yes") if holds else Words("tidak", "no")
