"""A run: what is searched, in units that survive a crash, and what it finds."""
