"""How large the groups are in which the probes' figures have to hold (`policy.privacy`)."""

from policy.privacy import GROUP_ROWS, KNOWN_PAIRS

# As many as a province of eleven million has of one birth date, in two lists, half known.
ONE_DATE_ROWS = 500
# They stand for a list of millions: as many share a date, a neighbourhood or a card.
REGION_ROWS = 1_200

__all__ = ["GROUP_ROWS", "KNOWN_PAIRS", "ONE_DATE_ROWS", "REGION_ROWS"]
