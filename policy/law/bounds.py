"""How much one member may put into a log, so that the evidence stays readable for all.

An evidence bundle is read within the bounds of `policy.evidence.archive`. A member that filled the
log up to these bounds would take the proof from everybody. The service counts only toward the
total, because its statements answer others' statements. The last steps are always possible:
destruction, and the lifting of holds.
"""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.law.step import Step
from policy.project import refused
from policy.statements import CharterBody, Destroyed, Excepted, HoldLifted, Probed

MOST_STATEMENTS = 15_000  # in a project
MOST_OF_ONE = 1_000  # by one member
MOST_BYTES_OF_ONE = 4 * 1024 * 1024
MOST_CHARTER_BYTES = 256 * 1024
MOST_BYTES = 64 * 1024  # in one statement other than a charter
MOST_SERVICE_BYTES = 1024 * 1024  # in one statement by the service, which lists files
MOST_OF_A_KIND = {Probed: 20, Excepted: 20}

_ALWAYS = (Destroyed, HoldLifted)


def require_room(step: Step) -> None:
    """Checks the statement's size and how much its sender has said; raises Refused."""
    body, size = step.statement.body, len(step.statement.leaf)
    service = step.sender.id == step.project.roster.service().id
    most = MOST_SERVICE_BYTES if service else MOST_BYTES
    if size > (MOST_CHARTER_BYTES if isinstance(body, CharterBody) else most):
        raise refused(
            PolicyCode.PROJECT_TOO_LARGE,
            "Pernyataan ini terlalu besar untuk log.",
            "This statement is too large for the log.",
        )
    if isinstance(body, _ALWAYS):
        return
    if step.project.size >= MOST_STATEMENTS:
        raise refused(
            PolicyCode.PROJECT_FULL,
            f"Log ini sudah memuat {MOST_STATEMENTS} pernyataan; mulai proyek baru.",
            f"This log has {MOST_STATEMENTS} statements already; start a new project.",
        )
    if service:
        return
    said = step.project.said_by(step.sender.id)
    own_kind = sum(type(each.statement.body) is type(body) for each in said)
    if (
        len(said) >= MOST_OF_ONE
        or step.project.bytes_of(step.sender.id) + size > MOST_BYTES_OF_ONE
        or own_kind >= MOST_OF_A_KIND.get(type(body), MOST_OF_ONE)
    ):
        raise refused(
            PolicyCode.PROJECT_TOO_MANY,
            f"'{step.sender.id}' sudah membuat pernyataan sebanyak yang diizinkan di log ini.",
            f"'{step.sender.id}' has made as many statements in this log as the law allows.",
        )
