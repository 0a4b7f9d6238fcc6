"""Rules that the second law asks in another form than the first, or asks first."""

from policy.rules.law2 import (
    approvable,
    approvals,
    dpia,
    lawful_basis,
    officers,
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
    "dpia",
    "lawful_basis",
    "officers",
    "privacy",
    "run_budget",
    "separation",
    "walidata",
    "walidata_named",
    "withdrawn",
    "witnesses",
]
