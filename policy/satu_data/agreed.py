"""What a charter says, as the fields and tables that several papers share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from policy.charter import Charter, Citation, Dataset
from policy.dates import long_day
from policy.project import Project
from policy.satu_data.paper import (
    NOT_GIVEN,
    Code,
    Column,
    Datum,
    Fact,
    Facts,
    Table,
)
from policy.words import Words, number

CHECK_OFFICIAL_TEXT = Words(
    "cocokkan nomor dan masa berlakunya dengan naskah resmi",
    "compare number and validity with the official text",
)
ROLES: dict[str, Words] = {
    "walidata": Words("walidata", "data custodian (walidata)"),
    "produsen-data": Words("produsen data", "data producer (produsen data)"),
    "pembina-data": Words("pembina data", "data supervisor (pembina data)"),
}
CAPACITIES: dict[str, Words] = {
    "controller": Words("pengendali", "controller"),
    "joint-controller": Words("pengendali bersama", "joint controller"),
}
GROUNDS: dict[str, Words] = {
    "consent": Words("persetujuan subjek data", "consent of the data subject"),
    "contract": Words("perjanjian", "contract"),
    "legal-obligation": Words("kewajiban hukum pengendali", "legal obligation of the controller"),
    "vital-interest": Words("kepentingan vital subjek", "vital interest of the subject"),
    "public-task": Words(
        "kepentingan umum, pelayanan publik, atau kewenangan",
        "public interest, public service or official authority",
    ),
}
CATEGORIES: dict[str, Words] = {
    "public-service": Words("pelayanan publik", "public service"),
    "planning": Words("perencanaan pembangunan", "development planning"),
    "budget": Words("alokasi anggaran", "budget allocation"),
    "democracy": Words("pembangunan demokrasi", "democratic development"),
    "law-enforcement": Words(
        "penegakan hukum dan pencegahan kriminal", "law enforcement and crime prevention"
    ),
}
CLASSES: dict[str, Words] = {
    "umum": Words("umum", "general"),
    "spesifik": Words("spesifik", "specific"),
}
KINDS: dict[str, Words] = {
    "name": Words("nama orang", "person's name"),
    "text": Words("teks", "text"),
    "date": Words("tanggal", "date"),
    "sex": Words("jenis kelamin", "sex"),
    "digits": Words("angka", "digits"),
    "nik": Words("NIK", "NIK (national identity number)"),
    "kk": Words("nomor kartu keluarga", "family card number"),
    "place": Words("wilayah", "place"),
    "postal": Words("kode pos", "postal code"),
    "address": Words("alamat", "address"),
    "rtrw": Words("RT/RW", "neighbourhood (RT/RW)"),
}
AGREEMENTS: dict[str, Words] = {
    "pks": Words("perjanjian kerja sama (PKS)", "cooperation agreement (PKS)"),
    "nda": Words("perjanjian kerahasiaan", "confidentiality agreement"),
    "mou": Words("nota kesepahaman", "memorandum of understanding"),
    "joint-control": Words("perjanjian pengendali bersama", "joint controllers' agreement"),
    "processing": Words("perintah pemrosesan", "processing agreement"),
}
FORMS: dict[str, Words] = {
    "membership": Words("baris yang padan saja", "matched rows alone"),
    "private-index": Words("indeks privat: ID untuk setiap baris", "private index: IDs for all"),
}


def name_of(project: Project, member: str) -> Words:
    """A member as the roster names it."""
    name = project.known(member).name
    return Words(f"{name} ({member})", f"{name} ({member})")


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
    """Why, on what basis, and for how long."""
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
                tuple(_cited(each) for each in basis.citations),
                CHECK_OFFICIAL_TEXT,
            ),
        )
    )


def parties(project: Project) -> Table:
    """Controllers with their contacts; whoever has no capacity or DPO is shown without."""
    charter = project.charter
    return Table(
        "parties",
        Words("Pihak", "Parties"),
        (
            Column("party", Words("Pihak", "Party")),
            Column("role", Words("Peran Satu Data", "Satu Data role")),
            Column("capacity", Words("Kedudukan UU PDP", "Capacity under UU PDP")),
            Column("contact", Words("Narahubung subjek data", "Contact for data subjects")),
            Column("dpo", Words("Pejabat PDP", "Data protection officer")),
        ),
        tuple(
            (
                name_of(project, p.member),
                ROLES[p.role],
                CAPACITIES[p.capacity] if p.capacity else NOT_GIVEN,
                p.contact,
                Code(p.dpo) if p.dpo else NOT_GIVEN,
            )
            for p in charter.parties
        ),
    )


def processor(project: Project) -> Facts:
    """The linkage unit; the roster's service, where the charter says no more."""
    unit = project.charter.linkage_unit
    member = unit.member if unit else project.roster.service().id
    return Facts(
        (
            Fact("processor", Words("Prosesor", "Processor"), name_of(project, member)),
            Fact(
                "processor_controller",
                Words("Instansi pengelola", "Operating agency"),
                Code(unit.controller) if unit else NOT_GIVEN,
            ),
            Fact(
                "processor_administrators",
                Words("Administrator", "Administrators"),
                tuple(map(Code, unit.administrators)) if unit else NOT_GIVEN,
            ),
        )
    )


def agreements(charter: Charter, kinds: Iterable[str] | None = None) -> Table:
    wanted = set(AGREEMENTS if kinds is None else kinds)
    return Table(
        "agreements",
        Words("Perjanjian", "Agreements"),
        (
            Column("kind", Words("Perjanjian", "Agreement")),
            Column("number", Words("Nomor", "Number")),
            Column("parties", Words("Para pihak", "Parties")),
            Column("valid", Words("Berlaku", "Valid")),
            Column("sha256", Words("Sidik naskah", "Digest of the text")),
        ),
        tuple(
            (
                AGREEMENTS[a.kind],
                a.number,
                tuple(map(Code, a.parties)),
                span(a.valid_from, a.valid_until),
                Code(a.sha256),
            )
            for a in charter.agreements
            if a.kind in wanted
        ),
        NOT_GIVEN.why,
    )


def datasets(charter: Charter) -> Table:
    return Table(
        "datasets",
        Words("Daftar yang dipadankan", "Lists that are matched"),
        (
            Column("dataset", Words("Daftar", "List")),
            Column("title", Words("Nama", "Title")),
            Column("owner", Words("Pemilik", "Owner")),
            Column("data_class", Words("Kelas data", "Data class")),
            Column("sensitive", Words("Keanggotaan peka", "Sensitive membership")),
            Column("rows", Words("Jumlah baris yang disepakati", "Rows agreed")),
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


def fields(charter: Charter) -> Table:
    """All that an encoder may read of a record."""
    return Table(
        "fields",
        Words(
            "Kolom yang dibaca penyandi, dan tidak ada yang lain",
            "Fields that the encoder reads, and no others",
        ),
        (
            Column("field", Words("Kolom", "Field")),
            Column("kind", Words("Jenis", "Kind")),
        ),
        tuple((Code(f.name), KINDS[f.kind]) for f in charter.fields),
    )


def recipients(charter: Charter) -> Table:
    """Who may receive what, by ID domain."""
    return Table(
        "recipients",
        Words("Siapa menerima apa", "Who receives what"),
        (
            Column("domain", Words("Ranah ID", "ID domain")),
            Column("datasets", Words("Daftar yang dipadankan", "Lists matched")),
            Column("learn", Words("Boleh tahu baris yang padan", "May learn which rows matched")),
            Column("index", Words("Menerima indeks privat", "Receives a private index")),
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
    """What a row of a released file holds, and all that it holds."""
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
                Words("Sandi dan kunci zaman sampai", "Encodings and epoch key until"),
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
    """A region code is nothing without its book."""
    if charter.region is None:
        return NOT_GIVEN
    r = charter.region
    book = {"kemendagri": "Kemendagri", "bps": "BPS"}[r.codebook]
    return Words(
        f"{r.code} (kode {book}, edisi {r.vintage})", f"{r.code} ({book} code, {r.vintage} book)"
    )


def publisher(project: Project) -> tuple[str, ...]:
    """The parties who publish: the walidata among them; empty if the charter names none."""
    return tuple(p.member for p in project.charter.parties if p.role == "walidata")


def specific(charter: Charter) -> tuple[Dataset, ...]:
    return tuple(d for d in charter.datasets if d.data_class == "spesifik" or d.sensitive)


def _window(dataset: Dataset) -> Words:
    least, most = number(dataset.rows_min), number(dataset.rows_max)
    return Words(f"{least.id} s.d. {most.id}", f"{least.en} to {most.en}")


def _cited(citation: Citation) -> Words:
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
