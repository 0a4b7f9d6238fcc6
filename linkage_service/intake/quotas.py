"""How much a party may upload that no statement names yet, by the rows its charter allows."""

from __future__ import annotations

from typing import Final

from policy.charter import Charter
from policy.charter.encoding import Encoding
from policy.formats.bundle_row import EncodingShape, RowPlaces, token_bytes

# An agency may encode and send again; what is left of earlier attempts is swept later.
ATTEMPTS: Final = 3
_SLACK_BYTES: Final = 16 * 1024 * 1024  # seals, and chunks that are not full
_LISTED_BYTES: Final = 40  # a row's handle in a list of removed rows
_LEAST_FILTER_BITS: Final = 64
_MOST_FILTER_BITS: Final = 65_536


def upload_room(charter: Charter, party: str) -> int:
    """The most bytes that may wait for a manifest of this party, for all its datasets."""
    encodings = charter.encoding.encodings
    tokens = token_bytes(nik_leg=charter.encoding.nik_leg == "on")
    width = RowPlaces.of([_shape(each) for each in encodings], tokens).width + _LISTED_BYTES
    most = [each.rows_max for each in charter.datasets_of(party)]
    rows = sum(people + charter.encoding.canaries.rows(people) for people in most)
    return ATTEMPTS * (rows * width + _SLACK_BYTES)


def _shape(encoding: Encoding) -> EncodingShape:
    """The shape of an encoding, its filter as long as its schema says (folds make it shorter)."""
    config = encoding.linkage_schema.get("clkConfig")
    bits = config.get("l") if isinstance(config, dict) else None
    most = bits if isinstance(bits, int) else _MOST_FILTER_BITS
    return EncodingShape(
        name=encoding.name,
        bits=min(max(-(-most // 8) * 8, _LEAST_FILTER_BITS), _MOST_FILTER_BITS),
        tag_bits=encoding.tag_bits,
        contrary=len(encoding.contrary),
    )
