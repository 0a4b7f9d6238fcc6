"""Attack probes: what a linkage unit with a register and known pairs could learn.

    group.py        synthetic people of one birth year, or of one birth date
    plaintext.py    how similar they are in clear text
    neighbours.py   are nearest neighbours kept, and does the nearest known pair tell the name?
    regression.py   does a linear model predict a name's bigrams from the bits?
    combination.py  do XORs of four related rows cancel out?
    likeness.py     how similar rows are by all their encodings
    graph.py        does aligning two similarity graphs identify people?
    region.py       people as dense as in a list of millions, or of one salt
    sizes.py        how many rows of a list share a salt
    sent.py         what the linkage unit receives of people
    dense.py        the attacks on these:
    known.py        can other rows be identified if some rows are known?
    iterated.py     graph matching with many keys, improved in iterations
    floors.py       the figures that a profile must reach
    report.py       all probes for one charter's terms

Every probe sees all encodings of a row together, as the linkage unit would.
"""

from __future__ import annotations

from encoder.probe.report import Probes, probe_charter

__all__ = ["Probes", "probe_charter"]
