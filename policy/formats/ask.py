"""A request to decide on a release, carried by file to an offline machine (`ask.padan`).

    type      `padan/ask`
    version   1
    project, release
    roster    the digest of the roster in force
    log       the whole log as the service pages it (`log_page`), without `seen`
    facts     by member: the opened facts, sealed to that member, in base64; a seal of the type
              FACTS_SEAL_TYPE whose manifest is the commitment of the facts

A request about a transfer of attributes has the type `padan/transfer-ask`, `transfer` for
`release`, and no facts: the log shows everything that is decided on.

Canonical JSON, at most 64 MiB. The answer is one signed statement, byte for byte as in the log
(`policy.crypto.envelope`). `policy.approval.carried` packs, opens and answers requests.
"""

from __future__ import annotations

from typing import Final, Literal

from policy.base.canonical import HexDigest, Identifier, Model, One
from policy.formats.log_page import LogPage

FACTS_SEAL_TYPE: Final = "padan/facts-seal"
MAX_ASK_BYTES: Final = 64 * 1024 * 1024


class TransferAsk(Model):
    """Everything that a decider on a transfer of attributes needs, in one file."""

    type: Literal["padan/transfer-ask"] = "padan/transfer-ask"
    version: One = 1
    project: Identifier
    transfer: Identifier
    roster: HexDigest
    log: LogPage


class Ask(Model):
    """Everything that a decider needs, in one file. `facts` are sealed envelopes by member."""

    type: Literal["padan/ask"] = "padan/ask"
    version: One = 1
    project: Identifier
    release: Identifier
    roster: HexDigest
    log: LogPage
    facts: dict[Identifier, str]


def is_transfer_ask(data: bytes) -> bool:
    """Whether the file says that it asks about a transfer of attributes; it may be damaged."""
    return len(data) <= MAX_ASK_BYTES and b'"type":"padan/transfer-ask"' in data
