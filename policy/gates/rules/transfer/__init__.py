"""Rules of a transfer of attributes; the third law is the first to have them."""

from policy.gates.rules.transfer import (
    approved,
    basis,
    confidentiality,
    fresh,
    officer,
    once,
    pair,
    permitted,
    released,
    retention,
)

__all__ = [
    "approved",
    "basis",
    "confidentiality",
    "fresh",
    "officer",
    "once",
    "pair",
    "permitted",
    "released",
    "retention",
]
