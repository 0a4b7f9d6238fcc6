"""Verify an evidence bundle offline: only the file, and what you hold from elsewhere.

`read_bundle` reads the file (`bundle`), `verify_bundle` makes every check that can be made
from it (`checks`), and the report says what was found (`report`).
"""

from policy.evidence.bundle import EvidenceBundle, read_bundle
from policy.evidence.checks import verify_bundle
from policy.evidence.report import (
    EXIT_FAILED,
    EXIT_INCOMPLETE,
    EXIT_VERIFIED,
    NO_FILE_CAN_PROVE,
    Check,
    Report,
    Standing,
)

__all__ = [
    "EXIT_FAILED",
    "EXIT_INCOMPLETE",
    "EXIT_VERIFIED",
    "NO_FILE_CAN_PROVE",
    "Check",
    "EvidenceBundle",
    "Report",
    "Standing",
    "read_bundle",
    "verify_bundle",
]
