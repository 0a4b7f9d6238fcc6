"""From frozen fields to encoding columns, exactly as the charter's terms say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from encoder.clk import ClkEncoder
from encoder.normalise import outputs, ruleset_digest
from policy.ceremony import ProjectKeys
from policy.charter import SHIPPED_PROFILES, Charter, Encoding
from policy.errors import Refused
from policy.statements import EncodingShape
from policy.words import Words

TOKEN_BYTES = 16


def identifiers(charter: Charter) -> tuple[str, ...]:
    """The columns that normalising the charter's fields yields, in order."""
    return tuple(name for f in charter.fields for name in outputs(f.name, f.kind))


def require_own_terms(charter: Charter) -> None:
    """This encoder has the rules and the profile that the charter names; raises Refused."""
    if charter.encoding.rules_digest != ruleset_digest():
        raise Refused(
            "terms.rules",
            Words(
                "Aturan normalisasi di komputer ini berbeda dari yang disepakati piagam.",
                "The normalisation rules on this machine differ from the charter's.",
            ),
            Words(
                "Pakai versi Padan yang disebut piagam; lihat 'padan-encoder rules'.",
                "Use the Padan version that the charter means; see 'padan-encoder rules'.",
            ),
        )
    if charter.encoding.profile not in SHIPPED_PROFILES:
        raise Refused(
            "terms.profile",
            Words(
                f"Profil pengerasan '{charter.encoding.profile}' belum tersedia di versi ini.",
                f"The hardening profile '{charter.encoding.profile}' is not in this version.",
            ),
            Words(
                f"Yang tersedia: {', '.join(sorted(SHIPPED_PROFILES))}.",
                f"Available: {', '.join(sorted(SHIPPED_PROFILES))}.",
            ),
        )
    for encoding in charter.encoding.encodings:
        _clk_encoder(charter, encoding, b"any secret: only the schema is looked at")


def _clk_encoder(charter: Charter, encoding: Encoding, secret: bytes) -> ClkEncoder:
    """Raises BadInput for an invalid schema, Refused for one that needs other columns."""
    clk = ClkEncoder(encoding.linkage_schema, secret)
    missing = ", ".join(sorted(set(clk.identifiers) - set(identifiers(charter))))
    if missing:
        raise Refused(
            "terms.schema",
            Words(
                f"Skema '{encoding.name}' memakai kolom di luar piagam: {missing}.",
                f"The schema '{encoding.name}' uses columns outside the charter: {missing}.",
            ),
            Words(
                "Samakan 'fields' dan skema di piagam.",
                "Bring 'fields' and the schema of the charter together.",
            ),
        )
    return clk


@dataclass
class RowEncoder:
    """Encodes rows of normalised fields under one project's keys."""

    charter: Charter
    keys: ProjectKeys
    _clks: list[ClkEncoder] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        require_own_terms(self.charter)
        self._clks = [
            _clk_encoder(self.charter, e, self.keys.subkey("clk", e.name))
            for e in self.charter.encoding.encodings
        ]

    def shapes(self) -> tuple[EncodingShape, ...]:
        named = zip(self.charter.encoding.encodings, self._clks, strict=True)
        return tuple(EncodingShape(name=e.name, bits=clk.bits) for e, clk in named)

    @property
    def token_bytes(self) -> int:
        return 0 if self.charter.nik_field is None else TOKEN_BYTES

    @property
    def row_bytes(self) -> int:
        return 16 + sum(shape.bits // 8 for shape in self.shapes()) + self.token_bytes

    def encode(self, handles: Sequence[bytes], rows: Sequence[Sequence[str]]) -> NDArray[np.uint8]:
        """The rows as they travel: handle, encodings, token; shape (rows, row_bytes)."""
        columns = dict(zip(identifiers(self.charter), zip(*rows, strict=True), strict=True))
        parts = [np.frombuffer(b"".join(handles), dtype=np.uint8).reshape(len(handles), 16)]
        parts += [clk.encode({n: columns[n] for n in clk.identifiers}) for clk in self._clks]
        nik = self.charter.nik_field
        if nik is not None:
            tokens = b"".join(map(self._token, columns[nik], handles))
            parts.append(np.frombuffer(tokens, dtype=np.uint8).reshape(len(handles), TOKEN_BYTES))
        return np.concatenate(parts, axis=1)

    def _token(self, nik: str, handle: bytes) -> bytes:
        """A keyed token of the NIK. Without a NIK: one that equals no other and looks alike."""
        mac = HMAC(self.keys.subkey("nik"), SHA256())
        mac.update(b"nik\0" + nik.encode() if nik else b"missing\0" + handle)
        return mac.finalize()[:TOKEN_BYTES]
