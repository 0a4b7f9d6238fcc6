"""The rules that a cell can meet when it becomes a value, each with a sentence for the officer.

This is the only table of these rules: `inspect`, `check`, `prepare` and the local page count by
these ids and print these words. To support a new kind of error, add a rule here and a branch in
one reader of a kind of cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.base.words import Words

# The cell's result. "lost": it had content and gives no value. "partly": some content is used.
# "read": all content is used, but changed. "doubtful": used unchanged, but suspicious.
Outcome = Literal["lost", "partly", "read", "doubtful"]


@dataclass(frozen=True)
class CellRule:
    """`refuses` is the row rule under which `damaged_identifiers: refuse` refuses the row."""

    id: str
    outcome: Outcome
    words: Words
    refuses: str = ""


def _identifier(prefix: str, named: Words) -> tuple[CellRule, ...]:
    """The rules of the NIK and of the family card, which are the same for both."""
    kind = prefix.lower()

    def rule(name: str, ind: str, eng: str, refuses: str = "") -> CellRule:
        words = Words(f"{named.id} {ind}", f"the {named.en} {eng}")
        return CellRule(f"{prefix}_{name}", "lost", words, refuses and f"{kind}-{refuses}")

    return (
        rule("FORMAT", "tidak berisi tepat 16 angka", "does not have exactly 16 digits", "digits"),
        rule("LETTER", "berisi huruf di antara angkanya", "has letters among its digits", "letter"),
        rule(
            "SCI",
            "tertulis seperti 3.17E+15 atau kehilangan angka terakhirnya: lembar kerja telah"
            " membuang angkanya; ekspor ulang sebagai teks",
            "is written like 3.17E+15 or has lost its last digits: a spreadsheet threw its digits"
            " away; export it as text again",
            "scientific",
        ),
        rule(
            "NUMBER",
            "tersimpan sebagai angka, bukan teks, dan angkanya mungkin dibulatkan; ekspor sebagai"
            " teks",
            "is stored as a number, not text, and may have been rounded; export it as text",
            "number-cell",
        ),
        rule(
            "ROUNDED",
            "berakhir dengan 0, seperti hampir semua nomor di kolom itu: lembar kerja telah"
            " membulatkannya; ekspor ulang sebagai teks",
            "ends in 0, like nearly all numbers of the column: a spreadsheet rounded them; export"
            " them as text again",
            "rounded",
        ),
        rule(
            "UNCOMPUTED",
            "berupa rumus tanpa hasil tersimpan: buka di Excel, simpan, lalu ulangi",
            "is a formula without a stored result: open it in Excel, save it, try again",
            "uncomputed",
        ),
        rule(
            "SERIAL0",
            "berakhir dengan 0000, nomor urut yang tidak pernah diberikan",
            "ends in 0000, a serial number that is never given out",
            "serial-0000",
        ),
        rule("FILLER", "hanya pengisi, misalnya 9999...", "is only a filler, such as 9999..."),
        rule("TEMP", "nomor sementara (diawali 0)", "is a temporary number (it begins with 0)"),
        rule(
            "WORDS",
            "berisi kata atau nomor pendek, bukan nomor",
            "holds words or a short number instead",
        ),
    )


_RULES = (
    *_identifier("NIK", Words("NIK", "NIK")),
    CellRule(
        "NIK_DATE",
        "doubtful",
        Words("NIK memuat tanggal yang mustahil", "the NIK holds an impossible date"),
    ),
    CellRule(
        "NIK_REGION",
        "doubtful",
        Words(
            "NIK berawal kode kabupaten/kota yang tidak pernah ada",
            "the NIK begins with the code of a kabupaten or kota that never existed",
        ),
    ),
    *_identifier("KK", Words("nomor KK", "KK number")),
    CellRule("DATE_UNREADABLE", "lost", Words("tanggal tidak terbaca", "the date cannot be read")),
    CellRule(
        "DATE_RANGE",
        "partly",
        Words(
            "tanggal mustahil, di masa depan, atau lebih dari 115 tahun lalu",
            "the date is impossible, in the future, or more than 115 years ago",
        ),
    ),
    CellRule(
        "DATE_PLACEHOLDER",
        "partly",
        Words(
            "tanggal pengganti (1 Juli, 31 Desember, 1 Januari, tanpa hari): hanya tahunnya"
            " dipakai",
            "a placeholder date (1 July, 31 December, 1 January, no day): only its year is used",
        ),
    ),
    CellRule(
        "DATE_SWAPPED",
        "read",
        Words(
            "urutan hari dan bulan terbalik di sel ini; tanggal lain di kolom itu mungkin tertukar",
            "day and month are in the other order in this cell; other dates of the column may be"
            " exchanged",
        ),
    ),
    CellRule(
        "DATE_NEXT_DAY",
        "read",
        Words(
            "jamnya menunjukkan tengah malam hari berikutnya (zona waktu atau ekspor): hari itu"
            " yang dipakai",
            "its time is midnight of the next day (time zone or export): that day is used",
        ),
    ),
    CellRule(
        "DATE_TIME",
        "doubtful",
        Words(
            "ada jam selain tengah malam; di zona waktu lain mungkin hari sebelumnya atau"
            " sesudahnya",
            "it has a time other than midnight; in another time zone it may be the day before or"
            " after",
        ),
    ),
    CellRule(
        "DATE_AGE",
        "partly",
        Words("umur, bukan tanggal", "an age, not a date"),
    ),
    CellRule(
        "SEX_UNREADABLE",
        "lost",
        Words("kode jenis kelamin tidak dikenal", "the code of the sex is not known"),
    ),
    CellRule(
        "RTRW_DATE",
        "lost",
        Words(
            "RT/RW telah diubah lembar kerja menjadi tanggal",
            "a spreadsheet made a date of the RT/RW",
        ),
    ),
    CellRule(
        "RTRW_PARTIAL",
        "lost",
        Words("hanya RT atau hanya RW; keduanya diperlukan", "only RT or only RW; both are needed"),
    ),
    CellRule("RTRW_UNREADABLE", "lost", Words("RT/RW tidak terbaca", "the RT/RW cannot be read")),
    CellRule(
        "NAME_UNKNOWN_PERSON",
        "lost",
        Words(
            "nama orang yang tidak dikenal (MR X, TIDAK DIKENAL, ORANG TERLANTAR)",
            "the name of an unknown person (MR X, TIDAK DIKENAL, ORANG TERLANTAR)",
        ),
    ),
    CellRule("NAME_UNREADABLE", "lost", Words("nama tanpa huruf", "a name without letters")),
    CellRule(
        "NAME_OTHER_LETTERS",
        "partly",
        Words(
            "nama berisi huruf bukan Latin, yang tidak dibaca",
            "the name has letters that are not Latin, which are not read",
        ),
    ),
    CellRule(
        "NAME_LOOK_ALIKE",
        "read",
        Words(
            "nama berisi huruf Sirilik atau Yunani yang tampak seperti huruf Latin",
            "the name has Cyrillic or Greek letters that look like Latin ones",
        ),
    ),
    CellRule(
        "NAME_DECEASED",
        "doubtful",
        Words(
            "nama bertanda (alm): orangnya mungkin sudah meninggal",
            "the name has the mark (alm): the person may be dead",
        ),
    ),
    CellRule(
        "NAME_MOJIBAKE",
        "doubtful",
        Words(
            "nama berisi huruf yang rusak oleh pengodean yang salah (Ã©, â€™)",
            "the name has letters that a wrong encoding damaged (Ã©, â€™)",
        ),
    ),
    CellRule("PLACE_UNREADABLE", "lost", Words("tempat tidak terbaca", "the place cannot be read")),
    CellRule(
        "POSTAL_UNREADABLE",
        "lost",
        Words(
            "kode pos tidak sah, atau bukan milik kelurahan itu",
            "the postal code is not valid, or not that of the kelurahan",
        ),
    ),
    CellRule(
        "DIGITS_UNREADABLE", "lost", Words("tidak ada angka di sel", "the cell has no digits")
    ),
    CellRule(
        "ADDRESS_UNREADABLE", "lost", Words("alamat tidak terbaca", "the address cannot be read")
    ),
    CellRule(
        "CELL_UNCOMPUTED",
        "lost",
        Words(
            "rumus tanpa hasil tersimpan: buka di Excel, simpan, lalu ulangi",
            "a formula without a stored result: open it in Excel, save it, try again",
        ),
    ),
    CellRule(
        "CELL_FORMULA_ERROR",
        "lost",
        Words(
            "rumus yang gagal (#N/A, #REF!): perbaiki di lembar kerja, lalu ulangi",
            "a formula that failed (#N/A, #REF!): mend it in the spreadsheet, then try again",
        ),
    ),
    CellRule(
        "CELL_TOO_LONG",
        "lost",
        Words(
            "sel terlalu panjang untuk data seseorang", "the cell is too long for a person's data"
        ),
    ),
)

CELL_RULES: dict[str, CellRule] = {each.id: each for each in _RULES}
# The row rules of damaged identifiers, with the same words.
REFUSALS: dict[str, Words] = {each.refuses: each.words for each in _RULES if each.refuses}
