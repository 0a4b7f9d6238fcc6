"""A released file and its container, byte by byte as docs/reference/formats.md says it."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from policy.base.canonical import sha256_of
from policy.base.errors import BadInput
from policy.formats import release_file
from policy.formats.arrays import release_rows
from policy.formats.release_file import ReleasedRow
from policy.formats.sealed_file import SealedFile, written

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
    rows = release_rows.ReleaseRows(*map(release_rows.Part, columns), verify)
    assert b"".join(rows.blocks()).hex() == wanted


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


COUNT = 20_000  # rows of 64 bytes


def big() -> release_rows.ReleaseRows:
    drawn = np.random.default_rng(1)
    widths = 16, 16, 32
    columns = [drawn.integers(0, 256, (COUNT, width), np.uint8) for width in widths]
    return release_rows.ReleaseRows(*map(release_rows.Part, columns), None)


def peak_of(work: Callable[[], object]) -> int:
    """The most that the work holds at once, bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_is_written_and_read_without_holding_its_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file is 1.3 MB; a row as an object takes several hundred bytes."""
    monkeypatch.setattr(release_rows, "_ROWS_AT_ONCE", 1000)
    rows = big()
    plaintext = b"".join(rows.blocks())
    canary = plaintext[48:64]
    opened = release_file.ReleasedRows(plaintext, {canary})
    assert len(opened) == sum(1 for _ in opened) == COUNT - 1
    assert canary not in {row.handle for row in opened}
    assert peak_of(lambda: sha256_of(rows.blocks())) < 1_000_000
    assert peak_of(lambda: sum(1 for _ in opened)) < 100_000
    assert peak_of(lambda: b"".join(rows.blocks())) > 1_280_000, "a whole file must fail"
    assert peak_of(lambda: list(opened)) > 1_280_000, "rows that are held must fail"


def test_a_sealed_file_is_written_as_its_chunks_come() -> None:
    chunks = [bytes([number]) * 1_000_000 for number in range(8)]
    assert peak_of(lambda: written(b"{ }", iter(chunks))) < 12_000_000
    assert peak_of(lambda: _whole(b"{ }", chunks)) > 15_000_000, "joining twice must fail"
    assert written(b"{ }", iter(chunks)) == _whole(b"{ }", chunks)


def _whole(seal: bytes, chunks: list[bytes]) -> tuple[bytes, str]:
    parts = (seal, *chunks)
    file = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return file, hashlib.sha256(b"".join(parts)).hexdigest()
