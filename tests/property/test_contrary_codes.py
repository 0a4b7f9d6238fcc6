"""Contrary codes: what the service can read from two of them, and what it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from encoder.encoding.contrary_codes import ContraryCodes
from encoder.encoding.hardening.claims import claims_of
from encoder.encoding.hardening.columns import HardenedColumn
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.normalise.names import name
from encoder.normalise.sound import sound, sounds_of
from tests.benchmarks.quality.methods import charter_without_codes, default_charter
from tests.support.pairs import Entry, source
from tests.support.thorough import how_many

CHARTER = default_charter()
KEYS = ProjectKeys(b"k" * 32, CHARTER.terms_digest())
ENCODER = RowEncoder(CHARTER, KEYS)
# Bytes of a code, as the encoder documents them.
NIK, PARTS, DATE, STATED, SEX, NEWBORN = (
    slice(0, 2), slice(2, 5), slice(5, 7), 11, slice(12, 14), slice(14, 16)
)  # fmt: skip
ENTRY = Entry()

entries = st.builds(
    Entry,
    nama=st.sampled_from(["RINA WULANDARI", "RINI WULANDARI"]),
    lahir=st.sampled_from(["14-03-1990", "14-03-1991", "02-11-1990", "1990", ""]),
    jk=st.sampled_from(["L", "P", ""]),
    nik=st.sampled_from(["3175995403900001", "3175995403900002", "3174995403900001", ""]),
)


def codes(rows: list[Entry], handles: list[bytes]) -> dict[str, NDArray[np.uint8]]:
    columns = source("uji", rows).columns
    named = [columns[name] for name in identifiers(CHARTER)]
    sent = ENCODER.encode_columns(handles, named)
    return ENCODER.layout.contrary(sent)


def difference(one: Entry, other: Entry, encoding: str, number: int = 0) -> NDArray[np.uint8]:
    found = codes([one, other], [b"0" * 16, b"1" * 16])[encoding][:, number]
    xor: NDArray[np.uint8] = found[0] ^ found[1]
    return xor


# Noise looks like a known value once in 65 536 times: examples are the same in every run.
@settings(max_examples=80, derandomize=True)
@given(entries, entries)
def test_a_pair_of_one_frame_shows_what_both_know_and_nothing_of_the_rest(
    one: Entry, other: Entry
) -> None:
    columns = {
        name: HardenedColumn(cells) for name, cells in source("uji", [one, other]).columns.items()
    }
    claims = claims_of(columns, ContraryCodes.of(CHARTER, KEYS).claims, 2)
    xor = difference(one, other, "kk-nama")  # the card and how the last name begins
    assert (not xor[NIK].any()) == claims.nik.all()
    assert (not xor[DATE].any()) == claims.date.all()
    if claims.nik.all():
        equal = [part[0] == part[1] for part in claims.nik_parts]
        assert [each == 0 for each in xor[PARTS].tolist()] == equal
    differs = claims.sex.all() and claims.female[0] != claims.female[1]
    assert (xor[SEX] == 0xFF).all() == differs
    assert not (xor[NEWBORN] == 0xFF).all()


def test_rows_of_two_frames_share_no_pad() -> None:
    for changed in ({"kk": "3175992008190001"}, {"nama": "RINA SAPUTRI"}, {"kk": ""}, {"nama": ""}):
        xor = difference(ENTRY, replace(ENTRY, **changed), "kk-nama")
        assert xor[NIK].any()
        assert xor[DATE].any()
        assert 30 < np.bitwise_count(xor).sum() < 98


def test_one_row_lacks_a_value_or_both_do_is_one_to_the_service() -> None:
    """Means of many pairs: noise, in both cases, and never the same twice."""
    count = 400
    handles = [number.to_bytes(16, "big") for number in range(2 * count)]
    lacking = replace(ENTRY, nik="", lahir="", jk="")
    means = []
    for one in (ENTRY, lacking):
        found = codes([one] * count + [lacking] * count, handles)["kk"][:, 0]
        xor = found[:count] ^ found[count:]
        assert len(np.unique(xor, axis=0)) == count
        bits = np.unpackbits(xor[:, : SEX.stop], axis=1)
        means.append(bits.mean(axis=0))
        assert abs(bits.mean() - 0.5) < 0.01
    assert np.abs(means[0] - means[1]).max() < 5 * 0.5 * (2 / count) ** 0.5


def test_a_code_does_not_show_by_itself_which_values_it_lacks() -> None:
    """Rows of as many frames: every byte is uniform, missing or not."""
    count = 2000
    handles = [number.to_bytes(16, "big") for number in range(count)]
    cards = [f"317599{number:010d}" for number in range(1, count + 1)]
    for entry in (ENTRY, replace(ENTRY, nik="", lahir="", jk="")):
        found = codes([replace(entry, kk=card) for card in cards], handles)
        bits = np.unpackbits(found["kk-nama"][:, 0], axis=1)
        assert np.abs(bits.mean(axis=0) - 0.5).max() < 0.06


@pytest.mark.parametrize("size", [1, 7, 1024, 1025])
def test_codes_of_a_row_do_not_depend_on_the_batch(size: int) -> None:
    rows = [replace(ENTRY, nik=f"31759954039{number:05d}") for number in range(1, 1101)]
    handles = [number.to_bytes(16, "big") for number in range(len(rows))]
    whole = codes(rows, handles)
    for encoding, found in codes(rows[:size], handles[:size]).items():
        assert np.array_equal(found, whole[encoding][:size])


def test_encodings_without_codes_are_laid_out_as_before() -> None:
    earlier = RowEncoder(charter_without_codes(), KEYS)
    assert earlier.row_bytes == 1056
    assert not any(shape.contrary for shape in earlier.layout.shapes)
    columns = source("uji", [ENTRY]).columns
    named = [columns[name] for name in identifiers(CHARTER)]
    before = earlier.encode_columns([b"0" * 16], named)
    after = ENCODER.encode_columns([b"0" * 16], named)
    codes_from, codes_to = after.shape[1] - 16 - 9 * 16, after.shape[1] - 16
    assert np.array_equal(np.delete(after, range(codes_from, codes_to), axis=1), before)


@settings(max_examples=how_many(200, default=50))
@given(st.lists(st.text("ABIRKHYSUM ", max_size=24), max_size=6))
def test_names_sound_in_one_pass_as_they_do_one_by_one(written: list[str]) -> None:
    names = [name(each) for each in written]
    found = sounds_of(names)
    assert found.sounds == [sound(each) for each in names]
    assert [bool(tail) for tail in found.tails] == [bool(each) for each in names]


def test_heads_and_tails_are_shared_by_those_who_are_to_be_told_apart() -> None:
    found = sounds_of(["RINA", "RINI", "AMINAH SITI", "AMINAH BAYI SITI", "BAYI RINA", "ALI R S"])
    assert found.heads == ["RN", "RN", "AMN", "AMN", "RN", "AL"]
    assert found.tails == ["RIN", "RIN", "SIT", "SIT", "RIN", "ALI"]
