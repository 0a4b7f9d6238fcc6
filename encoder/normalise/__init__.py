"""From a cell as an agency typed it to the text that is encoded.

Every rule has a number and a version (docs/reference/rules.md); all parties of a
project must run the same ones, which the charter's `rules_digest` fixes. Start with
`normalise_column`.
"""

from encoder.normalise.columns import Normalised, normalise_column, outputs
from encoder.normalise.ruleset import RULES, ruleset_digest

__all__ = ["RULES", "Normalised", "normalise_column", "outputs", "ruleset_digest"]
