"""A delta: the changes of a dataset within its epoch."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.law.conditions import (
    require_covered,
    require_entitled,
    require_in_window,
    require_run_gate,
)
from policy.law.sealed import require_agreed_form, require_standing
from policy.law.step import Step
from policy.project import refused, sealed_of, taken
from policy.project.canary_counts import canaries_in
from policy.project.row_counts import rows_of
from policy.retention.conditions import require_rows
from policy.statements import Delta


def delta(step: Step, body: Delta) -> None:
    """Judges a delta: by the dataset's owner, on the current commitment, with fitting counts."""
    project = step.project
    require_entitled(project.charter.dataset(body.dataset).owner == step.sender.id, step.sender)
    bundle = taken(project.bundles().get(body.dataset), "bundle")
    require_standing(project, body)
    require_covered(project, [project.commitments()[body.dataset]], step.cosigned)
    require_run_gate(project, body.at)
    require_rows(project, body.at)
    require_agreed_form(project, body)
    if body.encodings != sealed_of(bundle).encodings:
        raise refused(
            PolicyCode.PROJECT_SHAPE,
            "Susunan kolom delta berbeda dari bundelnya.",
            "The delta's columns differ from those of its bundle.",
        )
    stood = rows_of(project, body.dataset)
    if not body.sent + body.gone or body.count != stood + body.sent - body.gone:
        raise refused(
            PolicyCode.PROJECT_DELTA_COUNT,
            "Jumlah baris delta tidak cocok dengan yang ada sebelumnya.",
            "The delta's counts do not fit the rows that there were before.",
        )
    require_in_window(project, body.dataset, body.count - canaries_in(project, body.dataset))
