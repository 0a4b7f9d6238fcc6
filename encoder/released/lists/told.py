"""What a list says in figures, for a person and for a program."""

from __future__ import annotations

from typing import Any

from encoder.released.lists.areas import CHANGED_COUNT
from encoder.released.lists.by_name import ByNameList
from encoder.released.lists.choices import PEOPLE_NAMES, ListedPeople
from policy.base.words import Words, number


def listed_facts(listed: ByNameList, *, graded: bool) -> dict[str, Any]:
    """The figures of a list: its rows, and what they say; null for what was not read or told."""
    total, differences = listed.areas.total(), listed.differences
    counts = {each: total[PEOPLE_NAMES[each]] for each in ListedPeople}
    return {
        "rows": counts[listed.choices.people[0]],
        "found": counts[ListedPeople.FOUND],
        "to_check": counts[ListedPeople.TO_CHECK] if graded else None,
        "not_found": counts[ListedPeople.NOT_FOUND] if listed.choices.everybody else None,
        "dead": total["meninggal"],
        "moved": total["pindah"],
        "marked_changed": total[CHANGED_COUNT],
        "changed": differences.changed,
        "missing": differences.missing,
        "unclear": differences.unclear,
        "new": differences.new,
        "outside": listed.outside,
        "coded_areas": listed.areas.coded(),
    }


def told_facts(facts: dict[str, Any]) -> Words:
    """The figures as a sentence."""
    parts = [_count(facts["found"], "baris ditemukan", "rows found")]
    if facts["to_check"] is not None:
        parts.append(_count(facts["to_check"], "di antaranya perlu dicek", "of them to check"))
    if facts["not_found"] is not None:
        parts.append(_count(facts["not_found"], "belum ditemukan", "not found"))
    for fact, indonesian, english in (
        ("dead", "meninggal", "dead"),
        ("moved", "pindah", "moved away"),
        ("changed", "berubah sejak disiapkan dan ditandai", "changed since and marked"),
    ):
        if facts[fact]:
            parts.append(_count(facts[fact], indonesian, english))
    lost = facts["missing"] + facts["unclear"]
    if lost:
        parts.append(_count(lost, "tidak ditulis", "not written"))
    if facts["outside"]:
        parts.append(
            _count(
                facts["outside"],
                "baris berkas tidak ikut (ditolak 'prepare', orangnya keberatan, atau baru)",
                "rows of the file are not on it (refused by 'prepare', objected, or new)",
            )
        )
    more = Words("", "")
    if facts["not_found"] is None:
        more = Words(
            " Yang belum ditemukan tidak ikut; tambahkan --people not-found.",
            " Those not found are not on it; add --people not-found.",
        )
    coded = coded_areas(facts["coded_areas"]) if facts["coded_areas"] else Words("", "")
    return Words(
        ", ".join(each.id for each in parts) + "." + more.id + coded.id,
        ", ".join(each.en for each in parts) + "." + more.en + coded.en,
    )


def coded_areas(count: int) -> Words:
    """What a person does about kelurahan of which the list has only codes."""
    told = number(count)
    return Words(
        f" {told.id} kelurahan tampak sebagai kode, karena buku kode di sini tidak memuatnya:"
        " tambahkan kolom nama kecamatan dan kelurahan ke berkas itu.",
        f" {told.en} kelurahan are shown as codes, since no code book here has them: add columns"
        " with the names of kecamatan and kelurahan to that file.",
    )


def _count(value: int, indonesian: str, english: str) -> Words:
    told = number(value)
    return Words(f"{told.id} {indonesian}", f"{told.en} {english}")
