"""FEBRL 1 to 4 by Padan and by clkhash with anonlink: `python -m tests.benchmarks.febrl`.

data.py      the files, normalised; their persons and their numbers (soc_sec_id)
methods.py   each program's way from rows to pairs
__main__.py  the table
"""
