"""What a charter leaves out, which duty requires it, and what to write.

A blocking gap fails the run gate (`policy.gates.rules.charter_complete`); the others are advice. A
requirement of a later law is advice for charters of an earlier law. The rules of the gates check
what depends on the day, the roster or the log.
"""

from __future__ import annotations

from policy.charter.agreement import Charter
from policy.charter.gaps.gap import Gap
from policy.charter.gaps.parts import of_parts
from policy.charter.gaps.people import of_linkage_unit, of_parties, of_walidata
from policy.charter.gaps.tags import of_tags


def gaps(charter: Charter) -> tuple[Gap, ...]:
    """All gaps, blocking ones first."""
    found = (
        *of_parts(charter),
        *of_parties(charter),
        *of_walidata(charter),
        *of_linkage_unit(charter),
        *of_tags(charter),
    )
    return tuple(sorted(found, key=lambda gap: not gap.blocking))


__all__ = ["Gap", "gaps"]
