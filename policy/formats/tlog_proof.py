"""A proof that an entry is in a log, as a text: c2sp.org/tlog-proof, version 1.

    c2sp.org/tlog-proof@v1
    extra DATA          base64, optional; we write none and ignore it
    index INDEX         of the entry, from 0, in decimal
    HASH                base64; the path from the leaf's sibling up, a line each (RFC 6962)

    CHECKPOINT          the signed note, with its cosignatures, as it is

Lines end with a newline. The entry itself is in a file of its own.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass

from policy.base.canonical import b64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

MAX_PROOF_BYTES = 256 * 1024
_HEAD, _HASH_BYTES, _MOST_HASHES = "c2sp.org/tlog-proof@v1", 32, 64
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class TlogProof:
    """The index of an entry, the hashes on its path, and the checkpoint's note."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        """The proof as a file."""
        lines = [_HEAD, f"index {self.index}", *map(b64, self.hashes)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.checkpoint}"


def parse_tlog_proof(data: bytes) -> TlogProof:
    """Read a proof; raises BadInput. Nothing is verified yet."""
    try:
        head, checkpoint = data.decode().split("\n\n", 1)
        first, *lines = head.split("\n")
        if lines and lines[0].startswith("extra "):
            lines = lines[1:]
        index = _INDEX.fullmatch(lines[0]) if lines else None
        hashes = tuple(b64decode(line, validate=True) for line in lines[1:])
    except (ValueError, Error):
        raise _malformed() from None
    if first != _HEAD or index is None or len(hashes) > _MOST_HASHES:
        raise _malformed()
    if any(len(each) != _HASH_BYTES for each in hashes):
        raise _malformed()
    return TlogProof(int(index[1]), hashes, checkpoint)


def _malformed() -> BadInput:
    return BadInput(
        PolicyCode.LOG_PROOF_MALFORMED,
        Words(
            "Berkas itu bukan bukti entri log (tlog-proof).",
            "The file is not a proof of a log's entry (tlog-proof).",
        ),
        Words(
            "Unduh lagi dari halaman entri itu; nama berkasnya berakhiran .tlog-proof.",
            "Download it again from the entry's page; its name ends with .tlog-proof.",
        ),
    )
