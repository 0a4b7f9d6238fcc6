"""The threats of docs/explanation/threats.md, as one charter's assessment lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policy.base.words import Words
from policy.charter import CanariesAlike, Charter
from policy.charter.canary_odds import many_canaries

Remains = Callable[[Charter], Words]


@dataclass(frozen=True)
class Threat:
    """One threat, its countermeasures, and the remaining risk under this charter."""

    code: str
    threat: Words
    measure: Words
    remains: Words


def threats(charter: Charter) -> tuple[Threat, ...]:
    return tuple(
        Threat(code, threat, measure, remains(charter))
        for code, threat, measure, remains in _THREATS
    )


def _always(indonesian: str, english: str) -> Remains:
    return lambda _: Words(indonesian, english)


def _profile(charter: Charter) -> Words:
    if charter.encoding.compound:
        return Words(
            "lolos uji serangan bawaan; belum ditinjau pihak luar; lebih lemah dalam satu"
            " kelompok garam",
            "passes the shipped probes; no outside review; weaker inside one salt's group",
        )
    name = charter.encoding.profile
    return Words(
        f"TINGGI: profil {name} bukan bawaan dan diketahui gagal pada sebuah ambang uji",
        f"HIGH: the profile {name} is not the default and is known to miss a floor",
    )


def _nik(charter: Charter) -> Words:
    if charter.encoding.nik_leg == "off":
        return Words(
            "jalur NIK dimatikan; kamus atas nama dan tanggal tetap mungkin bila kunci bocor",
            "the NIK leg is off; dictionaries of names and dates remain possible if keys leak",
        )
    return Words(
        "kunci satu instansi bersama sandi di layanan membuka semua NIK dalam hitungan menit",
        "one agency's key, together with the service's encodings, opens all NIKs within minutes",
    )


def _small_groups(charter: Charter) -> Words:
    k = charter.release.minimum_cell
    return Words(
        f"satu orang di antara {k - 1} anggota yang sudah dikenal tidak tercegah oleh sel {k}",
        f"one person among {k - 1} members already known is not prevented by cells of {k}",
    )


def _together(charter: Charter) -> Words:
    if charter.release.together:
        groups = "; ".join(" + ".join(each) for each in charter.release.together)
        return Words(f"diperlakukan sebagai satu penerima: {groups}", f"one recipient: {groups}")
    return Words(
        "penerima yang menggabungkan hasilnya diam-diam tidak terlihat dari sini",
        "recipients who pool their results in secret cannot be seen from here",
    )


def _canaries(charter: Charter) -> Words:
    terms = charter.encoding.canaries
    if not terms.rows(0):
        return Words("piagam ini tanpa kenari", "this charter has no canaries")
    many = many_canaries(charter)
    if isinstance(terms, CanariesAlike):
        return Words(
            f"TINGGI: {many.id}, tetapi serupa di semua daftar, sehingga layanan mengenalinya",
            f"HIGH: {many.en}, but alike on all lists, so that the service recognises them",
        )
    return Words(
        f"{many.id}; kecurangan yang sangat kecil dapat luput",
        f"{many.en}; very small cheating can slip through",
    )


_THREATS: tuple[tuple[str, Words, Words, Remains], ...] = (
    (
        "T1",
        Words("unit pemadanan menyejajarkan frekuensi", "linkage unit aligns frequencies"),
        Words(
            "sandi seluruh baris, kunci per proyek, baris satu orang dilebur sebelum dikirim",
            "encodings of whole rows, keys per project, rows of one person collapsed before upload",
        ),
        _always("kecil", "small"),
    ),
    (
        "T2-T5",
        Words(
            "unit pemadanan dengan register atau pasangan yang dikenal menyerang sandi",
            "linkage unit with a register or known pairs attacks the encodings",
        ),
        Words(
            "pengerasan nonlinear, garam, masa simpan pendek, uji serangan dengan ambang",
            "non-linear hardening, salts, short retention, probes with floors",
        ),
        _profile,
    ),
    (
        "T6",
        Words(
            "unit pemadanan bersama satu pemilik data, atau pencuri kunci: kamus semua NIK",
            "linkage unit with one owner, or a key thief: a dictionary of all NIKs",
        ),
        Words(
            "kunci di instansi dalam berkas terkunci frasa sandi, per proyek dan zaman; tugas"
            " dipisahkan",
            "keys at agencies under a passphrase, per project and epoch; duties kept apart",
        ),
        _nik,
    ),
    (
        "T7-T8",
        Words(
            "pemilik data menebak anggota, atau bertanya berulang",
            "a data owner guesses members, or asks again and again",
        ),
        Words(
            "baris dan jumlahnya dikomitmenkan sebelum ada kunci; sel terkecil; anggaran yang"
            " dihabiskan juga oleh penolakan; tanpa angka persis",
            "rows and count committed before keys exist; minimum cells; budgets that refusals"
            " spend too; no exact counts",
        ),
        _small_groups,
    ),
    (
        "T9",
        Words("mendaki skor kemiripan", "climbing similarity scores"),
        Words("tidak ada skor yang keluar dari layanan", "no score leaves the service"),
        _always("tidak ada jalan yang diketahui", "no way known"),
    ),
    (
        "T10-T11",
        Words(
            "penerima menggabungkan rilis atau irisan kecil",
            "recipients join releases or small intersections",
        ),
        Words(
            "ID dan rahasia baru setiap rilis dan ranah, urut menurut ID; sel terkecil di kedua"
            " sisi; indeks privat bagi yang tidak boleh tahu",
            "fresh IDs and secrets each release and domain, sorted by ID; minimum cells on both"
            " sides; a private index for those who may not know",
        ),
        _together,
    ),
    (
        "T12-T13",
        Words(
            "koordinator, jaringan, atau administrator menukar kunci, mengubah atau memotong log",
            "coordinator, network or administrator swaps keys, alters or cuts the log",
        ),
        Words(
            "roster disematkan lewat jalur lain, komit lalu buka, semua segel terikat, log Merkle"
            " dengan saksi",
            "roster pinned out of band, commit then reveal, every seal bound, a witnessed Merkle"
            " log",
        ),
        _always(
            "bergantung pada saksi yang sungguh memeriksa",
            "rests on witnesses who really check",
        ),
    ),
    (
        "T14",
        Words(
            "layanan menyimpan sandi atau memulihkannya dari cadangan",
            "the service keeps encodings, or restores them from backup",
        ),
        Words(
            "satu kunci segel per zaman di luar basis data dan cadangan; memusnahkannya berarti"
            " memusnahkan isinya",
            "one sealing key an epoch, outside database and backups; destroying it destroys what"
            " it sealed",
        ),
        _always(
            "salinan rahasia tidak dapat dibuktikan tidak ada",
            "that there is no secret copy cannot be proved",
        ),
    ),
    (
        "T15-T16",
        Words(
            "unggahan rusak, atau penyandi yang keliru membocorkan pengenal",
            "malformed uploads, or a faulty encoder that leaks identifiers",
        ),
        Words(
            "format biner ketat berukuran tetap, batas saat mengalir, pemeriksaan NIK tiruan",
            "strict fixed-width binary format, bounds while streaming, planted test NIKs",
        ),
        _always("kecil", "small"),
    ),
    (
        "T17",
        Words(
            "layanan menghilangkan atau mengarang padanan",
            "the service drops or invents matches",
        ),
        Words(
            "kenari rahasia di setiap daftar, hasil deterministik yang dapat diulang auditor,"
            " tanda terima",
            "secret canaries in every list, deterministic results that an auditor can repeat,"
            " receipts",
        ),
        _canaries,
    ),
)
