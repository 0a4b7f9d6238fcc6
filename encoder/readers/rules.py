"""The rules by which a row is refused, each with a sentence for the officer."""

from __future__ import annotations

from policy.words import Words

RAGGED_ROW = "ragged-row"
STRAY_QUOTE = "stray-quote"
BLANK_ROW = "blank-row"
NO_RECORD_ID = "no-record-id"
NO_LINKAGE_FIELD = "no-linkage-field"
NOBODY = "no-name-nor-nik"
SUPPRESSED = "suppressed"
OBJECTED_ELSEWHERE = "objected-under-another-id"
OBJECTED_SAME_CONTENT = "objected-same-content"
STATUS = "status"
NUMBER_CELL = {"nik": "nik-number-cell", "kk": "kk-number-cell"}
SCIENTIFIC = {"nik": "nik-scientific", "kk": "kk-scientific"}

_SCIENTIFIC = Words(
    "tertulis seperti 3.17E+15: lembar kerja telah membuang angkanya; ekspor ulang sebagai teks",
    "is written like 3.17E+15: a spreadsheet threw its digits away; export it as text again",
)
_NUMBER = Words(
    "tersimpan sebagai angka, bukan teks, dan angkanya mungkin dibulatkan; ekspor sebagai teks",
    "is stored as a number, not text, and may have been rounded; export it as text",
)

EXPLANATIONS: dict[str, Words] = {
    RAGGED_ROW: Words(
        "jumlah sel tidak sama dengan judul kolom",
        "the row has more or fewer cells than the header",
    ),
    STRAY_QUOTE: Words(
        "tanda kutip tanpa pasangan di baris itu",
        "there is a quote without its pair in the row",
    ),
    BLANK_ROW: Words("baris kosong", "the row is blank"),
    NO_RECORD_ID: Words("id baris kosong", "the row has no record id"),
    NO_LINKAGE_FIELD: Words(
        "tidak ada satu pun kolom penautan yang dapat dipakai",
        "not one linkage field of the row can be used",
    ),
    NOBODY: Words(
        "tanpa nama dan tanpa NIK yang dapat dipakai, seperti baris jumlah atau tanda tangan",
        "neither a name nor a NIK can be used, as in a line of totals or a signature",
    ),
    SUPPRESSED: Words(
        "id ada di daftar yang tidak disertakan (UU PDP pasal 40, 41)",
        "the id is on the list of those left out (UU PDP art. 40, 41)",
    ),
    OBJECTED_ELSEWHERE: Words(
        "orangnya sudah keberatan dengan id lain (UU PDP pasal 40, 41): NIK dan isinya sama",
        "the person objected under another id (UU PDP art. 40, 41): NIK and content are the same",
    ),
    OBJECTED_SAME_CONTENT: Words(
        "baris dengan isi ini ditarik (UU PDP pasal 40, 41); tanpa id baris, isinya yang dikenali",
        "a row with this content was withdrawn (UU PDP art. 40, 41); without record ids a row is"
        " known by its content",
    ),
    STATUS: Words(
        "status barisnya termasuk yang tidak disertakan menurut pemetaan, misalnya meninggal",
        "the row's status is one that the mapping leaves out, for example deceased",
    ),
    NUMBER_CELL["nik"]: Words(f"NIK {_NUMBER.id}", f"the NIK {_NUMBER.en}"),
    NUMBER_CELL["kk"]: Words(f"nomor KK {_NUMBER.id}", f"the KK number {_NUMBER.en}"),
    SCIENTIFIC["nik"]: Words(f"NIK {_SCIENTIFIC.id}", f"the NIK {_SCIENTIFIC.en}"),
    SCIENTIFIC["kk"]: Words(f"nomor KK {_SCIENTIFIC.id}", f"the KK number {_SCIENTIFIC.en}"),
}


def explain(rule: str) -> Words:
    return EXPLANATIONS.get(rule, Words(rule, rule))
