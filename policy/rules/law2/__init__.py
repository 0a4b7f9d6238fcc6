"""Rules that the second law asks in another form than the first, and those it asks besides."""

from policy.rules.law2 import approvable, approvals, dpia, separation, witnesses

__all__ = ["approvable", "approvals", "dpia", "separation", "witnesses"]
