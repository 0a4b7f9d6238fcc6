"""The rows of a project: a bundle, its intake, and withdrawals."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.law.conditions import (
    require_confirmed,
    require_covered,
    require_entitled,
    require_first_time,
    require_run_gate,
    require_service,
)
from policy.law.sealed import require_agreed_form, require_standing
from policy.law.step import Step
from policy.project import refused, sealed_of, taken
from policy.project.canary_counts import require_counted
from policy.retention.conditions import require_rows
from policy.statements import (
    Accepted,
    BundleManifest,
    Committed,
    Confirmed,
    Delta,
    Withdrawn,
)


def bundle(step: Step, body: BundleManifest) -> None:
    """Judges a bundle: by its owner, once for each dataset, equal to the commitment."""
    require_confirmed(step.project)
    require_covered(step.project, step.project.of(Confirmed), step.cosigned)
    require_run_gate(step.project, body.at)
    require_rows(step.project, body.at)
    require_entitled(
        step.project.charter.dataset(body.dataset).owner == step.sender.id, step.sender
    )
    require_first_time(body.dataset in {e.body.dataset for e in step.project.of(BundleManifest)})
    committed = step.project.by_sender(Committed)[step.sender.id].datasets[body.dataset]
    if (body.handle_root, body.count) != (committed.handle_root, committed.count):
        raise refused(
            PolicyCode.PROJECT_COMMITMENT,
            "Akar pegangan atau jumlah baris berbeda dari yang dikomitmenkan.",
            "Handle root or row count differ from what was committed.",
        )
    require_agreed_form(step.project, body)
    require_counted(step.project, body)


def intake(step: Step, body: Accepted) -> None:
    """Judges the service's intake of a bundle or delta of that dataset."""
    require_service(step.project, step.sender)
    sealed = sealed_of(step.project.entry(body.bundle))
    require_entitled(sealed.dataset == body.dataset, step.sender)
    if isinstance(sealed, Delta):
        require_standing(step.project, sealed)
    else:
        require_first_time(body.dataset in step.project.bundles())


def withdraw(step: Step, body: Withdrawn) -> None:
    """Judges a withdrawal: by the dataset's owner, after the intake of the bundle."""
    require_entitled(
        step.project.charter.dataset(body.dataset).owner == step.sender.id, step.sender
    )
    taken(step.project.bundles().get(body.dataset), "bundle")
