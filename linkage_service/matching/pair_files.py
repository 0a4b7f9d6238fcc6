"""Candidate pairs that no memory holds: columns in files, a part after the other.

A part gets its name when it is whole, so that a disk that fills up, or a process that is
killed, leaves whole parts and nothing that looks like one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from linkage_service.matching.candidates import Candidates, from_bytes
from policy.errors import BadInput
from policy.words import Words

_SUFFIX = ".pairs"
_LAST = "complete"


class PairFiles:
    """One search's pairs in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, parts: Iterable[Candidates]) -> int:
        """Keep every part; the number of pairs. A part that is there already is not written.

        `parts` must come in the same order each time. BadInput where the disk is full: free
        some room and write again, from the same search.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        pairs = number = 0
        for part in parts:
            path = self.folder / f"{number:06d}{_SUFFIX}"
            if not path.exists():
                self._keep(path, part.to_bytes())
            pairs, number = pairs + len(part), number + 1
        self._keep(self.folder / _LAST, str(number).encode())
        return pairs

    def read(self) -> Iterator[Candidates]:
        """The parts in their order; BadInput where one is missing, cut short or damaged."""
        try:
            count = int((self.folder / _LAST).read_bytes())
        except (OSError, ValueError):
            raise _incomplete(self.folder) from None
        for number in range(count):
            path = self.folder / f"{number:06d}{_SUFFIX}"
            if not path.exists():
                raise _incomplete(path)
            try:
                yield from_bytes(path.read_bytes())
            except BadInput:
                raise _incomplete(path) from None

    def _keep(self, path: Path, data: bytes) -> None:
        unfinished = path.with_suffix(".tmp")
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise _no_room(self.folder, error.strerror or "") from None


def _incomplete(path: Path) -> BadInput:
    return BadInput(
        "matching.pairs-incomplete",
        Words(
            f"{path}: hasil pencarian hilang, terpotong, atau rusak.",
            f"{path}: search results are missing, cut short or damaged.",
        ),
        Words(
            "Hapus berkas itu dan jalankan lagi pencariannya; bagian lain tidak diulang.",
            "Remove that file and run the search again; other parts are kept.",
        ),
    )


def _no_room(folder: Path, reason: str) -> BadInput:
    return BadInput(
        "matching.no-room",
        Words(
            f"{folder}: hasil pencarian tidak dapat ditulis ({reason}).",
            f"{folder}: search results cannot be written ({reason}).",
        ),
        Words(
            "Sediakan ruang lalu jalankan lagi; bagian yang sudah utuh dipakai kembali.",
            "Make room and run it again; parts that are whole are used again.",
        ),
    )
