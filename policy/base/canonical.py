"""Canonical bytes, digests and base64: the same on every machine.

JSON is canonical by RFC 8785, digests are SHA-256 in lower-case hex, and base64 is the standard
alphabet with padding. Only the one base64 text that encodes the bytes is decoded.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

HexDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
# An identifier, or empty if not applicable.
Name = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9-]{0,62})?$")]

_MAX_INT = 2**53 - 1  # exact in a double: RFC 8785 has no larger integers
# The only version; other values that Python considers equal to it (1.0, True) are refused.
One = Annotated[int, Field(ge=1, le=1)]


class Model(BaseModel):
    """Base of every signed model: frozen, strict, unknown members refused."""

    # Deferred, so that a command builds only the validators of the models that it uses.
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True
    )

    def canonical(self) -> bytes:
        """The model as RFC 8785 canonical JSON."""
        return canonical_json(self.model_dump(mode="json", by_alias=True))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        return sha256(self.canonical())


class DigestedOnce(Model):
    """A large model whose digests are asked for often: each is computed once for an object.

    The model is frozen, so its digests stay. A copy computes its own.
    """

    def digest(self) -> str:
        return self.digested("canonical", self.canonical)

    def digested(self, name: str, content: Callable[[], bytes]) -> str:
        """SHA-256 of this content in hex; `name` tells the model's digests apart."""
        known: dict[str, str] = self.__dict__.setdefault(_DIGESTS, {})
        if name not in known:
            known[name] = sha256(content())
        return known[name]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop(_DIGESTS, None)
        return copied


_DIGESTS = "_digests"  # in an object's dictionary, as pydantic has it for cached properties


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value (str keys, ints within +-2^53); raises BadInput."""
    try:
        if _is_plain(value):
            # The standard library's C code gives the same bytes much faster.
            return _plain_json(value).encode()
        return rfc8785.dumps(value)
    except ValueError:
        raise BadInput(
            PolicyCode.JSON_NOT_CANONICAL,
            Words(
                "Isinya tidak dapat ditulis sebagai JSON kanonik.",
                "What it holds cannot be written as canonical JSON.",
            ),
            Words("Minta berkas itu dibuat ulang.", "Ask for the file to be made again."),
        ) from None


_plain_json = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def _is_plain(value: Any) -> bool:
    """Whether there are only ASCII keys, bounded integers and no floats.

    RFC 8785 writes floats in its own way, and sorts keys that are not ASCII by UTF-16.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if isinstance(value, int):
        return -_MAX_INT <= value <= _MAX_INT
    if kind is dict:
        for key in value:
            if type(key) is not str or not key.isascii():
                return False
        return all(map(_is_plain, value.values()))
    return kind in (list, tuple) and all(map(_is_plain, value))


def sha256(data: bytes) -> str:
    """SHA-256 of the bytes, in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(parts: Iterable[bytes | memoryview]) -> str:
    """SHA-256 of all parts, one after the other, in lower-case hex."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def is_identifier(name: str) -> bool:
    """Whether this text can name a project, a run or a release, also in paths and URLs."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", name) is not None


def b64(data: bytes) -> str:
    """Base64 of the bytes: standard alphabet, with padding."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes that `b64` writes as this text; raises BadInput without repeating the text.

    Surplus padding, non-zero unused bits and white space are refused. Versions of Python differ in
    what they accept of these, and a difference would give one statement two leaves.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
        canonical = b64(data) == text
    except (binascii.Error, UnicodeEncodeError):
        canonical = False
    if not canonical:
        raise BadInput(
            PolicyCode.BASE64_MALFORMED,
            Words("Teks base64 tidak sah.", "The base64 text is malformed."),
            Words("Minta berkas itu dikirim ulang.", "Ask for the file to be sent again."),
        )
    return data


def require_b64(text: str) -> str:
    """For a model's field: the text, if `unb64` can read it; raises BadInput."""
    unb64(text)
    return text
