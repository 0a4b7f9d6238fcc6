"""An agency's letterhead (kop surat) from a file: lines of text, or a PNG or JPEG image."""

from __future__ import annotations

import base64
from pathlib import Path

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.words import Words
from policy.papers.paper import Letterhead

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES, LONGEST_LINE = 12, 120
_IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def read_letterhead(path: Path) -> Letterhead:
    """The letterhead in a file; raises BadInput if it is neither an image nor a short UTF-8 text.

    In a text, the lines before the first empty line are the agency's names, the lines after it the
    address.
    """
    data = read_file(path, MOST_BYTES)
    for magic, kind in _IMAGES.items():
        if data.startswith(magic):
            return Letterhead(image=f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise _neither(path) from None
    names, address = _parted([line.strip() for line in lines])
    if not names or len(names) + len(address) > MOST_LINES or _strange(names + address):
        raise _neither(path)
    return Letterhead(tuple(names), tuple(address))


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    start = next((place for place, line in enumerate(lines) if line), len(lines))
    end = next((place for place in range(start, len(lines)) if not lines[place]), len(lines))
    return lines[start:end], [line for line in lines[end:] if line]


def _strange(lines: list[str]) -> bool:
    return any(len(line) > LONGEST_LINE or not line.isprintable() for line in lines)


def _neither(path: Path) -> BadInput:
    return BadInput(
        PolicyCode.PAPERS_LETTERHEAD,
        Words(f"{path} bukan kop surat.", f"{path} is no letterhead."),
        Words(
            f"Pakai PNG atau JPEG, atau teks UTF-8, 1 sampai {MOST_LINES} baris: nama instansi,"
            " baris kosong, lalu alamatnya.",
            f"Use PNG or JPEG, or UTF-8 text of 1 to {MOST_LINES} lines: the agency's names, an"
            " empty line, then its address.",
        ),
    )
