"""The names that papers use for the charter's values."""

from __future__ import annotations

from policy.base.words import Words

CHECK_OFFICIAL_TEXT = Words(
    "cocokkan nomor dan masa berlakunya dengan naskah resmi",
    "compare number and validity with the official text",
)
ROLES: dict[str, Words] = {
    "walidata": Words("walidata", "data custodian (walidata)"),
    "produsen-data": Words("produsen data", "data producer (produsen data)"),
    "pembina-data": Words("pembina data", "data supervisor (pembina data)"),
}
TASKS: dict[str, Words] = {
    "hosting": Words("tempat server", "hosting"),
    "backup": Words("cadangan", "backups"),
    "network": Words("jaringan", "network"),
    "support": Words("dukungan teknis", "technical support"),
    "other": Words("lainnya", "other"),
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
