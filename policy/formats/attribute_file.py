"""Attributes before they are sealed: encrypted rows under the match IDs of a release.

    bytes   part
    19      `padan-attributes-1` and a line feed
    32      salt, so that nobody can guess the contents from the digest
    4       length of the columns in bytes, big-endian
    ...     columns: canonical JSON, a list of [name, bytes of a value]
    then rows, in ascending order of their match IDs, all of one width:
    16      match ID
    12      nonce
    ...     the row's values, encrypted (ChaCha20-Poly1305), and the tag of 16 bytes

Values of a row before encryption: for each column 2 bytes of length (big-endian), the value in
UTF-8, and zeros up to the column's bytes. So every row has one length whatever its values are.

The key of a row is HKDF-Expand (SHA-256) of its row secret, with the info `padan/attribute-row/1`,
a zero byte, the digest of the transfer's request (32 bytes) and the match ID. The associated data
is SHA-256 of everything before the first row. Only who has the row's secret opens the row.

The sender's encoder writes the file and seals it (`sealed_file`) to the recipient, whose encoder
opens it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policy.base.canonical import canonical_json
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.json_text import parse_json
from policy.base.words import Words
from policy.formats.release_file import MATCH_ID_BYTES, SALT_BYTES

SEAL_TYPE: Final = "padan/attributes-key"
MAGIC: Final = b"padan-attributes-1\n"
KEY_INFO: Final = b"padan/attribute-row/1\x00"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
LENGTH_BYTES: Final = 2
_COLUMNS_AT = len(MAGIC) + SALT_BYTES
_COLUMNS_LENGTH_BYTES = 4


@dataclass(frozen=True)
class Column:
    """A column, and the room of a value in bytes of UTF-8."""

    name: str
    bytes: int


@dataclass(frozen=True)
class EncryptedRow:
    """The values of one row, which only its secret opens."""

    match_id: bytes
    nonce: bytes
    ciphertext: bytes


def values_width(columns: Sequence[Column]) -> int:
    """The width of a row's values in bytes before encryption."""
    return sum(LENGTH_BYTES + column.bytes for column in columns)


def pad_values(values: Sequence[str], columns: Sequence[Column]) -> bytes:
    """The values of a row at one width; raises ValueError if one is too long."""
    parts = []
    for value, column in zip(values, columns, strict=True):
        text = value.encode()
        if len(text) > column.bytes:
            raise ValueError("a value is longer than its column")
        parts.append(len(text).to_bytes(LENGTH_BYTES, "big") + text.ljust(column.bytes, b"\x00"))
    return b"".join(parts)


def read_values(padded: bytes, columns: Sequence[Column]) -> tuple[str, ...]:
    """The values of a row; raises BadInput if they are malformed."""
    values, at = [], 0
    for column in columns:
        start = at + LENGTH_BYTES
        length = int.from_bytes(padded[at:start], "big")
        at = start + column.bytes
        if length > column.bytes or padded[start + length : at].strip(b"\x00"):
            raise altered()
        try:
            values.append(padded[start : start + length].decode())
        except UnicodeDecodeError:
            raise altered() from None
    if at != len(padded):
        raise altered()
    return tuple(values)


def write_head(columns: Sequence[Column], salt: bytes) -> bytes:
    """Everything before the first row."""
    listed = canonical_json([[column.name, column.bytes] for column in columns])
    return MAGIC + salt + len(listed).to_bytes(_COLUMNS_LENGTH_BYTES, "big") + listed


@dataclass(frozen=True)
class AttributeFile:
    """An opened file: its head, its columns, and its rows."""

    head: bytes
    columns: tuple[Column, ...]
    body: bytes

    @classmethod
    def read(cls, plaintext: bytes) -> AttributeFile:
        """Raises BadInput if the file is malformed."""
        start = _COLUMNS_AT + _COLUMNS_LENGTH_BYTES
        if not plaintext.startswith(MAGIC) or len(plaintext) < start:
            raise altered()
        end = start + int.from_bytes(plaintext[_COLUMNS_AT:start], "big")
        file = cls(plaintext[:end], _columns(plaintext[start:end]), plaintext[end:])
        if len(file.body) % file.row_width:
            raise altered()
        return file

    @property
    def row_width(self) -> int:
        """The width of a row in bytes."""
        return MATCH_ID_BYTES + NONCE_BYTES + values_width(self.columns) + TAG_BYTES

    def rows(self) -> Iterator[EncryptedRow]:
        """The rows, in the file's order."""
        width = self.row_width
        for at in range(0, len(self.body), width):
            row = self.body[at : at + width]
            nonce_end = MATCH_ID_BYTES + NONCE_BYTES
            yield EncryptedRow(row[:MATCH_ID_BYTES], row[MATCH_ID_BYTES:nonce_end], row[nonce_end:])


def _columns(listed: bytes) -> tuple[Column, ...]:
    try:
        found: Any = parse_json(listed)
        columns = tuple(Column(name, size) for name, size in found)
    except (ValueError, TypeError):
        raise altered() from None
    if not columns or not all(
        type(each.name) is str and type(each.bytes) is int and each.bytes > 0 for each in columns
    ):
        raise altered()
    return columns


def altered() -> BadInput:
    """The error for a file that is not the one sent, or not whole."""
    return BadInput(
        PolicyCode.TRANSFER_ALTERED,
        Words(
            "Berkas atribut ini bukan berkas yang dikirim, atau tidak utuh.",
            "This file of attributes is not the one that was sent, or is not whole.",
        ),
        Words(
            "Unduh ulang; bila tetap begini, hubungi pengirim dan auditor.",
            "Download it again; if that does not help, call the sender and the auditor.",
        ),
    )
