"""The frozen rows on the agency's machine: one SQLite file a dataset, and who is who in it."""
