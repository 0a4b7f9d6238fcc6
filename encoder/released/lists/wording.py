"""The words of lists in English: heads, verdicts, names of sheets. Indonesian is the default."""

from __future__ import annotations

from collections.abc import Iterable

from policy.base.words import Language, Words

_WORDS = (
    Words("keadaan", "state"),
    Words("perubahan", "change"),
    Words("berubah sejak disiapkan", "changed since prepared"),
    Words("diperiksa lapangan", "checked in the field"),
    Words("ya", "yes"),
    Words("tidak", "no"),
    Words("perlu dicek", "to check"),
    Words("meninggal", "dead"),
    Words("pindah", "moved"),
    Words("ditemukan", "found"),
    Words("belum ditemukan", "not found"),
    Words("berubah", "changed"),
    Words("tanpa kelurahan", "no kelurahan"),
    Words("JUMLAH", "TOTAL"),
    Words("ringkasan", "summary"),
    Words("petunjuk", "guide"),
    Words("id_padanan_", "match_id_"),
    # The list of changes.
    Words("jenis", "kind"),
    Words("tindakan", "action"),
    Words("alasan", "reason (id)"),
    Words("reason", "reason"),
    Words("saran", "advice (id)"),
    Words("advice", "advice"),
    Words("tinjau", "review"),
    Words("nilai kelayakan", "assess"),
    Words("catat", "note"),
    Words("keterangan", "about (id)"),
    Words("about", "about"),
    Words("jumlah", "count"),
    # A programme's lists.
    Words("nilai", "value"),
    Words("hasil", "outcome (id)"),
    Words("outcome", "outcome"),
    Words("peringkat", "rank"),
    Words("undian", "ticket"),
    Words("satuan", "unit"),
    Words("reasons", "reasons"),
)
_ENGLISH = {each.id: each.en for each in _WORDS}


def in_list(word: str, language: Language) -> str:
    """A word of ours as a list in this language has it; empty cells stay empty."""
    return word if language == "id" or not word else _ENGLISH[word]


def all_in_list(words: Iterable[str], language: Language) -> tuple[str, ...]:
    """Several words of ours, such as a header."""
    return tuple(in_list(each, language) for each in words)
