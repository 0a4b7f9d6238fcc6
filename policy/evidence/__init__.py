"""Verify an evidence bundle offline, from the file and what you know from elsewhere.

`read_bundle` reads the file within bounds (`bundle`, `archive`). `verify_bundle` judges every leaf
(`case`) and makes the ten checks (`checks`). The report lists the findings (`report`), and
`report_page` renders it as a page to file (`page`).
"""

from policy.evidence.bundle import (
    EvidenceBundle,
    bundle_members,
    pack_bundle,
    read_bundle,
    write_bundle,
)
from policy.evidence.page import ReportOrigin, report_page
from policy.evidence.report import (
    EXIT_FAILED,
    EXIT_INCOMPLETE,
    EXIT_VERIFIED,
    NO_FILE_CAN_PROVE,
    STANDING_SIGNS,
    STANDING_WORDS,
    Check,
    CheckFinding,
    Standing,
    VerificationReport,
)
from policy.evidence.verify import verify_bundle

__all__ = [
    "EXIT_FAILED",
    "EXIT_INCOMPLETE",
    "EXIT_VERIFIED",
    "NO_FILE_CAN_PROVE",
    "STANDING_SIGNS",
    "STANDING_WORDS",
    "Check",
    "CheckFinding",
    "EvidenceBundle",
    "ReportOrigin",
    "Standing",
    "VerificationReport",
    "bundle_members",
    "pack_bundle",
    "read_bundle",
    "report_page",
    "verify_bundle",
    "write_bundle",
]
