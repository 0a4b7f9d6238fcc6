"""A run: its search, in units that survive a crash, and its results."""
