"""Contradictions in a charter's hardened encodings: salts, splits, votes and tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy.base.words import Words
from policy.charter.encoding import COMPOUND_2, Encoding
from policy.charter.tags import over_budget

if TYPE_CHECKING:
    from policy.charter.agreement import Charter

# A vote stream counts its blocks of 128 bits in one byte.
BLOCK_BITS, MOST_BLOCKS = 128, 256


def hardened(charter: Charter) -> Iterator[Words]:
    """The violated rules, in words without any value of a row."""
    yield from _profile(charter)
    if charter.encoding.profile == COMPOUND_2:
        for each in charter.encoding.encodings:
            yield from _salt(each)
        yield from over_budget(charter)


def _profile(charter: Charter) -> Iterator[Words]:
    encodings, compound = charter.encoding.encodings, charter.encoding.compound
    if not all(bool(each.salt) == bool(each.rounds) == compound for each in encodings):
        yield Words(
            "salt dan rounds disebut pada profil compound-1 dan compound-2, dan hanya di situ",
            "encodings name salt and rounds under the compound profiles, and under no other",
        )
    if charter.encoding.profile != COMPOUND_2 and any(map(_splits, encodings)):
        yield Words(
            "split, placeholder_split, dan group_max hanya ada pada profil compound-2",
            "split, placeholder_split and group_max exist under the profile compound-2 alone",
        )
    if charter.matching.alone_ppm and not compound:
        yield Words(
            "alone_ppm memerlukan garam yang membedakan penyandian: profil compound-1 atau -2",
            "alone_ppm needs salts to tell encodings apart: the profiles compound-1 and -2",
        )
    # Rows with different salts are never similar, so such a tag loses no pair.
    if compound and not all(set(e.tag) <= {*e.salt, *e.split} for e in encodings):
        yield Words(
            "pada profil compound kolom tanda termasuk kolom garam penyandiannya",
            "under the compound profiles the columns of a tag are salt columns of its encoding",
        )
    if charter.encoding.contrary_codes and not compound:
        yield Words(
            "kode kontra (contrary) hanya ada pada profil compound-1 dan compound-2",
            "contrary codes exist under the compound profiles alone",
        )


def _splits(encoding: Encoding) -> bool:
    return bool(encoding.split or encoding.placeholder_split or encoding.group_max)


def _salt(encoding: Encoding) -> Iterator[Words]:
    fields = {column.split(".")[0] for column in (*encoding.salt, *encoding.split)}
    dates = [column for column in encoding.salt if column.endswith(".day")]
    whole = all(
        {f"{date}.month", f"{date}.year"} <= set(encoding.salt)
        for date in (column.removesuffix(".day") for column in dates)
    )
    if dates and (len(fields) < 2 or not whole):
        yield Words(
            f"{encoding.name}: tanggal lahir menjadi garam utuh dan bersama kolom lain (split)",
            f"{encoding.name}: a date of birth salts as a whole, and with another column (split)",
        )
    stated = dates or any(column.endswith(".front") for column in encoding.salt)
    if stated and not encoding.placeholder_split:
        yield Words(
            f"{encoding.name}: tanggal isian (1 Januari, 1 Juli) memerlukan placeholder_split",
            f"{encoding.name}: placeholder dates (1 January, 1 July) need placeholder_split",
        )
    if encoding.rounds * _length(encoding) > MOST_BLOCKS * BLOCK_BITS:
        yield Words(
            f"{encoding.name}: rounds kali l melebihi {MOST_BLOCKS * BLOCK_BITS} bit",
            f"{encoding.name}: rounds times l exceeds {MOST_BLOCKS * BLOCK_BITS} bits",
        )


def _length(encoding: Encoding) -> int:
    config = encoding.linkage_schema.get("clkConfig")
    length = config.get("l") if isinstance(config, dict) else None
    return length if isinstance(length, int) else 0
