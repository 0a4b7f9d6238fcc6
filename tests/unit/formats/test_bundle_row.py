"""A row of a bundle, byte by byte as docs/reference/formats.md says it."""

from __future__ import annotations

import numpy as np
import pytest

from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import EncodingShape, RowPlaces, token_bytes
from policy.formats.contrary_code import (
    CONTRARY_CODE_BYTES,
    DATE,
    DATE_STATED,
    DAY,
    NEWBORN,
    NIK,
    SEX,
)

SHAPES = (
    EncodingShape(name="nama", bits=64, tag_bits=12, contrary=2),
    EncodingShape(name="kartu", bits=128),
    EncodingShape(name="alamat", bits=64, tag_bits=16, contrary=1),
)
# Two rows; every part has a first digit of its own, every row a last one.
ROWS = [
    "a1" * 16  # handle
    + "b1" * 8 + "c1" * 16 + "d1" * 8  # encodings
    + "3412" + "7856"  # block tags 0x1234 and 0x5678, little-endian
    + "e1" * 16 + "f1" * 16 + "91" * 16  # contrary codes: two, then one
    + "81" * 16,  # NIK token
    "a2" * 16
    + "b2" * 8 + "c2" * 16 + "d2" * 8
    + "ff0f" + "0100"
    + "e2" * 16 + "f2" * 16 + "92" * 16
    + "82" * 16,
]  # fmt: skip
SENT = np.frombuffer(bytes.fromhex("".join(ROWS)), np.uint8).reshape(2, -1)


def part(first: int, width: int) -> np.typing.NDArray[np.uint8]:
    """One part of both rows."""
    return np.array([[first + 1] * width, [first + 2] * width], np.uint8)


def joined(layout: RowLayout, tokens: bool) -> np.typing.NDArray[np.uint8]:
    return layout.join(
        [b"\xa1" * 16, b"\xa2" * 16],
        [part(0xB0, 8), part(0xC0, 16), part(0xD0, 8)],
        tags=[np.array([0x1234, 0x0FFF], np.uint16), np.array([0x5678, 1], np.uint16)],
        contrary=[part(0xE0, 16), part(0xF0, 16), part(0x90, 16)],
        tokens=part(0x80, 16) if tokens else None,
    )


def test_rows_are_joined_to_these_bytes() -> None:
    assert joined(RowLayout(SHAPES, 16), tokens=True).tobytes().hex() == "".join(ROWS)


def test_without_the_nik_leg_the_token_is_left_out() -> None:
    layout = RowLayout(SHAPES, token_bytes(nik_leg=False))
    assert joined(layout, tokens=False).tobytes().hex() == "".join(row[:-32] for row in ROWS)
    assert layout.tokens(SENT[:, :-16]) is None


def test_parts_that_make_no_row_of_the_layout_are_refused() -> None:
    with pytest.raises(ValueError, match="rows of 116 bytes, not of 100"):
        joined(RowLayout(SHAPES, 0), tokens=True)


def test_rows_are_taken_apart_again() -> None:
    layout = RowLayout(SHAPES, token_bytes(nik_leg=True))
    assert layout.row_bytes == SENT.shape[1] == 116
    assert layout.handles(SENT).tolist() == part(0xA0, 16).tolist()
    encodings = {name: each.tobytes().hex() for name, each in layout.encodings(SENT).items()}
    assert encodings == {
        "nama": "b1" * 8 + "b2" * 8,
        "kartu": "c1" * 16 + "c2" * 16,
        "alamat": "d1" * 8 + "d2" * 8,
    }
    tags = {name: each.tolist() for name, each in layout.tags(SENT).items()}
    assert tags == {"nama": [0x1234, 0x0FFF], "alamat": [0x5678, 1]}
    codes = layout.contrary(SENT)
    assert {name: each.shape for name, each in codes.items()} == {
        "nama": (2, 2, 16),
        "alamat": (2, 1, 16),
    }
    assert codes["nama"][1].tobytes().hex() == "e2" * 16 + "f2" * 16
    tokens = layout.tokens(SENT)
    assert tokens is not None
    assert tokens.tolist() == part(0x80, 16).tolist()


@pytest.mark.parametrize(("bits", "fits"), [(13, True), (12, False)])
def test_a_tag_of_more_bits_than_agreed_does_not_fit(bits: int, fits: bool) -> None:
    """0x1234 has 13 bits."""
    shapes = (SHAPES[0].model_copy(update={"tag_bits": bits}), *SHAPES[1:])
    assert RowLayout(shapes, 16).tags_fit(SENT) is fits


def test_the_parts_fill_the_row_without_a_gap() -> None:
    places = RowPlaces.of(SHAPES, 16)
    parts = [places.handle, *places.encodings.values(), *places.tags.values()]
    parts += [*places.contrary.values(), *([places.token] if places.token else [])]
    assert [each.start for each in parts] == [0, *(each.stop for each in parts[:-1])]
    assert parts[-1].stop == places.width


def test_the_parts_of_a_contrary_code_fill_it_without_a_gap() -> None:
    parts = [NIK, DATE, slice(DATE_STATED, DATE_STATED + 1), SEX, NEWBORN]
    assert [(each.start, each.stop) for each in parts] == [
        (0, 5),
        (5, 11),
        (11, 12),
        (12, 14),
        (14, 16),
    ]
    assert (DAY, CONTRARY_CODE_BYTES) == (10, 16)


def test_a_delta_of_no_rows_has_every_part_with_no_rows() -> None:
    layout, none = RowLayout(SHAPES, 16), SENT[:0]
    assert layout.handles(none).shape == (0, 16)
    assert {name: bits.shape for name, bits in layout.encodings(none).items()} == {
        "nama": (0, 8),
        "kartu": (0, 16),
        "alamat": (0, 8),
    }
    assert {name: tags.shape for name, tags in layout.tags(none).items()} == {
        "nama": (0,),
        "alamat": (0,),
    }
    assert {name: codes.shape for name, codes in layout.contrary(none).items()} == {
        "nama": (0, 2, CONTRARY_CODE_BYTES),
        "alamat": (0, 1, CONTRARY_CODE_BYTES),
    }
