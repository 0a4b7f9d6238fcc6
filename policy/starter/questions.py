"""The questions about a linkage in plain words; the terminal, the page and the example ask them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from policy.base.words import Words
from policy.charter.data import Source


@dataclass(frozen=True)
class Question:
    """One question: what is asked, why, and an answer as an example."""

    name: str
    ask: Words
    why: Words
    example: str = ""


def _question(name: str, ask: tuple[str, str], why: tuple[str, str], example: str = "") -> Question:
    return Question(name, Words(*ask), Words(*why), example)


_ALL = (
    _question(
        "title",
        ("Nama pemadanan ini", "The name of this linkage"),
        ("Muncul di setiap halaman dan surat.", "It is on every page and paper."),
        "Bantuan gizi Kota Contoh",
    ),
    _question(
        "purpose",
        ("Untuk apa orang dipadankan?", "For what are people matched?"),
        (
            "Hasilnya hanya boleh dipakai untuk ini (UU PDP Ps. 16(2)).",
            "The results may be used for nothing else (UU PDP art. 16(2)).",
        ),
        "Menyalurkan bantuan gizi kepada keluarga yang tepat",
    ),
    _question(
        "laws",
        ("Peraturan yang menjadi dasarnya", "The regulations that it rests on"),
        (
            "Sedikitnya satu; periksa naskahnya di JDIH (UU PDP Ps. 20(2)).",
            "One at least; check its text at JDIH (UU PDP art. 20(2)).",
        ),
        "Perpres 39/2019 tentang Satu Data Indonesia",
    ),
    _question(
        "region",
        ("Kode Kemendagri wilayahnya", "The Kemendagri code of the region"),
        ("Dua angka provinsi, atau empat angka kabupaten/kota.", "Two digits, or four."),
        "3171",
    ),
    _question(
        "starts",
        ("Hari pertama", "The first day"),
        ("Tahun-bulan-hari.", "Year-month-day."),
    ),
    _question(
        "ends",
        ("Hari terakhir; semua salinan lalu dimusnahkan", "The last day; all copies then end"),
        ("Sesingkat yang cukup untuk tujuannya.", "As short as the purpose allows."),
    ),
    _question(
        "agency.name",
        ("Nama instansi yang membawa daftar", "The name of an agency that brings a list"),
        ("Setiap instansi tetap memegang daftarnya sendiri.", "Each agency keeps its own list."),
        "Dinas Sosial Kota Contoh",
    ),
    _question(
        "agency.contact",
        ("Kontak bagi orang yang ada di daftarnya", "The contact for people on its list"),
        ("Orang berhak bertanya kepada instansi (UU PDP Ps. 5).", "People may ask the agency."),
        "ppid@dinsos.contoh.go.id",
    ),
    _question(
        "agency.superior",
        ("Atasan instansi itu (id), kosong bila tidak ada", "Its superior agency (id), or empty"),
        (
            "Layanan tidak boleh dijalankan oleh instansi seatasan.",
            "The service may not be run by an agency under the same superior.",
        ),
    ),
    _question(
        "agency.publishes",
        ("Apakah instansi itu walidata datanya sendiri?", "Is it the walidata of its own data?"),
        ("Hanya walidata yang merilis (Perpres 39/2019).", "Only a walidata releases data."),
    ),
    _question(
        "list.title",
        ("Nama daftarnya", "The name of its list"),
        ("Seperti yang dikenal pegawai.", "As staff know it."),
        "Keluarga penerima bantuan gizi",
    ),
    _question(
        "list.people",
        ("Kira-kira berapa orang di daftar itu?", "About how many people are on that list?"),
        (
            "Menentukan jumlah terkecil yang boleh keluar dan banyaknya baris uji.",
            "It decides the smallest count that may be let out and how many test rows there are.",
        ),
        "400",
    ),
    _question(
        "list.sensitive",
        (
            "Apakah berada di daftar itu saja dapat merugikan orang?",
            "Can being on that list alone hurt a person?",
        ),
        ("Bila ya, pemiliknya menyetujui dua kali.", "If so, its owner approves twice."),
    ),
    _question(
        "list.specific",
        (
            "Apakah daftar itu memuat data spesifik, misalnya kesehatan, disabilitas, atau anak?",
            "Does that list hold specific data, such as health, disability or children?",
        ),
        (
            "Bila ya, pejabat pelindungan data ikut menyetujui (UU PDP Ps. 4(2), 34).",
            "If so, data protection officers approve too (UU PDP art. 4(2), 34).",
        ),
    ),
    _question(
        "third.name",
        (
            "Instansi ketiga, tanpa daftar, yang ikut menyetujui (biasanya Kominfo)",
            "A third agency, without a list, that approves too (often Kominfo)",
        ),
        (
            "Dua instansi selain yang meminta harus menyetujui setiap rilis.",
            "Two agencies other than the one that asks must approve each release.",
        ),
        "Dinas Komunikasi dan Informatika Kota Contoh",
    ),
    _question(
        "third.contact",
        ("Kontaknya", "Its contact"),
        ("Untuk pertanyaan tentang data yang dirilis.", "For questions about released data."),
        "walidata@kominfo.contoh.go.id",
    ),
    _question(
        "operator.name",
        ("Siapa yang menjalankan layanan?", "Who runs the service?"),
        (
            "Instansi lain, tanpa daftar: pemroses (UU PDP Ps. 51).",
            "Another agency, without a list: the processor (UU PDP art. 51).",
        ),
        "Pusat Data Provinsi",
    ),
    _question(
        "operator.place",
        ("Di mana servernya?", "Where are its machines?"),
        ("Harus diketahui semua pihak (UU PDP Ps. 51, 56).", "All parties must know."),
        "Pusat data provinsi, Kota Contoh",
    ),
    _question(
        "auditor.name",
        (
            "Siapa yang mengaudit (misalnya inspektorat)? Kosong bila belum ada",
            "Who audits (for example the inspectorate)? Empty if nobody does yet",
        ),
        (
            "Auditor membaca log, memeriksa bukti secara luring, dan ikut menjadi saksi.",
            "Auditors read the log, verify the evidence offline, and are witnesses too.",
        ),
        "Inspektorat Kota Contoh",
    ),
    _question(
        "auditor.contact",
        ("Kontak auditor", "The auditor's contact"),
        ("Bukan dari instansi yang membawa daftar.", "Not of an agency that brings a list."),
        "inspektorat@contoh.go.id",
    ),
    _question(
        "learns",
        (
            "Bolehkah {agency} mengetahui siapa di {list} yang ada juga di {about}?",
            "May {agency} learn which people on {list} are on {about} too?",
        ),
        (
            "Yang lain tidak mengetahui apa pun tentang orangnya.",
            "All others learn nothing about their people.",
        ),
    ),
    _question(
        "papers.cooperation",
        ("Perjanjian antarinstansi", "The agreement of the agencies"),
        ("Nomor dan berkasnya; sidiknya dihitung (UU PDP Ps. 18).", "Its number and its file."),
    ),
    _question(
        "papers.processing",
        ("Perintah kepada pengelola layanan", "The order to the operator of the service"),
        ("Nomor dan berkasnya; sidiknya dihitung (UU PDP Ps. 51).", "Its number and its file."),
    ),
    _question(
        "papers.assessment",
        ("Penilaian dampak pelindungan data (DPIA)", "The impact assessment (DPIA)"),
        ("Nomor dan berkasnya; sidiknya dihitung (UU PDP Ps. 34).", "Its number and its file."),
    ),
    _question(
        "archive_code",
        ("Kode jadwal retensi arsip (JRA)", "The code of the archive retention schedule (JRA)"),
        ("Menurut JRA instansi (UU 43/2009).", "By the agency's schedule (UU 43/2009)."),
        "PS.01",
    ),
)
QUESTIONS = {each.name: each for each in _ALL}


def short_id(name: str, taken: tuple[str, ...] = ()) -> str:
    """An id for a name: its first word with a sense of its own; numbered if it is taken."""
    words = [w for w in re.split(r"[^a-z0-9]+", name.lower()) if w]
    known = {"dinas sosial": "dinsos", "dinas komunikasi": "kominfo"}
    first = words[0] if words else "instansi"
    telling = next((word for word in words if word not in _COMMON), first)
    found = known.get(" ".join(words[:2]), telling)[:30]
    if found not in taken:
        return found
    number = next(n for n in range(2, 1000) if f"{found}-{n}" not in taken)
    return f"{found}-{number}"


def source_of(title: str) -> str:
    """The known kind of list that a title names, such as DTKS; `other` if it names none."""
    words = re.split(r"[^a-z0-9]+", title.lower())
    return next((each for each in words if each in _KNOWN), "other")


_KNOWN = frozenset(get_args(Source)) - {"other", "programme"}
_COMMON = frozenset("badan dinas daftar data pusat kantor the of unit daerah kota".split())


def a_year_from(first: date) -> date:
    """The last day of a year that begins on that day."""
    day = first - timedelta(days=1)
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def example(today: date) -> bytes:
    """An example of all answers, with each question as a comment."""
    until = a_year_from(today)
    said = {
        name: f"# {q.ask.id} / {q.ask.en}\n# {q.why.id} / {q.why.en}"
        for name, q in QUESTIONS.items()
    }
    return _EXAMPLE.format(today=today, until=until, year=today.year, **_flat(said)).encode()


def _flat(said: dict[str, str]) -> dict[str, str]:
    """The comments by names for the example; `_in4` is one that is indented by four."""
    flat = {name.replace(".", "_"): text for name, text in said.items()}
    return flat | {
        f"{name}_in{by}": text.replace("\n", "\n" + " " * by)
        for name, text in flat.items()
        for by in (2, 4)
    }


_EXAMPLE = """\
# Jawaban tentang satu pemadanan; lalu: padan-policy charter new charter.yaml --answers BERKAS INI
# Answers about one linkage; then:      padan-policy charter new charter.yaml --answers THIS FILE
# Satu teks untuk kedua bahasa, atau / one text for both languages, or {{id: …, en: …}}
type: padan/charter-answers
version: 1
project: contoh-{year}   # huruf kecil, angka, tanda hubung / lower case, digits, hyphens

{title}
title: {{id: Bantuan gizi Kota Contoh, en: Nutrition help of Kota Contoh}}
{purpose}
purpose:
  id: Menyalurkan bantuan gizi kepada keluarga yang tepat
  en: Giving nutrition help to the right families
# public-service | planning | budget | democracy | law-enforcement (UU 24/2013 Ps. 58(4))
category: public-service
{laws}
laws:
  - Perpres 39/2019 tentang Satu Data Indonesia
{region}
region: "3171"
{starts}
starts: {today}
{ends}
ends: {until}

# Instansi yang membawa daftar / the agencies that bring lists
agencies:
  - id: dinsos
    {agency_name_in4}
    name: Dinas Sosial Kota Contoh
    {agency_contact_in4}
    contact: ppid@dinsos.example
    {agency_publishes_in4}
    publishes: false
    # superior: pemkot
  - {{id: bps, name: BPS Kota Contoh, contact: ppid@bps.example, publishes: true}}
{third_name}
third: {{id: kominfo, name: Dinas Kominfo Kota Contoh, contact: walidata@kominfo.example}}
{operator_name}
operator: {{id: layanan, name: Pusat Data Provinsi, place: "Pusat data provinsi, Kota Contoh"}}
{auditor_name}
# auditor: {{id: inspektorat, name: Inspektorat Kota Contoh, contact: inspektorat@contoh.example}}

lists:
  # source: regsosek | dtsen | dtks | ppks | carik | p3ke | programme | dukcapil | other
  - id: gizi
    agency: dinsos
    title: Keluarga penerima bantuan gizi
    source: programme
    {list_people_in4}
    people: 400
    {list_sensitive_in4}
    sensitive: false
    {list_specific_in4}
    specific: false
  - {{id: regsosek, agency: bps, title: Registrasi Sosial Ekonomi, source: regsosek, people: 800}}
# Siapa boleh tahu: pemilik 'list' mengetahui siapa di daftarnya yang ada juga di 'about'.
# Who may learn: the owner of 'list' learns which of its people are on the lists 'about' too.
learns:
  - {{list: gizi, about: [regsosek]}}

# Naskah yang sudah ditandatangani; berkas di folder yang sama / signed papers, in the same folder
papers:
  {papers_cooperation_in2}
  cooperation: {{number: PKS/{year}/001, file: perjanjian.pdf}}
  {papers_processing_in2}
  processing: {{number: PKS/{year}/002, file: perintah.pdf}}
  {papers_assessment_in2}
  assessment: {{number: DPIA/{year}/001, file: dpia.pdf}}
{archive_code}
archive_code: PS.01
"""
