"""One statement has one leaf, and every name in it is one that may stand in a path."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from pydantic import ValidationError

from policy.base.canonical import b64, canonical_json, unb64
from policy.base.errors import BadInput
from policy.crypto.envelope import Binding, parse_envelope
from policy.statements import EpochOpened, parse_statement
from tests.support.republic import NOON, Republic

# Text, and the bytes that some version of Python's strict decoder gives for it.
NOT_CANONICAL = [
    ("AAAA=", b"\0\0\0"),  # surplus padding: 3.11 and 3.12 let it pass
    ("AAAA==", b"\0\0\0"),
    ("AAA==", b"\0\0"),
    ("AB==", b"\0"),  # unused bits that are set
    ("AAB=", b"\0\0"),
    ("AA", b"\0"),
    ("AAA", b"\0\0"),
    ("AA=", b"\0"),
    ("=", b""),
    ("==", b""),
    ("A===", b""),
    ("AAAA\n", b"\0\0\0"),
    (" AAAA", b"\0\0\0"),
    ("AA AA", b"\0\0\0"),
    ("AA\r\nAA", b"\0\0\0"),
    ("AA==AA==", b"\0\0"),
    ("-_-_", b"\xfb\xff\xbf"),
    ("AAA\u0100", b""),
    ("ＡＡＡＡ", b""),
]


@pytest.mark.parametrize("text", [text for text, _ in NOT_CANONICAL])
def test_only_base64_as_we_write_it_is_read(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        unb64(text)
    assert caught.value.code == "base64.malformed"
    assert text not in str(caught.value)


@pytest.mark.parametrize("length", range(50))
def test_what_we_write_is_read(length: int) -> None:
    data = bytes(range(length))
    assert unb64(b64(data)) == data


def test_the_library_alone_reads_some_of_them() -> None:
    """What the check is for, on every version of Python: unused bits at least."""

    def read(text: str) -> bool:
        try:
            base64.b64decode(text.encode("ascii"), validate=True)
        except ValueError:
            return False
        return True

    assert read("AB==")


def altered(text: str) -> list[str]:
    """Other texts for the same bytes: padding in surplus, the last unused bits set."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    core = text.rstrip("=")
    found = [text + "="]
    if text.endswith("="):
        last = digits[digits.index(core[-1]) + 1]
        found.append(core[:-1] + last + text[len(core) :])
    return found


@pytest.mark.parametrize("part", ["payload", "sig"])
def test_a_statement_has_one_leaf(part: str) -> None:
    republic = Republic().to("charter")
    leaf = republic.leaves[1]
    assert parse_statement(leaf).leaf == leaf
    tree = json.loads(leaf)
    place = tree if part == "payload" else tree["signatures"][0]
    for other in altered(place[part]):
        changed = {**place, part: other}
        whole = changed if part == "payload" else {**tree, "signatures": [changed]}
        with pytest.raises(BadInput):
            parse_envelope(canonical_json(whole))


def test_base64_inside_of_bodies_is_strict() -> None:
    EpochOpened(at=NOON, service_key="AAAA")
    with pytest.raises(BadInput):
        EpochOpened(at=NOON, service_key="AAAA=")


BINDING: dict[str, Any] = {
    "type": "padan/order",
    "project": "uji",
    "epoch": 1,
    "roster": "0" * 64,
    "sender": "bps",
}


@pytest.mark.parametrize("version", [2, 0, -7, True, 1.0, "1", None])
def test_a_binding_is_of_version_one(version: Any) -> None:
    good = Binding(**BINDING)
    tree = {**good.model_dump(mode="json", by_alias=True), "version": version}
    with pytest.raises(ValidationError):
        Binding.model_validate_json(json.dumps(tree))


@pytest.mark.parametrize("field", ["run", "project", "recipient", "sender"])
@pytest.mark.parametrize(
    "name", ["../x", "a/b", "A", "a b", "a\n", "a\0", "-a", "x" * 64, "é", ".", "a.b", "%2e"]
)
def test_names_in_a_binding_are_identifiers(field: str, name: str) -> None:
    with pytest.raises(ValidationError):
        Binding(**{**BINDING, field: name})


def test_a_type_ends_where_it_ends() -> None:
    with pytest.raises(ValidationError):
        Binding(**{**BINDING, "type": "padan/order\n"})


def test_a_leaf_with_an_odd_name_is_no_statement() -> None:
    """What a service that asks nobody appends, no client takes for a statement."""
    republic = Republic().to("bundle")
    leaf = json.loads(republic.statement("bps", republic.run_order(), run="baik"))
    leaf["payloadType"] = leaf["payloadType"].replace('"run":"baik"', '"run":"../baik"')
    with pytest.raises(BadInput):
        parse_statement(canonical_json(leaf))
