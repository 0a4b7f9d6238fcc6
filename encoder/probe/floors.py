"""How large the groups are in which the floors of `policy.charter.probe_report` have to hold."""

from policy.charter.probe_report import GROUP_ROWS, KNOWN_PAIRS

# As many as a province of eleven million has of one birth date, in two lists, half known.
ONE_DATE_ROWS = 500
# They stand for a list of millions: as many share a date, a neighbourhood or a card.
REGION_ROWS = 1_200

__all__ = ["GROUP_ROWS", "KNOWN_PAIRS", "ONE_DATE_ROWS", "REGION_ROWS"]
