"""The contrary codes of a charter's encodings, for whole batches of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.hardening import HardenedColumn
from encoder.encoding.hardening.claims import ClaimColumns, Claims, claims_of
from encoder.encoding.hardening.compound import Salts
from encoder.encoding.hardening.contrary import (
    ContraryBatch,
    ContraryCoder,
    ValueNumbers,
    block_cipher,
    first_halves,
)
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.project_keys import ProjectKeys
from policy.charter import Charter, FieldKind

# No encoding can have this name.
_VALUES = "contrary/values"


@dataclass(frozen=True)
class ContraryCodes:
    """All coders of a charter with their encodings, in the charter's order."""

    claims: ClaimColumns
    coders: tuple[tuple[str, ContraryCoder], ...] = field(repr=False)
    values: Mapping[str, ValueNumbers] = field(repr=False)
    own: Prf = field(repr=False)

    @classmethod
    def of(cls, charter: Charter, keys: ProjectKeys) -> ContraryCodes:
        """The charter's coders; empty if no encoding has contrary codes."""
        claims = claim_columns(charter)
        coders = tuple(
            (each.name, ContraryCoder(columns, keys.subkey("clk", each.name), number))
            for each in charter.encoding.encodings
            for number, columns in enumerate(each.contrary)
        )
        names = sorted({name for _, coder in coders for name in coder.needs})
        key = keys.subkey("salt", _VALUES)
        values = {name: ValueNumbers(Prf(key, f"contrary value {name}")) for name in names}
        return cls(claims, coders, values, Prf(key, "contrary own"))

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns for the codes, without the encodings' salts."""
        return (*self.claims.needs, *self.values) if self.coders else ()

    def codes(
        self,
        columns: Mapping[str, HardenedColumn],
        handles: Sequence[bytes],
        salted: Mapping[str, Salts],
        claims: Claims | None = None,
    ) -> list[NDArray[np.uint8]]:
        """uint8 (rows, 16) each. `salted` has the salts of the encodings that have codes.

        `claims` are those of the same rows, if they are already known.
        """
        if not self.coders:
            return []
        claims = claims or claims_of(columns, self.claims, len(handles))
        blocks = np.frombuffer(b"".join(handles), np.uint64).reshape(-1, 2)
        own = first_halves(block_cipher(self.own.key), blocks)
        batch = ContraryBatch(columns, claims, own, self.values)
        return [coder.codes(batch, salted[name]) for name, coder in self.coders]


def claim_columns(charter: Charter) -> ClaimColumns:
    """The charter's fields for claims: the NIK, and the first date, sex and name."""
    return ClaimColumns(
        nik=charter.nik_field,
        date=_first(charter, "date"),
        sex=_first(charter, "sex"),
        name=_first(charter, "name"),
    )


def _first(charter: Charter, kind: FieldKind) -> str | None:
    return next((each.name for each in charter.fields if each.kind == kind), None)
