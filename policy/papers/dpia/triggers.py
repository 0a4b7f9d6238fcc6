"""Why the assessment is required: the triggers of UU PDP art. 34(2) that the charter shows.

1. Each row comes from the charter: what its parts imply, and what `dpia.triggers` says.
2. (a) and (g) are shown only if the charter names them, or for (g) excepts rights.
3. (b) to (f) are always shown, and answered from the charter's lists, sizes, terms and profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policy.base.words import Words, number
from policy.charter import COMPOUND, Charter
from policy.papers import agreed
from policy.papers.paper import Datum, PaperColumn, PaperSection, PaperTable

_NAMES: Mapping[str, Words] = {
    "a": Words(
        "putusan otomatis berakibat hukum atau berdampak nyata",
        "decisions by machine with legal or significant effect",
    ),
    "b": Words("data spesifik", "specific data"),
    "c": Words("skala besar", "large scale"),
    "d": Words("evaluasi, penilaian, pemantauan", "evaluation, scoring, monitoring"),
    "e": Words("pencocokan sekelompok data", "matching of groups of data"),
    "f": Words("teknologi baru", "new technology"),
    "g": Words("pembatasan pelaksanaan hak subjek", "restricting the exercise of rights"),
}


def why(charter: Charter) -> PaperSection:
    return PaperSection(
        "why",
        Words("Mengapa penilaian ini wajib", "Why this assessment is due"),
        (
            PaperTable(
                "triggers",
                Words("Pemicu", "Triggers"),
                (
                    PaperColumn("letter", Words("Ps. 34(2)", "Art. 34(2)")),
                    PaperColumn("trigger", Words("Pemicu", "Trigger")),
                    PaperColumn("here", Words("Pada kegiatan ini", "In this activity")),
                ),
                tuple(_rows(charter)),
            ),
        ),
        duties=(9,),
    )


def _rows(charter: Charter) -> Iterator[tuple[Datum, ...]]:
    said: dict[str, Words] = {each.letter: each.text.words() for each in charter.dpia.triggers}
    for letter, name in _NAMES.items():
        shown = _SHOWN[letter](charter) if letter in _SHOWN else None
        here = tuple(words for words in (said.get(letter), shown) if words is not None)
        if here:
            yield f"({letter})", name, here[0] if len(here) == 1 else here


def _specific(charter: Charter) -> Words:
    specific = ", ".join(each.id for each in agreed.specific(charter))
    if not specific:
        return Words("tidak menurut kelas data piagam", "not by the charter's data classes")
    return Words(f"ya: {specific}", f"yes: {specific}")


def _scale(charter: Charter) -> Words:
    rows = number(max(each.rows_max for each in charter.datasets))
    return Words(
        f"hingga {rows.id} baris per daftar; ukuran skala besar dinilai orang",
        f"up to {rows.en} rows a list; people judge what is large",
    )


def _scoring(charter: Charter) -> Words:
    if charter.release.grades:
        return Words(
            "skor kemiripan dihitung di layanan; penerima melihat pasti atau perlu diperiksa",
            "similarities are computed at the service; recipients see certain or to verify",
        )
    return Words(
        "skor kemiripan dihitung di layanan dan tidak pernah dikeluarkan",
        "similarities are computed at the service and never leave it",
    )


def _matching(charter: Charter) -> Words:
    lists, agencies = len(charter.datasets), len(charter.parties)
    return Words(
        f"ya, inilah kegiatannya: {lists} daftar dari {agencies} pihak",
        f"yes, this is the activity itself: {lists} lists of {agencies} parties",
    )


def _technology(charter: Charter) -> Words:
    profile = charter.encoding.profile
    if profile == COMPOUND:
        return Words(
            f"ya: penyandian {profile} belum ditinjau pihak luar",
            f"yes: the encoding {profile} has had no outside review",
        )
    return Words(
        f"ya: penyandian {profile}; lihat uji serangannya",
        f"yes: the encoding {profile}; see its probes",
    )


def _rights(charter: Charter) -> Words | None:
    """Rights that the charter excepts are restricted in their exercise."""
    articles = ", ".join(each.article for each in charter.exemptions)
    if not articles:
        return None
    return Words(
        f"piagam mengecualikan hak subjek: {articles}",
        f"the charter excepts rights of subjects: {articles}",
    )


_SHOWN: Mapping[str, Callable[[Charter], Words | None]] = {
    "b": _specific,
    "c": _scale,
    "d": _scoring,
    "e": _matching,
    "f": _technology,
    "g": _rights,
}
