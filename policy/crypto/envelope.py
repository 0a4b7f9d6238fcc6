"""DSSE envelopes: the sender, the recipient, the project and the content of a statement.

The payload type of every envelope is the canonical JSON of a `Binding`, so that a signature over
one statement can never be read as a signature over another (project, epoch, charter, roster, run or
release, sender, recipient, manifest). https://github.com/secure-systems-lab/dsse, protocol version
1.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from policy.base.canonical import Identifier, Model, Name, One, b64, sha256, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, WrongKey
from policy.base.words import Words
from policy.crypto import ed25519

MAX_ENVELOPE_BYTES = 4 * 1024 * 1024

_Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class Binding(Model):
    """What a signature or a seal belongs to. Empty text means: not applicable.

    Names are identifiers, because URLs, tables and file names contain them.
    """

    type: Annotated[str, StringConstraints(pattern=r"^padan/[a-z0-9-]+$")]
    version: One = 1
    project: Name
    epoch: int
    charter: _Digest = ""
    roster: _Digest
    run: Name = ""
    sender: Identifier = Field(alias="from")
    recipient: Name = Field(default="", alias="to")
    manifest: _Digest = ""


@lru_cache(maxsize=4096)
def _binding_of(payload_type: str) -> Binding:
    """One object for all envelopes of the same binding: a long log has few of them."""
    try:
        binding = Binding.model_validate_json(payload_type)
    except ValidationError:
        raise _malformed() from None
    if binding.canonical() != payload_type.encode():
        raise _malformed()
    return binding


@lru_cache(maxsize=4096)
def _kept(text: str) -> str:
    return text


def _once(text: str) -> str:
    """The same object for a text that a long log repeats.

    Nothing is verified yet: texts are kept in a bounded number and length, and never for good.
    """
    return _kept(text) if len(text) <= _MOST_KEPT else text


_MOST_KEPT = 1024  # characters; more than a binding has
_Repeated = Annotated[str, AfterValidator(_once)]


class Signature(Model):
    keyid: _Repeated
    sig: str


class Envelope(Model):
    """A signed payload. `payload` is base64, as in DSSE."""

    payload_type: _Repeated = Field(alias="payloadType")
    payload: str
    signatures: tuple[Signature, ...] = Field(max_length=100)

    @property
    def body(self) -> bytes:
        return unb64(self.payload)

    def binding(self) -> Binding:
        """The binding; raises BadInput if it is not canonical."""
        return _binding_of(self.payload_type)

    def signed_by(self, member: str, private_key: Ed25519PrivateKey) -> Envelope:
        """This envelope with another signature over the same payload."""
        sig = b64(private_key.sign(pre_authentication(self.payload_type, self.body)))
        others = tuple(s for s in self.signatures if s.keyid != member)
        return self.model_copy(update={"signatures": (*others, Signature(keyid=member, sig=sig))})

    def content_digest(self) -> str:
        """SHA-256 over the signed content (payload type and payload), without the signatures."""
        return sha256(pre_authentication(self.payload_type, self.body))


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding (PAE)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(binding: Binding, payload: bytes, private_key: Ed25519PrivateKey) -> Envelope:
    """An envelope with one signature, by the binding's sender."""
    unsigned = Envelope(
        payload_type=binding.canonical().decode(), payload=b64(payload), signatures=()
    )
    return unsigned.signed_by(binding.sender, private_key)


def parse_envelope(data: bytes) -> Envelope:
    """Parse canonical JSON of at most MAX_ENVELOPE_BYTES, with base64 as we write it.

    So each payload with its signatures has exactly one envelope. Raises BadInput.
    """
    if len(data) > MAX_ENVELOPE_BYTES:
        raise _malformed()
    try:
        envelope = Envelope.model_validate_json(data)
    except ValidationError:
        raise _malformed() from None
    if envelope.canonical() != data:
        raise _malformed()
    for text in (envelope.payload, *(each.sig for each in envelope.signatures)):
        unb64(text)
    return envelope


def verify(envelope: Envelope, keys: Mapping[str, Ed25519PublicKey]) -> tuple[str, ...]:
    """The members of `keys`; every one of them must have signed.

    Signatures by others are refused as well, so that an envelope shows exactly its signers. Raises
    WrongKey.
    """
    signed = {s.keyid: s.sig for s in envelope.signatures}
    if len(signed) != len(envelope.signatures) or signed.keys() != keys.keys():
        raise _wrong_signature(
            Words(
                "Penanda tangan tidak sesuai dengan yang diharuskan.",
                "The signers are not the ones required.",
            )
        )
    message = pre_authentication(envelope.payload_type, envelope.body)
    for member, public_key in keys.items():
        try:
            ed25519.verify(public_key, unb64(signed[member]), message)
        except InvalidSignature:
            raise _wrong_signature(
                Words(
                    f"Tanda tangan {member} tidak cocok dengan kuncinya di roster.",
                    f"The signature of {member} does not fit its key in the roster.",
                )
            ) from None
    return tuple(sorted(signed))


def _malformed() -> BadInput:
    return BadInput(
        PolicyCode.ENVELOPE_MALFORMED,
        Words("Amplop DSSE rusak atau tidak kanonik.", "The DSSE envelope is not well formed."),
        Words(
            "Minta pengirim membuat ulang pernyataan itu.",
            "Ask the sender to make the statement again.",
        ),
    )


def _wrong_signature(problem: Words) -> WrongKey:
    return WrongKey(
        PolicyCode.ENVELOPE_SIGNATURE,
        problem,
        Words(
            "Pastikan semua pihak memakai roster yang sama dan kunci yang terdaftar di dalamnya.",
            "Make sure all parties use the same roster and the keys registered in it.",
        ),
    )
