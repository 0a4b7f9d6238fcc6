"""What is done for whole columns, or in pieces, gives what cell by cell and row by row would."""

from __future__ import annotations

import pickle
from pathlib import Path
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder.base.pieces import in_buckets, in_key_order
from encoder.encoding.hardening.votes import count_votes, scratch_rows
from encoder.normalise.names import name, names
from encoder.normalise.text import NULL_WORDS
from encoder.source.joined_columns import DateColumns
from encoder.source.readers import Chunk
from encoder.store.handles import Handles
from encoder.store.prepared import FrozenRows, PreparedDataset
from tests.support.thorough import how_many

words = st.sampled_from(
    ["SITI", "Aminah", "H", "HJ.", "MUH", "bin", "S.Pd", "TJOKRO", "ABDUL", "RAHMAN", "m", "D'ARC"]
) | st.sampled_from(sorted(NULL_WORDS))
spaces = st.sampled_from([" ", "  ", "\t", "\u00a0", "\x1f", "\x00"])
cells = st.lists(st.tuples(words, spaces)).map(lambda parts: "".join(map("".join, parts)))
loose = st.text(max_size=12)


@settings(max_examples=how_many(300, default=75))
@given(st.lists(cells | loose, max_size=6))
def test_a_column_of_names_is_its_names(column: list[str]) -> None:
    assert names(column) == list(map(name, column))


parts = st.sampled_from(["", " ", "1", "07", " 3 ", "1990", "Mei", "-", "\u00a02"])


@settings(max_examples=how_many(200, default=50))
@given(st.lists(st.tuples(parts, parts, parts), min_size=1, max_size=6))
def test_dates_are_joined_as_row_by_row(rows: list[tuple[str, str, str]]) -> None:
    source = DateColumns(day="a", month="b", year="c")
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert source.join_columns(columns) == list(map(source.join, rows))


@settings(max_examples=how_many(200, default=50))
@given(
    st.lists(st.lists(st.integers(1, 70), min_size=1, max_size=30), min_size=1, max_size=4),
    st.integers(1, 4),
    st.integers(1, 21),
    st.randoms(use_true_random=False),
)
def test_votes_are_counted_as_by_adding(
    rows: list[list[int]], rounds: int, words_each: int, random: Random
) -> None:
    for row in rows:
        row[0] += 1 - sum(row) % 2  # the encoder's last token makes the sum odd
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    weights = np.concatenate([np.array(row, np.int64) for row in rows])
    drawn = np.frombuffer(random.randbytes(8 * len(weights) * rounds * words_each), np.uint64)
    votes = drawn.reshape(len(weights), -1)
    planes = max(map(sum, rows)).bit_length()
    with_scratch = np.concatenate([votes, np.full((scratch_rows(planes), votes.shape[1]), 7, "u8")])
    found = np.empty((len(rows), words_each), np.uint64)
    count_votes(starts, weights, with_scratch, rounds, planes, found)

    bits = np.unpackbits(votes.view(np.uint8), axis=1, bitorder="little")
    for row, start, end in zip(found, starts[:-1], starts[1:], strict=True):
        ones = weights[start:end] @ bits[start:end].astype(np.int64)
        above = (2 * ones > weights[start:end].sum()).reshape(rounds, -1)
        expected = np.packbits(np.bitwise_xor.reduce(above), bitorder="little").view(np.uint64)
        assert (row == expected).all()


keys = st.binary(min_size=16, max_size=16) | st.sampled_from(
    [b"same-as-" + b"%08d" % n for n in (1, 2)]
)


@settings(max_examples=how_many(200, default=50))
@given(st.lists(keys, min_size=1, max_size=20))
def test_keys_are_ordered_as_bytes(keys: list[bytes]) -> None:
    packed = b"".join(keys)
    assert [keys[at] for at in in_key_order(packed)] == sorted(keys)
    order, places = in_buckets(packed)
    of_bucket = {number: {keys[at] for at in order[here]} for number, here in places}
    assert [key for number in sorted(of_bucket) for key in sorted(of_bucket[number])] == sorted(
        set(keys)
    )


@given(st.lists(st.text(alphabet="AB \x1e\x1f\n", max_size=4), max_size=6))
def test_what_goes_to_another_process_arrives_as_it_was(cells: list[str]) -> None:
    """Also where a cell holds what stands between packed cells."""
    numbers = list(range(1, len(cells) + 1))
    chunk = Chunk(numbers, cells, {"nama": cells}, [(9, "blank-row")], [(1, "nik-scientific")])
    handles = [bytes([number]) * 16 for number in numbers]
    people = Handles(b"k" * 32).of_people(numbers, cells, [(cell, "M") for cell in cells])
    for each in (chunk, people, FrozenRows(handles, cells)):
        assert pickle.loads(pickle.dumps(each)) == each


def test_a_store_of_many_chunks_is_what_its_rows_are(tmp_path: Path) -> None:
    """Three chunks in which people repeat, within one and over two."""
    random, hand_out = Random(4), Handles(b"k" * 32)
    people = [(f"NAME {random.randrange(1500)}", "M") for _ in range(2100)]
    numbers = list(range(1, 2101))
    chunks = [
        hand_out.of_people(numbers[at : at + 700], [f"r{n}" for n in numbers[at : at + 700]], rows)
        for at in range(0, 2100, 700)
        if (rows := people[at : at + 700])
    ]
    store = PreparedDataset.freeze(
        tmp_path / "d.sqlite", chunks, [], lambda _: hand_out.of_canaries(3), {}
    )

    sent = [
        row
        for some in store.rows(["c0", "c1", "c2"], 64)
        for row in zip(some.handles, some.fields, strict=True)
    ]
    assert [handle for handle, _ in sent] == sorted({handle for handle, _ in sent})
    first: dict[tuple[str, str], int] = {}
    for number, person in zip(numbers, people, strict=True):
        first.setdefault(person, number)
    drawn = b"".join(chunk.handles for chunk in chunks)
    handle_of = {number: drawn[16 * at : 16 * at + 16] for at, number in enumerate(numbers)}
    expected = {handle_of[number]: "\x1f".join(person) for person, number in first.items()}
    expected |= {handle: f"c{slot}" for handle, slot in store.canary_handles().items()}
    assert dict(sent) == expected
    assert list(store.source_rows()) == [
        (number, f"r{number}", handle_of[first[person]])
        for number, person in zip(numbers, people, strict=True)
    ]
    assert store.reconciliation().collapsed == 2100 - len(first)
    assert store.commitment().count == len(sent)
