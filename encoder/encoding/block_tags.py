"""Block tags: a few keyed bits of some columns, made before hardening.

Rows with different tags are not compared. A tag is so short that many strangers share each
one: it tells the linkage unit that two rows may agree in those columns, and little more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter.tags import budget
from policy.formats.bundle_row import BLOCK_TAG_BYTES

_VALUES_KEPT = 1 << 20
_NAME_LINE = re.compile(r"^- name: (\S+)$", re.MULTILINE)
_SALT_LINE = re.compile(r"^  salt: (\[[^\]]*\])$", re.MULTILINE)
_SPLIT_LINE = re.compile(r"^  split: (\[[^\]]*\])$", re.MULTILINE)
_WHOLE_NIK = "[nik]"


@dataclass
class Tagger:
    """Makes tags of `bits` bits (1 to 16) from the columns `needs`, under a 32-byte key."""

    needs: tuple[str, ...]
    bits: int
    key: bytes = field(repr=False)
    _known: dict[bytes, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._keyed = HMAC(self.key, SHA256())

    def tags(
        self, columns: Mapping[str, Sequence[str]], handles: Sequence[bytes]
    ) -> NDArray[np.uint16]:
        """uint16, shape (rows,); the bits above `bits` are 0.

        A row with a missing value gets a tag made from its handle, which looks like any other tag.
        """
        cells = zip(*(columns[name] for name in self.needs), strict=True)
        numbers = [
            self._of_value(b"value\0" + "\0".join(row).encode())
            if all(row)
            else self._number(b"missing\0" + handle)
            for row, handle in zip(cells, handles, strict=True)
        ]
        return np.array(numbers, np.uint16)

    def _of_value(self, value: bytes) -> int:
        if len(self._known) > _VALUES_KEPT:
            self._known.clear()
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = self._number(value)
        return found

    def _number(self, value: bytes) -> int:
        mac = self._keyed.copy()
        mac.update(value)
        start = mac.finalize()[:BLOCK_TAG_BYTES]
        return int.from_bytes(start, "little") >> (8 * BLOCK_TAG_BYTES - self.bits)


def with_tags(encodings: str, bits: int) -> str:
    """Encodings in YAML, each with a tag of its own salt columns; comments stay.

    Raises BadInput if no encoding has a salt, or if they share a few tags (`with_shared_tags`).
    """
    if _SPLIT_LINE.search(encodings):
        raise BadInput(
            EncoderCode.SCHEMA_TAGS,
            Words(
                "Tanda penyandian ini berbagi satu kuota, menurut besar daftar.",
                "The tags of these encodings share one budget, by the size of the lists.",
            ),
            Words(
                "Sebut --rows, jumlah baris daftar terbesar, sebagai ganti --tag-bits.",
                "Give --rows, the rows of the largest list, in place of --tag-bits.",
            ),
        )
    tagged, count = _SALT_LINE.subn(rf"\g<0>\n  tag: \1\n  tag_bits: {bits}", encodings)
    if not count:
        raise _no_salt()
    return tagged


def with_shared_tags(encodings: str, rows: int) -> str:
    """Encodings of compound-2 in YAML, with tags suitable for lists of `rows` rows; comments stay.

    A split encoding is tagged by how the name begins, others by their salt. An encoding that only
    serves the NIK leg's floor is not searched and has no tag. Raises BadInput if none is split.
    """
    if not _SPLIT_LINE.search(encodings):
        raise _no_salt()
    lines, tags = encodings.splitlines(keepends=True), _shared_tags(encodings)
    share, more = divmod(budget(rows), len(set(tags.values())))
    order = sorted(set(tags.values()))
    bits = {tag: share + (place < more) for place, tag in enumerate(order)}
    written, name = [], ""
    for line in lines:
        written.append(line)
        name = found[1] if (found := _NAME_LINE.match(line)) else name
        tag = tags.get(name, "")
        if _SALT_LINE.match(line) and bits.get(tag):
            written.append(f"  tag: {tag}\n  tag_bits: {bits[tag]}\n")
    return "".join(written)


def _shared_tags(encodings: str) -> dict[str, str]:
    """The tag columns of each searched encoding, by encoding name, in the YAML notation."""
    found = {}
    for each in re.split(r"(?m)^(?=- name: )", encodings)[1:]:
        name, salt, split = (line.search(each) for line in (_NAME_LINE, _SALT_LINE, _SPLIT_LINE))
        if name and salt and salt[1] != _WHOLE_NIK:
            found[name[1]] = salt[1] if split is None else f"[{split[1][1:-1].split(',')[0]}]"
    return found


def _no_salt() -> BadInput:
    return BadInput(
        EncoderCode.SCHEMA_NO_SALT,
        Words(
            "Penyandian ini tidak bergaram (salt): tidak ada kolom untuk tanda bloknya.",
            "These encodings have no salt, and so no columns for block tags.",
        ),
        Words(
            "Pakai padan-id-5, atau tulis 'tag' dan 'tag_bits' sendiri di piagam.",
            "Use padan-id-5, or write 'tag' and 'tag_bits' into the charter yourself.",
        ),
    )
