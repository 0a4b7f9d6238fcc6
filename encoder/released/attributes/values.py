"""The values of approved columns in the sender's file, by the handle of each person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.attributes.rows import PlainRow
from encoder.source.readers import read_columns
from encoder.steps.source_match import Differences, SourceNow, match_source
from encoder.store.prepared import PreparedDataset
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.formats.attribute_file import Column


@dataclass
class AttributeValues:
    """Values by handle. `unlike` counts people whose rows differ: they have no values."""

    columns: int
    by_handle: dict[bytes, tuple[str, ...]] = field(default_factory=dict, repr=False)
    unlike: int = 0

    def of(self, handle: bytes) -> tuple[str, ...]:
        """The values of a person; empty ones if there are none."""
        return self.by_handle.get(handle, ("",) * self.columns)

    def filled(self, rows: Sequence[PlainRow]) -> int:
        """How many of these rows have a value."""
        return sum(any(row.values) for row in rows)


def read_columns_of(
    prepared: PreparedDataset,
    charter: Charter,
    source: SourceNow,
    people: Collection[bytes],
    columns: Sequence[tuple[Column, str]],
    *,
    despite_changes: bool,
) -> AttributeValues:
    """The values of these people; `columns` are pairs of a column and its header in the file.

    Raises BadInput if a person's row is missing or changed; with `despite_changes` such a row has
    no values. Also for a missing header, and for a value that is longer than its column.
    """
    found = match_source(prepared, charter, source, people)
    if found.differences and not despite_changes:
        raise _changed(source.path, found.differences)
    read = AttributeValues(len(columns))
    differing: set[bytes] = set()
    headers = tuple(header for _, header in columns)
    for number, cells in read_columns(source.path, source.mapping, headers):
        handle = found.rows.get(number)
        if handle is None:
            continue
        values = tuple(cell.strip() for cell in cells)
        _require_room(number, values, columns)
        if read.by_handle.setdefault(handle, values) != values:
            differing.add(handle)
    for handle in differing:
        del read.by_handle[handle]
    read.unlike = len(differing)
    return read


def _require_room(
    number: int, values: Sequence[str], columns: Sequence[tuple[Column, str]]
) -> None:
    for value, (column, _) in zip(values, columns, strict=True):
        if len(value.encode()) > column.bytes:
            raise BadInput(
                EncoderCode.ATTRIBUTES_TOO_LONG,
                Words(
                    f"Baris {number}: isi kolom '{column.name}' melebihi {column.bytes} byte.",
                    f"Row {number}: the column '{column.name}' has more than {column.bytes} bytes.",
                ),
                Words(
                    "Persingkat isinya, atau sepakati 'bytes' yang lebih besar di piagam.",
                    "Shorten it, or agree on more 'bytes' in the charter.",
                ),
            )


def _changed(source: Path, found: Differences) -> BadInput:
    lost = found.missing + found.unclear
    return BadInput(
        EncoderCode.FILE_CHANGED,
        Words(
            f"{source} tidak lagi seperti saat 'prepare': dari baris yang ber-ID {found.changed}"
            f" berubah isinya dan {lost} tidak ditemukan. Tidak ada yang dikirim.",
            f"{source} is no longer as it was at 'prepare': of the rows with an ID {found.changed}"
            f" have other content and {lost} were not found. Nothing was sent.",
        ),
        Words(
            "Kembalikan sumbernya, atau sebut tempatnya dengan --source. --despite-changes mengirim"
            " baris itu tanpa isi.",
            "Restore the source, or name its place by --source. --despite-changes sends these rows"
            " without values.",
        ),
    )
