"""What the block tags of a row reveal together, and how much a charter may allow.

The tags of one row multiply: 17 bits in all divide rows into 2 ** 17 kinds. Under compound-2,
encodings whose tags have the same columns share one tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy.base.words import Words
from policy.charter.encoding import COMPOUND_2

if TYPE_CHECKING:
    from policy.charter.agreement import Charter
    from policy.charter.encoding import Encoding

# On average 2 ** 6 rows of the charter's largest list share a combination of tags.
_SHARED_BITS = 6
_CARD = frozenset(["kk"])
_ADDRESS = frozenset(["place", "postal", "address", "rtrw"])


def tags_of(charter: Charter) -> dict[tuple[str, ...], int]:
    """The bits of each tag of a row, by its columns, or by its columns and encoding."""
    shared = charter.encoding.profile == COMPOUND_2
    return {
        each.tag if shared else (each.name, *each.tag): each.tag_bits
        for each in charter.encoding.encodings
        if each.tag_bits
    }


def all_tag_bits(charter: Charter) -> int:
    """The total bits of all tags of one row."""
    return sum(tags_of(charter).values())


def budget(rows: int) -> int:
    """How many bits all tags of a row may have, if the largest list has `rows` rows."""
    return max(0, rows.bit_length() - 1 - _SHARED_BITS)


def over_budget(charter: Charter) -> Iterator[Words]:
    """The violated rules for tags under compound-2."""
    encodings = [each for each in charter.encoding.encodings if each.tag_bits]
    if not _one_a_column(encodings):
        yield Words(
            "satu kolom memberi satu tanda: penyandian dengan kolom tanda yang sama memakai bit"
            " yang sama, dan kolom lain tidak tumpang tindih",
            "a column has one tag: encodings with the same tag columns have the same bits, and"
            " others have no column in common",
        )
    kinds = {field.name: field.kind for field in charter.fields}
    tagged = {kinds.get(column.split(".")[0]) for each in encodings for column in each.tag}
    if tagged & _CARD and tagged & _ADDRESS:
        yield Words(
            "kartu keluarga dan alamat tidak sama-sama diberi tanda: berdua membuka rumah tangga",
            "family card and address are not both tagged: together they show households",
        )
    bits, most = all_tag_bits(charter), budget(max(d.rows_max for d in charter.datasets))
    if bits > most:
        yield Words(
            f"semua tanda blok satu baris {bits} bit; daftar sebesar ini paling banyak {most}",
            f"all block tags of a row have {bits} bits; lists of this size allow {most} at most",
        )


def _one_a_column(encodings: list[Encoding]) -> bool:
    of_column: dict[str, tuple[tuple[str, ...], int]] = {}
    return all(
        of_column.setdefault(column, (each.tag, each.tag_bits)) == (each.tag, each.tag_bits)
        for each in encodings
        for column in each.tag
    )
