"""A run's result in figures; every count is one that people may see by the charter's smallest cell.

matched.py      how many rows matched, list by list
overlap.py      how many people are in which lists at once
quality.py      precision and recall, by strata, with intervals
thresholds.py   the distribution of scores with its calibration, and what higher thresholds do
"""
