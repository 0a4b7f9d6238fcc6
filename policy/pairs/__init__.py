"""When two encoded rows are one person by a charter's terms: the one rule for all who ask.

The linkage service asks it of its candidates, the encoder of its canaries. The rule sees what
`Pairs` shows of them and nothing of the rows themselves. It works on numpy arrays, which the
extras `encoder` and `service` bring; nothing else in `policy` imports it.
"""

from policy.pairs.contrary import ContraryEvidence, Difference, Mask, Pairs
from policy.pairs.rule import Rule, charter_rule

__all__ = ["ContraryEvidence", "Difference", "Mask", "Pairs", "Rule", "charter_rule"]
