"""A released file and its container, byte by byte as docs/reference/formats.md says it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from policy.base.errors import BadInput
from policy.formats import release_file
from policy.formats.arrays import release_rows
from policy.formats.release_file import ReleasedRow
from policy.formats.sealed_file import SealedFile

SALT = "05" * 32
# Two rows, the one with the smaller match ID first.
PLAIN = "a2" * 16 + "01" * 16 + "c2" * 32, "a1" * 16 + "b1" * 16 + "c1" * 32
FILE = b"padan-release-1\n".hex() + SALT + "".join(PLAIN)
GRADED = b"padan-release-2\n".hex() + SALT + PLAIN[0] + "01" + PLAIN[1] + "00"
ROWS = [
    ReleasedRow(b"\xa2" * 16, b"\x01" * 16, b"\xc2" * 32),
    ReleasedRow(b"\xa1" * 16, b"\xb1" * 16, b"\xc1" * 32),
]


def part(first: int, last: int, width: int) -> np.typing.NDArray[np.uint8]:
    return np.array([[first] * width, [last] * width], np.uint8)


@pytest.mark.parametrize(("verify", "wanted"), [(None, FILE), (np.array([False, True]), GRADED)])
def test_a_file_is_written_as_these_bytes(
    verify: np.typing.NDArray[np.bool_] | None, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.urandom", lambda count: b"\x05" * count)
    columns = part(0xA1, 0xA2, 16), part(0xB1, 0x01, 16), part(0xC1, 0xC2, 32)
    assert release_rows.write(*columns, verify).hex() == wanted


def test_a_file_is_read_again() -> None:
    assert list(release_file.read(bytes.fromhex(FILE))) == ROWS
    graded = list(release_file.read(bytes.fromhex(GRADED)))
    assert [each.verify for each in graded] == [True, False]
    assert [each.match_id for each in graded] == [each.match_id for each in ROWS]


@pytest.mark.parametrize("file", [FILE[:-2], GRADED + "00", "00" + FILE[2:], ""])
def test_a_malformed_file_is_refused(file: str) -> None:
    with pytest.raises(BadInput):
        list(release_file.read(bytes.fromhex(file)))


SEALED = "00000003" + "7b207d" + "00000002" + "c1c1" + "00000001" + "c2"


def test_a_container_is_written_as_these_bytes_and_read_again() -> None:
    sealed = SealedFile(b"{ }", [b"\xc1\xc1", b"\xc2"])
    assert sealed.write().hex() == SEALED
    assert SealedFile.read(bytes.fromhex(SEALED)) == sealed
    assert sealed.digest() == hashlib.sha256(b"{ }\xc1\xc1\xc2").hexdigest()


@pytest.mark.parametrize("data", ["", SEALED[:-2], SEALED + "0000", SEALED[:14], SEALED + "000000"])
def test_a_container_that_is_cut_short_is_refused(data: str) -> None:
    """The fourth is a seal without a chunk."""
    with pytest.raises(ValueError, match="cut short"):
        SealedFile.read(bytes.fromhex(data))
