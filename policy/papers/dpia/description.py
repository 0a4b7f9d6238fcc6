"""The description of the processing, and why it is necessary and proportionate."""

from __future__ import annotations

from policy.base.words import Words
from policy.charter import Charter
from policy.papers import agreed
from policy.papers.paper import (
    BY_HAND,
    Code,
    Fact,
    Facts,
    Items,
    PaperSection,
    Text,
)
from policy.project import Project


def description(project: Project) -> PaperSection:
    charter = project.charter
    encoding = charter.encoding
    return PaperSection(
        "description",
        Words("Uraian pemrosesan", "Description of the processing"),
        (
            Text(
                Words(
                    "Setiap instansi menormalkan dan menyandikan barisnya di komputernya sendiri."
                    " Layanan pemadanan membandingkan sandi, tanpa NIK, nama, atau id baris."
                    " Setelah disetujui instansi lain, ID padanan kembali kepada pemilik baris.",
                    "Every agency normalises and encodes its rows on its own machine. The linkage"
                    " service compares encodings, without NIK, name or local id. Once other"
                    " agencies approved, match IDs go back to the owners of the rows.",
                )
            ),
            agreed.purpose(charter),
            agreed.parties(project),
            agreed.processor(project),
            agreed.subprocessors(project),
            agreed.datasets(charter),
            agreed.fields(charter),
            Facts(
                (
                    Fact("region", Words("Wilayah", "Region"), agreed.region(charter)),
                    Fact(
                        "profile",
                        Words("Profil pengerasan", "Hardening profile"),
                        Code(encoding.profile),
                    ),
                    Fact(
                        "encodings",
                        Words("Sandi setiap baris", "Encodings of a row"),
                        tuple(Code(each.name) for each in encoding.encodings),
                    ),
                    Fact(
                        "nik_leg",
                        Words("Jalur NIK", "NIK leg"),
                        Words("dipakai, dengan token berkunci", "used, by keyed tokens")
                        if encoding.nik_leg == "on"
                        else Words("tidak dipakai", "not used"),
                    ),
                    Fact(
                        "terms",
                        Words("Sidik ketentuan penyandian", "Digest of encoding terms"),
                        Code(charter.terms_digest()),
                    ),
                    Fact(
                        "rules",
                        Words("Sidik aturan normalisasi", "Digest of normalisation rules"),
                        Code(encoding.rules_digest),
                    ),
                )
            ),
            agreed.recipients(charter),
            *agreed.attributes(charter),
            agreed.retention(charter),
            agreed.agreements(project),
        ),
        duties=(1, 5, 17, 18, 27, 30),
    )


def necessity(charter: Charter) -> PaperSection:
    return PaperSection(
        "necessity",
        Words("Kebutuhan dan kesebandingan", "Necessity and proportionality"),
        (
            Facts(
                (
                    Fact(
                        "need",
                        Words(
                            "Mengapa pemadanan perorangan perlu", "Why matching persons is needed"
                        ),
                        BY_HAND,
                    ),
                    Fact(
                        "alternatives",
                        Words("Cara lain yang dipertimbangkan", "Alternatives considered"),
                        (
                            Words(
                                "pertukaran berkas terbuka: nama dan NIK semua orang berpindah,"
                                " juga yang tidak padan",
                                "exchange of clear files: names and NIKs of all travel, also of"
                                " those who do not match",
                            ),
                            Words(
                                "sidik NIK tanpa kunci: semua NIK dapat dicoba satu per satu",
                                "hashes of NIKs without a key: all NIKs can be tried in turn",
                            ),
                            BY_HAND,
                        ),
                    ),
                )
            ),
            _limits(charter),
            Facts(
                (
                    Fact(
                        "exemptions",
                        Words("Hak subjek yang dikecualikan", "Subject rights excepted"),
                        agreed.exemptions(charter),
                        Words(
                            "apakah pengecualian itu, atau ketiadaannya, tepat",
                            "whether the exceptions, or their absence, are right",
                        ),
                    ),
                )
            ),
        ),
        duties=(2, 3, 4, 6, 32),
    )


def _limits(charter: Charter) -> Items:
    release, columns = charter.release, agreed.output_columns(charter)
    return Items(
        "limits_agreed",
        (
            Words(
                f"Hanya {len(charter.fields)} kolom pengenal dibaca; isian daftar tidak"
                " disandikan.",
                f"Only {len(charter.fields)} identifying fields are read; what the lists"
                " say about people is not encoded.",
            ),
            Words(
                f"Sel padan dan tidak padan memuat {release.minimum_cell} baris atau lebih,"
                " jika tidak rilis ditolak seluruhnya.",
                f"Matched and unmatched cells hold {release.minimum_cell} rows or more;"
                " else the release is refused whole.",
            ),
            Words(
                f"Rilis perlu persetujuan {release.approvals} instansi selain pemohon;"
                " pejabat pelindungan data dapat menghentikannya.",
                f"A release needs approvals of {release.approvals} agencies other than the"
                " requester's; a data protection officer can stop it.",
            ),
            Words(
                f"Paling banyak {charter.budget.runs} pemadanan dan"
                f" {charter.budget.releases} permintaan rilis dalam satu periode kunci.",
                f"At most {charter.budget.runs} runs and {charter.budget.releases} release"
                " requests within one key epoch.",
            ),
            Words(
                f"Keluaran hanya {columns.id}; tanpa skor.",
                f"Outputs are {columns.en}; no scores.",
            ),
        ),
    )
