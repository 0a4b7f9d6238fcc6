"""Lists that statements name by their digests."""

from __future__ import annotations

import pytest

from policy.formats.documents import (
    read_chunk_list,
    read_handle_list,
    write_chunk_list,
    write_handle_list,
)

DIGESTS = ["ab" * 32, "01" * 32]
HANDLES = [b"\x02" * 16, b"\xf1" * 16]


def test_lists_are_written_as_these_bytes() -> None:
    assert write_chunk_list(DIGESTS) == b'["' + b"ab" * 32 + b'","' + b"01" * 32 + b'"]'
    assert write_handle_list(HANDLES) == b'["' + b"02" * 16 + b'","' + b"f1" * 16 + b'"]'
    assert write_handle_list([]) == b"[]"


def test_lists_are_read_again() -> None:
    assert read_chunk_list(write_chunk_list(DIGESTS)) == DIGESTS
    assert read_handle_list(write_handle_list(HANDLES)) == HANDLES


@pytest.mark.parametrize(
    "data",
    [b"", b"1", b'"ab"', b"[1]", b'["AB"]', b"[" * 99_999, b"\xff", b'{"' + b"ab" * 32 + b'":1}'],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    for read in (read_chunk_list, read_handle_list):
        with pytest.raises(ValueError):
            read(data)


def test_handles_and_digests_are_told_apart_by_their_width() -> None:
    with pytest.raises(ValueError):
        read_handle_list(write_chunk_list(DIGESTS))
    with pytest.raises(ValueError):
        read_chunk_list(write_handle_list(HANDLES))
