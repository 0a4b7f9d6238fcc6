"""HTTP requests signed by roster keys: RFC 9421 with Ed25519, body digest by RFC 9530.

The agency signs method, authority, path, query and body digest, with a time and a nonce. The
service looks up the key in the roster. It refuses a time too far from its own in either direction
(`policy.base.clocks`), and a nonce that it has seen before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    VerifyResult,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from policy.base.canonical import b64
from policy.base.clocks import CLOCK_SKEW_SECONDS, require_near
from policy.base.error_codes import PolicyCode
from policy.base.errors import WrongKey
from policy.base.words import Words
from policy.members.roster import Roster

COMPONENTS = ("@method", "@authority", "@path", "@query", "content-digest")
TAG = "padan"
_SKEW = timedelta(seconds=CLOCK_SKEW_SECONDS)


@dataclass
class Message:
    """The part of a request that a signature covers."""

    method: str
    url: str
    headers: MutableMapping[str, str]
    body: bytes


@dataclass(frozen=True)
class SignedBy:
    """The signer of a request, and the nonce to remember until `expires`."""

    member: str
    nonce: str
    expires: datetime


@dataclass(frozen=True)
class _PrivateKeys(HTTPSignatureKeyResolver):
    key: Ed25519PrivateKey

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self.key


@dataclass(frozen=True)
class _RosterKeys(HTTPSignatureKeyResolver):
    roster: Roster

    def resolve_public_key(self, key_id: str) -> object:
        today = datetime.now(UTC).date()
        return self.roster.valid_member(key_id, today).signing_public()


class _Verifier(HTTPMessageVerifier):
    """Compares the time after the signature is verified, so that the error is the right one."""

    max_clock_skew = timedelta(days=36_500)


def sign_request(message: Message, member: str, key: Ed25519PrivateKey) -> None:
    """Add Content-Digest, Signature-Input and Signature to the headers."""
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519, key_resolver=_PrivateKeys(key)
    )
    signer.sign(
        message,
        key_id=member,
        created=datetime.now(UTC),
        nonce=b64(os.urandom(18)),
        label="padan",
        tag=TAG,
        covered_component_ids=COMPONENTS,
        body=message.body,
    )


@dataclass(frozen=True)
class SignedHeaders:
    """A request whose headers are authentic; its body is not read yet."""

    by: SignedBy
    message: Message = field(repr=False)
    results: list[VerifyResult] = field(repr=False)

    def require_body(self, body: bytes) -> None:
        """Check the body by the signed digest; raises WrongKey."""
        try:
            _verifier().verify_body(self.message, self.results, body)
        except (InvalidSignature, HTTPMessageSignaturesException, ValueError):
            raise unsigned() from None


def verify_headers(message: Message, roster: Roster) -> SignedHeaders:
    """The signer, before one byte of the body is read: `message.body` is not looked at.

    Raises WrongKey, or Refused for a time too far from this clock. The caller must refuse a
    repeated nonce, and check the body when it has come.
    """
    try:
        results = _verifier(roster).verify(
            message, max_age=None, expect_tag=TAG, require_components=COMPONENTS
        )
    except (InvalidSignature, HTTPMessageSignaturesException, KeyError, ValueError):
        raise unsigned() from None
    if len(results) != 1:
        raise unsigned()
    parameters: Mapping[str, object] = results[0].parameters
    member, nonce = parameters.get("keyid"), parameters.get("nonce")
    created, now = parameters.get("created"), datetime.now(UTC)
    if not isinstance(member, str) or not isinstance(nonce, str) or not 16 <= len(nonce) <= 64:
        raise unsigned()
    if not isinstance(created, int):
        raise unsigned()
    require_near(PolicyCode.REQUEST_CLOCK, _REQUEST, created, int(now.timestamp()))
    return SignedHeaders(SignedBy(member, nonce, now + 2 * _SKEW), message, results)


def verify_request(message: Message, roster: Roster) -> SignedBy:
    """The signer of headers and body; raises as `verify_headers`."""
    headers = verify_headers(message, roster)
    headers.require_body(message.body)
    return headers.by


def _verifier(roster: Roster | None = None) -> _Verifier:
    keys = None if roster is None else _RosterKeys(roster)
    return _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)


_REQUEST = Words("permintaan", "the request")


def unsigned() -> WrongKey:
    return WrongKey(
        PolicyCode.REQUEST_SIGNATURE,
        Words("Permintaan tidak ditandatangani dengan sah.", "The request is not validly signed."),
        Words(
            "Periksa jam komputer, roster yang disimpan, kunci folder rumah, dan alamat layanan:"
            " harus sama dengan URL publiknya (--public-url di layanan).",
            "Check the computer's clock, the pinned roster, the home folder's keys, and the"
            " service's address: it must be its public URL (--public-url at the service).",
        ),
    )
