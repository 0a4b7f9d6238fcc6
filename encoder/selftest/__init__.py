"""Does this machine compute what every other machine computes, and can it keep files safe?"""

from encoder.selftest.check import SelfCheck, Standing
from encoder.selftest.run import run_checks

__all__ = ["SelfCheck", "Standing", "run_checks"]
