"""Seals, streams and key files: what is altered, cut or swapped does not open."""

from __future__ import annotations

import os
import pickle
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.base.errors import BadInput, PadanError, WrongKey
from policy.crypto.envelope import (
    Binding,
    Signature,
    parse_envelope,
    pre_authentication,
    sign,
    verify,
)
from policy.crypto.keys import KeyRing, lock_keys, unlock_keys
from policy.crypto.sealing import (
    decrypt_stream,
    encrypt_stream,
    new_file_seal,
    open_seal,
    seal,
)
from policy.formats.chunk_stream import CHUNK_BYTES

KEYS = KeyRing.generate()
OTHER = KeyRing.generate()
BINDING = Binding(
    type="padan/test", project="p", epoch=1, roster="ab" * 32, sender="bps", recipient="dinsos"
)


def test_dsse_pre_authentication_encoding() -> None:
    """The example of the DSSE specification, protocol.md."""
    encoded = pre_authentication("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_an_envelope_is_signed_by_exactly_the_required() -> None:
    public = KEYS.signing.public_key()
    envelope = sign(BINDING, b"body", KEYS.signing)
    verify(envelope, {"bps": public})
    with pytest.raises(WrongKey):
        verify(envelope, {"bps": OTHER.signing.public_key()})
    with pytest.raises(WrongKey):
        verify(envelope, {})
    both = envelope.signed_by("dinsos", OTHER.signing)
    with pytest.raises(WrongKey):
        verify(both, {"bps": public})
    verify(both, {"bps": public, "dinsos": OTHER.signing.public_key()})


def test_only_canonical_envelopes_are_read() -> None:
    data = sign(BINDING, b"body", KEYS.signing).canonical()
    assert parse_envelope(data).canonical() == data
    for altered in (b" " + data, data.replace(b'":"', b'": "', 1), data[:-1], b"", b"[]"):
        with pytest.raises(BadInput):
            parse_envelope(altered)


def test_a_seal_opens_for_its_recipient_only() -> None:
    envelope = seal(b"secret", KEYS.seal.public_bytes(), BINDING, KEYS.signing)
    sender = KEYS.signing.public_key()
    assert open_seal(envelope, KEYS.seal, BINDING, sender) == b"secret"
    with pytest.raises(WrongKey):
        open_seal(envelope, OTHER.seal, BINDING, sender)
    with pytest.raises(WrongKey):
        open_seal(envelope, KEYS.seal, BINDING, OTHER.signing.public_key())
    other = BINDING.model_copy(update={"project": "q"})
    with pytest.raises(WrongKey):
        open_seal(envelope, KEYS.seal, other, sender)


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]
)
def test_streams_round_trip_and_refuse_every_cut(size: int) -> None:
    key, header = os.urandom(32), "cd" * 32
    plain = os.urandom(size)
    chunks = list(encrypt_stream([plain], key, header))
    assert b"".join(decrypt_stream(chunks, key, header)) == plain
    damaged = [chunks[:-1], [*chunks, chunks[-1]], [chunks[0][:-1], *chunks[1:]], []]
    if len(chunks) > 1:
        damaged += [chunks[1:], [chunks[1], chunks[0], *chunks[2:]]]
    for cut in damaged:
        with pytest.raises(BadInput):
            list(decrypt_stream(cut, key, header))
    with pytest.raises(BadInput):
        list(decrypt_stream(chunks, key, "ef" * 32))


@settings(max_examples=30)
@given(blocks=st.lists(st.binary(max_size=5000), max_size=8))
def test_the_cut_of_the_input_does_not_matter(blocks: list[bytes]) -> None:
    key, header = b"k" * 32, "ab" * 32
    whole = list(encrypt_stream([b"".join(blocks)], key, header))
    assert list(encrypt_stream(blocks, key, header)) == whole


def test_key_files_open_with_their_passphrase_only() -> None:
    data = lock_keys(KEYS, b"kata sandi yang panjang")
    opened = unlock_keys(data, b"kata sandi yang panjang")
    assert opened.seal.secret_bytes() == KEYS.seal.secret_bytes()
    with pytest.raises(WrongKey):
        unlock_keys(data, b"kata sandi yang lain")
    for altered in (data[:-2], b"{}", data.replace(b'"lanes":4', b'"lanes":3')):
        with pytest.raises(PadanError):
            unlock_keys(altered, b"kata sandi yang panjang")


def test_private_keys_are_neither_shown_nor_pickled() -> None:
    shown = repr(KEYS) + repr(KEYS.seal) + repr(new_file_seal)
    assert KEYS.storage.hex() not in shown
    assert repr(KEYS.storage) not in shown
    with pytest.raises(TypeError):
        pickle.dumps(KEYS)


def test_a_repeated_text_is_one_object_and_a_long_one_is_not_kept() -> None:
    """Envelopes are parsed before their signatures are checked: nobody fills the memory so."""
    data = sign(BINDING, b"body", KEYS.signing).canonical()
    one, other = parse_envelope(data), parse_envelope(bytes(bytearray(data)))
    assert one.payload_type is other.payload_type
    for length in (300, 100_000):
        strange = "".join(["k"] * length)
        forged = one.model_copy(update={"signatures": (Signature(keyid=strange, sig=""),)})
        (read,) = parse_envelope(forged.canonical()).signatures
        assert read.keyid == strange
        # Python keeps an interned text until the process ends (3.12): this one is not interned.
        assert sys.intern("".join(["k"] * length)) is not read.keyid
