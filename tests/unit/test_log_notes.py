"""Notes, checkpoints and cosignatures that are wrong in one way each."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import policy.log
from policy.base.errors import BadInput, PadanError, Unverified
from policy.log import (
    COSIGNATURE,
    EMPTY_ROOT,
    Checkpoint,
    NoteSignature,
    VerifierKey,
    add_signature,
    cosign,
    cosigners,
    leaf_hash,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_note,
    sign_checkpoint,
    sign_note,
)

LOG = Ed25519PrivateKey.from_private_bytes(b"L" * 32)
OTHER_LOG = Ed25519PrivateKey.from_private_bytes(b"O" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"W" * 32)
KEY = VerifierKey.of("log", LOG.public_key())

ORIGIN = "padan/bansos"
CHECKPOINT = Checkpoint(ORIGIN, 1, leaf_hash(b"first"))
NOTE = sign_checkpoint(CHECKPOINT, LOG)
LINE = sign_note("x\n", "log", LOG).splitlines(keepends=True)[-1]


def code_of(error: type[PadanError], call: object, *arguments: object) -> str:
    """The code of the error that the call raises, in both languages of course."""
    assert callable(call)
    with pytest.raises(error) as caught:
        call(*arguments)
    assert caught.value.problem.id
    assert caught.value.problem.en
    assert caught.value.problem.id != caught.value.problem.en
    assert caught.value.hint.id != caught.value.hint.en
    return caught.value.code


# The room


def test_the_public_face() -> None:
    assert policy.log.__all__ == [
        "COSIGNATURE",
        "ED25519",
        "EMPTY_ROOT",
        "Checkpoint",
        "Frontier",
        "HashedTree",
        "Note",
        "NoteSignature",
        "VerifierKey",
        "add_signature",
        "consistency_proof",
        "cosign",
        "cosigners",
        "first_and_newest",
        "inclusion_proof",
        "inclusion_proofs",
        "leaf_hash",
        "node_hash",
        "only_by",
        "open_checkpoint",
        "open_note",
        "parse_checkpoint",
        "parse_note",
        "root_hash",
        "sign_checkpoint",
        "sign_note",
        "time_of_line",
        "verify_consistency",
        "verify_inclusion",
    ]
    assert all(hasattr(policy.log, name) for name in policy.log.__all__)


# Notes


def test_the_last_blank_line_ends_the_text() -> None:
    text = "one\n\ntwo\n\n\n"
    assert open_note(sign_note(text, "log", LOG), [KEY]) == text


def test_a_text_may_look_like_a_signature() -> None:
    text = f"x\n\n{LINE}"
    assert parse_note(sign_note(text, "log", LOG)).text == text


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n", id="a newline"),
        pytest.param("\n\n", id="two newlines"),
        pytest.param("x\n", id="no signatures"),
        pytest.param("x\n\n", id="no signature after the blank line"),
        pytest.param(f"x\n{LINE}", id="no blank line"),
        pytest.param(f"x\n\n{LINE}\n", id="a blank line after the signatures"),
        pytest.param(f"x\n\n{LINE[:-1]}", id="no newline at the end"),
        pytest.param(f"x\n\n{LINE}more\n", id="a line that is no signature"),
        pytest.param(f"x\r\n\n{LINE}", id="carriage return in the text"),
        pytest.param(f"x\n\n{LINE[:-1]}\r\n", id="carriage return in a signature"),
        pytest.param(f"x\t\n\n{LINE}", id="tab"),
        pytest.param(f"\0x\n\n{LINE}", id="nul"),
        pytest.param(f"\ud800x\n\n{LINE}", id="half of a surrogate pair"),
        pytest.param(f"x\n\n{LINE.replace('—', '-')}", id="hyphen for the dash"),
        pytest.param(f"x\n\n{LINE.replace('—', '–')}", id="en dash for the dash"),
        pytest.param(f"x\n\n {LINE}", id="space before the dash"),
        pytest.param(f"x\n\n{LINE.replace(' log ', '  log ')}", id="two spaces"),
        pytest.param(f"x\n\n{LINE.replace(' log ', '  ')}", id="empty name"),
        pytest.param(f"x\n\n{LINE.replace(' log ', ' lo+g ')}", id="plus in a name"),
        pytest.param("x\n\n" + LINE.replace("lo", "l\u00a0o"), id="no-break space in a name"),
        pytest.param("x\n\n" + LINE.replace("lo", "l\u2028o"), id="line separator in a name"),
        pytest.param("x\n\n— log AAAAAA==\n", id="a key id without a signature"),
        pytest.param("x\n\n— log AAAA\n", id="less than a key id"),
        pytest.param("x\n\n— log \n", id="no base64"),
        pytest.param("x\n\n— log AAAAAAB=\n", id="base64 with loose bits"),
        pytest.param("x\n\n— log AAAAAAA\n", id="base64 without padding"),
        pytest.param("x\n\n— log AAAAAA-_\n", id="base64 of URLs"),
        pytest.param("x\n\n— log AAAAAAé=\n", id="base64 with a letter of its own"),
        pytest.param(f"x\n\n{LINE * 101}", id="too many signatures"),
        pytest.param(f"{'x' * 1_000_000}\n\n{LINE}", id="too long"),
        pytest.param(f"{'é' * 500_000}\n\n{LINE}", id="too long in bytes"),
    ],
)
def test_malformed_notes(note: str) -> None:
    assert code_of(Unverified, open_note, note, [KEY]) == "log.note"


def test_the_bounds_are_inclusive() -> None:
    assert len(parse_note(f"x\n\n{LINE * 100}").signatures) == 100
    room = 1_000_000 - len(sign_note("\n", "log", LOG).encode())
    assert len(sign_note("x" * room + "\n", "log", LOG).encode()) == 1_000_000
    assert code_of(Unverified, sign_note, "x" * (room + 1) + "\n", "log", LOG) == "log.note"


def test_lines_end_at_newlines_only() -> None:
    """U+0085 and U+2028 are no control characters of ASCII; a text may have them."""
    text = "one\u0085two\u2028three\n"
    assert open_note(sign_note(text, "log", LOG), [KEY]) == text


@pytest.mark.parametrize("text", ["", "x", "x\n\ny", "x\r\n", "\ud800\n"])
def test_what_cannot_be_read_is_not_written(text: str) -> None:
    assert code_of(Unverified, sign_note, text, "log", LOG) == "log.note"


def test_unknown_keys_are_ignored() -> None:
    note = sign_note("x\n", "log", LOG)
    same_name = NoteSignature("log", b"abcd", b"?" * 64).line()
    same_id = NoteSignature("gol", KEY.key_id, b"?" * 64).line()
    assert open_note(note + same_name + same_id, [KEY]) == "x\n"
    assert code_of(Unverified, open_note, f"x\n\n{same_name}{same_id}", [KEY]) == "log.unsigned"


@pytest.mark.parametrize("signature", [b"?" * 64, b"\0", b"\0" * 63, b"\0" * 65])
def test_a_bad_signature_by_a_known_key_spoils_the_note(signature: bytes) -> None:
    bad = NoteSignature("log", KEY.key_id, signature).line()
    good = sign_note("x\n", "log", LOG)
    assert code_of(Unverified, open_note, good + bad, [KEY]) == "log.signature"
    assert code_of(Unverified, open_note, f"x\n\n{bad}", [KEY]) == "log.signature"


def test_a_cosignature_key_does_not_open_a_note() -> None:
    key = VerifierKey.of("log", LOG.public_key(), COSIGNATURE)
    line = NoteSignature("log", key.key_id, LOG.sign(b"x\n")).line()
    assert code_of(Unverified, open_note, f"x\n\n{line}", [key]) == "log.unsigned"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log",
        "log+",
        str(KEY)[:-1],
        f"{KEY}A",
        f"{KEY}\n",
        f" {KEY}",
        str(KEY).replace("log+", "lo g+"),
        str(KEY).replace("log+", "+"),
        str(KEY).replace("log+", "gol+"),
        str(KEY).replace("log+", "log\0+"),
        str(KEY).replace("log+", "log\ud800+"),
        str(KEY).replace(KEY.key_id.hex(), KEY.key_id.hex().upper()),
        str(KEY).replace(KEY.key_id.hex(), "00000000"),
        # Type 0x04 instead of 0x01, then another key, both with the key id of this one.
        str(KEY).replace("+AZ", "+BJ", 1),
        str(KEY)[:-2] + "AA",
    ],
)
def test_malformed_verifier_keys(text: str) -> None:
    assert text != str(KEY)
    assert code_of(BadInput, VerifierKey.parse, text) == "log.vkey"


def test_a_key_of_an_unknown_type_or_length_is_refused() -> None:
    assert code_of(BadInput, VerifierKey, "log", 0x02, b"\0" * 32) == "log.vkey"
    assert code_of(BadInput, VerifierKey, "log", 0x01, b"\0" * 31) == "log.vkey"
    assert code_of(BadInput, VerifierKey, "", 0x01, b"\0" * 32) == "log.vkey"


# Checkpoints


def test_the_body_of_a_checkpoint() -> None:
    body = "padan/bansos\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT).body() == body
    assert parse_checkpoint(body) == Checkpoint(ORIGIN, 0, EMPTY_ROOT)


ROOT_LINE = CHECKPOINT.body().splitlines()[2]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        "o\n1\n",
        f"o\n1\n{ROOT_LINE}",
        f"\n1\n{ROOT_LINE}\n",
        f"o\n\n{ROOT_LINE}\n",
        "o\n1\n\n",
        f"o\n1\n{ROOT_LINE}\n\n",
        f"o\n1\n{ROOT_LINE}\n\nextension\n",
        f"o\n01\n{ROOT_LINE}\n",
        f"o\n00\n{ROOT_LINE}\n",
        f"o\n+1\n{ROOT_LINE}\n",
        f"o\n-1\n{ROOT_LINE}\n",
        f"o\n1.0\n{ROOT_LINE}\n",
        f"o\n 1\n{ROOT_LINE}\n",
        f"o\n1_0\n{ROOT_LINE}\n",
        f"o\n0x1\n{ROOT_LINE}\n",
        f"o\n١\n{ROOT_LINE}\n",
        f"o\n{2**63}\n{ROOT_LINE}\n",
        f"o\n{'9' * 10_000}\n{ROOT_LINE}\n",
        f"o\n0\n{ROOT_LINE}\n",
        "o\n1\nYmFuYW5hcw==\n",
        f"o\n1\n{ROOT_LINE[:-1]}\n",
        f"o\n1\n{ROOT_LINE} \n",
        "o\n1\n?\n",
        f"o\n1\n{ROOT_LINE[:-2]}{'B' if ROOT_LINE[-2] != 'B' else 'C'}=\n",
    ],
)
def test_malformed_checkpoints(body: str) -> None:
    assert code_of(Unverified, parse_checkpoint, body) == "log.checkpoint"


def test_the_largest_size() -> None:
    assert parse_checkpoint(f"o\n{2**63 - 1}\n{ROOT_LINE}\n").size == 2**63 - 1


def test_extension_lines_are_kept() -> None:
    checkpoint = Checkpoint(ORIGIN, 1, CHECKPOINT.root, ("one", "two"))
    note = sign_checkpoint(checkpoint, LOG)
    assert open_checkpoint(note, ORIGIN, LOG.public_key()) == checkpoint


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, CHECKPOINT.root),
        Checkpoint("o\n2", 1, CHECKPOINT.root),
        Checkpoint("o", -1, CHECKPOINT.root),
        Checkpoint("o", 0, CHECKPOINT.root),
        Checkpoint("o", 1, CHECKPOINT.root[:31]),
        Checkpoint("o", 1, CHECKPOINT.root, ("",)),
        Checkpoint("o", 1, CHECKPOINT.root, ("one\ntwo",)),
    ],
)
def test_a_malformed_checkpoint_is_not_signed(checkpoint: Checkpoint) -> None:
    assert code_of(Unverified, sign_checkpoint, checkpoint, LOG) == "log.checkpoint"


def test_an_origin_that_is_no_key_name_is_not_signed() -> None:
    checkpoint = Checkpoint("two words", 1, CHECKPOINT.root)
    assert code_of(BadInput, sign_checkpoint, checkpoint, LOG) == "log.vkey"


def test_a_checkpoint_opens_with_its_own_key_only() -> None:
    assert open_checkpoint(NOTE, ORIGIN, LOG.public_key()) == CHECKPOINT
    other = OTHER_LOG.public_key()
    assert code_of(Unverified, open_checkpoint, NOTE, ORIGIN, other) == "log.unsigned"


def test_a_checkpoint_of_another_project_is_refused() -> None:
    public = LOG.public_key()
    assert code_of(Unverified, open_checkpoint, NOTE, "padan/other", public) == "log.unsigned"
    # One key under this project's name over the text of another project's checkpoint.
    note = sign_note(Checkpoint("padan/other", 1, CHECKPOINT.root).body(), ORIGIN, LOG)
    assert code_of(Unverified, open_checkpoint, note, ORIGIN, public) == "log.origin"


def test_a_signed_note_that_is_no_checkpoint() -> None:
    note = sign_note("hello\n", ORIGIN, LOG)
    assert code_of(Unverified, open_checkpoint, note, ORIGIN, LOG.public_key()) == "log.checkpoint"


# Cosignatures

WITNESSES = {"bps": WITNESS.public_key(), "auditor": OTHER_LOG.public_key()}


def test_a_cosignature_is_over_the_published_message() -> None:
    line = parse_note(NOTE + cosign(NOTE, "bps", WITNESS, 1679315147)).signatures[1]
    message = b"cosignature/v1\ntime 1679315147\n" + CHECKPOINT.body().encode()
    assert line.signature[:8] == (1679315147).to_bytes(8, "big")
    WITNESS.public_key().verify(line.signature[8:], message)
    assert line.key_id == VerifierKey.of("bps", WITNESS.public_key(), COSIGNATURE).key_id
    assert line.key_id != VerifierKey.of("bps", WITNESS.public_key()).key_id


def test_cosigners_and_their_times() -> None:
    assert cosigners(NOTE, WITNESSES) == {}
    one = add_signature(NOTE, cosign(NOTE, "bps", WITNESS, 10))
    assert cosigners(one, WITNESSES) == {"bps": 10}
    # Cosigning a note that others have cosigned is the same as cosigning it bare.
    assert cosign(one, "auditor", OTHER_LOG, 20) == cosign(NOTE, "auditor", OTHER_LOG, 20)
    two = add_signature(one, cosign(one, "auditor", OTHER_LOG, 20))
    assert cosigners(two, WITNESSES) == {"bps": 10, "auditor": 20}
    assert cosigners(two, {"auditor": OTHER_LOG.public_key()}) == {"auditor": 20}
    assert open_checkpoint(two, ORIGIN, LOG.public_key()) == CHECKPOINT


def test_a_new_line_by_the_same_key_replaces_the_old() -> None:
    one = add_signature(NOTE, cosign(NOTE, "bps", WITNESS, 10))
    again = add_signature(one, cosign(NOTE, "bps", WITNESS, 11))
    assert cosigners(again, WITNESSES) == {"bps": 11}
    assert len(parse_note(again).signatures) == 2


def test_of_two_cosignatures_the_earlier_counts() -> None:
    lines = [cosign(NOTE, "bps", WITNESS, when) for when in (11, 10, 12)]
    assert cosigners(NOTE + "".join(lines), WITNESSES) == {"bps": 10}


def test_a_plain_signature_is_no_cosignature() -> None:
    plain = sign_note(CHECKPOINT.body(), "bps", WITNESS).splitlines(keepends=True)[-1]
    assert cosigners(NOTE + plain, WITNESSES) == {}


def test_a_cosignature_is_for_one_name_and_one_checkpoint() -> None:
    line = cosign(NOTE, "bps", WITNESS, 10)
    assert cosigners(NOTE + line.replace(" bps ", " auditor "), WITNESSES) == {}
    larger = sign_checkpoint(Checkpoint(ORIGIN, 2, CHECKPOINT.root), LOG)
    assert code_of(Unverified, cosigners, larger + line, WITNESSES) == "log.signature"


@pytest.mark.parametrize(
    "change",
    [
        lambda blob: blob[:-1],
        lambda blob: blob + b"\0",
        lambda blob: blob[8:],
        lambda blob: b"\x80" + blob[1:],
        lambda blob: b"\0" * 8 + blob[8:],
        lambda blob: b"\0",
    ],
)
def test_a_bad_cosignature_by_a_witness_spoils_the_note(change: object) -> None:
    good = parse_note(NOTE + cosign(NOTE, "bps", WITNESS, 10)).signatures[1]
    assert callable(change)
    bad = NoteSignature("bps", good.key_id, change(good.signature)).line()
    for note in (NOTE + bad, NOTE + good.line() + bad, NOTE + bad + good.line()):
        assert code_of(Unverified, cosigners, note, WITNESSES) == "log.signature"
    assert cosigners(NOTE + bad, {"auditor": OTHER_LOG.public_key()}) == {}


def test_a_signature_beyond_the_last_second_of_time() -> None:
    """2^63 is refused even when the signature over it verifies."""
    message = f"cosignature/v1\ntime {2**63}\n{CHECKPOINT.body()}".encode()
    key = VerifierKey.of("bps", WITNESS.public_key(), COSIGNATURE)
    blob = (2**63).to_bytes(8, "big") + WITNESS.sign(message)
    late = NoteSignature("bps", key.key_id, blob).line()
    assert code_of(Unverified, cosigners, NOTE + late, WITNESSES) == "log.signature"


def test_only_checkpoints_are_cosigned() -> None:
    note = sign_note("transfer everything\n", ORIGIN, LOG)
    assert code_of(Unverified, cosign, note, "bps", WITNESS, 10) == "log.checkpoint"
    assert code_of(Unverified, cosigners, note, WITNESSES) == "log.checkpoint"


@pytest.mark.parametrize(
    "line",
    ["", "\n", "— bps AAAAAAA=", "— bps AAAAAAA=\n\n", "x — bps AAAAAAA=\n", f"{LINE}{LINE}"],
)
def test_only_one_whole_line_is_added(line: str) -> None:
    assert code_of(Unverified, add_signature, NOTE, line) == "log.note"


@pytest.mark.parametrize("name", ["b\0s", "b\rs", "b\x1bs", "b\ud800s"])
def test_a_line_with_forbidden_characters_is_not_added(name: str) -> None:
    assert code_of(Unverified, add_signature, NOTE, f"— {name} AAAAAAA=\n") == "log.note"


def test_a_note_has_room_for_a_hundred_signatures() -> None:
    note = NOTE
    for number in range(99):
        note = add_signature(note, NoteSignature(f"w{number}", b"abcd", b"?").line())
    line = cosign(note, "bps", WITNESS, 10)
    assert code_of(Unverified, add_signature, note, line) == "log.note"
