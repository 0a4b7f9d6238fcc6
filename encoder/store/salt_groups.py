"""The largest number of rows of a prepared list that share one salt, for the agency only.

Within such a group encodings can be compared, and protect least. Counts are upper bounds: salts
are counted in a table of fixed size, where two salts may share an entry.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.error_codes import EncoderCode
from encoder.store.handles import join_fields, split_columns
from encoder.store.prepared import PreparedDataset
from policy.base.errors import Refused
from policy.base.words import Words
from policy.charter import COMPOUND_2, Charter

_PLACES = 1 << 23
_ROWS_AT_ONCE = 20_000


def largest_salt_groups(charter: Charter, prepared: PreparedDataset) -> dict[str, int]:
    """The largest group by encoding, for compound-2; uses a separate key."""
    if charter.encoding.profile != COMPOUND_2:
        return {}
    encoder = RowEncoder(charter, ProjectKeys(os.urandom(32), charter.terms_digest()))
    counts: dict[str, NDArray[np.uint32]] = {}
    blank = join_fields([""] * len(identifiers(charter)))
    nobody = [blank] * len(prepared.canary_handles())
    for batch in prepared.rows(nobody, _ROWS_AT_ONCE):
        for name, salts in encoder.salts(split_columns(batch.fields)).items():
            counts.setdefault(name, np.zeros(_PLACES, np.uint32))
            places = (salts.numbers[~salts.lacking] & np.uint64(_PLACES - 1)).astype(np.int64)
            np.add.at(counts[name], places, 1)
    return {name: int(count.max()) for name, count in counts.items()}


def told_groups(groups: Mapping[str, int]) -> tuple[Words, ...]:
    """The sizes in one line; empty if there are no groups."""
    if not groups:
        return ()
    sizes = ", ".join(f"{name} {size}" for name, size in groups.items())
    return (
        Words(
            f"Baris yang berbagi satu garam, paling banyak: {sizes}.",
            f"Rows that share one salt, at most: {sizes}.",
        ),
    )


def require_bounded(charter: Charter, groups: Mapping[str, int]) -> None:
    """Check that no group exceeds the charter's `group_max`; raises Refused."""
    over = [
        each.name
        for each in charter.encoding.encodings
        if each.group_max is not None and groups.get(each.name, 0) > each.group_max
    ]
    if not over:
        return
    names = ", ".join(over)
    raise Refused(
        EncoderCode.PREPARE_SALT_GROUP,
        Words(
            f"Kelompok garam lebih besar daripada batas piagam (group_max): {names}.",
            f"A salt's group is larger than the charter allows (group_max): {names}.",
        ),
        Words(
            "Cari nilai isian yang berulang, misalnya tanggal atau alamat yang sama, lalu siapkan"
            " lagi; atau sepakati piagam dengan batas lain dan uji kembali.",
            "Look for a filler that repeats, such as one date or address, and prepare again; or"
            " agree on a charter with another bound, and probe again.",
        ),
    )
