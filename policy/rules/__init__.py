"""The rules of both gates: pure, facts in, finding out, in the order they are asked.

A rule is a small file with `RULE` (what it is called, which duty asks for it) and
`check(case)`. A charter can tighten what a rule asks, never loosen it.
"""

from policy.rules import (
    approvals,
    charter_in_force,
    dpia,
    dpo,
    lawful_basis,
    minimum_cell,
    output_files,
    parameters,
    run_budget,
    stage_fresh,
    withdrawn,
)
from policy.rules.case import Finding, ReleaseCase, Rule, RunCase

RUN_GATE = (charter_in_force, lawful_basis, dpia, run_budget, parameters)
RELEASE_GATE = (output_files, minimum_cell, withdrawn, stage_fresh, approvals, dpo)

__all__ = ["RELEASE_GATE", "RUN_GATE", "Finding", "ReleaseCase", "Rule", "RunCase"]
