"""Notes, checkpoints and cosignatures that other implementations published.

Keys and signatures are facts; each is cited where it stands. The private key of
"PeterNeumann" is a published example and guards nothing.
"""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.base.errors import BadInput, Unverified
from policy.log import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    VerifierKey,
    cosigners,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_note,
    sign_note,
)

# The example of c2sp.org/signed-note.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)

# The example in the documentation of golang.org/x/mod/sumdb/note, and the second
# signature over the same text in its tests (note_test.go).
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WW"
    "d1RvMc+QQ=\n"
)

# A checkpoint of the Go checksum database. c2sp.org/tlog-checkpoint prints size, root and
# signature of it as its example, under the made-up origin "example.com/behind-the-sofa";
# under the true origin and name the signature verifies with the key that the go command
# has built in. Its origin is not the name of its key, which the specification allows.
GO_SUM_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SOFA_TREE = "20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SOFA_SIGNATURE = (
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
)

# The example of c2sp.org/tlog-cosignature; nobody published the key of this witness.
SOFA_NOTE = (
    f"example.com/behind-the-sofa\n{SOFA_TREE}\n"
    f"— example.com/behind-the-sofa {SOFA_SIGNATURE}\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2o"
    "yin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
SOFA_COSIGNED_AT = 1679315147

# A checkpoint of a public Certificate Transparency log (Let's Encrypt, staging) as it was
# served in May 2026, with cosignatures by public witnesses, whose keys their operators
# publish. Its first line is of type 0x05 (RFC 6962), by a key that we do not know under
# a name that we do.
ARCHE_NAME = "arche2025h1.staging.ct.transparency.dev"
ARCHE_KEY = f"{ARCHE_NAME}+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
ARCHE_NOTE = (
    f"{ARCHE_NAME}\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    f"— {ARCHE_NAME} zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEr"
    "oeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    f"— {ARCHE_NAME} ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23o"
    "HP7Ry1k3ZFWwQ=\n"
    "— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rh"
    "IgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    "— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ7"
    "5W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXT"
    "ynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    "— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY"
    "/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n"
)
ARCHE_COSIGNED_AT = 1779573024
WITNESSES = [
    VerifierKey.parse(text)
    for text in (
        "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
        "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    )
]


def public(key: VerifierKey) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key.public)


@pytest.mark.parametrize("text", [SPEC_KEY, PETER_KEY, ENOCH_KEY, GO_SUM_KEY, ARCHE_KEY])
def test_published_verifier_keys(text: str) -> None:
    key = VerifierKey.parse(text)
    assert key.algorithm == ED25519
    assert str(key) == text


def test_the_verifier_keys_that_go_refuses() -> None:
    """Every part of a key, every changed character, and two with adjusted key ids."""
    length = len(PETER_KEY)
    parts = {PETER_KEY[a:b] for a in range(length) for b in range(a + 1, length + 1)}
    changed = {
        PETER_KEY[:at] + chr(ord(PETER_KEY[at]) + 1) + PETER_KEY[at + 1 :] for at in range(length)
    }
    wrong_length = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="
    unknown_type = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    for text in (parts | changed | {wrong_length, unknown_type}) - {PETER_KEY}:
        with pytest.raises(BadInput) as caught:
            VerifierKey.parse(text)
        assert caught.value.code == "log.vkey"


def test_published_witness_keys() -> None:
    assert {key.algorithm for key in WITNESSES} == {COSIGNATURE}
    assert str(WITNESSES[2]).startswith("remora.n621.de+da77ade7+")


def test_the_note_of_the_specification() -> None:
    assert open_note(SPEC_NOTE, [VerifierKey.parse(SPEC_KEY)]) == "This is an example message.\n"
    assert str(parse_note(SPEC_NOTE)) == SPEC_NOTE


def test_the_note_of_go_is_written_to_the_byte() -> None:
    key = Ed25519PrivateKey.from_private_bytes(PETER_SEED)
    assert str(VerifierKey.of("PeterNeumann", key.public_key())) == PETER_KEY
    assert sign_note(GO_TEXT, "PeterNeumann", key) == f"{GO_TEXT}\n{PETER_LINE}"


@pytest.mark.parametrize("keys", [[PETER_KEY], [ENOCH_KEY], [PETER_KEY, ENOCH_KEY, SPEC_KEY]])
def test_a_note_of_go_with_two_signatures(keys: list[str]) -> None:
    note = f"{GO_TEXT}\n{PETER_LINE}{ENOCH_LINE}"
    assert open_note(note, [VerifierKey.parse(key) for key in keys]) == GO_TEXT


def test_a_note_of_go_by_nobody_known() -> None:
    note = f"{GO_TEXT}\n{PETER_LINE}{ENOCH_LINE}"
    for keys in ([], [SPEC_KEY]):
        with pytest.raises(Unverified) as caught:
            open_note(note, [VerifierKey.parse(key) for key in keys])
        assert caught.value.code == "log.unsigned"


def test_the_notes_that_go_refuses() -> None:
    bad = [
        GO_TEXT,
        f"{GO_TEXT}\n",
        f"{GO_TEXT}\n{PETER_LINE[:-1]}",
        f"\x01{GO_TEXT}\n{PETER_LINE}",
        f"\udcff{GO_TEXT}\n{PETER_LINE}",
        f"{GO_TEXT}\n{PETER_LINE.replace('PeterNeumann', 'Bad Name')}",
        f"{GO_TEXT}\n{PETER_LINE}Unexpected line.\n",
        f"{GO_TEXT}\n{PETER_LINE * 101}",
    ]
    for note in bad:
        with pytest.raises(Unverified) as caught:
            open_note(note, [VerifierKey.parse(PETER_KEY)])
        assert caught.value.code == "log.note"


def test_a_checkpoint_of_the_go_checksum_database() -> None:
    note = f"go.sum database tree\n{SOFA_TREE}\n— sum.golang.org {SOFA_SIGNATURE}\n"
    checkpoint = parse_checkpoint(open_note(note, [VerifierKey.parse(GO_SUM_KEY)]))
    assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", 20852163)
    assert parse_note(SOFA_NOTE).text == f"example.com/behind-the-sofa\n{SOFA_TREE}"


def test_the_time_in_the_example_of_the_cosignature_specification() -> None:
    line = parse_note(SOFA_NOTE).signatures[1]
    assert line.name == "witness.example.com/w1"
    assert len(line.signature) == 8 + 64
    assert int.from_bytes(line.signature[:8], "big") == SOFA_COSIGNED_AT


def test_a_checkpoint_with_public_witnesses() -> None:
    key = VerifierKey.parse(ARCHE_KEY)
    checkpoint = open_checkpoint(ARCHE_NOTE, ARCHE_NAME, public(key))
    root = base64.b64decode("U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=")
    assert checkpoint == Checkpoint(ARCHE_NAME, 1432088532, root)
    seen = cosigners(ARCHE_NOTE, {witness.name: public(witness) for witness in WITNESSES})
    assert seen == dict.fromkeys((witness.name for witness in WITNESSES), ARCHE_COSIGNED_AT)


@pytest.mark.parametrize("change", [("1432088532", "1432088533"), ("U7WM79", "U7WM7+")])
def test_a_changed_checkpoint_with_public_witnesses(change: tuple[str, str]) -> None:
    altered = ARCHE_NOTE.replace(*change, 1)
    with pytest.raises(Unverified):
        open_checkpoint(altered, ARCHE_NAME, public(VerifierKey.parse(ARCHE_KEY)))
    for witness in WITNESSES:
        with pytest.raises(Unverified):
            cosigners(altered, {witness.name: public(witness)})
