"""An invite as a code: short, for the telephone; or whole, for a message without attachments.

The short code is the service's address and six groups of five letters and digits, Crockford's
base32: `padan.example.go.id/7K3QD-…`. Five groups are the first 125 bits of SHA-256 over the
invite's file, and the sixth tells a typing error in them or in the address. The person's program
fetches the file from the service and takes no other, so the code is as good as the file; somebody
who wants another invite to be taken has to find a second preimage of 125 bits.

The whole code is the compressed file, marked `padan1-`, and needs no service.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from policy.base.addresses import is_for_others
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.joining.invite import MAX_INVITE_BYTES

_MARK = "padan1-"
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SYMBOL_BITS, _GROUP = 5, 5
_FINGERPRINT, _CHECK = 25, 5  # symbols
# What people write or hear for another symbol, and what they write between groups.
_ALIKE = str.maketrans("OIL", "011")
_BETWEEN = r"[\s\u2010-\u2015-]"
_SHORT = re.compile(
    rf"(?P<address>.*?)[\s/#]*(?P<symbols>(?:[0-9A-Za-z]{_BETWEEN}*){{{_FINGERPRINT + _CHECK}}})",
    re.S,
)
_LIKE_SHORT = re.compile(rf"[/\s](?:[0-9A-Za-z]{_BETWEEN}*){{25,35}}$")
_LONGEST = 1000  # characters; an address has 300 at most


@dataclass(frozen=True)
class ShortCode:
    """The service to ask, and the fingerprint of the invite to ask for."""

    url: str
    fingerprint: str

    @classmethod
    def of(cls, url: str, invite: bytes) -> ShortCode:
        """The code of this invite at the service with this address."""
        return cls(normal(url), fingerprint_of(invite))

    def __str__(self) -> str:
        text = self.fingerprint + self.check()
        groups = (text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
        return f"{self.url.removeprefix('https://')}/{'-'.join(groups)}"

    def check(self) -> str:
        return _symbols(f"padan/invite-code {self.url} {self.fingerprint}".encode(), _CHECK)


def fingerprint_of(invite: bytes) -> str:
    """125 bits of SHA-256 over an invite's file, as 25 letters and digits."""
    return _symbols(invite, _FINGERPRINT)


def is_fingerprint(text: str) -> bool:
    return len(text) == _FINGERPRINT and set(text) <= set(_SYMBOLS)


def short_codes(url: str, invites: Mapping[str, bytes]) -> dict[str, str]:
    """The short code of each invite, by member id; none for an address of this machine alone."""
    if not is_for_others(url):
        return {}
    return {member: str(ShortCode.of(url, invite)) for member, invite in invites.items()}


def is_code(text: str) -> bool:
    """Whether this is meant as a code, and not as the name of a file."""
    return text.startswith(_MARK) or _LIKE_SHORT.search(text[:_LONGEST]) is not None


def is_whole(text: str) -> bool:
    """Whether this is meant as a whole code."""
    return text.lstrip().startswith(_MARK)


def read_short(text: str) -> ShortCode:
    """The short code as somebody typed it; raises BadInput for a typing error.

    Capitals, spaces and hyphens do not count, and neither does O for 0, or I and L for 1. An
    address without a scheme is of https, or of http if the check fits that alone.
    """
    found = _SHORT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        raise _mistyped()
    symbols = re.sub(_BETWEEN, "", found["symbols"]).upper().translate(_ALIKE)
    address = re.sub(r"\s", "", found["address"]).rstrip("/#-")
    schemes = ("",) if "://" in address else ("", "http://")  # somebody may leave it out
    for scheme, written in product(schemes, (address, address.lower())):  # a path may have capitals
        code = ShortCode(normal(f"{scheme}{written}"), symbols[:_FINGERPRINT])
        if code.check() == symbols[_FINGERPRINT:]:
            return code
    raise _mistyped()


def normal(address: str) -> str:
    """The URL, with https if no scheme is said, and with scheme and host in small letters."""
    scheme, said, rest = address.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower() if said else 'https'}://{host.lower()}{slash}{path}".rstrip("/")


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


def _symbols(data: bytes, count: int) -> str:
    """The first bits of SHA-256 over the data, as this number of symbols."""
    digest = hashlib.sha256(data).digest()
    bits = int.from_bytes(digest, "big") >> (8 * len(digest) - _SYMBOL_BITS * count)
    places = reversed(range(count))
    return "".join(_SYMBOLS[bits >> _SYMBOL_BITS * place & 31] for place in places)


def _mistyped() -> BadInput:
    return BadInput(
        PolicyCode.INVITE_CODE,
        Words(
            "Kode undangan itu salah ketik atau tidak lengkap.",
            "This code of an invite is mistyped or not complete.",
        ),
        Words(
            "Samakan alamat dan keenam kelompoknya dengan yang dibacakan koordinator. Huruf besar"
            " atau kecil, O atau 0, I atau 1, spasi dan tanda hubung tidak berpengaruh.",
            "Compare the address and all six groups with what the coordinator reads. Capitals, O or"
            " 0, I or 1, spaces and hyphens make no difference.",
        ),
    )
