"""Checks a file before anything is encoded: counts, never values.

`profile_file` reads once and counts; `findings` interprets the counts; `page` and
`table` show the result. Nothing here needs a project, a key or the network.
"""

from encoder.quality.counts import FileProfile
from encoder.quality.findings import QualityFinding, findings
from encoder.quality.profile import profile_file
from encoder.quality.recall import Forecast, forecast

__all__ = ["FileProfile", "Forecast", "QualityFinding", "findings", "forecast", "profile_file"]
