"""An invite as a code: one line of text, for a message where a file cannot be attached."""

from __future__ import annotations

import base64
import binascii
import zlib

from policy.joining.arriving import MAX_INVITE_BYTES

_MARK = "padan1-"


def as_code(invite: bytes) -> str:
    """The file of an invite as one line without spaces."""
    return _MARK + base64.urlsafe_b64encode(zlib.compress(invite, 9)).decode("ascii").rstrip("=")


def of_code(text: str) -> bytes:
    """The invite's file; empty for a text that is no code. Spaces and line breaks do not count."""
    plain = "".join(text.split())
    if not plain.startswith(_MARK):
        return b""
    packed = plain.removeprefix(_MARK)
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj()
        whole = opened.decompress(data, MAX_INVITE_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        return b""
    return whole if opened.eof else b""
