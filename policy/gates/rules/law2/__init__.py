"""Rules that the second law asks in another form than the first, or asks first."""

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
