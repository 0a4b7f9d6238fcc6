"""The rules of both gates: pure, facts in, finding out, in the order they are asked.

A rule is a small file with `RULE` (what it is called, which duty asks for it) and
`check(case)`. A charter can tighten what a rule asks, never loosen it.
"""

from policy.rules import (
    agreements,
    approvable,
    approvals,
    cells,
    charter_complete,
    charter_in_force,
    differencing,
    dpia,
    dpo,
    dukcapil,
    executed,
    lawful_basis,
    minimum_cell,
    output_files,
    parameters,
    privacy,
    release_budget,
    rerun,
    run_budget,
    sensitive_lists,
    separation,
    stage_fresh,
    withdrawn,
)
from policy.rules.case import Finding, ReleaseCase, Rule, RunCase

RUN_GATE = (
    charter_in_force,
    charter_complete,
    lawful_basis,
    agreements,
    dpia,
    privacy,
    dukcapil,
    separation,
    approvable,
    run_budget,
    parameters,
)
RELEASE_GATE = (
    executed,
    rerun,
    minimum_cell,
    cells,
    differencing,
    release_budget,
    output_files,
    withdrawn,
    stage_fresh,
    sensitive_lists,
    approvals,
    dpo,
)

__all__ = ["RELEASE_GATE", "RUN_GATE", "Finding", "ReleaseCase", "Rule", "RunCase"]
