"""How much block tags reveal of rows, for each list."""

from __future__ import annotations

from collections.abc import Iterator

from policy.base.words import Words
from policy.charter.agreement import Charter
from policy.charter.gaps.gap import Gap
from policy.charter.tags import all_tag_bits


def of_tags(charter: Charter) -> Iterator[Gap]:
    bits = all_tag_bits(charter)
    if not bits:
        return
    for number, each in enumerate(charter.datasets):
        few, many = (max(1, rows >> bits) for rows in (each.rows_min, each.rows_max))
        yield Gap(
            f"datasets.{number}",
            False,
            Words(
                f"Tanda blok satu baris {bits} bit: di {each.id} satu gabungan tanda dipakai"
                f" rata-rata {few} sampai {many} baris.",
                f"The block tags of a row have {bits} bits: in {each.id} a combination of tags is"
                f" shared by {few} to {many} rows on average.",
            ),
            Words(
                "Pakai bit lebih sedikit bila pencarian tetap cukup cepat.",
                "Use fewer bits if the search is fast enough still.",
            ),
            "UU 27/2022 Ps. 16(2), 35",
        )
