"""What is wrong with a file, before anything is encoded: counts, never values.

`profile_file` reads once and counts; `findings` says what the counts mean; `page` and
`table` show it. Nothing here needs a project, a key or the network.
"""

from encoder.quality.counts import FileProfile
from encoder.quality.findings import Finding, findings
from encoder.quality.profile import profile_file
from encoder.quality.recall import Forecast, forecast

__all__ = ["FileProfile", "Finding", "Forecast", "findings", "forecast", "profile_file"]
