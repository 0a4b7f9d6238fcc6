"""Rows that an agency opens for an auditor: the auditor's draw, and the agency's answer.

A draw (`padan/leaf-draw`) names the commitment, the number of its rows, the checkpoint behind the
draw and the drawn positions. An answer (`padan/opened-leaves`) repeats the draw and has

    key       the local key under which the agency made its handles, in hex
    columns   the names of the linkage fields
    leaves    for each position: the handle (32 hex digits), its proof of inclusion (hex digests),
              the nonce of the handle (32 hex digits), the digest of the row as sent, and
              either the record id and the fields, or the slot of a canary

JSON. The answer is personal data and stays on the agency's machine; `policy.log.drawn_leaves`
checks it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words


class LeafDraw(Model):
    """The rows that an auditor asks to open: of one commitment, drawn by one checkpoint.

    `commitment` is the digest of the bundle's or delta's statement, `checkpoint` the whole note.
    Positions count the handles in ascending order, from 0.
    """

    type: Literal["padan/leaf-draw"] = "padan/leaf-draw"
    version: Literal[1] = 1
    project: Identifier
    dataset: Identifier
    commitment: HexDigest
    rows: int = Field(ge=1)
    checkpoint: str
    positions: tuple[int, ...] = Field(min_length=1, max_length=10_000)


class OpenedLeaf(Model):
    """One row, of a record or of a canary slot. `row` is the digest of the row as sent."""

    position: int
    handle: str
    proof: tuple[HexDigest, ...]
    nonce: str
    row: HexDigest
    record_id: str | None = Field(default=None, repr=False)
    fields: tuple[str, ...] = Field(default=(), repr=False)
    slot: int | None = None


class OpenedLeaves(Model):
    """An agency's answer. `key` is the local key of its handles; nonces protect all other rows."""

    type: Literal["padan/opened-leaves"] = "padan/opened-leaves"
    version: Literal[1] = 1
    draw: LeafDraw
    key: HexDigest = Field(repr=False)
    columns: tuple[str, ...]
    leaves: tuple[OpenedLeaf, ...]


def parse_draw(data: bytes) -> LeafDraw:
    """A draw from JSON; raises BadInput."""
    try:
        return LeafDraw.model_validate_json(data)
    except ValueError:
        raise _malformed(PolicyCode.LEAF_DRAW_MALFORMED) from None


def parse_opened(data: bytes) -> OpenedLeaves:
    """An answer from JSON; raises BadInput."""
    try:
        return OpenedLeaves.model_validate_json(data)
    except ValueError:
        raise _malformed(PolicyCode.OPENED_LEAVES_MALFORMED) from None


def _malformed(code: PolicyCode) -> BadInput:
    return BadInput(
        code,
        Words(
            "Berkas itu bukan undian atau pembukaan baris Padan.",
            "The file is no draw and no opening of rows of Padan.",
        ),
        Words("Buat ulang berkasnya.", "Make the file again."),
    )
