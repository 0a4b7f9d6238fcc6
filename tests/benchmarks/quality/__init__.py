"""How well pairs of sources are matched, against truth: `make bench-quality`.

sources.py     synthetic sources, read and normalised as the encoder does it
methods.py     Padan with a charter's terms; clkhash with anonlink
baselines.py   what offices do today on clear text
judge.py       precision, recall, F1, strata
__main__.py    all pairs, all methods, one table
"""
