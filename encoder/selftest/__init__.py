"""Does this machine compute what every other machine computes, and can it keep files safe?"""

from encoder.selftest.check import Check, Standing
from encoder.selftest.run import run_checks

__all__ = ["Check", "Standing", "run_checks"]
