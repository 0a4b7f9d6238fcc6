"""The hardening profiles by name: how normalised columns become the encodings of rows.

    plain            CLKs as clkhash makes them
    salted           CLKs keyed by year of birth
    saul-k3          CLKs hardened by SAUL with three votes
    salted+saul-k3   both; -k4 with four votes
    compound-1       encodings that name their own salt columns, votes drawn for tokens
    compound-2       compound-1 with further columns that keep the groups of a salt small

A name means exactly one computation: a changed computation needs a new name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from encoder.encoding.clk import ClkEncoder
from encoder.encoding.hardening.compound import CompoundEncoder
from encoder.encoding.hardening.salting import ChainedSalt, JoinedSalt, Salting, SaltValues
from encoder.encoding.hardening.saul import Saul
from policy.charter import COMPOUND_2, COMPOUNDS, Encoding, Profile

Columns = Mapping[str, Sequence[str]]

# Rows without a year are spread over this many groups: each group costs a schema and its masks.
_OTHER_GROUPS = 64
_SAUL_ROUNDS = {"saul-k3": 3, "salted+saul-k3": 3, "salted+saul-k4": 4}


@dataclass(frozen=True)
class Keys:
    """32-byte keys for the tokens, the salts and the votes of one encoding.

    `values` gives the project's numbers of salt values, which all its encodings use.
    """

    clk: bytes
    salt: bytes
    harden: bytes
    values: SaltValues


@dataclass(frozen=True)
class SaltColumns:
    """The salt column of `salted`: the year, or another column if there is no year."""

    year: str
    otherwise: str


class HardenedEncoder(Protocol):
    """Encodes rows. `needs` are the columns it reads, `bits` the length of an encoding."""

    needs: tuple[str, ...]
    bits: int

    def encode(self, columns: Columns, handles: Sequence[bytes]) -> NDArray[np.uint8]:
        """uint8, shape (rows, bits / 8)."""


def hardened_encoder(
    profile: Profile, encoding: Encoding, keys: Keys, salts: SaltColumns
) -> HardenedEncoder:
    """The encoder of a profile; raises BadInput for a schema that it cannot use."""
    if profile in COMPOUNDS:
        salting: Salting = JoinedSalt(encoding.salt)
        if profile == COMPOUND_2:
            splits = encoding.split, encoding.placeholder_split
            salting = ChainedSalt(encoding.salt, *splits, keys.values)
        return CompoundEncoder(encoding.linkage_schema, salting, encoding.rounds, keys.clk)
    made: HardenedEncoder = _Plain(encoding.linkage_schema, keys.clk)
    if profile.startswith("salted"):
        made = _Salted(encoding.linkage_schema, keys, salts)
    if profile in _SAUL_ROUNDS:
        made = _UnderSaul(made, Saul(made.bits, _SAUL_ROUNDS[profile], keys.harden))
    return made


class _Plain:
    def __init__(self, schema: Mapping[str, object], key: bytes) -> None:
        self._clk = ClkEncoder(schema, key)
        self.needs, self.bits = self._clk.identifiers, self._clk.bits

    def encode(self, columns: Columns, handles: Sequence[bytes]) -> NDArray[np.uint8]:
        return self._clk.encode({name: columns[name] for name in self.needs})


class _Salted:
    """One CLK key for each salt value; rows with different salts share bits only by chance."""

    def __init__(self, schema: Mapping[str, object], keys: Keys, salts: SaltColumns) -> None:
        self._schema, self._keys, self._salts = schema, keys, salts
        self._clks: dict[str, ClkEncoder] = {}
        clk = ClkEncoder(schema, keys.clk)
        self._identifiers, self.bits = clk.identifiers, clk.bits
        self.needs = tuple(dict.fromkeys((*clk.identifiers, salts.year, salts.otherwise)))

    def encode(self, columns: Columns, handles: Sequence[bytes]) -> NDArray[np.uint8]:
        groups: dict[str, list[int]] = {}
        years, others = columns[self._salts.year], columns[self._salts.otherwise]
        for row, (year, other) in enumerate(zip(years, others, strict=True)):
            salt = f"year {year}" if year else self._group_of(other)
            groups.setdefault(salt, []).append(row)
        encoded = np.empty((len(handles), self.bits // 8), np.uint8)
        for salt, rows in groups.items():
            if salt not in self._clks:
                self._clks[salt] = ClkEncoder(self._schema, self._mac(salt))
            encoded[rows] = self._clks[salt].encode(
                {name: [columns[name][row] for row in rows] for name in self._identifiers}
            )
        return encoded

    def _group_of(self, other: str) -> str:
        return f"other {self._mac(f'group {other}')[0] % _OTHER_GROUPS}"

    def _mac(self, text: str) -> bytes:
        mac = HMAC(self._keys.salt, SHA256())
        mac.update(self._keys.clk + text.encode())
        return mac.finalize()


class _UnderSaul:
    def __init__(self, inner: HardenedEncoder, saul: Saul) -> None:
        self._inner, self._saul = inner, saul
        self.needs, self.bits = inner.needs, inner.bits

    def encode(self, columns: Columns, handles: Sequence[bytes]) -> NDArray[np.uint8]:
        return self._saul.harden(self._inner.encode(columns, handles))
