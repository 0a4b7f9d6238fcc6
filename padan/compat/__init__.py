"""For people who come from anonlink and clkhash: their interfaces over our parts.

anonlink.py    our search and solver as anonlink's functions; anonlink's own solver if installed
clkhash.py     clkhash's CLK JSON, both ways, and its schemas
"""
