"""How well pairs of sources are matched, against truth: `make bench-quality`, `bench-methods`.

product.py     from files to the written lists by the product's commands (`programme.py`),
               judged by pairs and by the lists' own cells (`list_accuracy.py`)
households.py  an experiment: what knowing households would bring
sources.py     synthetic sources, read and normalised as the encoder does it
methods.py     Padan with a charter's terms; clkhash with anonlink
baselines.py   what offices do today on clear text
judge.py       precision, recall, F1, strata
__main__.py    all pairs, all methods, one table: `make bench-methods`
"""
