"""Rules that padan-law-2 asks in another form, and those that it asks besides."""

from policy.rules.law2 import approvable, approvals, separation, witnesses

__all__ = ["approvable", "approvals", "separation", "witnesses"]
