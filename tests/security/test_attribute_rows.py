"""Who can read which row of an attribute file: only who has the row's secret and the outer key."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from encoder.released.attributes.rows import PlainRow, RowOpener, encrypt_rows
from policy.base.canonical import sha256
from policy.base.errors import BadInput, PadanError
from policy.crypto.envelope import Binding
from policy.crypto.keys import KeyRing
from policy.crypto.sealing import decrypt_stream, encrypt_stream, new_file_seal, open_seal
from policy.formats import attribute_file
from policy.formats.attribute_file import AttributeFile, Column, pad_values, read_values

COLUMNS = (Column("desil", 4), Column("keterangan", 60))
REQUEST, OTHER_REQUEST = sha256(b"request"), sha256(b"another request")


def row(*values: str) -> PlainRow:
    return PlainRow(os.urandom(16), os.urandom(32), values)


SHORT, LONG, EMPTY = row("1", ""), row("10", "x" * 60), row("", "")
ROWS = (SHORT, LONG, EMPTY)


def file_of(*rows: PlainRow, request: str = REQUEST) -> AttributeFile:
    return AttributeFile.read(encrypt_rows(rows, COLUMNS, request))


def opened(file: AttributeFile, known: dict[bytes, bytes], request: str = REQUEST) -> Counter[bool]:
    """How many rows open for one who tries every known secret on every row."""
    opener, tried = RowOpener(file, request), Counter[bool]()
    for each in file.rows():
        found = False
        for secret in known.values():
            with suppress(BadInput):
                opener.open(each, secret)
                found = True
        tried[found] += 1
    return tried


def test_only_rows_whose_secret_is_known_open() -> None:
    """The recipient has the secrets of its matched rows; the negative control has all of them."""
    file = file_of(*ROWS)
    assert opened(file, {SHORT.match_id: SHORT.secret}) == {True: 1, False: 2}
    assert opened(file, {row().match_id: row().secret}) == {False: 3}
    assert opened(file, {each.match_id: each.secret for each in ROWS}) == {True: 3}


def test_a_row_opens_to_what_was_filed() -> None:
    file = file_of(*ROWS)
    by_id = {each.match_id: each for each in ROWS}
    opener = RowOpener(file, REQUEST)
    for each in file.rows():
        own = by_id[each.match_id]
        assert opener.open(each, own.secret) == own.values


def test_long_and_short_values_are_indistinguishable() -> None:
    """By length: with one width. The negative control has no padding, and its lengths tell."""
    lengths = {each.match_id: len(each.ciphertext) for each in file_of(*ROWS).rows()}
    assert len(set(lengths.values())) == 1
    assert len(file_of(SHORT).body) == len(file_of(LONG).body) == len(file_of(EMPTY).body)
    unpadded = {len("".join(each.values).encode()) for each in ROWS}
    assert len(unpadded) == 3
    # Equal values look different each time, also under the same secret.
    twice = [next(iter(file_of(SHORT).rows())).ciphertext for _ in range(2)]
    assert twice[0] != twice[1]


def test_a_row_belongs_to_one_transfer_one_id_and_one_head() -> None:
    file = file_of(*ROWS)
    known = {each.match_id: each.secret for each in ROWS}
    assert opened(file, known, OTHER_REQUEST) == {False: 3}
    first, second = list(file.rows())[:2]
    moved = replace(first, match_id=second.match_id)
    opener, other = RowOpener(file, REQUEST), file_of(*ROWS)
    with pytest.raises(BadInput):
        opener.open(moved, known[first.match_id])
    with pytest.raises(BadInput):
        RowOpener(replace(file, head=other.head), REQUEST).open(first, known[first.match_id])
    opener.open(first, known[first.match_id])


def test_the_order_of_rows_is_that_of_their_random_ids() -> None:
    ids = [each.match_id for each in file_of(*ROWS).rows()]
    assert ids == sorted(ids)


def binding(**change: str) -> Binding:
    fields = {
        "type": attribute_file.SEAL_TYPE,
        "project": "contoh",
        "charter": "c" * 64,
        "roster": "d" * 64,
        "run": "atribut-1",
        "sender": "bps",
        "recipient": "dinsos",
        "manifest": "e" * 64,
    }
    return Binding(epoch=1, **{**fields, **change})


def test_the_service_alone_reads_nothing() -> None:
    """It has every row secret, its own keys and the sealed file, and lacks the outer key."""
    bps, dinsos, service = KeyRing.generate(), KeyRing.generate(), KeyRing.generate()
    plaintext = encrypt_rows(ROWS, COLUMNS, REQUEST)
    seal = new_file_seal(dinsos.seal.public_bytes(), binding(), bps.signing)
    chunks = list(encrypt_stream([plaintext], seal.key, seal.header_digest))
    public = bps.signing.public_key()
    with pytest.raises(PadanError) as closed:
        open_seal(seal.envelope, service.seal, binding(), public)
    assert closed.value.code == "seal.closed"
    for secret in (each.secret for each in ROWS):
        with pytest.raises(PadanError):
            list(decrypt_stream(chunks, secret, seal.header_digest))
    assert not any(each.match_id in b"".join(chunks) for each in ROWS)
    # The negative control: the recipient's key opens it, and the secrets then open the rows.
    key = open_seal(seal.envelope, dinsos.seal, binding(), public)
    whole = b"".join(decrypt_stream(chunks, key, seal.header_digest))
    file = AttributeFile.read(whole)
    assert opened(file, {each.match_id: each.secret for each in ROWS}) == {True: 3}


@pytest.mark.parametrize(
    "change", [{"project": "lain"}, {"run": "atribut-2"}, {"recipient": "dppapp"}, {"sender": "x"}]
)
def test_a_file_of_another_project_or_transfer_does_not_open(change: dict[str, str]) -> None:
    bps, dinsos = KeyRing.generate(), KeyRing.generate()
    seal = new_file_seal(dinsos.seal.public_bytes(), binding(**change), bps.signing)
    with pytest.raises(PadanError) as closed:
        open_seal(seal.envelope, dinsos.seal, binding(), bps.signing.public_key())
    assert closed.value.code == "seal.closed"
    own = new_file_seal(dinsos.seal.public_bytes(), binding(), bps.signing)
    open_seal(own.envelope, dinsos.seal, binding(), bps.signing.public_key())


def test_malformed_files_and_values_are_refused() -> None:
    whole = encrypt_rows(ROWS, COLUMNS, REQUEST)
    head = len(AttributeFile.read(whole).head)
    for wrong in (whole[:-1], whole[1:], whole[: head - 3], b"", whole[:20]):
        with pytest.raises(BadInput) as refused:
            AttributeFile.read(wrong)
        assert refused.value.code == "transfer.altered"
    padded = pad_values(("1", "ya"), COLUMNS)
    assert read_values(padded, COLUMNS) == ("1", "ya")
    for wrong in (
        b"\x00\x09" + padded[2:],
        padded[:-1],
        padded[:-1] + b"x",
        b"\x00\x01\xff" + padded[3:],
    ):
        with pytest.raises(BadInput):
            read_values(wrong, COLUMNS)
    with pytest.raises(ValueError, match="longer"):
        pad_values(("12345", ""), COLUMNS)
