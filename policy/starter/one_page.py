"""A charter as one page that people read before they sign it: who, what, why, until when.

Pure; the names of people and the signatures are given, if they are known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from policy.base.dates import long_day
from policy.base.words import Words, joined
from policy.charter import Charter, Domain
from policy.charter.gaps import Gap
from policy.charter.source_names import source_title
from policy.charts.page import Cell, Notes, ReportPage, ReportTable, Section
from policy.project.naming import joined as joined_names
from policy.starter.limits import limits


@dataclass(frozen=True)
class Around:
    """What is known besides the charter. `signed` is None if no log was asked."""

    names: Mapping[str, str] = field(default_factory=dict)
    signed: Collection[str] | None = None
    hindrances: tuple[Gap, ...] = ()

    def name(self, member: str) -> str:
        return self.names.get(member, member)

    def named(self, member: str) -> str:
        """The name with the id that the charter says."""
        name = self.name(member)
        return name if name == member else f"{name} ({member})"


def one_page(charter: Charter, around: Around) -> ReportPage:
    """The page of this charter. An agency has the name that the charter gives it."""
    around = replace(around, names={**around.names, **charter.agency_names})
    learners = {charter.dataset(n).owner for each in charter.domains for n in each.learn}
    return ReportPage(
        kind="charter",
        kicker=Words("Piagam pemadanan", "Linkage charter"),
        title=charter.title.words(),
        lead=charter.purpose.text.words(),
        figures=(
            (Words("instansi", "agencies"), len(charter.parties)),
            (Words("daftar", "lists"), len(charter.datasets)),
            (Words("yang memperoleh hasil", "that learn results"), len(learners)),
            (Words("jumlah terkecil yang keluar", "smallest count let out"), _cell(charter)),
        ),
        sections=(
            *_problems(around),
            Section("who", Words("Siapa", "Who"), _who_lead(charter), (_who(charter, around),)),
            Section(
                "lists", Words("Daftar apa", "Which lists"), _NO_LEAD, (_lists(charter, around),)
            ),
            Section(
                "why",
                Words("Untuk apa, sampai kapan", "For what, until when"),
                _NO_LEAD,
                _why(charter),
            ),
            Section(
                "learns",
                Words("Siapa tahu apa", "Who learns what"),
                _NO_LEAD,
                (_learns(charter, around),),
            ),
            Section(
                "care",
                Words("Cara dan batasnya", "How, and within which limits"),
                _NO_LEAD,
                (limits(charter, around.name),),
            ),
            Section(
                "signed",
                Words("Siapa menandatangani", "Who signs"),
                _NO_LEAD,
                (_signatures(charter, around),),
            ),
        ),
        footer=Words(
            f"Proyek {charter.project}, versi {charter.version}. Sidik piagam {charter.digest()}.",
            f"Project {charter.project}, version {charter.version}. The charter's digest is"
            f" {charter.digest()}.",
        ),
    )


_NO_LEAD = Words("", "")


def _cell(charter: Charter) -> int:
    return charter.release.minimum_cell


def _problems(around: Around) -> Iterator[Section]:
    """What stops the charter from running comes first."""
    if around.hindrances:
        yield Section(
            "problems",
            Words("Belum dapat berjalan", "It cannot run yet"),
            Words(
                "Piagam ini tidak akan ditandatangani oleh 'charter sign' sebelum ini diperbaiki.",
                "'charter sign' refuses this charter until these are corrected.",
            ),
            (
                ReportTable(
                    "problems",
                    Words("Yang diperbaiki", "What to correct"),
                    (
                        Words("bagian", "part"),
                        Words("apa yang salah", "what is wrong"),
                        Words("apa yang ditulis", "what to write"),
                    ),
                    tuple((each.field, each.problem, each.remedy) for each in around.hindrances),
                ),
            ),
        )


# -- who, and which lists ----------------------------------------------------------------------


def _who_lead(charter: Charter) -> Words:
    unit = charter.linkage_unit
    if unit is None or not unit.hosting:
        return _NO_LEAD
    return Words(
        f"Server layanan berada di: {unit.hosting.id}.",
        f"The machines of the service are at: {unit.hosting.en}.",
    )


def _who(charter: Charter, around: Around) -> ReportTable:
    owner = Words("pemilik daftar", "owns a list")
    rows: list[tuple[Cell, ...]] = [
        (around.named(p.member), owner, p.contact, around.named(p.dpo) if p.dpo else "–")
        for p in charter.parties
    ]
    for each in charter.walidata:
        about = Words("walidata: menyetujui rilis", "walidata: approves releases")
        rows.append((around.named(each.member), about, each.contact, "–"))
    unit = charter.linkage_unit
    if unit is not None:
        about = Words("menjalankan layanan, tanpa data sendiri", "runs the service, owns no data")
        rows.append(
            (around.named(unit.member), about, "–", around.named(unit.dpo) if unit.dpo else "–")
        )
    for auditor in charter.auditors:
        about = Words("auditor: dapat mengulang pemadanan", "auditor: can repeat a run")
        rows.append((around.named(auditor), about, "–", "–"))
    return ReportTable(
        "who",
        Words("Instansi dan tugasnya", "Agencies and their tasks"),
        (
            Words("instansi", "agency"),
            Words("tugas", "task"),
            Words("kontak", "contact"),
            Words("pejabat pelindungan data", "data protection officer"),
        ),
        tuple(rows),
    )


def _lists(charter: Charter, around: Around) -> ReportTable:
    return ReportTable(
        "lists",
        Words("Daftar yang dipadankan", "The lists to be linked"),
        (
            Words("daftar", "list"),
            Words("pemilik", "owner"),
            Words("jenis", "kind"),
            Words("baris paling sedikit", "fewest rows"),
            Words("baris paling banyak", "most rows"),
        ),
        tuple(
            (
                Words(f"{each.title.id} ({each.id})", f"{each.title.en} ({each.id})"),
                around.name(each.owner),
                _kind(each.data_class, each.sensitive),
                each.rows_min,
                each.rows_max,
            )
            for each in charter.datasets
        ),
    )


def _kind(data_class: str, sensitive: bool) -> Words:
    if data_class == "spesifik":
        return Words("data spesifik; perlu dua persetujuan pemilik", "specific data; two approvals")
    if sensitive:
        return Words("peka; perlu dua persetujuan pemilik", "sensitive; two approvals of the owner")
    return Words("data umum", "general data")


# -- for what, until when ----------------------------------------------------------------------


def _why(charter: Charter) -> tuple[Notes, ReportTable]:
    first, last = long_day(charter.valid_from), long_day(charter.valid_until)
    laws = "; ".join(each.text for each in charter.lawful_basis.citations)
    keep = charter.retention
    ends = {
        Words("baris tersandi di layanan", "encoded rows at the service"): keep.encodings_until,
        Words("hasil", "results"): keep.releases_until,
        Words("peta baris di instansi", "maps of rows at the agencies"): keep.maps_until,
        Words("atribut", "attributes"): keep.attributes_until,
    }
    days = sorted({day for day in ends.values() if day is not None})
    gone = [
        (joined_names([what for what, its in ends.items() if its == day]), long_day(day))
        for day in days
    ]
    notes = (
        Words(f"Berlaku {first.id} sampai {last.id}.", f"Valid from {first.en} to {last.en}."),
        Words(f"Dasar hukum: {laws}.", f"Lawful basis: {laws}."),
        Words(
            "Dimusnahkan: " + "; ".join(f"{what.id} pada {day.id}" for what, day in gone) + ".",
            "Destroyed: " + "; ".join(f"{what.en} on {day.en}" for what, day in gone) + ".",
        ),
    )
    kinds = {
        "joint-control": Words("perjanjian pengendali bersama", "agreement of joint controllers"),
        "processing": Words("perintah kepada pengelola layanan", "order to the service's operator"),
        "pks": Words("perjanjian kerja sama", "agreement of cooperation"),
        "nda": Words("perjanjian kerahasiaan", "agreement of confidentiality"),
        "mou": Words("nota kesepahaman", "memorandum of understanding"),
    }
    papers: list[tuple[Cell, ...]] = [
        (kinds[each.kind], each.number, _until(each.valid_until), f"{each.sha256[:16]}…")
        for each in charter.agreements
    ]
    dpia = charter.dpia
    assessment = Words("penilaian dampak (DPIA)", "impact assessment (DPIA)")
    papers.append((assessment, dpia.reference, _until(dpia.valid_until), f"{dpia.sha256[:16]}…"))
    table = ReportTable(
        "papers",
        Words("Naskah yang dilampirkan", "Attached papers"),
        (
            Words("naskah", "paper"),
            Words("nomor", "number"),
            Words("berlaku sampai", "valid until"),
            Words("awal sidik SHA-256", "first digits of SHA-256"),
        ),
        tuple(papers),
    )
    return Notes("why", notes), table


def _until(day: object) -> Words:
    return long_day(day)  # type: ignore[arg-type]


# -- who learns what ---------------------------------------------------------------------------


def _learns(charter: Charter, around: Around) -> Notes:
    in_all = (words for domain in charter.domains for words in _of_domain(charter, around, domain))
    told = list(dict.fromkeys(in_all))  # several domains may say the same
    for each in charter.attributes:
        title = source_title(charter, each.dataset)
        columns_id = ", ".join(column.title.id for column in each.columns)
        columns_en = ", ".join(column.title.en for column in each.columns)
        owner = around.name(charter.dataset(each.dataset).owner)
        to = around.name(each.recipient)
        told.append(
            Words(
                f"{owner} boleh mengirim {columns_id} dari {title.id} kepada {to}.",
                f"{owner} may send {to} these columns of {title.en}: {columns_en}.",
            )
        )
    if charter.release.grades:
        told.append(
            Words(
                "Yang memperoleh hasil melihat mana yang pasti dan mana yang perlu dicek.",
                "Who learns a result sees which matches are certain and which are to be checked.",
            )
        )
    else:
        told.append(
            Words(
                "Hanya padanan yang pasti dirilis; yang perlu dicek hanya dihitung.",
                "Only certain matches are released; those to be checked are only counted.",
            )
        )
    told.append(
        Words(
            "Tidak seorang pun melihat nama, NIK, atau alamat dari daftar instansi lain.",
            "Nobody sees a name, NIK or address of another agency's list.",
        )
    )
    return Notes("learns", tuple(told))


def _of_domain(charter: Charter, around: Around, domain: Domain) -> Iterator[Words]:
    for name in domain.learn:
        one, others = (
            _list_titles(charter, (name,)),
            _list_titles(charter, _without(domain, name)),
        )
        owner = around.name(charter.dataset(name).owner)
        yield Words(
            f"{owner} mengetahui siapa di {one.id} yang juga ada di {others.id}.",
            f"{owner} learns which people on {one.en} are on {others.en} too.",
        )
    blind = [name for name in domain.datasets if name not in domain.learn]
    for owner in dict.fromkeys(charter.dataset(name).owner for name in blind):
        lists = _list_titles(charter, tuple(n for n in blind if charter.dataset(n).owner == owner))
        yield Words(
            f"{around.name(owner)} tidak mengetahui apa pun tentang orang di {lists.id}.",
            f"{around.name(owner)} learns nothing about the people on {lists.en}.",
        )


def _list_titles(charter: Charter, names: tuple[str, ...]) -> Words:
    """The lists by the titles that the page gives them above."""
    titles = [charter.dataset(each).title.words() for each in names]
    return Words(", ".join(t.id for t in titles), ", ".join(t.en for t in titles))


def _without(domain: Domain, name: str) -> tuple[str, ...]:
    return tuple(each for each in domain.datasets if each != name)


# -- signatures --------------------------------------------------------------------------------


def _signatures(charter: Charter, around: Around) -> ReportTable:
    def state(member: str) -> Words:
        if around.signed is None:
            return Words("menandatangani", "signs")
        if member in around.signed:
            return Words("sudah menandatangani", "has signed")
        return Words("belum menandatangani", "has not signed yet")

    return ReportTable(
        "signed",
        Words("Tanda tangan setiap pihak", "The signature of each party"),
        (Words("pihak", "party"), Words("keadaan", "state")),
        tuple((around.name(each), state(each)) for each in charter.party_ids),
    )


def signed_words(
    charter: Charter, signed: Collection[str], name: Callable[[str], str] = str
) -> Words:
    """Which agencies have signed the charter, and which are missing."""
    names = {each: charter.agency_names.get(each) or name(each) for each in charter.party_ids}
    has = ", ".join(names[each] for each in charter.party_ids if each in signed)
    missing = ", ".join(names[each] for each in charter.party_ids if each not in signed)
    first = Words("Belum ada yang menandatangani.", "Nobody has signed yet.")
    if has:
        first = Words(f"Sudah menandatangani: {has}.", f"Signed: {has}.")
    if not missing:
        return joined(first, Words("Tidak ada yang kurang.", "Nobody is missing."))
    return joined(first, Words(f"Belum: {missing}.", f"Missing: {missing}."))
