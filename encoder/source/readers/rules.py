"""The rules by which a row is refused, each with a sentence for the officer."""

from __future__ import annotations

from encoder.normalise.cell_rules import CELL_RULES, REFUSALS
from policy.base.words import Words
from policy.papers.rights import LEAVING

RAGGED_ROW = "ragged-row"
STRAY_QUOTE = "stray-quote"
BLANK_ROW = "blank-row"
NO_RECORD_ID = "no-record-id"
NO_LINKAGE_FIELD = "no-linkage-field"
NOBODY = "no-name-nor-nik"
UNKNOWN_PERSON = "unknown-person"
SUPPRESSED = "suppressed"
OBJECTED_ELSEWHERE = "objected-under-another-id"
OBJECTED_SAME_CONTENT = "objected-same-content"
STATUS = "status"
NOT_UTF8 = "not-utf8"
HEADER_AGAIN = "header-again"
TOTAL_LINE = "total-line"

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
    NOT_UTF8: Words(
        "ada byte yang bukan teks UTF-8 di baris itu",
        "the row holds bytes that are not UTF-8 text",
    ),
    HEADER_AGAIN: Words(
        "baris itu mengulang judul kolom atau memuat nomor kolom",
        "the row repeats the names or the numbers of the columns",
    ),
    TOTAL_LINE: Words(
        "baris jumlah atau tanda tangan, bukan orang",
        "a line of totals or of a signature, not a person",
    ),
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
        f"id ada di daftar yang tidak disertakan ({LEAVING.id})",
        f"the id is on the list of those left out ({LEAVING.en})",
    ),
    OBJECTED_ELSEWHERE: Words(
        f"orangnya sudah keberatan dengan id lain ({LEAVING.id}): NIK dan isinya sama",
        f"the person objected under another id ({LEAVING.en}): NIK and content are the same",
    ),
    OBJECTED_SAME_CONTENT: Words(
        f"baris dengan isi ini ditarik ({LEAVING.id}); tanpa id baris, isinya yang dikenali",
        f"a row with this content was withdrawn ({LEAVING.en}); without record ids a row is known"
        " by its content",
    ),
    STATUS: Words(
        "status barisnya termasuk yang tidak disertakan menurut pemetaan, misalnya meninggal",
        "the row's status is one that the mapping leaves out, for example deceased",
    ),
    UNKNOWN_PERSON: Words(
        "nama orang yang tidak dikenal (MR X, TIDAK DIKENAL), dan tanpa NIK yang dapat dipakai",
        "the name of an unknown person (MR X, TIDAK DIKENAL), and no NIK that can be used",
    ),
    **REFUSALS,
}


def explain(rule: str) -> Words:
    """The sentence of a rule for rows, or for cells."""
    if rule in CELL_RULES:
        return CELL_RULES[rule].words
    return EXPLANATIONS.get(rule, Words(rule, rule))
