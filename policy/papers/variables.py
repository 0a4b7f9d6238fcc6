"""The variables of a register of matches, as MS-Var (BPS Regulation 5/2020) describes each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.base.words import Words
from policy.charter import Charter, LinkageField
from policy.papers import agreed
from policy.papers.paper import BY_HAND, Code, Datum, Fact, Facts, PaperSection

_NOT_APPLICABLE = Words(
    "tidak berlaku: data administratif, bukan hasil pertanyaan",
    "not applicable: administrative data, not an answer to a question",
)
_CLOSED = Words("tidak dapat diakses umum", "not accessible to the public")


@dataclass(frozen=True)
class Variable:
    """One variable as MS-Var describes it."""

    name: str
    alias: Words
    concept: Words
    definition: Words
    data_type: Words
    classification: Datum
    rule: Words


_TEXT = Words("teks", "text")
_BYTES = Words("byte, heksadesimal", "bytes, hexadecimal")
_NO_CLASSES = Words("tanpa klasifikasi", "no classification")
_REGISTER = (
    Variable(
        # Field identifiers of a charter have no underscore, so these names cannot collide.
        "row_handle",
        Words("pegangan baris", "row handle"),
        Words("penunjuk baris milik penerima sendiri", "pointer to the recipient's own row"),
        Words(
            "HMAC berkunci lokal atas id baris, kolom ternormalkan, dan angka acak; 16 byte",
            "keyed HMAC over local id, normalised fields and a nonce; 16 bytes",
        ),
        _BYTES,
        _NO_CLASSES,
        Words("ada dalam komitmen pemiliknya", "is under its owner's commitment"),
    ),
    Variable(
        "match_id",
        Words("ID padanan", "match ID"),
        Words("baris yang diduga orang yang sama", "rows believed to be one person"),
        Words(
            "acak, baru untuk setiap rilis dan domain ID; 16 byte",
            "random, fresh for every release and domain; 16 bytes",
        ),
        _BYTES,
        _NO_CLASSES,
        Words("unik per baris dalam satu berkas", "unique by row within a file"),
    ),
    Variable(
        "row_secret",
        Words("rahasia baris", "row secret"),
        Words("kunci atribut satu baris", "key to one row's attributes"),
        Words("acak, 32 byte, baru setiap rilis", "random, 32 bytes, fresh each release"),
        _BYTES,
        _NO_CLASSES,
        Words("tidak pernah ditulis ke daftar", "never written to a list"),
    ),
)
_GRADE = Variable(
    "match_grade",
    Words("tingkat padanan", "grade of the match"),
    Words("apakah orang harus memeriksanya", "whether people should look at it"),
    Words(
        "pasti, atau di bawah ambang tetapi di dalam pita peninjauan piagam",
        "certain, or below the threshold and within the charter's review band",
    ),
    Words("kode", "code"),
    Words("0 pasti, 1 perlu diperiksa", "0 certain, 1 to verify"),
    Words("hanya bagi yang boleh tahu baris yang padan", "only for those who learn membership"),
)
_CODES: dict[str, Words] = {
    "sex": Words("L laki-laki, P perempuan", "L male, P female"),
    "place": Words("kode wilayah beserta buku kodenya", "region codes with their code book"),
}


def variables(charter: Charter) -> Iterable[PaperSection]:
    """The MS-Var section of each variable."""
    grade = (_GRADE,) if charter.release.grades else ()
    for each in (*_REGISTER, *grade, *map(_field, charter.fields)):
        title = Words(f"MS-Var: {each.name}", f"MS-Var: {each.name}")
        yield PaperSection(f"variable-{each.name}", title, (Facts(_variable(charter, each)),))


def _variable(charter: Charter, variable: Variable) -> tuple[Fact, ...]:
    organisers = ", ".join(charter.party_ids)
    return (
        Fact("activity", Words("Kegiatan", "Activity"), charter.title.words()),
        Fact("organiser", Words("Penyelenggara", "Organiser"), Code(organisers)),
        Fact("name", Words("Nama variabel", "Variable"), Code(variable.name)),
        Fact("alias", Words("Alias", "Alias"), variable.alias),
        Fact("concept", Words("Konsep", "Concept"), variable.concept),
        Fact("definition", Words("Definisi", "Definition"), variable.definition),
        Fact("reference", Words("Referensi pemilihan", "Reference choice"), BY_HAND),
        Fact("reference_time", Words("Referensi waktu", "Reference time"), BY_HAND),
        Fact("type", Words("Tipe data", "Data type"), variable.data_type),
        Fact(
            "classification", Words("Klasifikasi isian", "Classification"), variable.classification
        ),
        Fact("rule", Words("Aturan validasi", "Validation rule"), variable.rule),
        Fact("question", Words("Kalimat pertanyaan", "Question text"), _NOT_APPLICABLE),
        Fact("public", Words("Akses umum", "Public access"), _CLOSED),
    )


def _field(field: LinkageField) -> Variable:
    kind = agreed.KINDS[field.kind]
    where = {
        "domicile": Words(" menurut domisili", " by domicile"),
        "registration": Words(" menurut pendaftaran", " by registration"),
    }.get(field.residence or "", Words("", ""))
    return Variable(
        field.name,
        kind,
        Words("pengenal untuk pemadanan", "identifier used for matching"),
        Words(f"{kind.id}{where.id}, dinormalkan", f"{kind.en}{where.en}, normalised"),
        Words("tanggal", "date") if field.kind == "date" else _TEXT,
        _CODES.get(field.kind, _NO_CLASSES),
        Words(
            "aturan normalisasi berversi yang sidiknya ada dalam piagam",
            "versioned normalisation rules whose digest is in the charter",
        ),
    )
