"""Which check names a breach of the law: chosen by its error code, and sometimes by the sender."""

from __future__ import annotations

from policy.base.words import Words
from policy.evidence.case import Breach, Case
from policy.evidence.report import CheckFinding

SIGNATURES, INCLUSION, ORDER, CHARTER, DECISIONS, APPROVALS, LIMITS, RELEASES, DESTRUCTION = (
    "signatures",
    "inclusion",
    "order",
    "charter",
    "decisions",
    "approvals",
    "limits",
    "releases",
    "destruction",
)
ENCODINGS = "encodings"

# By error code. A code that ends in a dot or hyphen covers all codes with this prefix.
_CHECK_OF = {
    "envelope.": SIGNATURES,
    "statement.": SIGNATURES,
    "roster.": SIGNATURES,
    "base64.": SIGNATURES,
    "json.": SIGNATURES,
    "key.": SIGNATURES,
    "project.binding": SIGNATURES,
    "project.roster": SIGNATURES,
    "project.type": SIGNATURES,
    "project.wait-cosigned": SIGNATURES,
    "project.not-entitled": SIGNATURES,
    "project.not-apart": APPROVALS,
    "project.exception-": CHARTER,
    "project.charter": CHARTER,
    "project.amendment": CHARTER,
    "project.authorities": CHARTER,
    "charter.": CHARTER,
    "gate.run.budget": LIMITS,
    "gate.run.parameters": DECISIONS,
    "gate.run.": CHARTER,
    "gate.transfer.": RELEASES,
    "gate.": DECISIONS,
    "project.transfer": RELEASES,
    "project.transfer-": RELEASES,
    "project.executed": DECISIONS,
    "project.decision": DECISIONS,
    "project.decision-rules": DECISIONS,
    "project.release-budget": LIMITS,
    "project.budget": LIMITS,
    "project.wait-budget": LIMITS,
    "project.stage": RELEASES,
    "project.receipt": RELEASES,
    "project.review": RELEASES,
    "project.review-approval": APPROVALS,
    "project.file": RELEASES,
    "retention.": DESTRUCTION,
    "project.attestation": DESTRUCTION,
    "project.hold": DESTRUCTION,
    "project.not-held": DESTRUCTION,
    "project.commitment": ENCODINGS,
    "project.count-window": ENCODINGS,
    "project.datasets": ENCODINGS,
    "project.terms": ENCODINGS,
    "project.rules": ENCODINGS,
    "project.shape": ENCODINGS,
    "project.delta-count": ENCODINGS,
    "project.confirmation": ENCODINGS,
    "project.handed-over": ENCODINGS,
}
# For a sender that is not entitled: the check that looks at such statements names the breach.
_NOT_ENTITLED = {
    "padan/approval": APPROVALS,
    "padan/approval-withdrawn": APPROVALS,
    "padan/stage": RELEASES,
    "padan/receipt": RELEASES,
    "padan/review-approval": APPROVALS,
    "padan/reviewed": RELEASES,
    "padan/transfer": RELEASES,
    "padan/transfer-vote": APPROVALS,
    "padan/transfer-sent": RELEASES,
    "padan/transfer-receipt": RELEASES,
    "padan/rerun": DECISIONS,
    "padan/destroyed": DESTRUCTION,
}
_SHOWN = 20


def check_of(breach: Breach) -> str:
    """The check that names this breach; by default the check of the steps' order."""
    if breach.code == "project.not-entitled" and breach.kind in _NOT_ENTITLED:
        return _NOT_ENTITLED[breach.kind]
    if (breach.kind, breach.code) == ("padan/charter", "project.terms"):
        return CHARTER  # the encodings' check looks at such a breach of a bundle
    fitting = [
        code
        for code in _CHECK_OF
        if breach.code == code or (code.endswith((".", "-")) and breach.code.startswith(code))
    ]
    return _CHECK_OF[max(fitting, key=len)] if fitting else ORDER


def breaches_in(case: Case, check: str) -> list[CheckFinding]:
    """One finding for each breach that this check names; past the first few, one for the rest."""
    own = [breach for breach in case.breaches if check_of(breach) == check]
    findings = [_finding(check, breach) for breach in own[:_SHOWN]]
    if len(own) > _SHOWN:
        rest = own[_SHOWN:]
        findings.append(
            CheckFinding(
                f"{check}.more",
                "failed",
                Words(f"Dan {len(rest)} entri lain.", f"And {len(rest)} other entries."),
                tuple(breach.index for breach in rest),
            )
        )
    return findings


def _finding(check: str, breach: Breach) -> CheckFinding:
    return CheckFinding(
        f"{check}.{breach.code}",
        "failed",
        Words(
            f"Entri {breach.index}: {breach.problem.id}",
            f"Entry {breach.index}: {breach.problem.en}",
        ),
        (breach.index,),
    )
