"""clkhash's JSON: these bytes are written and read."""

from __future__ import annotations

import json

import pytest

from policy.formats.clk_json import MalformedClks, read_clks, write_clks

CLKS = [b"\x00\xff", b"\x01\x02"]
TEXT = '{"clks": ["AP8=", "AQI="]}'


def test_clks_are_written_as_these_bytes_and_read_again() -> None:
    assert json.dumps(write_clks(CLKS)) == TEXT
    assert read_clks(json.loads(TEXT)) == CLKS
    assert read_clks({"clks": [], "more": 1}) == []


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "$.clks"),
        ({}, "$.clks"),
        ({"clks": "AP8="}, "$.clks"),
        ({"clks": ["AP8=", 5]}, "$.clks[1]"),
        ({"clks": ["AP8=", "A P8="]}, "$.clks[1]"),
        ({"clks": ["AP8=", "AP8", "é"]}, "$.clks[1]"),
        ({"clks": ["AP8=", "AA=="]}, "$.clks[1]"),
    ],
)
def test_what_holds_no_clks_is_refused_with_its_place(document: object, place: str) -> None:
    with pytest.raises(MalformedClks) as caught:
        read_clks(document)
    assert caught.value.place == place
