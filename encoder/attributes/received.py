"""The columns that a recipient has received for its own rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policy.base.words import Words


@dataclass(frozen=True)
class AttributeColumn:
    """One received column: its name at the sender, the sender's member id, and the transfer."""

    name: str
    sender: str
    transfer: str
    title: Words


@dataclass(frozen=True)
class Received:
    """Received columns, and their cells for each of one's own people, by row handle.

    A person without an entry has received nothing.
    """

    columns: tuple[AttributeColumn, ...] = ()
    values: Mapping[bytes, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def cells_of(self, handle: bytes) -> tuple[str, ...]:
        """The cells of one person, one for each column; empty cells if there are none."""
        return self.values.get(handle, ("",) * len(self.columns))
