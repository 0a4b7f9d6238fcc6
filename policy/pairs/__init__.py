"""When two encoded rows are one person by a charter's terms: one rule for all callers.

The linkage service applies it to candidates, the encoder to canaries. The rule sees only what
`Pairs` exposes, and nothing of the rows themselves. It works on numpy arrays, which the extras
`encoder` and `service` bring; nothing else in `policy` imports it.
"""

from policy.pairs.contrary import ContraryEvidence, Difference, Mask, Pairs
from policy.pairs.rule import MatchRule, charter_rule

__all__ = ["ContraryEvidence", "Difference", "Mask", "MatchRule", "Pairs", "charter_rule"]
