"""The ten checks, in the order in which an auditor reads them.

    1  signatures     everything is signed by its stated sender, and seen by the quorum
    2  inclusion      the log is complete and only grew
    3  order          steps, times, deadlines
    4  charter        in force at each decision
    5  decisions      evaluated again from opened facts; reruns
    6  approvals      distinct and entitled
    7  limits         minimum sizes, budgets, differencing
    8  releases       digests, columns, receipts, canaries
    9  destruction    attested in time
    10 encodings      encoder and schema as declared

Each is a small file with `ID`, `TITLE` and `check(case)`. No check stops another.
"""

from policy.evidence.checks import (
    approvals,
    charter,
    decisions,
    destruction,
    encodings,
    inclusion,
    limits,
    order,
    releases,
    signatures,
)

CHECKS = (
    signatures,
    inclusion,
    order,
    charter,
    decisions,
    approvals,
    limits,
    releases,
    destruction,
    encodings,
)

__all__ = ["CHECKS"]
