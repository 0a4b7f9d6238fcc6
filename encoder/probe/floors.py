"""The sizes of the groups for which `policy.charter.probe_report` sets floors."""

from policy.charter.probe_report import GROUP_ROWS, KNOWN_PAIRS

# A province of eleven million has this many people of one birth date in two lists, half known.
ONE_DATE_ROWS = 500
# They represent a list of millions: as many share a date, a neighbourhood or a card.
REGION_ROWS = 1_200

__all__ = ["GROUP_ROWS", "KNOWN_PAIRS", "ONE_DATE_ROWS", "REGION_ROWS"]
