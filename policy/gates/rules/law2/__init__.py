"""Rules that the second law changes or adds."""

from policy.gates.rules.law2 import (
    approvable,
    approvals,
    changed_rows,
    dpia,
    lawful_basis,
    officers,
    parameters,
    privacy,
    run_budget,
    separation,
    walidata,
    walidata_named,
    withdrawn,
    witnesses,
)

__all__ = [
    "approvable",
    "approvals",
    "changed_rows",
    "dpia",
    "lawful_basis",
    "officers",
    "parameters",
    "privacy",
    "run_budget",
    "separation",
    "walidata",
    "walidata_named",
    "withdrawn",
    "witnesses",
]
