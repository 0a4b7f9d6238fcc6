"""Rules in their form under the third law, where it differs from the second."""

from policy.gates.rules.law3 import differencing

__all__ = ["differencing"]
