"""A synthetic Jakarta: people, and four sources that describe them badly and differently.

No record of it is a living person's: names come from lists of our own, and every NIK
carries a kecamatan code that is not assigned, inside a real kab/kota.
"""

from encoder.synthetic.population import Person, population
from encoder.synthetic.sources import write_sources

__all__ = ["Person", "population", "write_sources"]
