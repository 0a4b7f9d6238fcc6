"""Deciding on a release: reading the request, saying yes or no, withdrawing a yes.

asked.py     a release as a decider sees it signing.py   the statements that deciders sign
carried.py   the same by files, for a machine without a network
"""

from policy.approval.asked import Asked, Said, asked_of
from policy.approval.carried import open_answer, open_ask, pack, submit
from policy.approval.signing import look_at, verdict_on, withdrawal_of

__all__ = [
    "Asked",
    "Said",
    "asked_of",
    "look_at",
    "open_answer",
    "open_ask",
    "pack",
    "submit",
    "verdict_on",
    "withdrawal_of",
]
