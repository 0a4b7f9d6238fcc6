"""Rules that the second law asks in another form, under the names they have."""

from policy.rules.law2 import run_budget

__all__ = ["run_budget"]
