"""Statistical metadata by BPS Regulation 5/2020: the activity (MS-Keg) and its variables (MS-Var).

The blocks and fields are those of the regulation; how a form numbers them is not repeated
here. What neither charter nor log says stays empty and counts against completeness.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from policy.charter import Charter, LinkageField
from policy.project import Project
from policy.satu_data import agreed
from policy.satu_data.catalogue import provenance_of
from policy.satu_data.paper import (
    BY_HAND,
    Code,
    Datum,
    Fact,
    Facts,
    Missing,
    Paper,
    Section,
    Signature,
    Text,
)
from policy.satu_data.reading import Reading
from policy.satu_data.trail import GOVERNANCE, events
from policy.words import Words

_NOT_APPLICABLE = Words(
    "tidak berlaku: data administratif, bukan hasil pertanyaan",
    "not applicable: administrative data, not an answer to a question",
)
_CLOSED = Words("tidak dapat diakses umum", "not accessible to the public")
_FORM = Words(
    "penomoran dan isian formulir BPS yang berlaku",
    "numbering and entries of the form BPS now prescribes",
)


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


def metadata(reading: Reading, now: datetime) -> Paper:
    project = reading.project
    blocks = _activity(project)
    variables = _variables(project.charter)
    filled, total = completeness([*blocks, *(f for _, facts in variables for f in facts)])
    return Paper(
        kind="metadata",
        title=Words(
            "Metadata kegiatan dan variabel (MS-Keg, MS-Var)",
            "Metadata of activity and variables (MS-Keg, MS-Var)",
        ),
        law="Peraturan BPS 5/2020; Perpres 39/2019",
        origin=reading.origin(now),
        sections=(
            Section(
                "completeness",
                Words("Kelengkapan", "Completeness"),
                (
                    Text(
                        Words(
                            "Nama variabel bergaris bawah (row_handle, match_id, ...) adalah isi"
                            " register padanan; selebihnya hanya dibaca penyandi di instansi dan"
                            " tidak pernah dikeluarkan.",
                            "Variables whose names have an underscore (row_handle, match_id, ...)"
                            " are the register's own; all others are read by the encoder at the"
                            " agency alone and never leave it.",
                        )
                    ),
                    Facts(
                        (
                            Fact("filled", Words("Isian terisi", "Fields filled"), filled),
                            Fact("total", Words("Seluruh isian", "Fields in all"), total),
                            Fact(
                                "form",
                                Words("Bentuk", "Form"),
                                Words(
                                    "susunan blok MS-Keg dan MS-Var", "blocks of MS-Keg and MS-Var"
                                ),
                                _FORM,
                            ),
                        )
                    ),
                ),
                duties=(21, 23),
            ),
            *_keg_sections(blocks),
            *_var_sections(variables),
        ),
        signatures=(Signature(Words("Walidata", "Data custodian (walidata)")),),
    )


def completeness(facts: Iterable[Fact]) -> tuple[int, int]:
    """How many fields hold a value, and how many there are."""
    everything = list(facts)
    return sum(not isinstance(f.value, Missing) for f in everything), len(everything)


def _activity(project: Project) -> list[Fact]:
    """All fields of MS-Keg, each keyed by its block."""
    charter = project.charter
    return [
        Fact("identity.title", Words("Judul kegiatan", "Title"), charter.title.words()),
        Fact("identity.year", Words("Tahun kegiatan", "Year"), str(charter.valid_from.year)),
        Fact(
            "identity.method",
            Words("Cara pengumpulan data", "How data are collected"),
            Words("kompilasi produk administrasi", "compilation of administrative products"),
        ),
        Fact("identity.sector", Words("Sektor kegiatan", "Sector"), BY_HAND),
        Fact("identity.kind", Words("Jenis statistik", "Kind of statistics"), BY_HAND),
        Fact("identity.recommendation", Words("Identitas rekomendasi", "Recommendation"), BY_HAND),
        Fact(
            "organiser.agencies",
            Words("Instansi penyelenggara", "Organising agencies"),
            tuple(agreed.name_of(project, member) for member in charter.party_ids),
        ),
        Fact(
            "organiser.contact",
            Words("Narahubung", "Contact"),
            tuple(Words(p.contact, p.contact) for p in charter.parties),
        ),
        Fact("responsible.unit", Words("Unit penanggung jawab", "Unit in charge"), BY_HAND),
        Fact("responsible.official", Words("Pejabat", "Official"), BY_HAND),
        Fact(
            "planning.background",
            Words("Latar belakang", "Background"),
            charter.purpose.text.words(),
        ),
        Fact(
            "planning.aim",
            Words("Tujuan kegiatan", "Aim"),
            Words(
                "menemukan orang yang sama dalam daftar beberapa instansi tanpa bertukar nama",
                "to find the people whom several agencies' lists share, without exchanging names",
            ),
        ),
        Fact(
            "planning.schedule",
            Words("Jadwal", "Schedule"),
            agreed.span(charter.valid_from, charter.valid_until),
        ),
        Fact(
            "planning.variables",
            Words("Variabel yang dikumpulkan", "Variables collected"),
            tuple(Code(f.name) for f in charter.fields),
        ),
        Fact(
            "design.frequency",
            Words("Kegiatan ini dilakukan", "Frequency"),
            Words("berulang, setiap ada perintah pemadanan", "repeated, whenever a run is ordered"),
        ),
        Fact(
            "design.coverage", Words("Cakupan wilayah", "Regions covered"), agreed.region(charter)
        ),
        Fact(
            "design.unit",
            Words("Unit pengumpulan data", "Unit of collection"),
            Words("perorangan dalam daftar administrasi", "persons on administrative lists"),
        ),
        Fact(
            "design.tool",
            Words("Sarana", "Tool"),
            Words("penyandian di komputer instansi", "encoding on the agency's own machine"),
        ),
        Fact(
            "sample.design",
            Words("Rancangan sampel", "Sample design"),
            Words("tidak berlaku: seluruh baris daftar", "not applicable: all rows of the lists"),
        ),
        Fact(
            "quality.trial",
            Words("Uji coba", "Trial"),
            Words(
                f"{charter.encoding.test_records} catatan uji dicocokkan sebelum penyandian",
                f"{charter.encoding.test_records} test records compared before encoding",
            ),
        ),
        Fact(
            "quality.checks",
            Words("Pemeriksaan kualitas", "Quality checks"),
            Words(
                f"laporan mutu berkas di instansi; {charter.encoding.canaries.total} kenari per"
                " daftar; pengulangan pemadanan oleh auditor",
                f"quality reports at the agency; {charter.encoding.canaries.total} canaries a list;"
                " runs repeated by an auditor",
            ),
        ),
        Fact(
            "processing.stages",
            Words("Tahapan pengolahan", "Stages of processing"),
            tuple(_stages(project)) or Missing(Words("belum ada di log", "not in the log yet")),
        ),
        Fact("processing.method", Words("Metode", "Method"), provenance_of(project)),
        Fact(
            "processing.level",
            Words("Tingkat penyajian", "Level of presentation"),
            Words("tidak disajikan per orang", "not presented by person"),
        ),
        Fact(
            "dissemination.products",
            Words("Produk yang tersedia untuk umum", "Products for the public"),
            Words("entri katalog dan metadata ini", "the catalogue entry and these metadata"),
        ),
        Fact("dissemination.plan", Words("Rencana rilis produk", "Plan of release"), BY_HAND),
    ]


_BLOCKS: tuple[tuple[str, Words], ...] = (
    ("identity", Words("MS-Keg: identitas", "MS-Keg: identity")),
    ("organiser", Words("MS-Keg I: penyelenggara", "MS-Keg I: organiser")),
    ("responsible", Words("MS-Keg II: penanggung jawab", "MS-Keg II: person in charge")),
    ("planning", Words("MS-Keg III: perencanaan dan persiapan", "MS-Keg III: planning")),
    ("design", Words("MS-Keg IV: desain kegiatan", "MS-Keg IV: activity design")),
    ("sample", Words("MS-Keg V: desain sampel", "MS-Keg V: sample design")),
    ("quality", Words("MS-Keg VI: penjaminan kualitas", "MS-Keg VI: quality assurance")),
    (
        "processing",
        Words("MS-Keg VII: pengolahan dan analisis", "MS-Keg VII: processing, analysis"),
    ),
    ("dissemination", Words("MS-Keg VIII: diseminasi hasil", "MS-Keg VIII: dissemination")),
)


def _keg_sections(facts: list[Fact]) -> Iterable[Section]:
    for key, title in _BLOCKS:
        mine = tuple(
            Fact(f.key.partition(".")[2], f.label, f.value, f.confirm)
            for f in facts
            if f.key.startswith(f"{key}.")
        )
        yield Section(key, title, (Facts(mine),))


def _stages(project: Project) -> Iterable[Words]:
    """The sorts of processing that the log has seen, each once, in their order."""
    return dict.fromkeys(e.sort for e in events(project) if e.sort != GOVERNANCE)


def _variables(charter: Charter) -> list[tuple[Variable, list[Fact]]]:
    grade = (_GRADE,) if charter.release.grades else ()
    described = [*_REGISTER, *grade, *(_field(each) for each in charter.fields)]
    return [(each, _var_facts(charter, each)) for each in described]


def _var_facts(charter: Charter, variable: Variable) -> list[Fact]:
    organisers = ", ".join(charter.party_ids)
    return [
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
    ]


def _var_sections(variables: list[tuple[Variable, list[Fact]]]) -> Iterable[Section]:
    for variable, facts in variables:
        title = Words(f"MS-Var: {variable.name}", f"MS-Var: {variable.name}")
        yield Section(f"variable-{variable.name}", title, (Facts(tuple(facts)),))


_TEXT = Words("teks", "text")
_BYTES = Words("bita, heksadesimal", "bytes, hexadecimal")
_NO_CLASSES = Words("tanpa klasifikasi", "no classification")
_REGISTER = (
    Variable(
        # Identifiers of a charter's fields have no underscore, so these names are free.
        "row_handle",
        Words("pegangan baris", "row handle"),
        Words("penunjuk baris milik penerima sendiri", "pointer to the recipient's own row"),
        Words(
            "HMAC berkunci lokal atas id lokal, kolom ternormalkan, dan angka acak; 16 bita",
            "keyed HMAC over local id, normalised fields and a nonce; 16 bytes",
        ),
        _BYTES,
        _NO_CLASSES,
        Words("ada dalam komitmen pemiliknya", "stands under its owner's commitment"),
    ),
    Variable(
        "match_id",
        Words("ID padanan", "match ID"),
        Words("baris yang diduga orang yang sama", "rows believed to be one person"),
        Words(
            "acak, baru untuk setiap rilis dan ranah; 16 bita",
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
        Words("acak, 32 bita, baru setiap rilis", "random, 32 bytes, fresh each release"),
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
        "pasti, atau di bawah ambang tetapi di dalam pita tinjau piagam",
        "certain, or below the threshold and within the charter's review band",
    ),
    Words("kode", "code"),
    Words("0 pasti, 1 perlu diperiksa", "0 certain, 1 to verify"),
    Words("hanya bagi yang boleh tahu keanggotaan", "only for those who learn membership"),
)
_CODES: dict[str, Words] = {
    "sex": Words("L laki-laki, P perempuan", "L male, P female"),
    "place": Words("kode wilayah beserta buku kodenya", "region codes with their code book"),
}


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
            "versioned normalisation rules whose digest stands in the charter",
        ),
    )
