"""A run's result in figures; every count is one that people may see by the charter's smallest cell.

result.py       a finished run: matched rows and overlaps, for each ID domain
matched.py      how many rows matched, list by list
overlap.py      how many people are in which lists at once
shown_overlaps.py, known_sums.py    which of these numbers may be shown together
quality.py      precision and recall, by strata, with intervals
thresholds.py   the distribution of scores with its calibration, and what higher thresholds do
"""
