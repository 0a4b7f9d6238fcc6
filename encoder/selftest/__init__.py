"""Does this machine compute what every other machine computes, and can it keep files safe?"""

from encoder.selftest.run import run_checks
from policy.terminal.checks import SelfCheck, Standing

__all__ = ["SelfCheck", "Standing", "run_checks"]
