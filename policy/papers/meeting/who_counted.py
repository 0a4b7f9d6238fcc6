"""Who counted the people of another source who are not on a list, or why nobody did."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from policy.base.dates import long_day, read_day
from policy.base.words import Words
from policy.charter import Charter
from policy.charter.words import Bilingual
from policy.gates.coverage import Coverage, SourceCounts
from policy.gates.reverse_coverage import ReverseCoverage, may_count

_HIDDEN = Words(
    "tidak ditampilkan, karena hitungan sumber itu untuk daftar ini disembunyikan dan akan terlihat"
    " dari selisihnya.",
    "not shown, since the counts of that source for this list are hidden and would follow by"
    " subtraction.",
)
_TOLD = Words(
    "lihat yang belum dikonfirmasi di daftar itu, di bagian laporan ini tentangnya.",
    "see who is not confirmed on that list, in the part of this report about it.",
)


def where_from(
    coverage: Coverage,
    charter: Charter,
    given: Mapping[str, ReverseCoverage],
    without: Collection[str],
) -> Iterator[Words]:
    """Who counted the people of each source who are not on the list, or why nobody did.

    `without` are domains whose other list has a part of its own on the page. Sources of which the
    same is true are told together.
    """
    alike: dict[Words, list[Bilingual]] = {}
    for source in coverage.sources:
        told = source.domain in without
        reason = _TOLD if told else _reason(coverage, source, charter, given)
        alike.setdefault(reason, []).append(source.title)
    for said, titles in alike.items():
        ours, theirs = " / ".join(t.id for t in titles), " / ".join(t.en for t in titles)
        yield Words(
            f"Di {ours} tetapi tidak di daftar: {said.id}",
            f"At {theirs} and not on the list: {said.en}",
        )


def _reason(
    coverage: Coverage,
    source: SourceCounts,
    charter: Charter,
    given: Mapping[str, ReverseCoverage],
) -> Words:
    if not source.is_shown:
        return _HIDDEN
    handed = given.get(source.domain)
    if handed is not None:
        day = long_day(read_day(handed.counted_on))
        return Words(
            f"dihitung pemilik sumber itu ({handed.owner}) dari daftarnya sendiri pada {day.id}."
            " Wilayahnya menurut daftar itu, dan yang perlu dicek termasuk.",
            f"counted by the owner of that source ({handed.owner}) from its own list on {day.en}."
            " The areas are those of that list, and people to check are included.",
        )
    whole = Words("tidak diketahui.", "not known.")
    if source.not_on_list is not None:
        whole = Words(
            "hanya diketahui untuk seluruh daftar, sebagai rentang dari jumlah baris di log.",
            "known for the whole list only, as a range, from the rows counted in the log.",
        )
    counting = may_count(charter, source.domain, coverage.dataset)
    if counting is None:
        why = Words(
            "Per wilayah tidak seorang pun boleh menghitungnya: menurut piagam, pemilik sumber itu"
            " tidak diberi tahu siapa di daftarnya yang padan.",
            "By area nobody may count it: by the charter, the owner of that source does not learn"
            " who of its list matched.",
        )
    else:
        owner = charter.dataset(counting).owner
        why = Words(
            f"Per wilayah {owner} boleh menghitungnya dari daftarnya sendiri; mintalah berkasnya"
            f" ('padan-encoder coverage ... --missing-on {coverage.dataset}').",
            f"By area {owner} may count it from its own list; ask for that file ('padan-encoder"
            f" coverage ... --missing-on {coverage.dataset}').",
        )
    return Words(f"{whole.id} {why.id}", f"{whole.en} {why.en}")
