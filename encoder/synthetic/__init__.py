"""A synthetic Jakarta or other region: people, and sources that describe them badly, each its way.

No record of it is a living person's: names come from lists of our own, and every NIK
carries a kecamatan code that is not assigned, inside a real kab/kota.
"""

from encoder.synthetic.hard import lists_first
from encoder.synthetic.layouts import JAKARTA, SOURCES
from encoder.synthetic.measure import MeasuredRate, measured_rates
from encoder.synthetic.population import Person, population
from encoder.synthetic.sources import files_of, write_sources

__all__ = [
    "JAKARTA",
    "SOURCES",
    "MeasuredRate",
    "Person",
    "files_of",
    "lists_first",
    "measured_rates",
    "population",
    "write_sources",
]
