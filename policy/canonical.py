"""Canonical bytes, digests and base64: the same on every machine.

JSON is canonical by RFC 8785, digests are SHA-256 in lower-case hex, base64 is
the standard alphabet with padding and is decoded strictly.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Annotated, Any

import rfc8785
from pydantic import BaseModel, ConfigDict, StringConstraints

from policy.errors import BadInput
from policy.words import Words

HexDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class Model(BaseModel):
    """Base of every model that is signed: frozen, strict, nothing unknown let in."""

    # Deferred: a command builds the validators of the few models that it meets.
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True
    )

    def canonical(self) -> bytes:
        """This model as RFC 8785 canonical JSON."""
        return canonical_json(self.model_dump(mode="json", by_alias=True))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hex."""
        return sha256(self.canonical())


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value (str keys, ints within +-2^53)."""
    return rfc8785.dumps(value)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_identifier(name: str) -> bool:
    """Whether this can name a project, a run or a release, also in paths and addresses."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", name) is not None


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Strict base64; raises BadInput without repeating the text."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadInput(
            "base64.malformed",
            Words("Teks base64 tidak sah.", "The base64 text is malformed."),
            Words("Minta berkas itu dikirim ulang.", "Ask for the file to be sent again."),
        ) from error
