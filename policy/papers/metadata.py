"""Statistical metadata by BPS Regulation 5/2020: the activity (MS-Keg) and its variables (MS-Var).

The blocks and fields are those of the regulation, without the forms' numbering. A value that
neither charter nor log has stays empty and lowers the completeness.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from policy.base.words import Words
from policy.charter import Charter
from policy.charter.canary_odds import many_canaries
from policy.papers import agreed
from policy.papers.catalogue import provenance_of
from policy.papers.paper import (
    BY_HAND,
    Code,
    Fact,
    Facts,
    Missing,
    Paper,
    PaperSection,
    SignatureBlock,
    Text,
)
from policy.papers.reading import Reading
from policy.papers.trail import events
from policy.papers.variables import variables
from policy.project import Project
from policy.statements import Processing

_FORM = Words(
    "penomoran dan isian formulir BPS yang berlaku",
    "numbering and entries of the form BPS now prescribes",
)


def metadata(reading: Reading, now: datetime) -> Paper:
    project = reading.project
    blocks = _activity(project)
    described = tuple(variables(project.charter))
    filled, total = _completeness((*blocks, *described))
    return Paper(
        kind="metadata",
        title=Words(
            "Metadata kegiatan dan variabel (MS-Keg, MS-Var)",
            "Metadata of activity and variables (MS-Keg, MS-Var)",
        ),
        law="Peraturan BPS 5/2020; Perpres 39/2019",
        origin=reading.origin(now),
        sections=(
            PaperSection(
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
            *blocks,
            *described,
        ),
        signatures=tuple(
            SignatureBlock(Words("Walidata", "Data custodian (walidata)"), each)
            for each in agreed.publishers(project) or ("",)
        ),
    )


def _completeness(described: Iterable[PaperSection]) -> tuple[int, int]:
    """How many fields have a value, and how many fields there are."""
    blocks = [block for section in described for block in section.blocks]
    facts = [fact for block in blocks if isinstance(block, Facts) for fact in block.facts]
    return sum(not isinstance(fact.value, Missing) for fact in facts), len(facts)


def _activity(project: Project) -> tuple[PaperSection, ...]:
    """MS-Keg, block by block."""
    charter = project.charter
    return (
        _identity(charter),
        _organiser(project),
        _responsible(),
        _planning(charter),
        _design(charter),
        _sample(),
        _quality(charter),
        _processing(project),
        _dissemination(),
    )


def _block(key: str, title: Words, *facts: Fact) -> PaperSection:
    return PaperSection(key, title, (Facts(facts),))


def _identity(charter: Charter) -> PaperSection:
    return _block(
        "identity",
        Words("MS-Keg: identitas", "MS-Keg: identity"),
        Fact("title", Words("Judul kegiatan", "Title"), charter.title.words()),
        Fact("year", Words("Tahun kegiatan", "Year"), str(charter.valid_from.year)),
        Fact(
            "method",
            Words("Cara pengumpulan data", "How data are collected"),
            Words("kompilasi produk administrasi", "compilation of administrative products"),
        ),
        Fact("sector", Words("Sektor kegiatan", "Sector"), BY_HAND),
        Fact("kind", Words("Jenis statistik", "Kind of statistics"), BY_HAND),
        Fact("recommendation", Words("Identitas rekomendasi", "Recommendation"), BY_HAND),
    )


def _organiser(project: Project) -> PaperSection:
    charter = project.charter
    return _block(
        "organiser",
        Words("MS-Keg I: penyelenggara", "MS-Keg I: organiser"),
        Fact(
            "agencies",
            Words("Instansi penyelenggara", "Organising agencies"),
            tuple(agreed.name_of(project, member) for member in charter.party_ids),
        ),
        Fact(
            "contact",
            Words("Narahubung", "Contact"),
            tuple(Words(p.contact, p.contact) for p in charter.parties),
        ),
    )


def _responsible() -> PaperSection:
    return _block(
        "responsible",
        Words("MS-Keg II: penanggung jawab", "MS-Keg II: person in charge"),
        Fact("unit", Words("Unit penanggung jawab", "Unit in charge"), BY_HAND),
        Fact("official", Words("Pejabat", "Official"), BY_HAND),
    )


def _planning(charter: Charter) -> PaperSection:
    return _block(
        "planning",
        Words("MS-Keg III: perencanaan dan persiapan", "MS-Keg III: planning"),
        Fact(
            "background",
            Words("Latar belakang", "Background"),
            charter.purpose.text.words(),
        ),
        Fact(
            "aim",
            Words("Tujuan kegiatan", "Aim"),
            Words(
                "menemukan orang yang sama dalam daftar beberapa instansi tanpa bertukar nama",
                "to find the people that several agencies' lists share, without exchanging names",
            ),
        ),
        Fact(
            "schedule",
            Words("Jadwal", "Schedule"),
            agreed.span(charter.valid_from, charter.valid_until),
        ),
        Fact(
            "variables",
            Words("Variabel yang dikumpulkan", "Variables collected"),
            tuple(Code(f.name) for f in charter.fields),
        ),
    )


def _design(charter: Charter) -> PaperSection:
    return _block(
        "design",
        Words("MS-Keg IV: desain kegiatan", "MS-Keg IV: activity design"),
        Fact(
            "frequency",
            Words("Kegiatan ini dilakukan", "Frequency"),
            Words("berulang, setiap ada perintah pemadanan", "repeated, whenever a run is ordered"),
        ),
        Fact("coverage", Words("Cakupan wilayah", "Regions covered"), agreed.region(charter)),
        Fact(
            "unit",
            Words("Unit pengumpulan data", "Unit of collection"),
            Words("perorangan dalam daftar administrasi", "persons on administrative lists"),
        ),
        Fact(
            "tool",
            Words("Sarana", "Tool"),
            Words("penyandian di komputer instansi", "encoding on the agency's own machine"),
        ),
    )


def _sample() -> PaperSection:
    return _block(
        "sample",
        Words("MS-Keg V: desain sampel", "MS-Keg V: sample design"),
        Fact(
            "design",
            Words("Rancangan sampel", "Sample design"),
            Words("tidak berlaku: seluruh baris daftar", "not applicable: all rows of the lists"),
        ),
    )


def _quality(charter: Charter) -> PaperSection:
    return _block(
        "quality",
        Words("MS-Keg VI: penjaminan kualitas", "MS-Keg VI: quality assurance"),
        Fact(
            "trial",
            Words("Uji coba", "Trial"),
            Words(
                f"{charter.encoding.test_records} catatan uji dicocokkan sebelum penyandian",
                f"{charter.encoding.test_records} test records compared before encoding",
            ),
        ),
        Fact(
            "checks",
            Words("Pemeriksaan kualitas", "Quality checks"),
            Words(
                f"laporan mutu berkas di instansi; {many_canaries(charter).id}; pengulangan"
                " pemadanan oleh auditor",
                f"quality reports at the agency; {many_canaries(charter).en}; runs repeated by an"
                " auditor",
            ),
        ),
    )


def _processing(project: Project) -> PaperSection:
    return _block(
        "processing",
        Words("MS-Keg VII: pengolahan dan analisis", "MS-Keg VII: processing, analysis"),
        Fact(
            "stages",
            Words("Tahapan pengolahan", "Stages of processing"),
            tuple(_stages(project)) or Missing(Words("belum ada di log", "not in the log yet")),
        ),
        Fact("method", Words("Metode", "Method"), provenance_of(project)),
        Fact(
            "level",
            Words("Tingkat penyajian", "Level of presentation"),
            Words("tidak disajikan per orang", "not presented by person"),
        ),
    )


def _dissemination() -> PaperSection:
    return _block(
        "dissemination",
        Words("MS-Keg VIII: diseminasi hasil", "MS-Keg VIII: dissemination"),
        Fact(
            "products",
            Words("Produk yang tersedia untuk umum", "Products for the public"),
            Words("entri katalog dan metadata ini", "the catalogue entry and these metadata"),
        ),
        Fact("plan", Words("Rencana rilis produk", "Plan of release"), BY_HAND),
    )


def _stages(project: Project) -> Iterable[Words]:
    """The sorts of processing in the log, each once, in order."""
    return dict.fromkeys(
        event.sort.value for event in events(project) if event.sort is not Processing.GOVERNANCE
    )
